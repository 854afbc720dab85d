import { expect, test } from 'vitest';
import type { Uri, Webview } from 'vscode';
import { webviewOptions, webviewPage } from '../../../src/vscode/webviewPage.ts';

function uri(path: string): Uri {
  return {
    path,
    with: (change: { path: string }) => uri(change.path),
    toString: () => `test:${path}`,
  } as Uri;
}

const webview = { cspSource: 'https://*.test', asWebviewUri: (of: Uri) => of } as Webview;

function html(): string {
  return webviewPage({ webview, extensionUri: uri('/ext'), page: 'chat', title: 'Warrant', nonce: 'NONCE' });
}

test('the policy names every source and lets nothing else in', () => {
  const policy = /http-equiv="Content-Security-Policy" content="([^"]*)"/.exec(html())?.[1];
  expect(policy?.split('; ')).toEqual([
    `default-src 'none'`,
    `script-src 'nonce-NONCE'`,
    'style-src https://*.test',
    'font-src https://*.test',
    'img-src https://*.test data:',
    `base-uri 'none'`,
    `form-action 'none'`,
  ]);
});

test('it loads one script and one style sheet of its own, nothing inline', () => {
  const page = html();
  expect([...page.matchAll(/<script[^>]*>([^<]*)</g)].map((match) => match[1])).toEqual(['']);
  expect(page).toContain('<script nonce="NONCE" src="test:/ext/dist/webview/chat.js">');
  expect(page).toContain('href="test:/ext/dist/webview/chat.css"');
  expect(page).not.toMatch(/style=|<style|onload|javascript:/);
});

test('pages reach the built pages and no other folder, and no commands', () => {
  const options = webviewOptions(uri('/ext'));
  expect(options.localResourceRoots?.map((root) => root.path)).toEqual(['/ext/dist/webview']);
  expect(options).toMatchObject({ enableCommandUris: false, enableForms: false });
});

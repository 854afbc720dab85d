import { existsSync } from 'node:fs';
import { buildSync } from 'esbuild';
import { chromium, type Browser, type Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { CommandCard } from '../../../src/protocol/approval.ts';
import type { ChatState, FromChatPage, ToChatPage } from '../../../src/protocol/chatPage.ts';
import { digestOf } from '../../../src/protocol/digest.ts';
import type { WorkspacePath } from '../../../src/protocol/workspacePath.ts';
import { webviewPage } from '../../../src/vscode/webviewPage.ts';

const named = process.env['WARRANT_BROWSER'];
const places = ['/usr/bin/chromium', '/usr/bin/google-chrome', '/usr/bin/chromium-browser'];
const program = [...(named === undefined ? [] : [named]), ...places].find((path) => existsSync(path));

const SITE = 'http://warrant.test';
const at = (path: string) => path as WorkspacePath;

/** The page as VS Code would load it, under its own content security policy. */
describe('the card of a command in a browser', () => {
  let browser: Browser;
  let script = '';
  let style = '';
  const open: Page[] = [];

  beforeAll(async () => {
    const { outputFiles } = buildSync({
      entryPoints: ['src/webview/chat/main.tsx'],
      outdir: 'dist',
      write: false,
      bundle: true,
      format: 'iife',
      jsx: 'automatic',
      jsxImportSource: 'preact',
      logLevel: 'error',
    });
    script = outputFiles.find(({ path }) => path.endsWith('.js'))?.text ?? '';
    style = outputFiles.find(({ path }) => path.endsWith('.css'))?.text ?? '';
    browser = await chromium.launch({
      ...(program === undefined ? {} : { executablePath: program }),
      args: ['--no-sandbox', '--disable-gpu', '--disable-dev-shm-usage'],
    });
  }, 30_000);
  afterEach(async () => {
    for (const page of open.splice(0)) await page.close();
  });
  afterAll(async () => {
    await browser.close();
  });

  async function show(more: Partial<CommandCard>) {
    const page = await browser.newPage({ viewport: { width: 300, height: 700 } });
    open.push(page);
    const said: FromChatPage[] = [];
    const trouble: string[] = [];
    page.on('pageerror', (error) => trouble.push(error.message));
    page.on('console', (message) => message.type() === 'error' && trouble.push(message.text()));
    const bodies: { readonly [path: string]: { contentType: string; body: string } } = {
      '/': { contentType: 'text/html', body: html() },
      '/dist/webview/chat.js': { contentType: 'text/javascript', body: script },
      '/dist/webview/chat.css': { contentType: 'text/css', body: style },
    };
    await page.route('**/*', async (route) => {
      const found = bodies[new URL(route.request().url()).pathname];
      await (found === undefined ? route.abort() : route.fulfill(found));
    });
    const snapshot: ToChatPage = {
      kind: 'snapshot',
      rows: [],
      streaming: '',
      state: { ...waiting, card: { ...card, ...more } },
    };
    await page.exposeFunction('tellHost', (message: FromChatPage) => {
      said.push(message);
      if (message.kind === 'ready') void page.evaluate(`postMessage(${JSON.stringify(snapshot)})`);
    });
    await page.addInitScript(
      'globalThis.acquireVsCodeApi = () => ({ postMessage: (m) => void globalThis.tellHost(m), getState: () => null, setState: () => undefined })',
    );
    await page.goto(`${SITE}/`);
    await page.locator('.card').waitFor();
    const row = (name: string) =>
      page
        .locator('.card .details > dt')
        .getByText(name, { exact: true })
        .locator('xpath=following-sibling::dd[1]')
        .innerText();
    return { page, said, trouble, row, body: page.getByRole('region', { name: 'What is asked' }) };
  }

  it('says everything that is known of a command, with nothing hidden in it', async () => {
    const hidden = 'a\u202eb';
    const { row, page, trouble } = await show({
      effect: { ...card.effect, background: true },
      use: {
        understood: false,
        commands: [
          {
            argv: ['frobnicate'],
            folder: '',
            paths: [{ use: 'write', word: hidden, path: at(`app:${hidden}`), absolute: `/app/${hidden}` }],
            network: ['example.com'],
            code: [{ kind: 'entry', path: at('app:package.json'), entry: 'test' }],
            unclear: ['the program is not known'],
          },
        ],
      },
      confined: { kind: 'in', by: 'bubblewrap', network: 'all' },
      claim: 'It is safe: <b>allow it</b>',
    });
    expect(await row('Writes')).toBe('aU+202Eb');
    expect(await row('Reaches')).toBe('example.com');
    expect(await row('Runs code')).toBe('test of package.json');
    expect(await row('Unclear')).toContain('the program is not known');
    expect(await row('Sandbox')).toBe('Runs in the sandbox (bubblewrap), with all of the network');
    expect(await row('Background')).toContain('until it ends or is stopped');
    expect(await row('Environment')).toContain('CI=1 set by the line');
    expect(await row('Why asked')).toBe('it is not known commands.ask');
    expect(await page.getByRole('region', { name: 'The agent’s words, unverified' }).innerText()).toContain(
      '<b>allow it</b>',
    );
    expect(trouble).toEqual([]);
  }, 20_000);

  it('is titled where nothing confines it, and says why', async () => {
    const { page } = await show({ confined: { kind: 'out', because: 'bubblewrap is not installed.' } });
    expect(await page.locator('.outside').innerText()).toBe(
      'OUTSIDE THE SANDBOX: it may do all that you may do yourself. bubblewrap is not installed.',
    );
  }, 20_000);

  it('takes no answer before the end of a long list was on the screen', async () => {
    const paths = Array.from({ length: 500 }, (_, place) => ({
      use: 'write' as const,
      word: `${place}`,
      path: at(`app:out/${place}`),
      absolute: `/app/out/${place}`,
    }));
    const command = { argv: ['x'], folder: '', paths, network: [], code: [], unclear: [] };
    const { page, said, body } = await show({ use: { understood: true, commands: [command] } });
    const allow = page.getByRole('button', { name: 'Allow once' });
    expect(await body.getByText(/^out\/\d+$/).count()).toBe(500);
    expect(await allow.getAttribute('aria-disabled')).toBe('true');
    expect(said.map(({ kind }) => kind)).toEqual(['ready']);
    await body.focus();
    await page.keyboard.press('End');
    await page.locator('.card-buttons [aria-disabled="false"]', { hasText: 'Allow once' }).waitFor();
    expect(said.map(({ kind }) => kind)).toContain('cardVisible');
    await allow.click();
    await expect.poll(() => said.at(-1)).toMatchObject({ kind: 'answer', choice: { kind: 'allow' } });
  }, 20_000);

  it('unfolds the names a pattern stood for', async () => {
    const words = ['src/a.ts', 'src/b.ts'];
    const parts = [{ kind: 'text', text: 'src/' }, { kind: 'many' }, { kind: 'text', text: '.ts' }] as const;
    const line = {
      ...card.effect.line,
      expansions: [{ step: 0, folder: '', pattern: 'src/*.ts', parts, words }],
    } as CommandCard['effect']['line'];
    const { page } = await show({ effect: { ...card.effect, line } });
    await page.getByText('src/*.ts: 2 names').click();
    expect(await page.locator('.names li').allInnerTexts()).toEqual(words);
  }, 20_000);
});

const card: CommandCard = {
  kind: 'command',
  id: 'c1',
  digest: digestOf('c1'),
  effect: {
    kind: 'command',
    line: {
      kind: 'plain',
      text: 'env CI=1 frobnicate',
      steps: [
        {
          when: 'always',
          folder: '',
          pipeline: [{ argv: ['env', 'CI=1', 'frobnicate'], redirects: [] }],
        },
      ],
    },
    folder: at('app:'),
    timeoutMs: 60_000,
  },
  use: { commands: [], understood: true },
  executables: [{ kind: 'found', name: 'frobnicate', real: '/usr/bin/frobnicate', digest: digestOf('f') }],
  why: { verdict: 'ask', rule: 'commands.ask', because: 'it is not known' },
  claim: '',
};

const waiting: ChatState = {
  mode: 'waiting',
  doing: '',
  provider: 'openai',
  model: 'm',
  commandsEnabled: true,
  tokens: null,
  plan: [],
  card: null,
  review: null,
  retryAt: null,
};

function html(): string {
  const address = (path: string) => `${SITE}${path}`;
  const uri = (path: string): never =>
    ({ path, with: (change: { path: string }) => uri(change.path), toString: () => address(path) }) as never;
  const webview = { cspSource: SITE, asWebviewUri: (one: unknown) => one } as never;
  return webviewPage({ webview, extensionUri: uri(''), page: 'chat', title: 'Chat', nonce: 'n0nce' });
}

import { existsSync } from 'node:fs';
import { buildSync } from 'esbuild';
import { chromium, type Browser, type Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { Answer, EditCard } from '../../../src/protocol/approval.ts';
import { systemClock } from '../../../src/io/clock.ts';
import { createReviewDesk, type ReviewDesk } from '../../../src/vscode/reviewDesk.ts';
import { webviewPage } from '../../../src/vscode/webviewPage.ts';
import { drawnCard, editCard } from '../vscode/editCard.ts';

const named = process.env['WARRANT_BROWSER'];
const places = ['/usr/bin/chromium', '/usr/bin/google-chrome', '/usr/bin/chromium-browser'];
const program = [...(named === undefined ? [] : [named]), ...places].find((path) => existsSync(path));

const SITE = 'http://warrant.test';
const SCROLLER = "document.querySelector('.scroller')";

/** The page as VS Code would load it, under its own content security policy, with a real desk behind it. */
describe('the review page in a browser', () => {
  let browser: Browser;
  let script = '';
  let style = '';
  const open: Page[] = [];

  beforeAll(async () => {
    const { outputFiles } = buildSync({
      entryPoints: ['src/webview/review/main.tsx'],
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

  async function show(
    card: EditCard,
  ): Promise<{ page: Page; desk: ReviewDesk; answer: Promise<Answer>; said: string[] }> {
    const page = await browser.newPage({ viewport: { width: 900, height: 500 } });
    open.push(page);
    const said: string[] = [];
    const desk = createReviewDesk({
      clock: systemClock(),
      draw: drawnCard,
      changed: () => undefined,
      surface: {
        open: () => undefined,
        close: () => said.push('close'),
        post: (message) =>
          void page.evaluate(`postMessage(${JSON.stringify(message)})`).catch(() => undefined),
        openFile: (_card, as, file) => said.push(`${as} ${file}`),
        tell: (sentence) => said.push(sentence),
      },
    });
    page.on('pageerror', (error) => said.push(`error: ${error.message}`));
    page.on('console', (message) => message.type() === 'error' && said.push(message.text()));
    const bodies: { readonly [path: string]: { contentType: string; body: string } } = {
      '/': { contentType: 'text/html', body: html() },
      '/dist/webview/review.js': { contentType: 'text/javascript', body: script },
      '/dist/webview/review.css': { contentType: 'text/css', body: style },
    };
    await page.route('**/*', async (route) => {
      const found = bodies[new URL(route.request().url()).pathname];
      await (found === undefined ? route.abort() : route.fulfill(found));
    });
    await page.exposeFunction('tellHost', (message: unknown) => {
      said.push(`page: ${(message as { kind: string }).kind}`);
      desk.receive(message);
    });
    await page.addInitScript(
      'globalThis.acquireVsCodeApi = () => ({ postMessage: (m) => globalThis.tellHost(m) })',
    );
    const answer = desk.ask(card, new AbortController().signal, () => undefined);
    desk.placed(true);
    await page.goto(`${SITE}/`);
    await page.getByRole('heading', { name: /to review/ }).waitFor();
    return { page, desk, answer, said };
  }

  const apply = (page: Page) => page.getByRole('button', { name: /^Apply/ });
  const armed = (page: Page) =>
    page.locator('.decisions button[aria-disabled="false"]', { hasText: 'Reject all' }).waitFor();
  const free = (page: Page) =>
    page.locator('.decisions button[aria-disabled="false"]', { hasText: 'Apply' }).waitFor();

  it('applies what was accepted after all of it was on the screen, and not before', async () => {
    const { page, desk, answer, said } = await show(editCard());
    await apply(page).click({ force: true });
    await expect.poll(() => desk.refusals().decisions).toBe(1);
    await armed(page);
    await page.keyboard.press('j');
    await page.locator('.hunk.current', { hasText: 'twenty-six' }).waitFor();
    await page.keyboard.press('r');
    await page.getByText(/1 accepted hunk was not on the screen in full yet \(src\/b\.ts\)/).waitFor();
    await page.keyboard.press(']');
    await page.getByRole('heading', { name: /b\.ts/ }).waitFor();
    await free(page);
    await page.getByPlaceholder(/Note to the agent/).fill('Leave line 26.');
    await apply(page).click();
    expect((await answer).choice).toEqual({
      kind: 'accept',
      files: [
        { path: 'app:src/a.ts', accepted: ['0.0'] },
        { path: 'app:src/b.ts', accepted: ['1.0'] },
      ],
      note: 'Leave line 26.',
    });
    expect(said.filter((entry) => entry.startsWith('error') || /Content Security/.test(entry))).toEqual([]);
  }, 20_000);

  it('takes no click that a script made up, and no Enter; the space bar is a click', async () => {
    const { page, desk, answer, said } = await show(editCard());
    await armed(page);
    await page.keyboard.press('j');
    await page.keyboard.press('PageDown');
    await expect.poll(() => desk.current()?.seen.has('0.1')).toBe(true);
    await page.keyboard.press(']');
    await free(page);
    await apply(page).evaluate((button) => (button as unknown as { click(): void }).click());
    await apply(page).focus();
    await page.keyboard.press('Enter');
    await page.keyboard.press('Control+Enter');
    await page.getByPlaceholder(/Note to the agent/).press('Enter');
    expect(said.filter((entry) => entry === 'page: apply')).toEqual([]);
    expect(desk.refusals().decisions).toBe(0);
    await apply(page).focus();
    await page.keyboard.press('Space');
    expect((await answer).choice.kind).toBe('accept');
  }, 20_000);

  it('has not seen what it jumped over, and has once it was scrolled through', async () => {
    const long = Array.from({ length: 400 }, (_, n) => `const value${n} = ${n};\n`).join('');
    const { page, desk } = await show(editCard('long', [{ path: 'long.ts', after: long }]));
    await page.locator('nav button.file', { hasText: 'long.ts' }).click();
    await page.getByText('const value0 =').waitFor();
    const seen = () => desk.current()?.seen.has('2.0');
    await page.evaluate(`${SCROLLER}.scrollTop = 1e6`);
    await page.getByText('const value399 =').waitFor();
    const seenOnTheWay: (boolean | undefined)[] = [];
    for (let top = Infinity; top > 0;) {
      await page.keyboard.press('PageUp');
      await page.evaluate('new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))');
      seenOnTheWay.push(seen());
      top = await page.evaluate<number>(`${SCROLLER}.scrollTop`);
    }
    expect(seenOnTheWay.length).toBeGreaterThan(20);
    expect(seenOnTheWay.slice(0, -1)).not.toContain(true);
    await expect.poll(seen).toBe(true);
  }, 30_000);

  it('draws what a file holds as text, whatever it is', async () => {
    const after = '<img src=x onerror="document.title=1"><script>document.title=1</script>\u202e\n';
    const { page, said } = await show(editCard('html', [{ path: 'page.html', after }]));
    await page.locator('nav button.file', { hasText: 'page.html' }).click();
    await page.locator('.text', { hasText: '<script>document.title=1</script>' }).waitFor();
    expect(await page.locator('.unseen').allTextContents()).toContain('U+202E');
    expect(await page.locator('main img, main script').count()).toBe(0);
    expect(said.filter((entry) => entry.startsWith('error'))).toEqual([]);
  }, 20_000);

  it('comes back as it was when it is loaded anew', async () => {
    const { page, desk } = await show(editCard());
    await armed(page);
    await page.keyboard.press('r');
    await page.getByRole('button', { name: 'Apply 2 of 3 hunks' }).waitFor();
    desk.placed(false);
    desk.placed(true);
    await page.reload();
    await page.getByRole('button', { name: 'Apply 2 of 3 hunks' }).waitFor();
    await armed(page);
  }, 20_000);
});

function html(): string {
  const address = (path: string) => `${SITE}${path}`;
  const uri = (path: string): never =>
    ({ path, with: (change: { path: string }) => uri(change.path), toString: () => address(path) }) as never;
  const webview = { cspSource: SITE, asWebviewUri: (one: unknown) => one } as never;
  return webviewPage({ webview, extensionUri: uri(''), page: 'review', title: 'Review', nonce: 'n0nce' });
}

import { existsSync } from 'node:fs';
import { buildSync } from 'esbuild';
import { chromium, type Browser, type Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { Answer, EditCard } from '../../../src/protocol/approval.ts';
import { systemClock } from '../../../src/io/clock.ts';
import { cardDrawing } from '../../../src/review/cardDrawing.ts';
import { createReviewDesk, type ReviewDesk } from '../../../src/vscode/reviewDesk.ts';
import { webviewPage } from '../../../src/vscode/webviewPage.ts';
import { editCard } from '../vscode/editCard.ts';

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
      draw: cardDrawing,
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

  it('writes what the person typed in a hunk, once it was drawn and on the screen', async () => {
    const { page, desk, answer, said } = await show(editCard());
    await armed(page);
    await page.keyboard.press(']');
    await page.locator('.hunk.current', { hasText: 'new' }).waitFor();
    await page.keyboard.press('e');
    const box = page.getByLabel('Text of hunk 1 after the change');
    await expect.poll(() => box.inputValue()).toBe('new\n');
    await page.getByText('You are editing a hunk').waitFor();
    await box.fill('mine\u202e\n<b>\n');
    await page.keyboard.press('Control+Enter');
    await page.locator('.line.yours', { hasText: 'mineU+202E' }).waitFor();
    await page.getByRole('checkbox', { name: 'Accept this change' }).waitFor();
    await page.getByText('Accepted, edited by you').waitFor();
    await page.locator('.notices', { hasText: 'U+202E' }).waitFor();
    await expect.poll(() => [...(desk.current()?.seen ?? [])]).toContain('1.0~1');
    await page.keyboard.press('[');
    await page.locator('.hunk.current', { hasText: 'three' }).waitFor();
    await page.keyboard.press('n');
    await page.keyboard.type('Why three?');
    await page.keyboard.press('Escape');
    await page.keyboard.press('j');
    await page.keyboard.press('PageDown');
    await free(page);
    await apply(page).click();
    expect((await answer).choice).toEqual({
      kind: 'accept',
      files: [
        { path: 'app:src/a.ts', accepted: ['0.0', '0.1'] },
        { path: 'app:src/b.ts', accepted: ['1.0'], edited: [{ hunk: '1.0', text: 'mine\u202e\n<b>\n' }] },
      ],
      note: '',
      notes: [{ hunk: '0.0', text: 'Why three?' }],
    });
    expect(said.filter((entry) => entry.startsWith('error'))).toEqual([]);
  }, 30_000);

  it('takes back choices and shows the lines between hunks, by keys', async () => {
    const { page } = await show(editCard());
    await armed(page);
    await page.keyboard.press('r');
    await page.getByRole('button', { name: 'Apply 2 of 3 hunks' }).waitFor();
    await page.keyboard.press('Control+z');
    await page.getByRole('button', { name: 'Apply all (3 hunks)' }).waitFor();
    expect(await page.getByText('line 12', { exact: true }).count()).toBe(0);
    await page.keyboard.press('x');
    await page.getByText('line 12', { exact: true }).waitFor();
  }, 20_000);

  it('opens two hundred files with twenty thousand changed lines, and holds only the lines near the screen', async () => {
    const files = Array.from({ length: 198 }, (_, n) => ({
      path: `src/module${n}.ts`,
      after: Array.from({ length: n === 0 ? 10_000 : 51 }, (_, at) => `const value${at} = ${n};\n`).join(''),
    }));
    const opening = async (card: EditCard) => {
      const started = performance.now();
      const shown = await show(card);
      await shown.page.locator('.hunk.current').waitFor();
      return { ...shown, ms: Math.round(performance.now() - started) };
    };
    const { ms: small } = await opening(editCard());
    const { page, desk, ms } = await opening(editCard('large', files));
    console.log(`200 files opened in ${ms} ms, 2 files in ${small} ms, a new tab of the browser included`);
    await page.locator('nav button.file', { hasText: 'module0.ts' }).click();
    await page.getByText('const value0 =').waitFor();
    const height = () => page.evaluate<number>(`${SCROLLER}.scrollHeight`);
    const before = await height();
    expect(before).toBeGreaterThan(200_000);
    for (let at = 0; at < 40; at += 1) {
      await page.evaluate(`${SCROLLER}.scrollTop += 5000`);
      await page.evaluate('new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))');
    }
    await expect.poll(() => page.locator('.line').count()).toBeLessThan(400);
    await expect.poll(height).toBe(before);
    const frames = await page.evaluate<number>(`new Promise((done) => {
      let longest = 0, last = performance.now(), left = 60;
      const step = (now) => {
        longest = Math.max(longest, now - last);
        last = now;
        ${SCROLLER}.scrollTop -= 300;
        if ((left -= 1) > 0) requestAnimationFrame(step); else done(longest);
      };
      requestAnimationFrame(step);
    })`);
    console.log(`longest frame while scrolling: ${Math.round(frames)} ms`);
    expect(desk.current()?.seen.has('2.0')).toBe(false);
  }, 60_000);

  it('draws what a file holds as text, whatever it is', async () => {
    const after = '<img src=x onerror="document.title=1"><script>document.title=1</script>\u202e\n';
    const { page, said } = await show(editCard('html', [{ path: 'page.html', after }]));
    await page.locator('nav button.file', { hasText: 'page.html' }).click();
    await page.locator('.text', { hasText: '<script>document.title=1</script>' }).waitFor();
    expect(await page.locator('.unseen').allTextContents()).toContain('U+202E');
    expect(await page.locator('main img, main script').count()).toBe(0);
    expect(said.filter((entry) => entry.startsWith('error'))).toEqual([]);
  }, 20_000);

  it('colours code, and only code it knows', async () => {
    const after = "import x from 'y'; // why\nconst a = 1;\n";
    const { page, said } = await show(
      editCard('code', [
        { path: 'a.ts', after },
        { path: 'a.unknown', after },
      ]),
    );
    await page.locator('nav button.file', { hasText: 'a.ts' }).nth(1).click();
    await page.locator('.token-keyword', { hasText: 'import' }).waitFor();
    expect(await page.locator('.token-comment').allTextContents()).toEqual(['// why']);
    await page.keyboard.press(']');
    await page.getByRole('heading', { name: 'a.unknown' }).waitFor();
    await page.getByText("import x from 'y'; // why").waitFor();
    expect(await page.locator('[class^="token-"]').count()).toBe(0);
    expect(said.filter((entry) => entry.startsWith('error') || /Content Security/.test(entry))).toEqual([]);
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

import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { auditFiles, latestRecords, recordsIn, verifyAudit, windowBody } from '../support/host/auditFiles.ts';
import { keepTrouble } from '../support/host/keepTrouble.ts';
import { openScripted, type ScriptedWindow } from '../support/host/openScripted.ts';
import { answer, chatPage, notice, until } from '../support/host/warrantViews.ts';
import {
  answerInputBox,
  openView,
  outputText,
  quickPickItem,
  reloadWindow,
  runCommand,
  toast,
} from '../support/host/workbench.ts';

// Built from parts, so that no scanner takes it for a real one.
const key = ['sk', 'end', 'to', 'end', '4711', 'abcdefghijklmnop'].join('-');

describe('Talking to a model', () => {
  let window: ScriptedWindow;
  const base = () => window.host.base;
  const userSettings = () => readFileSync(join(base(), 'u/User/settings.json'), 'utf8');

  keepTrouble(() => window);
  beforeAll(async () => {
    window = await openScripted({ files: { 'a.txt': 'one\n' } });
  });
  afterAll(() => window?.stop());

  it('shows the answer while it still streams, and stops it in the middle', async () => {
    const number = window.model.requests.length;
    const chat = await window.task('Tell me something.', [
      { text: 'The first words are here already. ', repeat: 9, trouble: { after: 2_000, then: 'stall' } },
    ]);
    const request = await window.model.request(number);
    await chat.locator('.growing').getByText('The first words').waitFor();
    expect(latestRecords(base(), 'response')).toEqual([]);
    await chat.getByRole('button', { name: 'Stop' }).click();
    await request.closed;
    await window.over();
    await notice(chat, 'Stopped.').waitFor();
    // What a person saw stays on the screen and on the record.
    await answer(chat, 'The first words').waitFor();
    expect(latestRecords(base(), 'response')).toMatchObject([{ data: { failed: { kind: 'stopped' } } }]);
    expect(latestRecords(base(), 'turn')).toMatchObject([{ data: { ended: 'stopped' } }]);
  });

  it('counts down to the next try the server asked for, and can be stopped meanwhile', async () => {
    const before = window.model.requests.length;
    const chat = await window.task('Are you there?', [busy('60')]);
    await chat.getByText(/Trying again in \d+ s\./).waitFor();
    const first = await secondsLeft();
    expect(first).toBeGreaterThan(50);
    await until(async () => (await secondsLeft()) < first, 'A second less');
    await chat.getByRole('button', { name: 'Stop' }).click();
    await window.over();
    expect(window.model.requests).toHaveLength(before + 1);
    expect(latestRecords(base(), 'turn')).toMatchObject([{ data: { ended: 'stopped' } }]);

    async function secondsLeft(): Promise<number> {
      const words = await chat.getByText(/Trying again in \d+ s\./).innerText();
      return Number(/in (\d+) s/.exec(words)?.[1]);
    }
  });

  it('goes on by itself when the time is over', async () => {
    const chat = await window.task('Are you there now?', [busy('1'), { text: 'Here I am.' }]);
    await answer(chat, 'Here I am.').waitFor();
    await window.over();
    expect(latestRecords(base(), 'window').map(({ data }) => data.reason)).toEqual(['turn', 'retry']);
  });

  it('says what to do when the endpoint wants a key', async () => {
    const chat = await window.task('Let me in.', [
      { status: 401, body: { error: { message: 'You did not provide an API key.' } } },
    ]);
    await notice(chat, 'asks for an API key and none is set').getByText('Warrant: Set API Key').waitFor();
    await window.over();
  });

  it('sends the key a person sets, and keeps it out of settings, record and channel', async () => {
    const { page } = window;
    await runCommand(page, 'Warrant: Set API Key');
    expect(await page.locator('.quick-input-widget input.input').getAttribute('type')).toBe('password');
    await answerInputBox(page, key);
    const chat = await window.task('Now let me in.', [{ text: `Welcome. Your key is ${key}, is it not?` }]);
    await answer(chat, 'Welcome.').waitFor();
    await window.over();
    expect(window.model.requests.at(-1)?.headers.authorization).toBe(`Bearer ${key}`);
    expect(userSettings()).not.toContain(key);
    expect(readFileSync(auditFiles(base()).at(-1)!, 'utf8')).toContain('Welcome.');
    expect(readFileSync(auditFiles(base()).at(-1)!, 'utf8')).not.toContain(key);
    await until(
      async () => (await outputText(page, 'Warrant Audit')).includes('turn: ended done'),
      'The channel',
    );
    expect(await outputText(page, 'Warrant Audit')).not.toContain(key);
    // Everything the server side of the editor has written, its own logs and those of output channels included.
    expect(filesWith(join(base(), 'u'), key)).toEqual([]);
  });

  it('sends no key any more once it is removed', async () => {
    await runCommand(window.page, 'Warrant: Remove API Key');
    await toast(window.page, 'is removed').waitFor();
    await window.task('And now?', [{ text: 'Still here.' }]);
    await window.over();
    expect(window.model.requests.at(-1)?.headers.authorization ?? '').not.toContain(key);
  });

  it('changes to Rehearsal and back through the palette', async () => {
    const { page } = window;
    const chat = await window.chat();
    await runCommand(page, 'Warrant: Choose Model');
    await quickPickItem(page, 'Rehearsal').click();
    await chat.getByRole('button', { name: 'Model: Rehearsal' }).waitFor();
    await runCommand(page, 'Warrant: Choose Model');
    await quickPickItem(page, 'scripted').click();
    await chat.getByRole('button', { name: 'Model: scripted' }).waitFor();
    await window.task('Back again?', [{ text: 'Yes.' }]);
    await window.over();
  });

  it('begins an audit file with every session', async () => {
    const before = auditFiles(base()).length;
    await window.task('One.', [{ text: 'Yes.' }]);
    await window.over();
    await window.send('Two, in the same session.', [{ text: 'Yes again.' }]);
    await window.over();
    expect(auditFiles(base())).toHaveLength(before + 1);
    expect(latestRecords(base(), 'window')).toHaveLength(2);
    await window.task('Three, in another.', [{ text: 'Yes.' }]);
    await window.over();
    expect(auditFiles(base())).toHaveLength(before + 2);
    expect(recordsIn(auditFiles(base()).at(-2)!).map(({ kind }) => kind)).toContain('session.closed');
  });

  it('keeps a draft and the place in the conversation while the view is hidden', async () => {
    const { page } = window;
    const chat = await window.task('Tell me a lot.', [{ text: 'A paragraph of many.\n\n', repeat: 120 }]);
    await window.over();
    await chat.getByLabel('Message to the agent').fill('not sent yet');
    await chat.locator('.scroller').hover();
    await page.mouse.wheel(0, -1200);
    await chat.getByRole('button', { name: 'To the latest' }).waitFor();
    const place = await settledPlace();
    await openView(page, 'Explorer');
    await openView(page, 'Warrant');
    const again = await chatPage(page);
    expect(await again.getByLabel('Message to the agent').inputValue()).toBe('not sent yet');
    await answer(again, 'A paragraph of many.').waitFor();
    await until(async () => Math.abs((await placeIn(again)) - place) < 5, 'The same place');

    async function settledPlace(): Promise<number> {
      let before = -1;
      await until(async () => {
        const now = await placeIn(chat);
        const settled = now === before;
        before = now;
        return settled;
      }, 'A place that stays');
      return before;
    }
  });

  it('keeps a draft over a reload of the window', async () => {
    const { page } = window;
    await reloadWindow(page);
    await openView(page, 'Warrant');
    const chat = await chatPage(page);
    expect(await chat.getByLabel('Message to the agent').inputValue()).toBe('not sent yet');
    await window.task('And after a reload?', [{ text: 'Still here.' }]);
    await window.over();
  });

  it('has sent exactly what is on the record, byte for byte', () => {
    const recorded = auditFiles(base()).flatMap((file) => {
      verifyAudit(file);
      const windows = recordsIn(file).filter((record) => record.kind === 'window');
      return windows.map((_, at) => windowBody(file, at + 1).toString());
    });
    expect(recorded.length).toBeGreaterThan(10);
    expect(window.model.requests.map(({ body }) => body.toString())).toEqual(recorded);
  });
});

function busy(seconds: string) {
  return {
    status: 429,
    headers: { 'retry-after': seconds },
    body: { error: { message: 'Too many requests.', type: 'rate_limit' } },
  };
}

async function placeIn(chat: Awaited<ReturnType<typeof chatPage>>): Promise<number> {
  return chat.locator('.scroller').evaluate((element: { readonly scrollTop: number }) => element.scrollTop);
}

function filesWith(folder: string, text: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map(({ parentPath, name }) => join(parentPath, name))
    .filter((path) => readFileSync(path).includes(text));
}

import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { keepTrouble } from '../support/host/keepTrouble.ts';
import { openWarrant, type WarrantWindow } from '../support/host/openWarrant.ts';
import {
  applyButton,
  chatPage,
  clickArmed,
  lookAtEverything,
  reviewPage,
  sendMessage,
  until,
} from '../support/host/warrantViews.ts';
import { openView, tab, trustFolder } from '../support/host/workbench.ts';

describe('Rehearsal in a folder that is not the sample, with commands off', () => {
  let window: WarrantWindow;
  const template = mkdtempSync(join(tmpdir(), 'wt-'));
  keepTrouble(() => window);
  beforeAll(async () => {
    writeFileSync(join(template, 'notes.txt'), 'mine\n');
    window = await openWarrant({ template });
    await trustFolder(window.page);
    await openView(window.page, 'Warrant');
  });
  afterAll(async () => {
    await window?.stop();
    rmSync(template, { recursive: true });
  });

  it('proposes two new files of its own and writes them once they are accepted', async () => {
    await sendMessage(await chatPage(window.page), 'Show me what you do.');
    const review = await reviewPage(window.page);
    expect(await review.getByRole('navigation').getByRole('button').count()).toBe(2);
    const scratch = join(window.workspace, 'warrant-rehearsal');
    expect(existsSync(scratch)).toBe(false);
    await lookAtEverything(review);
    await clickArmed(applyButton(review));
    await until(
      () => Promise.resolve(existsSync(join(scratch, 'hello.md')) && existsSync(join(scratch, 'notes.md'))),
      'Both files',
    );
  });

  it('shows the refusal of its command with a link to the setting', async () => {
    const chat = await chatPage(window.page);
    const refused = chat.locator('.tool.denied').filter({ hasText: 'ls warrant-rehearsal' });
    await refused.waitFor();
    await refused.locator('.tool-toggle').click();
    await refused.getByRole('button', { name: 'Open the setting' }).click();
    await tab(window.page, 'Settings').waitFor();
  });

  it('leaves the files of the folder alone', () => {
    expect(existsSync(join(window.workspace, 'notes.txt'))).toBe(true);
  });
});

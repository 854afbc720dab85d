import { existsSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { auditFiles, verifyAudit } from '../support/host/auditFiles.ts';
import { keepTrouble } from '../support/host/keepTrouble.ts';
import { folderWith } from '../support/host/openScripted.ts';
import { openWarrant, type WarrantWindow } from '../support/host/openWarrant.ts';
import {
  answer,
  applyAll,
  chatPage,
  lookAtEverything,
  reviewPage,
  sendMessage,
  toolRow,
} from '../support/host/warrantViews.ts';
import { openView, settingShown, tab } from '../support/host/workbench.ts';

describe('Rehearsal in a folder that is not the sample, with commands off', () => {
  let window: WarrantWindow;
  const path = (name: string) => join(window.workspace, name);

  keepTrouble(() => window);
  beforeAll(async () => {
    const template = folderWith({ 'README.md': '# Somebody’s own work\n' });
    window = await openWarrant({ template, trustEverything: true });
    rmSync(template, { recursive: true });
    await openView(window.page, 'Warrant');
    await sendMessage(await chatPage(window.page), 'Show me what you do.');
  });
  afterAll(() => window?.stop());

  it('proposes two files in a folder of their own, and writes neither before it is allowed', async () => {
    const review = await reviewPage(window.page);
    await lookAtEverything(review);
    const files = review.getByRole('navigation').getByRole('button');
    expect(await files.allInnerTexts()).toEqual([
      expect.stringContaining('hello.md'),
      expect.stringContaining('notes.md'),
    ]);
    expect(existsSync(path('warrant-rehearsal'))).toBe(false);
  });

  it('writes them when they are, and leaves the rest of the folder alone', async () => {
    await applyAll(window.page);
    await answer(await chatPage(window.page), 'What came of it').waitFor({ timeout: 60_000 });
    expect(readFileSync(path('warrant-rehearsal/hello.md'), 'utf8')).toMatch(/^# Hello\n/);
    expect(readFileSync(path('warrant-rehearsal/notes.md'), 'utf8')).toMatch(/^# Notes\n/);
    expect(readFileSync(path('README.md'), 'utf8')).toBe('# Somebody’s own work\n');
  });

  it('shows the refusal of the command, and a link to the setting behind it', async () => {
    const { page } = window;
    const row = toolRow(await chatPage(page), 'ls warrant-rehearsal');
    expect(await row.getAttribute('class')).toContain('denied');
    await row.getByRole('button').first().click();
    await row.getByText('commands.enabled').waitFor();
    await row.getByRole('button', { name: 'Open the setting' }).click();
    await tab(page, 'Settings').waitFor();
    await settingShown(page, 'Commands: Enabled').waitFor();
  });

  it('keeps a sound record of it', () => {
    const [file, ...others] = auditFiles(window.host.base);
    expect(others).toEqual([]);
    verifyAudit(file!);
  });
});

import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { latestRecords } from '../support/host/auditFiles.ts';
import { folderState } from '../support/host/folderState.ts';
import { keepTrouble } from '../support/host/keepTrouble.ts';
import { openScripted, type ScriptedWindow } from '../support/host/openScripted.ts';
import {
  applyAll,
  applyButton,
  armed,
  chooseFile,
  chooseHunk,
  clickArmed,
  lookAtEverything,
  noteBox,
  rejectAllButton,
  reviewPage,
  showFile,
  until,
} from '../support/host/warrantViews.ts';
import {
  closeTab,
  diffText,
  editorText,
  openFile,
  runCommand,
  tab,
  tabTitles,
} from '../support/host/workbench.ts';
import type { ModelStep } from '../support/modelServer/modelScript.ts';

const numbered = (name: string) => Array.from({ length: 30 }, (_, at) => `${name} ${at + 1}\n`).join('');
const names = [
  'a',
  'b',
  'c',
  'early',
  'closed',
  'behind',
  'dirty',
  'first',
  'second',
  'shown',
  'own',
  'undone',
];

describe('The review of a change set', () => {
  let window: ScriptedWindow;
  const path = (name: string) => join(window.workspace, name);
  const text = (name: string) => readFileSync(path(name), 'utf8');

  keepTrouble(() => window);
  beforeAll(async () => {
    window = await openScripted({
      files: Object.fromEntries(names.map((name) => [`${name}.txt`, numbered(name)])),
      settings: { 'files.autoSave': 'off' },
    });
  });
  afterAll(() => window?.stop());

  it('writes the hunks that were accepted and tells the agent which were not, and why', async () => {
    const { page } = window;
    await window.task('Change three files.', [
      { calls: ['a', 'b', 'c'].map((name) => edit(name, [3, 15, 28])) },
      { text: 'Done.' },
    ]);
    const review = await reviewPage(page);
    await lookAtEverything(review);
    await showFile(review, 'a.txt');
    await chooseHunk(review, 2, false);
    await showFile(review, 'b.txt');
    await chooseHunk(review, 3, false);
    await chooseFile(review, 'c.txt', false);
    await noteBox(review).fill('Leave the middle alone.');
    await until(async () => (await applyButton(review).innerText()) === 'Apply 4 of 9 hunks', 'The count');
    await clickArmed(applyButton(review));
    await window.over();

    expect(text('a.txt')).toBe(changed('a', [3, 28]));
    expect(text('b.txt')).toBe(changed('b', [3, 15]));
    expect(text('c.txt')).toBe(numbered('c'));
    const [first, second, third] = window.toldLast();
    const note = 'The person says: Leave the middle alone.';
    expect(first).toMatch(
      `Applied 2 of 3 hunks to a.txt. ${note} Rejected, and not in the file:\n@@ -12,7 +12,7 @@`,
    );
    expect(first).toContain('-a 15\n+A 15');
    expect(first).not.toContain('A 28');
    expect(second).toMatch(`Applied 2 of 3 hunks to b.txt. ${note}`);
    expect(second).toContain('-b 28\n+B 28');
    expect(third).toBe(`The person rejected the change to c.txt; it is as it was. ${note}`);
  });

  it('refuses a click that comes before a person can have looked', async () => {
    const { page } = window;
    await window.task('Change one file.', [{ calls: [edit('early', [3])] }, { text: 'Done.' }]);
    const review = await reviewPage(page);
    const button = rejectAllButton(review);
    // The button notes what it said at the moment of the click, so that a slow machine cannot pass for a refusal.
    await button.evaluate((element: Clickable) =>
      element.addEventListener('click', () => {
        element.dataset['clickedWhile'] =
          element.getAttribute('aria-disabled') === 'true' ? 'disabled' : 'ready';
      }),
    );
    await button.click({ force: true });
    expect(await button.getAttribute('data-clicked-while')).toBe('disabled');
    await armed(button);
    expect(latestRecords(window.host.base, 'answered')).toEqual([]);
    expect(text('early.txt')).toBe(numbered('early'));
    await applyAll(page);
    await window.over();
    expect(text('early.txt')).toBe(changed('early', [3]));
  });

  it('takes a panel that is closed for a rejection and leaves every byte and time alone', async () => {
    const { page, workspace } = window;
    const before = folderState(workspace);
    await window.task('Change two files.', [
      {
        calls: [
          edit('closed', [3]),
          { name: 'write_file', arguments: { path: 'new.txt', content: 'new\n' } },
        ],
      },
      { text: 'Done.' },
    ]);
    const review = await reviewPage(page);
    await lookAtEverything(review);
    await closeTab(page, 'Review:');
    await window.over();
    expect(folderState(workspace)).toEqual(before);
    expect(window.toldLast()).toEqual([
      'The person rejected the change to closed.txt. Nothing was changed or run.',
      'The person rejected the change to new.txt. Nothing was changed or run.',
    ]);
    expect(latestRecords(window.host.base, 'answered')).toMatchObject([
      { data: { choice: 'reject', how: 'closed' } },
    ]);
  });

  it('asks again when a file was changed behind the panel, and builds on the new text', async () => {
    const { page } = window;
    await window.task('Change one file.', [{ calls: [edit('behind', [3])] }, { text: 'Done.' }]);
    const review = await reviewPage(page);
    await lookAtEverything(review);
    writeFileSync(path('behind.txt'), numbered('behind').replace('behind 30', 'written meanwhile'));
    await clickArmed(applyButton(review));
    await reviewPage(page, 'Asked again: behind.txt changed on disk');
    expect(text('behind.txt')).toContain('behind 3\n');
    await applyAll(page, 'Asked again: behind.txt changed on disk');
    await window.over();
    expect(text('behind.txt')).toBe(changed('behind', [3]).replace('behind 30', 'written meanwhile'));
  });

  it('does not write over unsaved work, and asks again', async () => {
    const { page } = window;
    await openFile(page, 'dirty.txt');
    await window.task('Change one file.', [{ calls: [edit('dirty', [3])] }, { text: 'Done.' }]);
    const review = await reviewPage(page);
    await lookAtEverything(review);
    await page.locator('.editor-instance .view-lines').getByText('dirty', { exact: false }).first().click();
    await page.keyboard.type('mine: ');
    await tab(page, 'dirty.txt').and(page.locator('.dirty')).waitFor();
    await clickArmed(applyButton(review));
    await reviewPage(page, 'Asked again: dirty.txt has unsaved changes in an editor');
    expect(text('dirty.txt')).toBe(numbered('dirty'));
    await tab(page, 'dirty.txt').click();
    await runCommand(page, 'File: Revert File');
    await applyAll(page, 'Asked again: dirty.txt has unsaved changes in an editor');
    await window.over();
    expect(text('dirty.txt')).toBe(changed('dirty', [3]));
    await closeTab(page, 'dirty.txt');
  });

  it('shows one set after another, and waits for each', async () => {
    const { page } = window;
    await window.task('Change two files, one by one.', [
      { calls: [edit('first', [3])] },
      { calls: [edit('second', [3])] },
      { text: 'Done.' },
    ]);
    await applyAll(page, 'first.txt');
    const second = await reviewPage(page, 'second.txt');
    expect(text('first.txt')).toBe(changed('first', [3]));
    expect(text('second.txt')).toBe(numbered('second'));
    await lookAtEverything(second);
    await clickArmed(rejectAllButton(second));
    await window.over();
    expect(text('second.txt')).toBe(numbered('second'));
    expect(window.toldLast()).toEqual([
      'The person rejected the change to second.txt. Nothing was changed or run.',
    ]);
  });

  it('opens both sides in the diff editor of VS Code, and closes it with the review', async () => {
    const { page } = window;
    await window.task('Change one file.', [{ calls: [edit('shown', [3])] }, { text: 'Done.' }]);
    const review = await reviewPage(page);
    await review.getByRole('button', { name: 'Diff editor' }).click();
    await tab(page, 'shown.txt (proposed)').waitFor();
    await until(async () => (await diffText(page)).modified.includes('SHOWN 3'), 'The proposed side');
    expect((await diffText(page)).original).toContain('shown 3');
    await runCommand(page, 'Warrant: Show Waiting Review');
    await applyAll(page);
    await window.over();
    await tab(page, 'shown.txt (proposed)').waitFor({ state: 'hidden' });
    expect(await tabTitles(page)).toEqual([]);
    expect(text('shown.txt')).toBe(changed('shown', [3]));
  });

  it('writes what the person typed in a hunk, and tells the agent what they changed', async () => {
    const { page } = window;
    await window.task('Change one file.', [{ calls: [edit('own', [3, 20])] }, { text: 'Done.' }]);
    const review = await reviewPage(page);
    await armed(rejectAllButton(review));
    await review.getByRole('button', { name: 'Edit hunk 1 of 2' }).click();
    const box = review.getByLabel('Text of hunk 1 after the change');
    await box.fill((await box.inputValue()).replace('OWN 3', 'Own third'));
    await box.press('Control+Enter');
    await review.getByText('Accepted, edited by you').waitFor();
    await review.getByRole('button', { name: 'Note about hunk 2 of 2' }).click();
    await review.getByLabel('Note to the agent about hunk 2').fill('Capitals only here.');
    await lookAtEverything(review);
    await clickArmed(applyButton(review));
    await window.over();
    expect(text('own.txt')).toBe(changed('own', [3, 20]).replace('OWN 3', 'Own third'));
    const [told] = window.toldLast();
    expect(told).toContain('The person edited your text before applying it.');
    expect(told).toContain('-OWN 3\n+Own third');
    expect(told).toContain('About this hunk the person says: Capitals only here.');
    expect(latestRecords(window.host.base, 'answered')).toMatchObject([
      { data: { files: [{ accepted: 2, of: 2, edited: ['0.0'] }], notes: [{ hunk: '0.1' }] } },
    ]);
    expect(latestRecords(window.host.base, 'performing')).toMatchObject([
      { data: { theirs: [{ hunk: '0.0', diff: '@@ -3,1 +3,1 @@\n-OWN 3\n+Own third' }] } },
    ]);
  });

  it('can be undone with Ctrl+Z in an open editor', async () => {
    const { page } = window;
    await openFile(page, 'undone.txt');
    await window.task('Change one file.', [{ calls: [edit('undone', [3])] }, { text: 'Done.' }]);
    await applyAll(page);
    await window.over();
    expect(text('undone.txt')).toBe(changed('undone', [3]));
    await tab(page, 'undone.txt').click();
    await until(async () => (await editorText(page)).includes('UNDONE 3'), 'The new text in the editor');
    await page.locator('.editor-group-container.active .monaco-editor .view-lines').first().click();
    await page.keyboard.press('Control+z');
    await until(async () => !(await editorText(page)).includes('UNDONE 3'), 'The old text in the editor');
    await runCommand(page, 'File: Save');
    await until(() => Promise.resolve(text('undone.txt') === numbered('undone')), 'The old text on the disk');
  });
});

// What is used of a page's element; these tests are type-checked without a browser's types.
interface Clickable {
  readonly dataset: Record<string, string>;
  getAttribute(name: string): string | null;
  addEventListener(kind: 'click', act: () => void): void;
}

type Calls = NonNullable<Extract<ModelStep, { calls?: unknown }>['calls']>;

/** A call that writes some lines of a file in capitals. */
function edit(name: string, lines: readonly number[]): Calls[number] {
  const replacements = lines.map((line) => ({
    old: `${name} ${line}\n`,
    new: `${name.toUpperCase()} ${line}\n`,
  }));
  return { name: 'edit_file', arguments: { path: `${name}.txt`, replacements } };
}

function changed(name: string, lines: readonly number[]): string {
  return lines.reduce(
    (text, line) => text.replace(`${name} ${line}\n`, `${name.toUpperCase()} ${line}\n`),
    numbered(name),
  );
}

import { AxeBuilder } from '@axe-core/playwright';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Frame } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { latestRecords } from '../support/host/auditFiles.ts';
import { keepTrouble } from '../support/host/keepTrouble.ts';
import { openScripted, type ScriptedWindow } from '../support/host/openScripted.ts';
import {
  applyButton,
  armed,
  clickArmed,
  lookAtEverything,
  readCard,
  rejectAllButton,
  reviewPage,
} from '../support/host/warrantViews.ts';
import { chooseTheme } from '../support/host/workbench.ts';

const themes = ['Dark 2026', 'Light 2026', 'Dark High Contrast', 'Light High Contrast'];

// With everything a card of a command can hold: a pattern, a change of the environment, no sandbox, no end of its own.
const command = {
  name: 'run_command',
  arguments: { command: 'env CI=1 cp *.txt unknown-place', background: true, outside_sandbox: true },
};

describe('The pages for everyone', () => {
  let window: ScriptedWindow;
  let chat: Frame;
  const text = () => readFileSync(join(window.workspace, 'a.txt'), 'utf8');

  keepTrouble(() => window);
  beforeAll(async () => {
    window = await openScripted({
      files: { 'a.txt': 'one\ntwo\n' },
      settings: { 'warrant.commands.enabled': true },
    });
    chat = await window.task('Change a file, then list the folder.', [
      {
        text: 'I change `a.txt` and list the folder.\n\n- first this\n- then [that](https://example.com)\n',
        calls: [
          { name: 'update_plan', arguments: { steps: [{ text: 'Change a file', state: 'active' }] } },
          { name: 'edit_file', arguments: { path: 'a.txt', replacements: [{ old: 'one', new: 'ONE' }] } },
        ],
      },
      { text: 'Now the command.', calls: [command] },
      { text: 'Done.' },
    ]);
  });
  afterAll(() => window?.stop());

  it.each(themes)('have no serious trouble while a change is reviewed, in %s', async (theme) => {
    await chooseTheme(window.page, theme);
    const review = await reviewPage(window.page);
    await lookAtEverything(review);
    await armed(applyButton(review));
    expect(await troubleIn(window, review)).toEqual([]);
    expect(await troubleIn(window, chat)).toEqual([]);
  });

  it('let the tab key reach everything in the review', async () => {
    const review = await reviewPage(window.page);
    expect(await unreachedByTab(window, review)).toEqual([]);
  });

  it('do not apply a change with Enter', async () => {
    const review = await reviewPage(window.page);
    await armed(applyButton(review));
    await applyButton(review).focus();
    await window.page.keyboard.press('Enter');
    // What follows is heard after the key: a host that had taken it would have no review left to change.
    await rejectAllButton(review).focus();
    await window.page.keyboard.press('Shift+R');
    await review.getByText('No hunk is accepted').waitFor();
    await window.page.keyboard.press('Shift+A');
    await armed(applyButton(review));
    expect(latestRecords(window.host.base, 'answered')).toEqual([]);
    expect(text()).toBe('one\ntwo\n');
    await clickArmed(applyButton(review));
  });

  it.each(themes)('have no serious trouble while a command waits, in %s', async (theme) => {
    await chooseTheme(window.page, theme);
    await armed((await readCard(chat)).getByRole('button', { name: 'Allow once' }));
    expect(await troubleIn(window, chat)).toEqual([]);
  });

  it('let the tab key reach everything in the chat', async () => {
    expect(await unreachedByTab(window, chat)).toEqual([]);
  });

  it('do not allow a command with Enter, wherever the focus stands', async () => {
    const card = chat.getByRole('group', { name: 'Waiting for your answer' });
    const allow = card.getByRole('button', { name: 'Allow once' });
    for (const place of [
      allow,
      card.getByLabel('A note to the agent'),
      card.getByRole('region', { name: 'What is asked' }),
    ]) {
      await armed(allow);
      await place.focus();
      await window.page.keyboard.press('Enter');
    }
    await card.getByLabel('A note to the agent').fill('still here');
    await armed(allow);
    expect(latestRecords(window.host.base, 'answered')).toHaveLength(1);
    await allow.focus();
    await window.page.keyboard.press('Space');
    await window.over();
    expect(latestRecords(window.host.base, 'answered').at(-1)).toMatchObject({
      data: { choice: 'allow', how: 'button', note: 'still here' },
    });
  });
});

/** What axe finds serious or critical in one page of ours, and where. */
async function troubleIn({ page }: ScriptedWindow, frame: Frame): Promise<string[]> {
  const outer = frame.parentFrame()!;
  const place = await (await outer.frameElement()).getAttribute('name');
  // The sidebar’s colour is painted by VS Code behind the page, where axe cannot see it.
  await frame
    .locator('.chat')
    .evaluateAll((pages: readonly { readonly style: { backgroundColor: string } }[]) => {
      for (const { style } of pages) style.backgroundColor = 'var(--vscode-sideBar-background)';
    });
  const { violations } = await new AxeBuilder({ page })
    .include([`iframe[name="${place}"]`, '#active-frame', 'body'])
    .analyze();
  return violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .flatMap(({ id, nodes }) =>
      nodes.map(
        ({ target, any }) =>
          `${id}: ${String(target.at(-1))}: ${any.map(({ message }) => message).join(' ')}`,
      ),
    );
}

/** Presses Tab until everything that takes the focus had it; returns what never did. */
async function unreachedByTab({ page }: ScriptedWindow, frame: Frame): Promise<string[]> {
  const controls = frame.locator(
    'button, input:not(:disabled), textarea:not(:disabled), summary, a[href], [tabindex="0"]',
  );
  const all = await controls.evaluateAll((elements: readonly Control[]) =>
    elements
      .filter((element) => element.checkVisibility())
      .map((element, at) => {
        element.dataset['control'] = String(at);
        return element.outerHTML.slice(0, 120);
      }),
  );
  expect(all.length).toBeGreaterThan(5);
  const reached = new Set<string>();
  await frame.locator('[data-control="0"]').focus();
  for (let presses = 0; presses <= all.length; presses += 1) {
    const focused = frame.locator('[data-control]:focus');
    if ((await focused.count()) === 0) break;
    reached.add((await focused.getAttribute('data-control'))!);
    await page.keyboard.press('Tab');
  }
  return all.filter((_, at) => !reached.has(String(at)));
}

// What is used of a page's element; these tests are type-checked without a browser's types.
interface Control {
  readonly dataset: Record<string, string>;
  readonly outerHTML: string;
  checkVisibility(): boolean;
}

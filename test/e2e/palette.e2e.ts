import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { latestRecords } from '../support/host/auditFiles.ts';
import { processesIn } from '../support/host/folderState.ts';
import { keepTrouble } from '../support/host/keepTrouble.ts';
import { openScripted, type ScriptedWindow } from '../support/host/openScripted.ts';
import { armed, hunks, readCard, rejectAllButton, reviewPage, until } from '../support/host/warrantViews.ts';
import { answerInputBox, runCommand } from '../support/host/workbench.ts';

const lines = Array.from({ length: 30 }, (_, at) => `line ${at + 1}\n`).join('');

describe('A whole session through the palette', () => {
  let window: ScriptedWindow;
  const path = (name: string) => join(window.workspace, name);
  // By their words and not by their ids, which a sandbox counts anew.
  const atWork = () =>
    processesIn(window.workspace).filter((line) => /^(sh slow\.sh|sh -c sleep 300|sleep 300)/.test(line));
  const palette = (command: string) => runCommand(window.page, `Warrant: ${command}`);

  keepTrouble(() => window);
  beforeAll(async () => {
    window = await openScripted({
      files: {
        'a.txt': lines,
        'slow.sh': 'sleep 300 &\nsh -c "sleep 300; echo late" &\nwait\n',
      },
      settings: { 'warrant.commands.enabled': true },
    });
  });
  afterAll(() => window?.stop());

  it('sends a message from the keyboard', async () => {
    await palette('New Session');
    window.script([
      {
        calls: [
          {
            name: 'edit_file',
            arguments: {
              path: 'a.txt',
              replacements: [3, 15, 28].map((n) => ({ old: `line ${n}\n`, new: `LINE ${n}\n` })),
            },
          },
        ],
      },
      { calls: [{ name: 'run_command', arguments: { command: 'ls -a && mkdir -p kept' } }] },
      { text: 'Done.' },
    ]);
    await palette('Open Chat');
    const chat = await window.chat();
    await until(() => chat.getByLabel('Message to the agent').evaluate(isFocused), 'The focus in the input');
    await window.page.keyboard.type('Change a file and list the folder.');
    await window.page.keyboard.press('Enter');
    await reviewPage(window.page);
  });

  it('walks the hunks, takes one out, puts another back, and writes a note', async () => {
    const { page } = window;
    await palette('Show Waiting Review');
    const review = await reviewPage(page);
    const current = review.locator('.hunk[aria-current]');
    const at = async (words: string) => until(async () => (await current.innerText()).includes(words), words);
    await at('1 / 3');
    await palette('Review: Next Hunk');
    await at('2 / 3');
    await palette('Review: Next Hunk');
    await at('3 / 3');
    await palette('Review: Previous Hunk');
    await at('2 / 3');
    await armed(rejectAllButton(review));
    await palette('Review: Reject Hunk');
    await hunks(review).nth(1).getByText('Rejected').waitFor();
    await palette('Review: Next Hunk');
    await at('3 / 3');
    await palette('Review: Reject Hunk');
    await hunks(review).nth(2).getByText('Rejected').waitFor();
    await palette('Review: Accept Hunk');
    await hunks(review).nth(2).getByText('Accepted').waitFor();
    await palette('Review: Write a Note to the Agent');
    await answerInputBox(page, 'Only the ends.');
    await until(
      async () => (await review.getByLabel(/^Note to the agent/).inputValue()) === 'Only the ends.',
    );
    expect(readFileSync(path('a.txt'), 'utf8')).toBe(lines);
  });

  it('applies by command, and the record says so', async () => {
    await palette('Review: Apply Accepted Changes');
    await until(() => Promise.resolve(readFileSync(path('a.txt'), 'utf8') !== lines), 'The edit on the disk');
    expect(readFileSync(path('a.txt'), 'utf8')).toBe(
      lines.replace('line 3\n', 'LINE 3\n').replace('line 28\n', 'LINE 28\n'),
    );
    expect(latestRecords(window.host.base, 'answered')).toMatchObject([
      { data: { choice: 'accept', how: 'command', note: 'Only the ends.', files: [{ accepted: 2, of: 3 }] } },
    ]);
  });

  it('allows the command that is shown, and the record says so', async () => {
    const chat = await window.chat();
    await armed((await readCard(chat)).getByRole('button', { name: 'Allow once' }));
    await palette('Allow the Command Shown');
    await window.over();
    expect(latestRecords(window.host.base, 'answered').at(-1)).toMatchObject({
      data: { choice: 'allow', how: 'command' },
    });
    expect(window.toldLast()[0]).toMatch(/^Exit status 0[^]*slow\.sh/);
  });

  it('rejects a command that is shown, and nothing runs', async () => {
    const chat = await window.task('Make a file.', [
      { calls: [{ name: 'run_command', arguments: { command: 'touch made.txt' } }] },
      { text: 'Done.' },
    ]);
    await armed((await readCard(chat)).getByRole('button', { name: 'Reject' }));
    await palette('Reject the Command Shown');
    await window.over();
    expect(existsSync(path('made.txt'))).toBe(false);
    expect(latestRecords(window.host.base, 'answered')).toMatchObject([
      { data: { choice: 'reject', how: 'command' } },
    ]);
  });

  it('stops a long command with everything it started', async () => {
    const chat = await window.task('Take a long time.', [
      { calls: [{ name: 'run_command', arguments: { command: 'sh slow.sh' } }] },
      { text: 'Done.' },
    ]);
    await armed((await readCard(chat)).getByRole('button', { name: 'Allow once' }));
    await palette('Allow the Command Shown');
    await until(() => Promise.resolve(atWork().length === 4), 'The command at work');
    await palette('Stop');
    await window.over();
    await until(() => Promise.resolve(atWork().length === 0), 'The end of every process');
    expect(latestRecords(window.host.base, 'turn').at(-1)).toMatchObject({ data: { ended: 'stopped' } });
    expect(window.model.requests).toHaveLength(6);
  });
});

function isFocused(element: { readonly ownerDocument: { readonly activeElement: unknown } }): boolean {
  return element.ownerDocument.activeElement === element;
}

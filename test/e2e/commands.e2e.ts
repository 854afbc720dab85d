import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { AuditRecord } from '../../src/protocol/record.ts';
import { auditFiles, latestRecords, recordsIn, verifyAudit } from '../support/host/auditFiles.ts';
import { processesIn } from '../support/host/folderState.ts';
import { keepTrouble } from '../support/host/keepTrouble.ts';
import { openScripted, type ScriptedWindow } from '../support/host/openScripted.ts';
import { allowOnce, toolRow, until } from '../support/host/warrantViews.ts';
import { quickPickItem, runCommand, terminalNames, terminalText } from '../support/host/workbench.ts';

const proposal = (command: string, more: Readonly<Record<string, boolean>> = {}) => ({
  calls: [{ name: 'run_command', arguments: { command, ...more } }],
});

describe('Commands, from the proposal to the record', () => {
  let window: ScriptedWindow;
  const card = async () => (await window.chat()).locator('.card');
  const running = (line: string) => processesIn(window.workspace).filter((one) => one.endsWith(line));

  keepTrouble(() => window);
  beforeAll(async () => {
    window = await openScripted({
      files: { 'a.txt': 'one\ntwo\n', 'src/a.ts': 'a\n', 'src/b.ts': 'b\n', 'made/keep': '' },
      settings: { 'warrant.commands.enabled': true, 'terminal.integrated.gpuAcceleration': 'off' },
    });
  });
  afterAll(() => window?.stop());

  it('runs what a rule allows without asking; where nothing confines it, it is asked for all the same', async () => {
    const line = 'grep -n two a.txt';
    const chat = await window.task('Look for it.', [proposal(line), { text: 'Found.' }]);
    const decided = await decision(line);
    if (decided.rule === 'commands.sandbox') await allowOnce(chat);
    await window.over();
    await toolRow(chat, line).and(chat.locator('.done')).waitFor();
    expect(window.toldLast().join()).toContain('2:two');
    expect(story(line)).toEqual(
      decided.rule === 'commands.sandbox'
        ? ['proposed', 'decided ask', 'shown', 'performing', 'performed done']
        : ['proposed', 'decided allow', 'performing', 'performed done'],
    );
  });

  it('asks for what changes something, says what that is, and runs it after a click', async () => {
    const line = 'cp src/*.ts made';
    const chat = await window.send('Copy them.', [proposal(line), { text: 'Copied.' }]);
    const asked = await card();
    await asked.waitFor();
    expect(await row('Why asked')).toContain((await decision(line)).rule);
    expect(await row('Reads')).toBe('src/a.ts\nsrc/b.ts');
    expect(await row('Writes')).toContain('made');
    expect(await row('Patterns')).toBe('src/*.ts: 2 names');
    await asked
      .getByText(/^(Runs in the sandbox \((bubblewrap|Seatbelt)\), without a network|OUTSIDE THE SANDBOX)$/)
      .waitFor();
    expect(readdirSync(join(window.workspace, 'made'))).toEqual(['keep']);
    await allowOnce(chat);
    await window.over();
    await toolRow(chat, line).and(chat.locator('.done')).waitFor();
    expect(readdirSync(join(window.workspace, 'made'))).toEqual(['a.ts', 'b.ts', 'keep']);
    expect(story(line)).toEqual(['proposed', 'decided ask', 'shown', 'performing', 'performed done']);
    expect(latestRecords(window.host.base, 'answered').at(-1)?.data).toMatchObject({
      choice: 'allow',
      how: 'button',
    });
  });

  it('refuses what the floor forbids, and asks nobody', async () => {
    const line = 'rm -rf /';
    const chat = await window.send('Clean up.', [proposal(line), { text: 'It was refused.' }]);
    await window.over();
    await toolRow(chat, line).and(chat.locator('.denied')).waitFor();
    expect(story(line)).toEqual(['proposed', 'decided deny']);
    expect((await decision(line)).rule).toMatch(/^floor\./);
  });

  it('stops a command that goes on and on, with everything it started', async () => {
    const line = 'tail -f a.txt';
    const chat = await window.send('Follow it.', [proposal(line)]);
    if ((await decision(line)).verdict === 'ask') await allowOnce(chat);
    await until(() => Promise.resolve(running(line).length > 0), 'The command');
    await chat.getByRole('button', { name: 'Stop' }).click();
    await window.over();
    expect(running(line)).toEqual([]);
    expect(story(line).slice(-2)).toEqual(['performing', 'performed done']);
    expect(latestRecords(window.host.base, 'performed').at(-1)?.data.detail).toMatchObject({
      ended: 'stopped',
    });
    expect(latestRecords(window.host.base, 'turn').at(-1)?.data.ended).toBe('stopped');
  });

  it('shows every command that ran in a terminal of its own, with what it printed', async () => {
    const text = await terminalText(window.page);
    expect(await terminalNames(window.page)).toEqual(['Warrant']);
    const begun = text.indexOf('$ grep -n two a.txt');
    expect(begun).toBeGreaterThanOrEqual(0);
    expect(text.slice(begun)).toMatch(/2:two\n[^]*\$ cp src\/\*\.ts made\n[^]*\$ tail -f a\.txt\none\ntwo\n/);
    expect(text).not.toContain('rm -rf');
  });

  it('says what would run outside the sandbox, in the background, and stops it from the palette', async () => {
    const { page, host } = window;
    const line = 'tail -n 1 -f a.txt';
    const chat = await window.send('Watch it.', [
      proposal(line, { background: true, outside_sandbox: true }),
      { text: 'It runs.' },
    ]);
    const asked = await card();
    await asked.getByText('OUTSIDE THE SANDBOX', { exact: true }).waitFor();
    expect(await row('Background')).toContain('until it ends or is stopped');
    await allowOnce(chat);
    await window.over();
    await until(() => Promise.resolve(running(line).length > 0), 'The command');
    await runCommand(page, 'Warrant: Background Commands…');
    await quickPickItem(page, line).click();
    await until(
      () => Promise.resolve(latestRecords(host.base, 'background.ended').length > 0),
      'The end on the record',
    );
    expect(running(line)).toEqual([]);
    expect(story(line)).toEqual(['proposed', 'decided ask', 'shown', 'performing', 'performed done']);
    expect(latestRecords(host.base, 'background.ended')).toMatchObject([
      { data: { detail: { ended: 'stopped' } } },
    ]);
  });

  it('keeps a record that verifies', () => {
    const [file, ...others] = auditFiles(window.host.base);
    expect(others).toEqual([]);
    verifyAudit(file!);
  });

  async function row(name: string): Promise<string> {
    const names = (await card()).locator('.details > dt').getByText(name, { exact: true });
    return names.locator('xpath=following-sibling::dd[1]').innerText();
  }

  /** The policy's word on a line, once it stands on the record. */
  async function decision(line: string) {
    let found: Extract<AuditRecord, { kind: 'decided' }> | undefined;
    await until(() => {
      found = about(line).find((record) => record.kind === 'decided');
      return Promise.resolve(found !== undefined);
    }, `A decision about ${line}`);
    return found!.data;
  }

  /** What the record says happened with the command of a line, in order. */
  function story(line: string): string[] {
    return about(line).map(({ kind, data }) => {
      if (kind === 'decided') return `${kind} ${data.verdict}`;
      return kind === 'performed' ? `${kind} ${data.outcome}` : kind;
    });
  }

  function about(line: string): AuditRecord[] {
    const records = auditFiles(window.host.base).slice(-1).flatMap(recordsIn);
    const calls = records.flatMap(({ kind, data }) =>
      kind === 'proposed' && data.what.kind === 'command' && data.what.text === line ? [data.call] : [],
    );
    return records.filter(({ data }) => {
      if ('call' in data) return calls.includes(data.call);
      return 'calls' in data && Array.isArray(data.calls) && data.calls.some((call) => calls.includes(call));
    });
  }
});

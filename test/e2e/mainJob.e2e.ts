import { spawnSync } from 'node:child_process';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { fileURLToPath } from 'node:url';
import { auditFiles, recordsIn, verifyAudit } from '../support/host/auditFiles.ts';
import { doMainJob } from '../support/host/checkMainJob.ts';
import { keepPicture } from '../support/host/keepPicture.ts';
import { keepTrouble } from '../support/host/keepTrouble.ts';
import { openWarrant, type WarrantWindow } from '../support/host/openWarrant.ts';
import { chatPage, toolRow } from '../support/host/warrantViews.ts';
import { outputText, runCommand, terminalText } from '../support/host/workbench.ts';

const sample = fileURLToPath(new URL('../../sample', import.meta.url));

describe('The main job: a failing test is repaired under supervision', () => {
  let window: WarrantWindow;
  const said: string[] = [];

  keepTrouble(() => window);
  beforeAll(async () => {
    const settings = { 'warrant.commands.enabled': true, 'terminal.integrated.gpuAcceleration': 'off' };
    window = await openWarrant({ template: sample, settings });
  });
  afterAll(() => window?.stop());

  it('begins with a test that fails', () => {
    expect(runTests(window.workspace)).not.toBe(0);
  });

  it('goes from a message through review and approval to an end', async () => {
    await doMainJob(
      window,
      (line) => said.push(line),
      (waiting) => keepPicture(window.page, waiting === 'command' ? 'command-card' : waiting),
    );
  });

  it('leaves a workspace whose tests pass, run by somebody else', () => {
    expect(runTests(window.workspace)).toBe(0);
  });

  it('shows the exit status the command really had', async () => {
    const chat = await chatPage(window.page);
    expect(await toolRow(chat, 'npm test').locator('.tool-result').innerText()).toMatch(/^exit 0/);
    await keepPicture(window.page, 'chat');
  });

  it('shows the command and its output in a terminal nobody can type into', async () => {
    const text = await terminalText(window.page);
    expect(text).toContain('$ npm test');
    expect(text).toMatch(/fail 0/);
  });

  it('keeps a record that verifies, with every answer as a button', () => {
    const [file, ...others] = auditFiles(window.host.base);
    expect(others).toEqual([]);
    verifyAudit(file!);
    const records = recordsIn(file!);
    expect(records.flatMap((record) => (record.kind === 'answered' ? [record.data.how] : []))).toEqual([
      'button',
      'button',
    ]);
    expect(records.findLast((record) => record.kind === 'turn')).toMatchObject({ data: { ended: 'done' } });
  });

  it('tells the session in words in the audit channel', async () => {
    await runCommand(window.page, 'Warrant: Show Audit Channel');
    const text = await outputText(window.page, 'Warrant Audit');
    expect(text).toContain('turn: ended done');
  });
});

function runTests(folder: string): number | null {
  return spawnSync(process.execPath, ['--test'], { cwd: folder, env: cleanEnvironment() }).status;
}

// Node tells its children that they run under a test runner, and the sample's own tests would then report elsewhere.
function cleanEnvironment(): NodeJS.ProcessEnv {
  const { NODE_TEST_CONTEXT: _, NODE_OPTIONS: __, ...rest } = process.env;
  return rest;
}

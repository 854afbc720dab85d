import { execFile } from 'node:child_process';
import { mkdir, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { recoverJournal } from '../../../src/io/files/recoverJournal.ts';
import { folderState } from './folderState.ts';
import { temporaryFolder, writeFiles } from './worldInFolder.ts';

const before = { 'a.txt': 'a before', 'b.txt': 'b before', 'c.txt': 'c before', 'd.txt': 'd before' };

type Run = {
  readonly dir: string;
  readonly journalDir: string;
  readonly signal: string | null;
  readonly said: string;
};

async function applyAndDie(last: number): Promise<Run> {
  const base = await temporaryFolder();
  const [dir, journalDir] = [join(base, 'workspace'), join(base, 'journal')];
  await mkdir(dir);
  await writeFiles(dir, before);
  const script = join(import.meta.dirname, '../../support/io/crashingApply.ts');
  return new Promise((resolve) => {
    execFile(process.execPath, [script, dir, journalDir, String(last)], (error, said) => {
      resolve({ dir, journalDir, signal: error?.signal ?? null, said });
    });
  });
}

it('an edit whose process is killed at any step is all or nothing after the next start', async () => {
  const whole = await applyAndDie(0);
  const [kind, calls] = whole.said.split(' ');
  expect(kind).toBe('done');
  const after = await folderState(whole.dir, { times: false });
  const ends: string[] = [];
  for (let last = 1; last <= Number(calls); last += 1) {
    const { dir, journalDir, signal } = await applyAndDie(last);
    expect(signal, `call ${last}`).toBe('SIGKILL');
    const recovered = await recoverJournal(journalDir, 0);
    const now = await folderState(dir, { times: false });
    const isAll = 'e.txt' in now && !('d.txt' in now);
    expect(now, `call ${last}, ${JSON.stringify(recovered)}`).toEqual(isAll ? after : await beforeState());
    expect(await readdir(journalDir).catch(() => [])).toEqual([]);
    ends.push(isAll ? 'all' : 'nothing');
  }
  expect(new Set(ends)).toEqual(new Set(['nothing', 'all']));
}, 60_000);

async function beforeState(): Promise<Record<string, string>> {
  const dir = await temporaryFolder();
  await writeFiles(dir, before);
  return folderState(dir, { times: false });
}

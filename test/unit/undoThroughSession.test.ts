import { mkdir, mkdtemp, readFile, realpath, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { verifyChain } from '../../src/audit/auditReader.ts';
import { sealKeysIn } from '../../src/audit/sealKeys.ts';
import { systemClock } from '../../src/io/clock.ts';
import { openaiModel } from '../../src/io/model.ts';
import { openSession, type OpenSession } from '../../src/openSession.ts';
import type { AuditRecord } from '../../src/protocol/record.ts';
import { parseSettings } from '../../src/protocol/settings.ts';
import { memorySource } from '../support/memorySource.ts';
import { startModelServer, type ModelServer } from '../support/modelServer.ts';
import { scriptedApprover } from '../support/scriptedApprover.ts';
import { secretCellsInMemory } from '../support/secretCellsInMemory.ts';
import { folderState } from './io/folderState.ts';
import { passThroughSandbox } from '../support/passThroughSandbox.ts';

type Place = { readonly workspace: string; readonly storage: string; readonly server: ModelServer };

const CHANGES = [
  { name: 'edit_file', arguments: { path: 'a.txt', replacements: [{ old: 'one', new: 'ONE' }] } },
  { name: 'write_file', arguments: { path: 'new.txt', content: 'new\n' } },
  { name: 'move_file', arguments: { path: 'b.txt', to: 'moved.txt' } },
  { name: 'delete_file', arguments: { path: 'c.txt' } },
];

async function place(): Promise<Place> {
  const base = await realpath(await mkdtemp(join(tmpdir(), 'warrant-test-')));
  onTestFinished(() => rm(base, { recursive: true, force: true }));
  const workspace = join(base, 'project');
  await mkdir(workspace);
  await writeFile(join(workspace, 'a.txt'), '\ufeffone\r\ntwo\r\n');
  await writeFile(join(workspace, 'b.txt'), 'b\n');
  await writeFile(join(workspace, 'c.txt'), 'c', { mode: 0o600 });
  const server = await startModelServer({
    replies: [
      { calls: CHANGES },
      { text: 'Done.' },
      { calls: [{ name: 'write_file', arguments: { path: 'new.txt', content: 'newer\n' } }] },
      { text: 'Done again.' },
    ],
  });
  onTestFinished(() => server.close());
  return { workspace, storage: join(base, 'storage'), server };
}

async function sessionAt(
  { workspace, storage, server }: Place,
  records: AuditRecord[],
): Promise<OpenSession> {
  const { settings } = parseSettings({});
  const clock = systemClock();
  const model = openaiModel({
    baseUrl: server.url,
    model: 'm',
    key: () => Promise.resolve(''),
    idleMs: 9_000,
    clock,
  });
  const stop = () => undefined;
  return openSession({
    version: 'test',
    storage,
    workspace: { roots: [{ name: 'project', dir: workspace }], trusted: () => true },
    settings: () => settings,
    model: () => model,
    secrets: [],
    sealKeys: sealKeysIn(secretCellsInMemory()('seal'), Date.now),
    environment: {},
    clock,
    approver: scriptedApprover({ workspace, script: [], otherwise: 'accept', stop }),
    watcher: { text: stop, textEnded: stop, state: stop },
    live: stop,
    openDocuments: { unsaved: () => false },
    problems: () => [],
    ripgrepCandidates: [],
    sandbox: () => Promise.resolve(passThroughSandbox()),
    onRecord: (record) => void records.push(record),
  });
}

describe('a turn of the agent', () => {
  it('is undone and redone through the session that ran it, all of it on a sound record', async () => {
    const here = await place();
    const state = () => folderState(here.workspace, { times: false });
    const records: AuditRecord[] = [];
    const session = await sessionAt(here, records);
    const before = await state();
    expect(await session.send('Change everything.')).toEqual({ ended: 'done' });
    const after = await state();
    expect(after).not.toEqual(before);

    const undoing = session.restore({ kind: 'undo' });
    expect(session.running()).toBe(true);
    await expect(session.send('Now')).rejects.toThrow('still running');
    expect(await undoing).toEqual({ kind: 'done', files: 4, left: [] });
    expect(await state()).toEqual(before);
    expect(await session.restore({ kind: 'redo' })).toMatchObject({ kind: 'done', files: 4 });
    expect(await state()).toEqual(after);
    await session.close();

    expect((await verifyChain(memorySource(await readFile(session.file)))).kind).toBe('sound');
    const kinds = records.map(({ kind }) => kind);
    const kept = kinds.flatMap((kind, at) => (kind === 'checkpointed' ? [kinds[at + 1]] : []));
    expect(kept).toEqual(['performing', 'performing', 'performing']);
    expect(records.filter(({ kind }) => kind === 'decided').map(({ data }) => data)).toEqual(
      expect.arrayContaining([expect.objectContaining({ rule: 'person.restore', calls: ['restore.1'] })]),
    );
  });

  it('can be gone back to after a restart, by what was asked, when and which files', async () => {
    const here = await place();
    const state = () => folderState(here.workspace, { times: false });
    const before = await state();
    const first = await sessionAt(here, []);
    await first.send('Change everything.');
    const between = await state();
    await first.send('And once more.');
    await first.close();

    const second = await sessionAt(here, []);
    const points = await second.restorePoints();
    expect(points.map(({ of, paths }) => ({ of, paths }))).toEqual([
      {
        of: { kind: 'turn', prompt: 'Change everything.', undone: false },
        paths: ['a.txt', 'new.txt', 'b.txt', 'moved.txt', 'c.txt'].map((name) => `project:${name}`),
      },
      { of: { kind: 'turn', prompt: 'And once more.', undone: false }, paths: ['project:new.txt'] },
    ]);
    expect(await second.restore({ kind: 'restore', to: points[1]?.to ?? '' })).toMatchObject({ files: 1 });
    expect(await state()).toEqual(between);
    expect(await second.restore({ kind: 'restore', to: points[0]?.to ?? '' })).toMatchObject({ files: 4 });
    expect(await state()).toEqual(before);
    await second.close();
  });
});

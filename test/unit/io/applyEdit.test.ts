import { link, readdir, rename, symlink, writeFile } from 'node:fs/promises';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { applyEdit } from '../../../src/io/files/applyEdit.ts';
import { locate, realRoots } from '../../../src/io/files/locate.ts';
import { recoverJournal } from '../../../src/io/files/recoverJournal.ts';
import { realDisk, type Disk } from '../../../src/io/files/disk.ts';
import type { FileEdit } from '../../../src/protocol/effect.ts';
import { pathInRoot, type WorkspacePath } from '../../../src/protocol/workspacePath.ts';
import { change, text } from './editOf.ts';
import { faultyDisk, type Fault } from './faultyDisk.ts';
import { folderState } from './folderState.ts';
import { temporaryFolder, writeFiles } from './worldInFolder.ts';

/** Waiting for a real disk thousands of times takes minutes; one in memory behaves the same otherwise. */
const memoryDisk = existsSync('/dev/shm') ? '/dev/shm' : undefined;

type EditSet = {
  readonly name: string;
  readonly files: (at: (path: string) => WorkspacePath) => readonly FileEdit[];
};

const before = {
  'a.txt': 'a before\n',
  'b.txt': 'b before\r\n',
  'c.txt': 'c before',
  'd.txt': 'd before\n',
  'h.txt': 'hard',
};
const sets: readonly EditSet[] = [
  { name: 'one file', files: (at) => [change(at('a.txt'), text(before['a.txt']), text('a after'))] },
  { name: 'one new file in new folders', files: (at) => [change(at('x/y/new.txt'), null, text('new'))] },
  {
    name: 'two files, the second with two names',
    files: (at) => [
      change(at('a.txt'), text(before['a.txt']), text('a after, longer than before')),
      change(at('h.txt'), text('hard'), text('h after, longer than before')),
    ],
  },
  {
    name: 'five files, one of each kind',
    files: (at) => [
      change(at('a.txt'), text(before['a.txt']), text('a after')),
      change(at('x/y/new.txt'), null, text('new')),
      change(at('b.txt'), text(before['b.txt']), null),
      change(at('c.txt'), text(before['c.txt']), text(before['c.txt']), at('x/c.txt')),
      change(at('d.txt'), text(before['d.txt']), text('d after'), at('z/d.txt')),
    ],
  },
];

async function workspace() {
  const base = await temporaryFolder(memoryDisk);
  const dir = join(base, 'workspace');
  await writeFiles(dir, before);
  await link(join(dir, 'h.txt'), join(dir, 'h2.txt'));
  const roots = await realRoots([{ name: 'workspace', dir }]);
  const journalDir = join(base, 'journal');
  let id = 0;
  const apply = (set: EditSet, disk: Disk) =>
    applyEdit(
      { kind: 'edit', files: set.files((path) => pathInRoot({ name: 'workspace', dir }, path)) },
      {
        roots,
        locate: (path) => locate(path, roots),
        unsaved: () => false,
        maxBytes: 1_000_000,
        id: () => `id${(id += 1)}`,
        journalDir,
        disk,
      },
    );
  return { dir, journalDir, apply };
}

/** How many calls the disk gets, and how the folder looks afterwards. */
async function whole(set: EditSet) {
  const { dir, apply } = await workspace();
  const { disk, calls } = faultyDisk();
  expect(await apply(set, disk)).toMatchObject({ kind: 'done' });
  return { calls: calls(), after: await folderState(dir, { times: false }) };
}

/** As the next start sees it: the process that owned the journal is gone. */
async function abandon(journalDir: string): Promise<void> {
  for (const name of await readdir(journalDir))
    await rename(join(journalDir, name), join(journalDir, name.replace(/^\d+-[0-9x]+-/, '999999999-1-')));
}

describe.each(sets)('a disk that fails while an edit is applied: $name', (set) => {
  const codes: readonly Pick<Fault, 'code' | 'torn'>[] = [
    { code: 'ENOSPC', torn: true },
    { code: 'EACCES', torn: false },
    { code: 'EIO', torn: false },
  ];
  it.each(codes)(
    'never leaves it half applied: $code at any single call, torn $torn',
    async ({ code, torn }) => {
      const { calls, after } = await whole(set);
      for (let at = 1; at <= calls.length; at += 1) {
        const { dir, journalDir, apply } = await workspace();
        const start = await folderState(dir, { times: false });
        const outcome = await apply(set, faultyDisk({ at, code, how: 'once', torn }).disk);
        const where = `${code} at call ${at}, ${calls[at - 1]}`;
        const now = await folderState(dir, { times: false });
        expect(now, where).toEqual(outcome.kind === 'done' ? after : start);
        if (outcome.kind !== 'done') expect(await readdir(journalDir), where).toEqual([]);
      }
    },
  );

  it.each(['EXDEV', 'EBUSY', 'EPERM'])('writes in place when a rename ends with %s', async (code) => {
    const { calls, after } = await whole(set);
    for (let at = 1; at <= calls.length; at += 1) {
      const { dir, apply } = await workspace();
      const start = await folderState(dir, { times: false });
      const outcome = await apply(set, faultyDisk({ at, code, how: 'once', torn: false }).disk);
      const where = `${code} at call ${at}, ${calls[at - 1]}`;
      expect(await folderState(dir, { times: false }), where).toEqual(
        outcome.kind === 'done' ? after : start,
      );
    }
  });

  it('keeps the bytes before when even undoing fails, and the next start puts them back', async () => {
    const { calls } = await whole(set);
    for (let at = 1; at <= calls.length; at += 1)
      for (const torn of [false, true]) {
        const { dir, journalDir, apply } = await workspace();
        const start = await folderState(dir, { times: false });
        const outcome = await apply(set, faultyDisk({ at, code: 'ENOSPC', how: 'stays', torn }).disk);
        await abandon(journalDir).catch(() => undefined);
        await recoverJournal(journalDir, 0);
        if (outcome.kind !== 'done')
          expect(await folderState(dir, { times: false }), `call ${at}, ${calls[at - 1]}`).toEqual(start);
      }
  });

  it('is all or nothing after the next start when the process ends at any call', async () => {
    const { calls, after } = await whole(set);
    const ends = new Set<string>();
    for (let at = 1; at <= calls.length; at += 1)
      for (const torn of [false, true]) {
        const { dir, journalDir, apply } = await workspace();
        const start = await folderState(dir, { times: false });
        await apply(set, faultyDisk({ at, code: 'EIO', how: 'crash', torn }).disk);
        await abandon(journalDir).catch(() => undefined);
        const recovered = await recoverJournal(journalDir, 0);
        const now = await folderState(dir, { times: false });
        const where = `crash at call ${at}, ${calls[at - 1]}, ${JSON.stringify(recovered)}`;
        const isAll = JSON.stringify(now) === JSON.stringify(after);
        expect(now, where).toEqual(isAll ? after : start);
        expect(await readdir(journalDir).catch(() => []), where).toEqual([]);
        expect(
          recovered.every(({ kind }) => kind === (isAll ? 'completed' : 'rolledBack')),
          where,
        ).toBe(true);
        ends.add(isAll ? 'all' : 'nothing');
      }
    expect(ends).toContain('nothing');
  });

  it('is all or nothing when recovering is itself cut off at any call, and taken up again', async () => {
    const { calls, after } = await whole(set);
    const half = Math.floor(calls.length / 2);
    for (let at = half; at <= calls.length; at += 1)
      for (let second = 1; second <= 6; second += 1) {
        const { dir, journalDir, apply } = await workspace();
        const start = await folderState(dir, { times: false });
        await apply(set, faultyDisk({ at, code: 'EIO', how: 'crash', torn: true }).disk);
        await abandon(journalDir).catch(() => undefined);
        await recoverJournal(
          journalDir,
          0,
          faultyDisk({ at: second, code: 'EIO', how: 'crash', torn: true }).disk,
        );
        await abandon(journalDir).catch(() => undefined);
        await recoverJournal(journalDir, 0);
        const now = await folderState(dir, { times: false });
        const isAll = JSON.stringify(now) === JSON.stringify(after);
        expect(now, `${at}, ${calls[at - 1]}, then ${second}`).toEqual(isAll ? after : start);
      }
  });
});

describe('somebody else who changes things while an edit is being applied', () => {
  /** The real disk, with something happening before one of its calls. */
  function interrupted(before: (name: string) => boolean, happens: () => Promise<void>): Disk {
    let isDone = false;
    const entries = Object.entries(realDisk).map(([name, act]) => [
      name,
      async (...given: readonly unknown[]) => {
        if (!isDone && before(name)) {
          isDone = true;
          await happens();
        }
        return (act as (...all: readonly unknown[]) => unknown)(...given);
      },
    ]);
    return Object.fromEntries(entries) as Disk;
  }
  const set = (name: string) => {
    const found = sets.find((one) => one.name.startsWith(name));
    if (found === undefined) throw new Error('There is no such set.');
    return found;
  };

  it.each(sets.slice(2))('keeps what they wrote, and everything else is as before: $name', async (five) => {
    const { dir, journalDir, apply } = await workspace();
    const start = await folderState(dir, { times: false });
    let stats = 0;
    const disk = interrupted(
      (name) => name === 'stats' && (stats += 1) === five.files((path) => path as WorkspacePath).length,
      () => writeFile(join(dir, five.name.startsWith('two') ? 'h.txt' : 'd.txt'), 'theirs'),
    );
    const outcome = await apply(five, disk);
    expect(outcome).toMatchObject({
      kind: 'stale',
      because: expect.stringContaining('changed on disk while') as string,
    });
    const now = await folderState(dir, { times: false });
    const theirs = `file 644 ${btoa('theirs')}`;
    const changed = five.name.startsWith('two') ? { 'h.txt': theirs, 'h2.txt': theirs } : { 'd.txt': theirs };
    expect(now).toEqual({ ...start, ...changed });
    expect(await readdir(journalDir)).toEqual([]);
  });

  it('does not overwrite a file that appears where one is to be created', async () => {
    const { dir, apply } = await workspace();
    const disk = interrupted(
      (name) => name === 'stats',
      () => writeFile(join(dir, 'x/y/new.txt'), 'theirs'),
    );
    expect(await apply(set('one new file'), disk)).toMatchObject({ kind: 'stale' });
    expect(await folderState(dir, { times: false })).toMatchObject({
      'x/y/new.txt': `file 644 ${btoa('theirs')}`,
    });
  });

  it('writes nothing through a folder that is swapped for a link that leads out, at whatever call', async () => {
    for (const name of ['makeFolder', 'writeNew', 'stats', 'rename', 'unlink']) {
      const { dir, apply } = await workspace();
      const outside = await temporaryFolder(memoryDisk);
      await writeFiles(dir, { 'sub/a.txt': 'sub before' });
      await writeFiles(outside, { 'a.txt': 'sub before' });
      const disk = interrupted(
        (called) => called === name,
        async () => {
          await rename(join(dir, 'sub'), join(dir, 'was'));
          await symlink(outside, join(dir, 'sub'));
        },
      );
      const files: EditSet['files'] = (at) =>
        name === 'unlink'
          ? [change(at('sub/a.txt'), text('sub before'), null)]
          : [
              change(at('sub/a.txt'), text('sub before'), text('after')),
              change(at('sub/new.txt'), null, text('new')),
            ];
      await apply({ name, files }, disk);
      expect(await folderState(outside, { times: false }), name).toEqual({
        'a.txt': `file 644 ${btoa('sub before')}`,
      });
    }
  });
});

describe('the journal', () => {
  const [one, , two, five] = sets;
  if (one === undefined || two === undefined || five === undefined) throw new Error('There are no sets.');

  it('of a process that still runs is left alone', async () => {
    const { dir, journalDir, apply } = await workspace();
    await apply(one, faultyDisk({ at: 6, code: 'EIO', how: 'crash', torn: false }).disk);
    const there = await readdir(journalDir);
    const start = await folderState(dir, { times: true });
    expect(there).toHaveLength(1);
    expect(await recoverJournal(journalDir, Date.now())).toEqual([]);
    expect(await readdir(journalDir)).toEqual(there);
    expect(await folderState(dir, { times: true })).toEqual(start);
  });

  it('is taken over by one of two that start at once', async () => {
    const { journalDir, apply } = await workspace();
    await apply(one, faultyDisk({ at: 6, code: 'EIO', how: 'crash', torn: false }).disk);
    await abandon(journalDir);
    const both = await Promise.all([recoverJournal(journalDir, 0), recoverJournal(journalDir, 0)]);
    expect(both.flat()).toHaveLength(1);
  });

  it('does not overwrite what a person wrote after the crash', async () => {
    const { calls } = await whole(five);
    const firstRename = calls.lastIndexOf('makeFolder');
    for (let at = firstRename; at <= calls.length; at += 1) {
      const { dir, journalDir, apply } = await workspace();
      await apply(five, faultyDisk({ at, code: 'EIO', how: 'crash', torn: false }).disk);
      await writeFile(join(dir, 'a.txt'), 'mine');
      await abandon(journalDir);
      await recoverJournal(journalDir, 0);
      expect(await folderState(dir, { times: false }), `call ${at}`).toMatchObject({
        'a.txt': `file 644 ${btoa('mine')}`,
      });
    }
  });

  it('of a step that was not begun says so, whatever a person wrote since', async () => {
    const { calls } = await whole(one);
    const { dir, journalDir, apply } = await workspace();
    const at = calls.lastIndexOf('rename') + 1;
    await apply(one, faultyDisk({ at, code: 'EIO', how: 'crash', torn: false }).disk);
    await writeFile(join(dir, 'a.txt'), 'mine');
    await abandon(journalDir);
    expect(await recoverJournal(journalDir, 0)).toMatchObject([{ kind: 'rolledBack' }]);
  });

  it('stays an undo once undoing has begun, also when a person writes before it is taken up again', async () => {
    const { calls } = await whole(two);
    const { dir, journalDir, apply } = await workspace();
    const cut = { code: 'EIO', how: 'crash', torn: true } as const;
    await apply(two, faultyDisk({ ...cut, at: calls.lastIndexOf('overwrite') + 1 }).disk);
    await abandon(journalDir);
    const { disk, calls: undone } = faultyDisk({ ...cut, at: 4, torn: false });
    await recoverJournal(journalDir, 0, disk);
    expect(undone().slice(0, 3)).toEqual(['rename', 'overwrite', 'setTimes']);
    await writeFile(join(dir, 'h.txt'), 'mine');
    await abandon(journalDir);
    expect(await recoverJournal(journalDir, 0)).toHaveLength(1);
    expect(await folderState(dir, { times: false })).toMatchObject({
      'a.txt': `file 644 ${btoa(before['a.txt'])}`,
      'h.txt': `file 644 ${btoa('mine')}`,
    });
  });

  it('that cannot be read is kept aside and said', async () => {
    const { journalDir, apply } = await workspace();
    await apply(one, faultyDisk({ at: 6, code: 'EIO', how: 'crash', torn: false }).disk);
    await abandon(journalDir);
    const [name = ''] = await readdir(journalDir);
    await writeFile(join(journalDir, name, 'record.json'), '{"version":1,"uni');
    const [recovered] = await recoverJournal(journalDir, 0);
    expect(recovered).toMatchObject({ kind: 'left', because: 'its record cannot be read' });
    expect(await recoverJournal(journalDir, 0)).toEqual([]);
    expect(await readdir(journalDir)).toHaveLength(1);
  });

  it('is not needed when nothing was left', async () => {
    const { journalDir } = await workspace();
    expect(await recoverJournal(journalDir, 0)).toEqual([]);
  });
});

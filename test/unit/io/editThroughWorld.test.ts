import {
  chmod,
  link,
  lstat,
  mkdir,
  readdir,
  readFile,
  rename,
  rm,
  stat,
  symlink,
  utimes,
  writeFile,
} from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { FileEdit } from '../../../src/protocol/effect.ts';
import { change, text } from './editOf.ts';
import { folderState } from './folderState.ts';
import { worldInFolder, type TestWorld } from './worldInFolder.ts';

const edit = (...files: readonly FileEdit[]) => ({ kind: 'edit', files }) as const;
const APPLIED = { kind: 'done', done: { kind: 'applied' } };

async function expectNothingLeft({ journalDir }: TestWorld): Promise<void> {
  expect(await readdir(journalDir).catch(() => [])).toEqual([]);
}

describe('applying an edit', () => {
  it('edits, creates, deletes, renames and renames with a change, all in one set', async () => {
    const test = await worldInFolder({ 'a.txt': 'a\n', 'b.txt': 'b\n', 'c.txt': 'c\n', 'd.txt': 'd\n' });
    const { at, dir, perform } = test;
    const outcome = await perform(
      edit(
        change(at('a.txt'), text('a\n'), text('A\n')),
        change(at('deep/er/new.txt'), null, text('new\n')),
        change(at('deep/er/new2.sh'), null, text('#!/bin/sh\n', { mode: 0o755 })),
        change(at('b.txt'), text('b\n'), null),
        change(at('c.txt'), text('c\n'), text('c\n'), at('deep/c.txt')),
        change(at('d.txt'), text('d\n'), text('D\n'), at('D2.txt')),
      ),
    );
    expect(outcome).toEqual(APPLIED);
    expect(await folderState(dir, { times: false })).toEqual({
      'a.txt': `file 644 ${btoa('A\n')}`,
      'D2.txt': `file 644 ${btoa('D\n')}`,
      deep: 'folder 755',
      'deep/c.txt': `file 644 ${btoa('c\n')}`,
      'deep/er': 'folder 755',
      'deep/er/new.txt': `file 644 ${btoa('new\n')}`,
      'deep/er/new2.sh': `file 755 ${btoa('#!/bin/sh\n')}`,
    });
    await expectNothingLeft(test);
  });

  const kept = [
    {
      name: 'CRLF and a byte order mark',
      before: '\ufeffa\r\nb\r\n',
      after: 'A\r\nb\r\n',
      bom: true,
      bytes: '\ufeffA\r\nb\r\n',
    },
    { name: 'no final line end', before: 'a\nb', after: 'A\nb', bom: false, bytes: 'A\nb' },
    { name: 'an empty file', before: '', after: 'x', bom: false, bytes: 'x' },
    { name: 'a file made empty', before: 'x', after: '', bom: false, bytes: '' },
  ];
  it.each(kept)('writes exactly what was shown: $name', async ({ before, after, bom, bytes }) => {
    const { at, dir, perform } = await worldInFolder({ 'a.txt': before });
    const old = text(before.replace(/^\ufeff/, ''), { bom });
    expect(await perform(edit(change(at('a.txt'), old, text(after, { bom }))))).toEqual(APPLIED);
    expect(await readFile(join(dir, 'a.txt'), 'utf8')).toBe(bytes);
  });

  it('keeps permissions, and the time of a file in which nothing changes', async () => {
    const { at, dir, perform } = await worldInFolder({ 'run.sh': 'a', 'same.txt': 's', 'moved.txt': 'm' });
    await chmod(join(dir, 'run.sh'), 0o750);
    await utimes(join(dir, 'same.txt'), 1_000, 1_000.5);
    await utimes(join(dir, 'moved.txt'), 1_000, 1_000.5);
    const files = [
      change(at('run.sh'), text('a', { mode: 0o750 }), text('b', { mode: 0o750 })),
      change(at('same.txt'), text('s'), text('s')),
      change(at('moved.txt'), text('m'), text('m'), at('there.txt')),
    ];
    expect(await perform(edit(...files))).toEqual(APPLIED);
    expect((await stat(join(dir, 'run.sh'))).mode & 0o777).toBe(0o750);
    expect((await stat(join(dir, 'same.txt'))).mtimeMs).toBe(1_000_500);
    expect((await stat(join(dir, 'there.txt'))).mtimeMs).toBe(1_000_500);
  });

  it('changes permissions alone', async () => {
    const { at, dir, perform } = await worldInFolder({ 'run.sh': 'a' });
    const set = edit(change(at('run.sh'), text('a'), text('a', { mode: 0o755 })));
    expect(await perform(set)).toEqual(APPLIED);
    expect((await stat(join(dir, 'run.sh'))).mode & 0o777).toBe(0o755);
  });

  it('writes a hard-linked file in place, so that both names keep showing one file', async () => {
    const { at, dir, perform } = await worldInFolder({ 'a.txt': 'long before' });
    await link(join(dir, 'a.txt'), join(dir, 'b.txt'));
    expect(await perform(edit(change(at('a.txt'), text('long before'), text('after'))))).toEqual(APPLIED);
    expect(await readFile(join(dir, 'b.txt'), 'utf8')).toBe('after');
    expect((await stat(join(dir, 'a.txt'))).nlink).toBe(2);
  });

  it('edits what a link inside the workspace leads to, and the link stays', async () => {
    const { at, dir, perform } = await worldInFolder({ 'real/a.txt': 'a' });
    await symlink('real/a.txt', join(dir, 'way.txt'));
    await symlink('real', join(dir, 'folder'));
    expect(await perform(edit(change(at('way.txt'), text('a'), text('b'))))).toEqual(APPLIED);
    expect(await perform(edit(change(at('folder/new.txt'), null, text('n'))))).toEqual(APPLIED);
    expect((await lstat(join(dir, 'way.txt'))).isSymbolicLink()).toBe(true);
    expect(await readFile(join(dir, 'real/a.txt'), 'utf8')).toBe('b');
    expect(await readFile(join(dir, 'real/new.txt'), 'utf8')).toBe('n');
  });

  it('lets two edits that come at once wait for each other', async () => {
    const { at, dir, perform } = await worldInFolder({ 'a.txt': 'a', 'b.txt': 'b' });
    const outcomes = await Promise.all([
      perform(edit(change(at('a.txt'), text('a'), text('1')))),
      perform(edit(change(at('a.txt'), text('a'), text('2')))),
      perform(edit(change(at('b.txt'), text('b'), text('3')))),
    ]);
    const [first, second, other] = outcomes.map(({ kind }) => kind);
    // Which of the two comes first is nobody's promise; that only one of them is applied is.
    expect([first, second].sort()).toEqual(['done', 'stale']);
    expect(other).toBe('done');
    expect(await readFile(join(dir, 'a.txt'), 'utf8')).toBe(first === 'done' ? '1' : '2');
  });
});

type Refusal = {
  readonly name: string;
  readonly files: (test: TestWorld) => readonly FileEdit[];
  readonly prepare?: (test: TestWorld) => Promise<void>;
  readonly meanwhile?: (test: TestWorld) => Promise<void>;
  readonly kind: 'stale' | 'failed';
  readonly because: string;
};

const refusals: readonly Refusal[] = [
  {
    name: 'the second file changed on disk',
    files: ({ at }) => [
      change(at('a.txt'), text('a'), text('A')),
      change(at('b.txt'), text('old'), text('B')),
    ],
    kind: 'stale',
    because: 'b.txt changed on disk',
  },
  {
    name: 'the permissions changed',
    files: ({ at }) => [change(at('a.txt'), text('a'), text('A'))],
    meanwhile: ({ dir }) => chmod(join(dir, 'a.txt'), 0o600),
    kind: 'stale',
    because: 'the permissions of a.txt changed on disk',
  },
  {
    name: 'the file is gone',
    files: ({ at }) => [change(at('a.txt'), text('a'), text('A'))],
    meanwhile: ({ dir }) => rm(join(dir, 'a.txt')),
    kind: 'stale',
    because: 'a.txt does not exist any more',
  },
  {
    name: 'the file to create exists',
    files: ({ at }) => [change(at('a.txt'), null, text('A'))],
    kind: 'stale',
    because: 'a.txt exists by now',
  },
  {
    name: 'the new name is taken',
    files: ({ at }) => [change(at('a.txt'), text('a'), text('a'), at('b.txt'))],
    kind: 'stale',
    because: 'b.txt exists by now',
  },
  {
    name: 'a folder stands where the file was',
    files: ({ at }) => [change(at('a.txt'), text('a'), text('A'))],
    async meanwhile({ dir }) {
      await rm(join(dir, 'a.txt'));
      await mkdir(join(dir, 'a.txt'));
    },
    kind: 'failed',
    because: 'a.txt cannot be edited: it is a folder',
  },
  {
    name: 'a file stands where a folder is needed',
    files: ({ at }) => [change(at('a.txt/new.txt'), null, text('n'))],
    kind: 'failed',
    because: 'a part of its path is a file, not a folder',
  },
  {
    name: 'the file was swapped for a link that leads out',
    files: ({ at }) => [change(at('a.txt'), text('a'), text('A'))],
    async meanwhile({ dir, outside }) {
      await writeFile(join(outside, 'a.txt'), 'a');
      await rm(join(dir, 'a.txt'));
      await symlink(join(outside, 'a.txt'), join(dir, 'a.txt'));
    },
    kind: 'stale',
    because: 'a.txt leads outside the workspace',
  },
  {
    name: 'the folder was swapped for a link that leads out',
    files: ({ at }) => [change(at('sub/new.txt'), null, text('n'))],
    async meanwhile({ dir, outside }) {
      await rename(join(dir, 'sub'), join(dir, 'was'));
      await symlink(outside, join(dir, 'sub'));
    },
    kind: 'stale',
    because: 'sub/new.txt leads outside the workspace',
  },
  {
    name: 'a link is to be deleted',
    files: ({ at }) => [change(at('way'), text('a'), null)],
    prepare: ({ dir }) => symlink('a.txt', join(dir, 'way')),
    kind: 'failed',
    because: 'way is a link, and links are neither deleted nor renamed',
  },
  {
    name: 'a link that leads nowhere is to be created through',
    files: ({ at }) => [change(at('way'), null, text('a'))],
    prepare: ({ dir }) => symlink('none.txt', join(dir, 'way')),
    kind: 'failed',
    because: 'way is a link that leads nowhere',
  },
  {
    name: 'two edits of one set meet',
    files: ({ at }) => [change(at('a.txt'), text('a'), null), change(at('a.txt'), text('a'), text('A'))],
    kind: 'failed',
    because: 'a.txt is named twice in one edit',
  },
  {
    name: 'two edits of one set meet through a link',
    files: ({ at }) => [change(at('a.txt'), text('a'), text('1')), change(at('way'), text('a'), text('2'))],
    prepare: ({ dir }) => symlink('a.txt', join(dir, 'way')),
    kind: 'failed',
    because: 'way is named twice in one edit',
  },
  {
    name: 'two edits of one set meet through a hard link',
    files: ({ at }) => [change(at('a.txt'), text('a'), text('1')), change(at('c.txt'), text('a'), text('2'))],
    prepare: ({ dir }) => link(join(dir, 'a.txt'), join(dir, 'c.txt')),
    kind: 'failed',
    because: 'c.txt is named twice in one edit',
  },
  {
    name: 'the new text is too large',
    files: ({ at }) => [change(at('a.txt'), text('a'), text('x'.repeat(2_000)))],
    kind: 'failed',
    because: 'a.txt would have 2000 bytes, more than the 1024 that files.maxBytes allows',
  },
];

describe('an edit that cannot be applied', () => {
  it.each(refusals)(
    'leaves the folder as it is, times included: $name',
    async ({ files, prepare, meanwhile, kind, because }) => {
      const test = await worldInFolder(
        { 'a.txt': 'a', 'b.txt': 'b', 'sub/s.txt': 's' },
        { maxFileBytes: () => 1_024 },
      );
      await prepare?.(test);
      let before: Record<string, string> = {};
      const outcome = await test.perform(edit(...files(test)), {
        async meanwhile() {
          await meanwhile?.(test);
          before = await folderState(test.dir, { times: true });
        },
      });
      expect(outcome).toMatchObject({ kind, because: expect.stringContaining(because) as string });
      expect(await folderState(test.dir, { times: true })).toEqual(before);
      await expectNothingLeft(test);
    },
  );

  it('leaves a file alone that has unsaved changes in an editor, under any of its names', async () => {
    for (const dirty of ['a.txt', 'way.txt']) {
      const test = await worldInFolder(
        { 'a.txt': 'a' },
        { openDocuments: { unsaved: (path) => path.endsWith(dirty) } },
      );
      await symlink('a.txt', join(test.dir, 'way.txt'));
      const outcome = await test.perform(edit(change(test.at('way.txt'), text('a'), text('b'))));
      expect(outcome).toMatchObject({ kind: 'stale', because: 'way.txt has unsaved changes in an editor' });
    }
  });

  it('refuses a text that is not the one its digest names: the warrant was for the digest', async () => {
    const { at, perform, dir } = await worldInFolder({ 'a.txt': 'a' });
    const forged = { ...text('shown'), text: 'never shown' };
    await expect(perform(edit(change(at('a.txt'), text('a'), forged)))).rejects.toThrow(
      'does not have its digest',
    );
    expect(await readFile(join(dir, 'a.txt'), 'utf8')).toBe('a');
  });
});

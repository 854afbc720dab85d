import { chmod, mkdir, readFile, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { turnKey } from '../../../src/protocol/checkpoint.ts';
import { contentOf } from '../../../src/protocol/content.ts';
import { realDisk } from '../../../src/io/files/disk.ts';
import { folderState } from '../io/folderState.ts';
import { change, text } from '../io/editOf.ts';
import { restorableProject, takeAll, type RestorableProject } from './restorableProject.ts';

const UNDO = { kind: 'undo' } as const;
const REDO = { kind: 'redo' } as const;

function saying(words: RegExp): unknown {
  return expect.stringMatching(words);
}

function stateOf({ dir }: RestorableProject) {
  return folderState(dir, { times: false });
}

async function rewrite(project: RestorableProject, turn: number, file: string, value: string): Promise<void> {
  const before = await project.now(file);
  const after = contentOf(value, { bom: before?.bom ?? false, mode: before?.mode ?? 0o644 });
  const outcome = await project.edit(turn, change(project.at(file), before, after));
  expect(outcome.kind).toBe('done');
}

describe('undoing a turn', () => {
  it('takes back an edit, a new file, a deletion and a rename, with bytes and permissions, in one card', async () => {
    const project = await restorableProject({
      'edited.txt': 'one\r\ntwo\r\n',
      'bom.txt': '\ufeffmarked\n',
      'gone.sh': '#!/bin/sh\n',
      'old name.txt': 'same\n',
      'moved.txt': 'a\nb\nc\n',
    });
    await chmod(join(project.dir, 'gone.sh'), 0o755);
    const before = await stateOf(project);
    const at = (file: string) => project.at(file);
    const now = (file: string) => project.now(file);
    const outcome = await project.edit(
      1,
      change(at('edited.txt'), await now('edited.txt'), text('one\r\n2\r\n')),
      change(at('bom.txt'), await now('bom.txt'), text('unmarked\n', { mode: 0o600 })),
      change(at('new.txt'), null, text('new\n')),
      change(at('gone.sh'), await now('gone.sh'), null),
      change(at('old name.txt'), await now('old name.txt'), await now('old name.txt'), at('new name.txt')),
      change(at('moved.txt'), await now('moved.txt'), text('a\nB\nc\n'), at('kept.txt')),
    );
    expect(outcome.kind).toBe('done');
    expect(await project.restore(UNDO)).toEqual({ kind: 'done', files: 6, left: [] });
    expect(await stateOf(project)).toEqual(before);
    expect(project.cards.map(({ changeSet }) => changeSet.files.map((file) => file.change))).toEqual([
      ['edited', 'edited', 'deleted', 'created', 'renamed', 'renamed'],
    ]);
    expect(project.cards[0]?.why).toMatchObject({ rule: 'person.restore', verdict: 'ask' });
  });

  it('takes back all edits of the turn, and the next undo the turn before it', async () => {
    const project = await restorableProject({ 'a.txt': '0\n', 'b.txt': '0\n' });
    await rewrite(project, 1, 'a.txt', '1\n');
    await rewrite(project, 2, 'a.txt', '2\n');
    await rewrite(project, 2, 'a.txt', '2 again\n');
    await rewrite(project, 2, 'b.txt', '2\n');
    expect(await project.restore(UNDO)).toMatchObject({ kind: 'done', files: 2 });
    expect(await readFile(join(project.dir, 'a.txt'), 'utf8')).toBe('1\n');
    expect(await project.restore(UNDO)).toMatchObject({ kind: 'done', files: 1 });
    expect(await readFile(join(project.dir, 'a.txt'), 'utf8')).toBe('0\n');
    expect(await project.restore(UNDO)).toMatchObject({
      kind: 'nothing',
      because: saying(/No turn .* left to undo/),
    });
  });

  it('can be redone as often as it was undone, until the agent changes something else', async () => {
    const project = await restorableProject({ 'a.txt': '0\n' });
    await rewrite(project, 1, 'a.txt', '1\n');
    await rewrite(project, 2, 'a.txt', '2\n');
    const reads = async () => readFile(join(project.dir, 'a.txt'), 'utf8');
    const seen: string[] = [];
    for (const wish of [UNDO, UNDO, REDO, REDO, UNDO, REDO]) {
      expect(await project.restore(wish)).toMatchObject({ kind: 'done', files: 1 });
      seen.push(await reads());
    }
    expect(seen).toEqual(['1\n', '0\n', '1\n', '2\n', '1\n', '2\n']);
    expect(await project.restore(REDO)).toMatchObject({ kind: 'nothing' });
    await project.restore(UNDO);
    await rewrite(project, 3, 'a.txt', '3\n');
    expect(await project.restore(REDO)).toMatchObject({ kind: 'nothing' });
    expect(await reads()).toBe('3\n');
  });

  it('shows a file that was renamed more than once as one rename', async () => {
    const project = await restorableProject({ 'a.txt': '0\n' });
    for (const [turn, from, to] of [
      [1, 'a.txt', 'b.txt'],
      [2, 'b.txt', 'c.txt'],
    ] as const) {
      const content = await project.now(from);
      await project.edit(turn, change(project.at(from), content, content, project.at(to)));
    }
    const [first] = await project.checkpoints().steps();
    expect(await project.restore({ kind: 'restore', to: first?.id ?? '' })).toMatchObject({ kind: 'done' });
    expect(project.cards[0]?.changeSet.files).toMatchObject([
      { change: 'renamed', path: project.at('c.txt'), to: project.at('a.txt') },
    ]);
    expect(Object.keys(await stateOf(project))).toEqual(['a.txt']);
  });

  it('passes over a turn that left everything as it was', async () => {
    const project = await restorableProject({ 'a.txt': '0\n' });
    await rewrite(project, 1, 'a.txt', '1\n');
    await rewrite(project, 2, 'a.txt', '2\n');
    await rewrite(project, 2, 'a.txt', '1\n');
    expect(await project.restore(UNDO)).toMatchObject({ kind: 'done' });
    expect(await readFile(join(project.dir, 'a.txt'), 'utf8')).toBe('0\n');
  });

  it('of a turn that a later one built on says so, and does not choose it', async () => {
    const project = await restorableProject({ 'a.txt': '0\n' });
    await rewrite(project, 1, 'a.txt', '1\n');
    await rewrite(project, 2, 'a.txt', '2\n');
    const [first] = await project.checkpoints().steps();
    await project.restore({ kind: 'undo', turn: turnKey(first?.session ?? '', 1) }, () => ({
      kind: 'reject',
      note: '',
    }));
    expect(project.cards[0]?.changeSet.files[0]).toMatchObject({
      unchosen: true,
      notices: [saying(/changed again later/)],
    });
  });

  it('writes nothing that was not accepted, and records who asked and what was kept', async () => {
    const project = await restorableProject({ 'a.txt': '0\n', 'b.txt': '0\n' });
    await rewrite(project, 1, 'a.txt', '1\n');
    await rewrite(project, 1, 'b.txt', '1\n');
    const left = await stateOf(project);
    expect(await project.restore(UNDO, () => ({ kind: 'reject', note: '' }))).toEqual({ kind: 'rejected' });
    expect(await stateOf(project)).toEqual(left);
    const only = project.at('b.txt');
    await project.restore(UNDO, ({ changeSet }) => ({
      kind: 'accept',
      note: '',
      files: changeSet.files
        .filter(({ path }) => path === only)
        .map(({ path, hunks }) => ({ path, accepted: hunks.map(({ id }) => id) })),
    }));
    expect(await readFile(join(project.dir, 'a.txt'), 'utf8')).toBe('1\n');
    expect(await readFile(join(project.dir, 'b.txt'), 'utf8')).toBe('0\n');
    const kinds = project.records.slice(-7).map(({ kind }) => kind);
    expect(kinds).toEqual([
      'proposed',
      'decided',
      'shown',
      'answered',
      'checkpointed',
      'performing',
      'performed',
    ]);
    const kept = project.records.at(-3);
    expect(kept).toMatchObject({ kind: 'checkpointed', data: { because: 'undo', calls: ['restore.1'] } });
  });
});

describe('a file that somebody else changed', () => {
  it('is shown with the reason and not chosen; the others go back', async () => {
    const project = await restorableProject({ 'a.txt': '0\n', 'b.txt': '0\n' });
    await rewrite(project, 1, 'a.txt', '1\n');
    await rewrite(project, 1, 'b.txt', '1\n');
    await writeFile(join(project.dir, 'a.txt'), '1\nmine\n');
    expect(await project.restore(UNDO)).toMatchObject({ kind: 'done', files: 1 });
    expect(await readFile(join(project.dir, 'a.txt'), 'utf8')).toBe('1\nmine\n');
    expect(await readFile(join(project.dir, 'b.txt'), 'utf8')).toBe('0\n');
    const [first, second] = project.cards[0]?.changeSet.files ?? [];
    expect(first).toMatchObject({
      unchosen: true,
      notices: [saying(/changed this file after the agent did/)],
    });
    expect(second).not.toHaveProperty('unchosen');
  });

  it('goes back when the person chooses it all the same, and even that can be redone', async () => {
    const project = await restorableProject({ 'a.txt': '0\n' });
    await rewrite(project, 1, 'a.txt', '1\n');
    await writeFile(join(project.dir, 'a.txt'), '1\nmine\n');
    expect(await project.restore(UNDO, takeAll)).toMatchObject({ kind: 'done', files: 1 });
    expect(await readFile(join(project.dir, 'a.txt'), 'utf8')).toBe('0\n');
    expect(await project.restore(REDO)).toMatchObject({ kind: 'done', files: 1 });
    expect(await readFile(join(project.dir, 'a.txt'), 'utf8')).toBe('1\nmine\n');
  });

  const meddling: readonly (readonly [string, (project: RestorableProject) => Promise<unknown>, RegExp])[] = [
    ['removed it', ({ dir }) => rm(join(dir, 'a.txt')), /removed this file/],
    ['made it executable', ({ dir }) => chmod(join(dir, 'a.txt'), 0o755), /changed this file after/],
    [
      'made a new one where it was deleted',
      ({ dir }) => writeFile(join(dir, 'd.txt'), 'new'),
      /changed this file/,
    ],
  ];
  it.each(meddling)('is a conflict where somebody %s', async (_what, meddle, notice) => {
    const project = await restorableProject({ 'a.txt': '0\n', 'd.txt': '0\n' });
    await rewrite(project, 1, 'a.txt', '1\n');
    await project.edit(1, change(project.at('d.txt'), await project.now('d.txt'), null));
    await meddle(project);
    const before = await stateOf(project);
    await project.restore(UNDO, ({ changeSet }) => {
      const conflicts = changeSet.files.filter(({ unchosen }) => unchosen === true);
      expect(conflicts.map(({ notices }) => notices[0])).toEqual([saying(notice)]);
      return { kind: 'reject', note: '' };
    });
    expect(await stateOf(project)).toEqual(before);
  });

  it('between two turns is a conflict when both are taken back', async () => {
    const project = await restorableProject({ 'a.txt': '0\n' });
    await rewrite(project, 1, 'a.txt', '1\n');
    await writeFile(join(project.dir, 'a.txt'), '1\nmine\n');
    await rewrite(project, 2, 'a.txt', '2\nmine\n');
    const [first] = await project.checkpoints().steps();
    await project.restore({ kind: 'restore', to: first?.id ?? '' }, takeAll);
    expect(project.cards[0]?.changeSet.files[0]).toMatchObject({
      unchosen: true,
      notices: [saying(/Between these changes/)],
    });
    expect(await readFile(join(project.dir, 'a.txt'), 'utf8')).toBe('0\n');
  });

  it('changed while it was shown is looked at and asked again', async () => {
    const project = await restorableProject({ 'a.txt': '0\n' });
    await rewrite(project, 1, 'a.txt', '1\n');
    const end = await project.restore(UNDO, async (card) => {
      if (card.again === undefined) await writeFile(join(project.dir, 'a.txt'), 'mine\n');
      return takeAll(card);
    });
    expect(end).toMatchObject({ kind: 'done' });
    expect(project.cards).toHaveLength(2);
    expect(project.cards[1]).toMatchObject({
      again: saying(/changed on disk/),
      changeSet: { files: [{ unchosen: true }] },
    });
  });

  it('that an editor holds unsaved is never written', async () => {
    const project = await restorableProject({ 'a.txt': '0\n' });
    await rewrite(project, 1, 'a.txt', '1\n');
    project.unsaved.add(project.at('a.txt'));
    const end = await project.restore(UNDO, (card) =>
      card.again === undefined ? takeAll(card) : { kind: 'reject', note: '' },
    );
    expect(end).toEqual({ kind: 'rejected' });
    expect(await readFile(join(project.dir, 'a.txt'), 'utf8')).toBe('1\n');
  });
});

describe('what a restore may not do', () => {
  it('it writes no file that the rules refuse by now, and says which was left out', async () => {
    const project = await restorableProject({ 'a.txt': '0\n' }, { settings: { 'paths.deny': ['*.secret'] } });
    await project.edit(1, change(project.at('b.secret'), null, text('1\n')));
    await rewrite(project, 1, 'a.txt', '1\n');
    const end = await project.restore(UNDO);
    expect(end).toMatchObject({ kind: 'done', files: 1, left: [saying(/^b\.secret: .*paths\.deny/)] });
    expect(await readFile(join(project.dir, 'b.secret'), 'utf8')).toBe('1\n');
    expect(project.records).toContainEqual(
      expect.objectContaining({ kind: 'decided', data: expect.objectContaining({ rule: 'paths.deny' }) }),
    );
  });

  it('it never follows a link out of the workspace', async () => {
    const project = await restorableProject({ 'in/a.txt': '0\n' });
    await rewrite(project, 1, 'in/a.txt', '1\n');
    const outside = join(project.dir, '..', 'outside');
    await mkdir(outside);
    await writeFile(join(outside, 'a.txt'), '1\n');
    await rm(join(project.dir, 'in'), { recursive: true });
    await symlink(outside, join(project.dir, 'in'));
    expect(await project.restore(UNDO, takeAll)).toMatchObject({
      kind: 'nothing',
      left: [saying(/outside/)],
    });
    expect(await readFile(join(outside, 'a.txt'), 'utf8')).toBe('1\n');
  });

  it('two names of one file are one file', async () => {
    const project = await restorableProject({ 'real/a.txt': '0\n' });
    await symlink('real', join(project.dir, 'linked'));
    await rewrite(project, 1, 'real/a.txt', '1\n');
    await rewrite(project, 1, 'linked/a.txt', '2\n');
    expect(await project.restore(UNDO)).toMatchObject({ kind: 'done', files: 1 });
    expect(await readFile(join(project.dir, 'real/a.txt'), 'utf8')).toBe('0\n');
  });

  it('a text that is not kept any more, or was changed, is not restored', async () => {
    const project = await restorableProject({ 'a.txt': '0\n', 'b.txt': '0 too\n' });
    await rewrite(project, 1, 'a.txt', '1\n');
    await rewrite(project, 1, 'b.txt', '1\n');
    const [step] = await project.checkpoints().steps();
    const texts = join(project.storage, 'checkpoints', step?.session ?? '', 'texts');
    await writeFile(join(texts, step?.files[0]?.before?.digest ?? ''), 'forged\n');
    expect(await project.restore(UNDO)).toMatchObject({
      kind: 'done',
      files: 1,
      left: [saying(/^a\.txt: .*not intact/)],
    });
    expect(await readFile(join(project.dir, 'a.txt'), 'utf8')).toBe('1\n');
  });
});

describe('after the process ended', () => {
  it('earlier sessions can be undone and gone back to', async () => {
    const project = await restorableProject({ 'a.txt': '0\n' });
    await rewrite(project, 1, 'a.txt', '1\n');
    await project.reload();
    await rewrite(project, 1, 'a.txt', '2\n');
    await project.reload();
    expect(await project.restore(UNDO)).toMatchObject({ kind: 'done' });
    expect(await readFile(join(project.dir, 'a.txt'), 'utf8')).toBe('1\n');
    const [first] = await project.checkpoints().steps();
    expect(await project.restore({ kind: 'restore', to: first?.id ?? '' })).toMatchObject({ kind: 'done' });
    expect(await readFile(join(project.dir, 'a.txt'), 'utf8')).toBe('0\n');
  });

  it('in the middle, between keeping and applying, nothing is a conflict and nothing is changed', async () => {
    let crash = false;
    const beforeApplying = () => {
      if (crash) throw new Error('the process ended');
    };
    const project = await restorableProject({ 'a.txt': '0\n' }, { beforeApplying });
    await rewrite(project, 1, 'a.txt', '1\n');
    crash = true;
    await expect(
      project.edit(2, change(project.at('a.txt'), await project.now('a.txt'), text('2\n'))),
    ).rejects.toThrow('the process ended');
    await project.reload();
    const steps = await project.checkpoints().steps();
    expect(steps.map(({ settled }) => settled)).toEqual([true, false]);
    const cutOff = { kind: 'undo', turn: turnKey(steps[1]?.session ?? '', 2) } as const;
    expect(await project.restore(cutOff)).toMatchObject({
      kind: 'nothing',
      because: saying(/already as they were/),
    });
    await project.restore({ kind: 'restore', to: steps[0]?.id ?? '' }, () => ({ kind: 'reject', note: '' }));
    expect(await project.restore(UNDO)).toMatchObject({ kind: 'done', files: 1 });
    expect(project.cards[0]?.changeSet.files[0]).not.toHaveProperty('unchosen');
    expect(await readFile(join(project.dir, 'a.txt'), 'utf8')).toBe('0\n');
  });
});

it('an edit whose text before cannot be kept does not happen', async () => {
  const full = () => Promise.reject(Object.assign(new Error('full'), { code: 'ENOSPC' }));
  const project = await restorableProject({ 'a.txt': '0\n' }, { disk: { ...realDisk, writeNew: full } });
  const mtime = (await stat(join(project.dir, 'a.txt'))).mtimeMs;
  const outcome = await project.edit(1, change(project.at('a.txt'), await project.now('a.txt'), text('1\n')));
  expect(outcome).toMatchObject({ kind: 'failed', because: saying(/cannot be kept: the disk is full/) });
  expect((await stat(join(project.dir, 'a.txt'))).mtimeMs).toBe(mtime);
  expect(project.records.map(({ kind }) => kind)).toEqual(['performed']);
  expect(await project.restore(UNDO)).toMatchObject({ kind: 'nothing' });
});

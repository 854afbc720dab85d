import { expect, it } from 'vitest';
import * as fc from 'fast-check';
import { contentOf } from '../../../src/protocol/content.ts';
import type { FileEdit } from '../../../src/protocol/effect.ts';
import { folderState } from '../io/folderState.ts';
import { restorableProject, type RestorableProject } from './restorableProject.ts';

const NAMES = ['a.txt', 'b.txt', 'c.txt', 'd.txt'];
const name = fc.constantFrom(...NAMES);
const value = fc.record({
  text: fc.oneof(
    fc.constantFrom(
      '',
      '\n',
      'x',
      'one\ntwo\n',
      'one\r\ntwo\r\n',
      'mixed\r\nends\nno last',
      '\u00e9\ud83d\ude00\n',
    ),
    fc
      .string({ unit: 'grapheme', maxLength: 30 })
      .map((text) => text.toWellFormed().replaceAll('\ufeff', '')),
  ),
  bom: fc.boolean(),
  mode: fc.constantFrom(0o644, 0o755, 0o600),
});
const step = fc.oneof(
  fc.record({ kind: fc.constant('write' as const), name, value }),
  fc.record({ kind: fc.constant('delete' as const), name }),
  fc.record({ kind: fc.constant('move' as const), name, to: name, value: fc.option(value) }),
);
type Step = typeof step extends fc.Arbitrary<infer One> ? One : never;

/** What the step means for the files as they stand now; undefined where it means nothing. */
async function editFor(project: RestorableProject, one: Step): Promise<FileEdit | undefined> {
  const path = project.at(one.name);
  const before = await project.now(one.name);
  switch (one.kind) {
    case 'write': {
      const after = contentOf(one.value.text, one.value);
      return { path, before, after };
    }
    case 'delete':
      return before === null ? undefined : { path, before, after: null };
    case 'move': {
      if (before === null || (await project.now(one.to)) !== null) return undefined;
      const after = one.value === null ? before : contentOf(one.value.text, one.value);
      return { path, before, after, to: project.at(one.to) };
    }
  }
}

it('whatever the agent did over several turns, going back to any of them gives exactly the files of then', async () => {
  const turns = fc.array(fc.array(step, { minLength: 1, maxLength: 4 }), { minLength: 1, maxLength: 5 });
  const backs = fc.array(fc.nat(), { minLength: 1, maxLength: 4 });
  await fc.assert(
    fc.asyncProperty(turns, backs, fc.boolean(), async (script, choices, reloads) => {
      const project = await restorableProject({ 'a.txt': 'first\n', 'b.txt': '\ufeffsecond\r\n' });
      const state = () => folderState(project.dir, { times: false });
      /** How the files stood just before each step that can be gone back to. */
      const before = new Map<string, unknown>();
      const learn = async (stood: unknown) => {
        const groups = await project.points();
        for (const { to } of groups) if (!before.has(to)) before.set(to, stood);
      };
      for (const [index, steps] of script.entries()) {
        const stood = await state();
        for (const one of steps) {
          const edit = await editFor(project, one);
          if (edit !== undefined) expect((await project.edit(index + 1, edit)).kind).toBe('done');
        }
        await learn(stood);
        if (reloads) await project.reload();
      }
      for (const choice of choices) {
        const points = await project.points();
        const point = points[choice % Math.max(1, points.length)];
        if (point === undefined) return;
        const stood = await state();
        const end = await project.restore({ kind: 'restore', to: point.to });
        expect(['done', 'nothing']).toContain(end.kind);
        for (const { changeSet } of project.cards)
          for (const file of changeSet.files) expect(file).not.toHaveProperty('unchosen');
        expect(await state()).toEqual(before.get(point.to));
        await learn(stood);
      }
    }),
    { numRuns: 25 },
  );
}, 120_000);

it('whatever was undone comes back by redoing as often, byte for byte', async () => {
  const turns = fc.array(fc.array(step, { minLength: 1, maxLength: 3 }), { minLength: 1, maxLength: 4 });
  await fc.assert(
    fc.asyncProperty(turns, fc.integer({ min: 1, max: 4 }), async (script, times) => {
      const project = await restorableProject({ 'a.txt': 'first\n', 'b.txt': 'second' });
      const state = () => folderState(project.dir, { times: false });
      for (const [index, steps] of script.entries())
        for (const one of steps) {
          const edit = await editFor(project, one);
          if (edit !== undefined) await project.edit(index + 1, edit);
        }
      const stood = [await state()];
      for (let undone = 0; undone < times; undone += 1) {
        const end = await project.restore({ kind: 'undo' });
        if (end.kind !== 'done') break;
        stood.push(await state());
      }
      for (const expected of stood.toReversed().slice(1)) {
        expect(await project.restore({ kind: 'redo' })).toMatchObject({ kind: 'done' });
        expect(await state()).toEqual(expected);
      }
    }),
    { numRuns: 15 },
  );
}, 120_000);

import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buildSync } from 'esbuild';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { compareInWorker } from '../../../src/io/compareInWorker.ts';
import { lineDiffs } from '../../../src/review/fileDiff.ts';
import { editEffect, fileEdit, numberedLines } from '../review/editing.ts';

const never = () => {
  throw new Error('This was not to be compared here.');
};

describe('a large comparison', () => {
  let folder = '';
  const program = (name: string) => join(folder, name);

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'warrant-test-'));
    buildSync({
      entryPoints: ['src/diffWorker.ts'],
      outfile: program('diffWorker.js'),
      bundle: true,
      platform: 'node',
      format: 'cjs',
      logLevel: 'error',
    });
    await writeFile(program('broken.js'), 'throw new Error("broken")');
    await writeFile(program('silent.js'), 'setInterval(() => {}, 1000)');
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  const lines = numberedLines(10_000);
  const rewritten = lines.map((_, at) => lines[(at * 7919) % lines.length]!);
  const effect = editEffect(
    fileEdit('a', lines.join(''), rewritten.join('')),
    fileEdit('b', lines.join(''), lines.with(5_000, 'other\n').join('')),
    fileEdit('c', null, lines.join('')),
  );

  it('is the same on another thread, and leaves this one free', async () => {
    const compare = compareInWorker({ program: program('diffWorker.js'), here: never, givenUp: never });
    let turns = 0;
    const free = setInterval(() => (turns += 1), 1);
    const diffs = await compare(effect);
    clearInterval(free);
    expect(turns).toBeGreaterThan(0);
    expect(diffs).toEqual(lineDiffs(effect));
    expect(compare(effect)).toBe(compare(effect));
  });

  it.each(['broken.js', 'silent.js', 'missing.js'])(
    'is given up honestly when its program is %s',
    async (name) => {
      const givenUp = (of: typeof effect) => lineDiffs(of, 0);
      const compare = compareInWorker({ program: program(name), here: never, givenUp, longestMs: 200 });
      const diffs = await compare(effect);
      expect(diffs).toMatchObject([{ whole: true }, { whole: false }, { whole: false }]);
      expect(diffs[0]!.runs).toHaveLength(1);
    },
  );

  it('of small texts is made here', async () => {
    const small = editEffect(fileEdit('a', 'x\n', 'y\n'));
    const compare = compareInWorker({ program: program('missing.js'), here: lineDiffs, givenUp: never });
    expect(await compare(small)).toEqual(lineDiffs(small));
  });
});

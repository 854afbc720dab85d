import { execFileSync } from 'node:child_process';
import { symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { matchName } from '../../../src/io/matchName.ts';
import { parseCommandLine, readCommandLine } from '../../../src/policy/commandLine.ts';
import { relativePath } from '../../../src/protocol/workspacePath.ts';
import { plainIn, project } from './likeBash.ts';
import { worldInFolder, type TestWorld } from './worldInFolder.ts';

/** The words of one command as we would run it; undefined where the line is not plain. */
async function wordsWithUs(test: TestWorld, text: string): Promise<readonly string[] | undefined> {
  const parsed = parseCommandLine(text, await test.world.expand(readCommandLine(text).patterns, test.at('')));
  if (parsed.kind === 'refused' || parsed.line.kind === 'shell') return undefined;
  const { steps } = parsed.line;
  const [{ pipeline }] = steps;
  const [{ argv, redirects }] = pipeline;
  return steps.length === 1 && pipeline.length === 1 && redirects.length === 0 ? argv.slice(1) : undefined;
}

/** What programs are given by bash: a small one writes down its arguments. */
function wordsWithBash(dir: string, home: string, texts: readonly string[]): readonly (readonly string[])[] {
  const script = ['noting() { for w; do printf "%s\\0" "$w"; done; printf "\\1\\0"; }', ...texts].join('\n');
  const output = execFileSync('bash', ['--noprofile', '--norc', '-c', script], {
    cwd: dir,
    encoding: 'utf8',
    env: { PATH: '/usr/bin:/bin', LC_ALL: 'C.UTF-8', HOME: home },
    maxBuffer: 1e8,
  });
  return output
    .split('\u0001\0')
    .slice(0, -1)
    .map((line) => line.split('\0').slice(0, -1));
}

describe('words with patterns stand for what they do in bash', () => {
  const piece = fc.constantFrom(
    ...['*', '*', '*', '?', '?', '**', '[ab]', '[!a]', '[^.]', '[a-z]', '[A-C0-9]', '[a-]', '[]', '[!', ']'],
    ...[
      'a',
      'b',
      'B',
      'x',
      't',
      '.',
      '.',
      '..',
      '/',
      '/',
      './',
      '../',
      'src/',
      'sub/',
      'odd/',
      'link/',
      'lib',
    ],
    ...['.txt', '.ts', '-', 'ü', '日', '~', '~/', '\\*', '\\?', '\\[', '"*"', "'?'", '" "', '\\ ', '$', '{}'],
    ...["'a'", '"s"', '"\\*"', '=', ':', '!', '@', '#', '^', '+', ','],
  );
  const word = fc.array(piece, { minLength: 1, maxLength: 6 }).map((pieces) => pieces.join(''));
  const line = fc.array(word, { minLength: 1, maxLength: 3 }).map((words) => `noting ${words.join(' ')}`);

  it('for random words in a folder of odd names', async () => {
    const test = await project();
    const found: { text: string; words: readonly string[] }[] = [];
    for (const text of fc.sample(line, { numRuns: 6_000, seed: 5 })) {
      const words = await wordsWithUs(test, text);
      if (words !== undefined) found.push({ text, words });
    }
    const patterned = found.filter(({ text }) => readCommandLine(text).patterns.length > 0);
    expect(patterned.length).toBeGreaterThan(1_000);
    const fromBash = wordsWithBash(
      test.dir,
      test.outside,
      found.map(({ text }) => text),
    );
    expect(found).toEqual(found.map(({ text }, index) => ({ text, words: fromBash[index] })));
  }, 120_000);
});

describe('names that a pattern stands for', () => {
  const standing = async (test: TestWorld, text: string) =>
    (await test.world.expand(readCommandLine(text).patterns, test.at(''))).flatMap(({ words }) => words);

  it('are looked up only in folders that the agent may enter', async () => {
    const test = await worldInFolder(
      { 'open/a.txt': '', 'closed/b.txt': '', 'open/in/c.txt': '' },
      { mayRead: (path) => relativePath(path) !== 'closed' },
    );
    await writeFile(join(test.outside, 'd.txt'), '');
    await symlink(join(test.dir, 'closed'), join(test.dir, 'way'));
    await symlink(test.outside, join(test.dir, 'out'));
    expect(await standing(test, 'ls *')).toEqual(['closed', 'open', 'out', 'way']);
    expect(await standing(test, 'ls */*.txt')).toEqual(['open/a.txt']);
    for (const text of ['ls closed/*', 'ls way/*', 'ls out/*', 'ls ../*', `ls ${test.outside}/*`, 'ls /*'])
      expect(await test.world.expand(readCommandLine(text).patterns, test.at(''))).toEqual([]);
    expect(await standing(test, `ls ${test.dir}/open/*.txt`)).toEqual([`${test.dir}/open/a.txt`]);
    expect(await standing(test, 'ls open/../open/*.txt')).toEqual(['open/../open/a.txt']);
  });

  it('cannot be told where a name is no text', async () => {
    const test = await worldInFolder({ 'a.txt': '' });
    await writeFile(Buffer.concat([Buffer.from(`${test.dir}/b`), Buffer.from([0xff])]), '');
    expect(await test.world.expand(readCommandLine('ls *').patterns, test.at(''))).toEqual([]);
    expect(await standing(test, 'ls a*')).toEqual(['a.txt']);
  });

  it('are refused where there are more than a thousand', async () => {
    const test = await worldInFolder({});
    await Promise.all(
      Array.from({ length: 1_001 }, (_, index) => writeFile(join(test.dir, `n${index}`), '')),
    );
    await expect(plainIn(test, 'ls *')).rejects.toThrow('more than 1000 names');
    await expect(plainIn(test, 'ls n1* n2*')).resolves.toMatchObject({ kind: 'plain' });
  });

  it('that changed since they were allowed are not run', async () => {
    const test = await project();
    const line = await plainIn(test, 'cat *.txt');
    const effect = { kind: 'command', line, folder: test.at(''), timeoutMs: 10_000 } as const;
    const outcome = await test.perform(effect, { meanwhile: () => writeFile(join(test.dir, 'c.txt'), '') });
    expect(outcome).toMatchObject({
      kind: 'stale',
      because: 'the files that *.txt stands for changed since it was allowed',
    });
  });

  it('that an earlier command of the line changes are not run, and it is said', async () => {
    const test = await project();
    const line = await plainIn(test, 'echo first; touch c.txt; rm *.txt; echo last');
    const effect = { kind: 'command', line, folder: test.at(''), timeoutMs: 10_000 } as const;
    expect(await test.done(effect)).toMatchObject({
      end: { kind: 'exit', code: 1 },
      output: {
        head: 'first\n[The files that *.txt stands for changed since it was allowed; what names them was not run.]\n',
      },
    });
  });
});

it('a name is matched in bounded time, however many stars there are', () => {
  const many = { kind: 'many' } as const;
  const parts = Array.from({ length: 100 }, () => [many, { kind: 'text', text: 'a' } as const]).flat();
  expect(matchName([...parts, { kind: 'text', text: 'b' }], 'a'.repeat(255))).toBe(false);
  expect(matchName([...parts, many], 'a'.repeat(255))).toBe(true);
});

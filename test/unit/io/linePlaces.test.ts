import { execFileSync } from 'node:child_process';
import { mkdir, readdir, readFile, rename, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Outcome } from '../../../src/protocol/outcome.ts';
import { plainIn, project } from './likeBash.ts';
import type { TestWorld } from './worldInFolder.ts';

async function run(test: TestWorld, text: string, meanwhile?: () => Promise<void>): Promise<Outcome> {
  const line = await plainIn(test, text);
  const effect = { kind: 'command', line, folder: test.at(''), timeoutMs: 10_000 } as const;
  return test.perform(effect, meanwhile === undefined ? {} : { meanwhile });
}

function printed(outcome: Outcome): string {
  return outcome.kind === 'done' && outcome.done.kind === 'ran' ? outcome.done.output.head : outcome.kind;
}

describe('where a line writes and reads', () => {
  it.each([
    'echo a > OUT/x',
    'cat < OUT/x',
    'echo a > ../x',
    'cd OUT && ls',
    'cd .. && ls',
    'echo a >> /tmp/x',
  ])('outside the workspace nothing is run: %s', async (text) => {
    const test = await project();
    expect(await run(test, text.replaceAll('OUT', test.outside))).toMatchObject({
      kind: 'failed',
      because: expect.stringContaining('is outside the workspace, so nothing was run') as string,
    });
    expect(await readdir(test.outside)).toEqual([]);
  });

  it('nothing is run where a place was not judged', async () => {
    const test = await project();
    const line = await plainIn(test, 'echo a > new.txt');
    const effect = { kind: 'command', line, folder: test.at(''), timeoutMs: 10_000 } as const;
    await test.world.pathFacts(test.at(''));
    const executables = await test.world.executableFacts(line, test.at(''));
    const outcome = await test.world.perform(
      effect,
      test.issue(effect, executables),
      () => undefined,
      new AbortController().signal,
    );
    expect(outcome).toEqual({ kind: 'failed', because: 'new.txt was not judged, so nothing was run' });
  });

  it.each(['echo a > sub/new.txt', 'cat < sub/c.txt', 'cd sub && ls', 'cd sub; cd deep && cat d.txt'])(
    'nothing is run where a folder on the way was swapped for a link: %s',
    async (text) => {
      const test = await project();
      const outcome = await run(test, text, async () => {
        await rename(join(test.dir, 'sub'), join(test.dir, 'was'));
        await symlink(test.outside, join(test.dir, 'sub'));
      });
      expect(outcome).toMatchObject({ kind: 'stale' });
      expect(await readdir(test.outside)).toEqual([]);
    },
  );

  it('nothing is run where a file was swapped for a link to another file of the workspace', async () => {
    const test = await project();
    const outcome = await run(test, 'echo a > new.txt', () => symlink('a.txt', join(test.dir, 'new.txt')));
    expect(outcome).toMatchObject({
      kind: 'stale',
      because: 'new.txt leads somewhere else than when it was judged',
    });
    expect(await readFile(join(test.dir, 'a.txt'), 'utf8')).toBe('one\ntwo\nthree\n');
  });

  it.each([
    ['ln -s OUT new; echo a > new/x', 'new/x: it leads somewhere else than when it was allowed\n'],
    ['ln -s OUT/x new; echo a > new', 'new: it leads somewhere else than when it was allowed\n'],
    ['ln -s a.txt new; echo a >> new', 'new: it leads somewhere else than when it was allowed\n'],
    ['ln -s OUT new; cd new && touch x', 'cd: new: it leads somewhere else than when it was allowed\n'],
    [
      'mv sub was; ln -s OUT sub; cd sub; touch x',
      'cd: sub: it leads somewhere else than when it was allowed\n',
    ],
  ])('what an earlier command of the line leads elsewhere is not followed: %s', async (text, output) => {
    const test = await project();
    const outcome = await run(test, text.replaceAll('OUT', test.outside));
    expect(printed(outcome)).toContain(output);
    expect(await readdir(test.outside)).toEqual([]);
    expect(await readFile(join(test.dir, 'a.txt'), 'utf8')).toBe('one\ntwo\nthree\n');
  });

  it('a folder that is swapped after cd is noticed before the next command', async () => {
    const test = await project();
    const outcome = await run(
      test,
      `cd sub && sh -c 'mv ../sub ../was; ln -s ${test.outside} ../sub' && touch x; touch y`,
    );
    expect(printed(outcome)).toBe(
      '[sub: it leads somewhere else than when it was allowed; what should have run there was not run.]\n',
    );
    expect(await readdir(test.outside)).toEqual([]);
  });

  it('only ordinary files are opened, and nobody waits for a pipe', async () => {
    const test = await project();
    execFileSync('sh', ['-c', 'mkfifo "$0"', join(test.dir, 'pipe')]);
    expect(printed(await run(test, 'cat < pipe'))).toBe('pipe: it is not an ordinary file\n');
    expect(printed(await run(test, 'echo a > pipe'))).toMatch(/^pipe: /);
  });

  it('a file behind `..` after a link is the one the operating system finds, or none', async () => {
    const test = await project();
    await mkdir(join(test.dir, 'x/y'), { recursive: true });
    await symlink('x/y', join(test.dir, 'far'));
    expect(printed(await run(test, 'echo a > far/../new.txt'))).toBe(
      'far/../new.txt: it leads somewhere else than when it was allowed\n',
    );
    expect(await readdir(join(test.dir, 'x'))).toEqual(['y']);
  });
});

describe('a folder that cannot be entered', () => {
  it('ends the line where what follows was meant for it: nothing runs in another folder than was judged', async () => {
    const test = await project();
    const outcome = await run(test, 'echo a; cd absent; touch x; echo b');
    expect(outcome).toMatchObject({ done: { end: { kind: 'exit', code: 1 } } });
    expect(printed(outcome)).toBe(
      'a\ncd: absent: No such file or directory\n[What should have run in absent was not run.]\n',
    );
    expect(await readdir(test.dir)).not.toContain('x');
  });
});

describe('the programs of a line', () => {
  it('are looked up from the folder of their step', async () => {
    const test = await project();
    await writeFile(join(test.dir, 'sub/fail.sh'), '#!/bin/sh\necho another\n', { mode: 0o755 });
    const line = await plainIn(test, './fail.sh; cd sub && ./fail.sh && pwd && ls');
    const facts = await test.world.executableFacts(line, test.at(''));
    expect(facts.map(({ kind, name }) => `${kind} ${name}`)).toEqual([
      'found ./fail.sh',
      'builtin cd',
      'found ./fail.sh',
      'builtin pwd',
      'found ls',
    ]);
    expect(facts[2]).toMatchObject({ folder: 'sub', real: join(test.dir, 'sub/fail.sh') });
    expect(printed(await run(test, './fail.sh 2>&1; cd sub && ./fail.sh'))).toBe('out\nerr\nanother\n');
  });
});

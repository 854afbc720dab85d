import { chmod, mkdir, readFile, realpath, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { gitEnvironment } from '../../../src/io/gitEnvironment.ts';
import { parseCommandLine } from '../../../src/policy/commandLine.ts';
import type { CommandLine } from '../../../src/protocol/command.ts';
import { digestOf } from '../../../src/protocol/digest.ts';
import type { Done } from '../../../src/protocol/outcome.ts';
import { worldInFolder, type PerformOptions, type TestWorld } from './worldInFolder.ts';

function plain(text: string): CommandLine {
  const parsed = parseCommandLine(text);
  if (parsed.kind === 'refused' || parsed.line.kind === 'shell') throw new Error(`${text} is not plain.`);
  return parsed.line;
}

const files = {
  'a.txt': 'one\ntwo\nthree\n',
  'b.txt': 'zwei\neins\ndrei\n',
  'sub/c.txt': 'grün\n',
  'fail.sh': '#!/bin/sh\necho out\necho err >&2\nexit 7\n',
  'devs.sh': '#!/bin/sh\necho to-stderr > /dev/stderr\necho to-stdout > /dev/stdout\ncat /dev/stdin\n',
  'mixed.sh': '#!/bin/sh\nfor n in 1 2 3 4 5; do echo out $n; echo err $n >&2; done\n',
  'none.sh': 'not executable\n',
  'noline.sh': 'exit 0\n',
};

async function programFile(path: string) {
  const real = await realpath(path);
  return { real, digest: digestOf(await readFile(real)) };
}

type Ran = Extract<Done, { kind: 'ran' }>;

async function run(
  test: TestWorld,
  line: CommandLine,
  options: PerformOptions & { timeoutMs?: number } = {},
): Promise<Ran> {
  const effect = {
    kind: 'command',
    line,
    folder: test.at(''),
    timeoutMs: options.timeoutMs ?? 30_000,
  } as const;
  const done = await test.done(effect, options);
  if (done.kind !== 'ran') throw new Error('It did not run.');
  return done;
}

async function prepared(): Promise<TestWorld> {
  const test = await worldInFolder(files);
  for (const name of ['fail.sh', 'devs.sh', 'mixed.sh']) await chmod(join(test.dir, name), 0o755);
  return test;
}

const shell = (text: string): CommandLine => ({ kind: 'shell', text, because: 'a test says so' });

describe('lines that need a shell', () => {
  it('are given to bash, without its start-up files, and cannot read anything', async () => {
    const test = await prepared();
    await writeFile(join(test.outside, '.bashrc'), 'echo from bashrc');
    const line = shell(
      'for n in 1 2; do echo $n; done; read -r x || echo "no input"; cat < a.txt | (wc -l); exit 3',
    );
    const { end, output } = await run(test, line);
    expect({ end, output: output.head }).toEqual({
      end: { kind: 'exit', code: 3 },
      output: '1\n2\nno input\n3\n',
    });
  });

  it('tell the signal that ended them', async () => {
    const { end } = await run(await prepared(), shell('kill -9 $$'));
    expect(end).toEqual({ kind: 'signal', signal: 'SIGKILL' });
  });
});

describe('the environment of a command', () => {
  it('holds what is on the list and nothing else', async () => {
    const host = {
      PATH: `relative::${process.env['PATH']}`,
      HOME: '/home/somebody',
      LANG: 'C.UTF-8',
      LC_TIME: 'C',
      TMPDIR: '/tmp',
      USER: 'somebody',
      NODE_OPTIONS: '--require ./evil.js',
      LD_PRELOAD: './evil.so',
      BASH_ENV: './evil.sh',
      ENV: './evil.sh',
      SERVICE_TOKEN: 'token',
      VSCODE_PID: '1',
      ELECTRON_RUN_AS_NODE: '1',
      GIT_SSH_COMMAND: './evil.sh',
      PROMPT_COMMAND: './evil.sh',
      'BASH_FUNC_ls%%': '() { echo evil; }',
    };
    const test = await worldInFolder(files, { environment: host });
    const { output } = await run(test, plain('env'));
    const names = output.head
      .trim()
      .split('\n')
      .map((line) => line.split('=')[0]);
    expect(names.sort()).toEqual(
      [
        ...Object.keys(gitEnvironment()),
        'HOME',
        'LANG',
        'LC_TIME',
        'NO_COLOR',
        'PAGER',
        'PATH',
        'PWD',
        'TERM',
        'TMPDIR',
        'USER',
        'WARRANT_COMMAND',
      ].sort(),
    );
    expect(output.head).toMatch(/^PATH=\//m);
  });

  it('has no folder on the PATH that lies in the workspace, by whatever way, or that anybody may write to', async () => {
    const test = await worldInFolder({ 'bin/evil': '#!/bin/sh\necho evil\n' });
    await chmod(join(test.dir, 'bin/evil'), 0o755);
    const { symlink } = await import('node:fs/promises');
    await symlink(join(test.dir, 'bin'), join(test.outside, 'way'));
    await mkdir(join(test.outside, 'open'));
    await chmod(join(test.outside, 'open'), 0o777);
    const PATH = [
      join(test.dir, 'bin'),
      join(test.outside, 'way'),
      join(test.outside, 'open'),
      './bin',
      '',
      process.env['PATH'],
    ].join(':');
    const other = await worldInFolder({}, { environment: { PATH }, workspace: { roots: [test.root] } });
    expect(await other.world.executableFacts(plain('evil'), other.at(''))).toEqual([
      { kind: 'missing', name: 'evil' },
    ]);
    const { output } = await run({ ...other, at: test.at }, plain('printenv PATH'));
    expect(output.head).not.toContain(test.dir);
    expect(output.head).not.toContain(test.outside);
  });
});

describe('the programs of a line', () => {
  it('are found by real path and digest, each once, and what is missing is said', async () => {
    const test = await prepared();
    const facts = await test.world.executableFacts(
      plain('ls | ls ; nosuchprogram && ./fail.sh'),
      test.at(''),
    );
    const of = (name: string) => facts.find((fact) => fact.name === name);
    expect(facts.map(({ name }) => name)).toEqual(['ls', 'nosuchprogram', './fail.sh']);
    expect(of('nosuchprogram')).toEqual({ kind: 'missing', name: 'nosuchprogram' });
    const bytes = await readFile(join(test.dir, 'fail.sh'));
    expect(of('./fail.sh')).toEqual({
      kind: 'found',
      name: './fail.sh',
      real: join(test.dir, 'fail.sh'),
      digest: digestOf(bytes),
      interpreters: [await programFile('/bin/sh')],
    });
    expect(of('ls')).not.toHaveProperty('interpreters');
    expect(await test.world.executableFacts(shell('ls'), test.at(''))).toMatchObject([
      { kind: 'found', name: 'bash' },
    ]);
  });

  it('that are scripts are allowed together with what reads them', async () => {
    const test = await prepared();
    const bin = join(test.outside, 'bin');
    await mkdir(bin);
    const program = async (path: string, text: string) => writeFile(path, text, { mode: 0o755 });
    await program(join(bin, 'reader'), '#!/bin/sh\ncat "$1"\n');
    await program(join(test.dir, 'one'), '#!/usr/bin/env reader\n');
    await program(join(test.dir, 'two'), '#! /usr/bin/env -S A=1 reader -x\n');
    await program(join(test.dir, 'three'), 'echo no first line\n');
    await program(join(test.dir, 'four'), '#!/no/such\n');
    await program(join(test.dir, 'five'), `#!${bin}/reader some word\n`);
    const PATH = `${bin}:${process.env['PATH']}`;
    const world = await worldInFolder({}, { environment: { PATH }, workspace: { roots: [test.root] } });
    const line = plain('./one; ./two; ./three; ./four; ./five');
    const facts = await world.world.executableFacts(line, test.at(''));
    const env = await programFile('/usr/bin/env');
    const sh = await programFile('/bin/sh');
    const reader = await programFile(join(bin, 'reader'));
    expect(facts.map((fact) => (fact.kind === 'found' ? fact.interpreters : fact))).toEqual([
      [env, reader, sh],
      [env, reader, sh],
      [sh],
      undefined,
      [reader, sh],
    ]);
    const effect = { kind: 'command', line, folder: test.at(''), timeoutMs: 10_000 } as const;
    const outcome = await { ...world, at: test.at }.perform(effect, {
      meanwhile: () => writeFile(join(bin, 'reader'), '#!/bin/sh\nrm "$1"\n'),
    });
    expect(outcome).toMatchObject({
      kind: 'stale',
      because: 'the program ./one changed since it was allowed',
    });
  });

  it('that changed since they were allowed are not run, even with size and time as before', async () => {
    const test = await prepared();
    const { stat, utimes } = await import('node:fs/promises');
    const path = join(test.dir, 'fail.sh');
    const effect = {
      kind: 'command',
      line: plain('./fail.sh'),
      folder: test.at(''),
      timeoutMs: 10_000,
    } as const;
    const outcome = await test.perform(effect, {
      async meanwhile() {
        const { atime, mtime } = await stat(path);
        await writeFile(path, files['fail.sh'].replace('out', 'bad'));
        await utimes(path, atime, mtime);
      },
    });
    expect(outcome).toEqual({
      kind: 'stale',
      path: test.at(''),
      because: 'the program ./fail.sh changed since it was allowed',
    });
  });

  it('that were missing when the line was allowed are not run when they appear', async () => {
    const test = await prepared();
    const effect = {
      kind: 'command',
      line: plain('./late.sh'),
      folder: test.at(''),
      timeoutMs: 10_000,
    } as const;
    const outcome = await test.perform(effect, {
      meanwhile: () => writeFile(join(test.dir, 'late.sh'), '#!/bin/sh\necho late\n', { mode: 0o755 }),
    });
    expect(outcome).toMatchObject({
      kind: 'stale',
      because: 'the program ./late.sh changed since it was allowed',
    });
  });

  it('are told their name as it was written', async () => {
    const { output } = await run(await prepared(), plain("sh -c 'echo $0'"));
    expect(output.head).toBe('sh\n');
  });
});

/** Ids of running processes with this word among their arguments. */
async function running(word: string): Promise<readonly number[]> {
  const { readdir } = await import('node:fs/promises');
  const ids = (await readdir('/proc')).map(Number).filter((id) => id > 0);
  const found = await Promise.all(
    ids.map(async (id) => {
      const line = await readFile(`/proc/${id}/cmdline`, 'utf8').catch(() => '');
      return line.split('\0').includes(word) ? [id] : [];
    }),
  );
  return found.flat();
}

describe('ending a command', () => {
  const families = [
    { name: 'a program', script: 'exec sleep SECONDS' },
    { name: 'its children', script: 'sleep SECONDS & sleep SECONDS' },
    { name: 'what ignores the polite request', script: "trap '' TERM; sleep SECONDS; sleep SECONDS" },
    {
      name: 'what left the group and its parent',
      script: 'setsid sleep SECONDS & (setsid sh -c "sleep SECONDS & exec sleep SECONDS" &) ; sleep SECONDS',
    },
    { name: 'what forgot its environment', script: 'env -i /bin/sleep SECONDS & env -i /bin/sleep SECONDS' },
    { name: 'a pipeline', script: 'sleep SECONDS | sleep SECONDS' },
  ];
  let serial = 0;
  it.runIf(process.platform === 'linux').each(families)(
    'at the time limit ends $name',
    async ({ script }) => {
      const seconds = `98${process.pid}${(serial += 1)}`;
      const { end } = await run(await prepared(), shell(script.replaceAll('SECONDS', seconds)), {
        timeoutMs: 300,
      });
      expect(end).toEqual({ kind: 'timeout' });
      expect(await running(seconds)).toEqual([]);
    },
    15_000,
  );

  it.runIf(process.platform === 'linux')('on a stop ends everything and keeps what was printed', async () => {
    const seconds = `97${process.pid}`;
    const stop = new AbortController();
    const live = (chunk: string) => {
      if (chunk.includes('ready')) stop.abort();
    };
    const line = plain(`sh -c 'echo ready; sleep ${seconds}' | cat`);
    const { end, output } = await run(await prepared(), line, { signal: stop.signal, live });
    expect({ end, output: output.head }).toEqual({ end: { kind: 'stopped' }, output: 'ready\n' });
    expect(await running(seconds)).toEqual([]);
  });

  it.runIf(process.platform === 'linux')('leaves nothing behind when it ends by itself', async () => {
    const seconds = `96${process.pid}`;
    const line = shell(`setsid sleep ${seconds} >/dev/null 2>&1 & sleep ${seconds} & echo done`);
    const { end, output } = await run(await prepared(), line);
    expect({ end, output: output.head }).toEqual({ end: { kind: 'exit', code: 0 }, output: 'done\n' });
    expect(await running(seconds)).toEqual([]);
  });

  it('does not begin the next step after a stop', async () => {
    const test = await prepared();
    const stop = new AbortController();
    const { end } = await run(test, plain("sh -c 'echo go; sleep 30' ; touch after.txt"), {
      signal: stop.signal,
      live: () => stop.abort(),
    });
    expect(end).toEqual({ kind: 'stopped' });
    await expect(readFile(join(test.dir, 'after.txt'))).rejects.toMatchObject({ code: 'ENOENT' });
  });
});

describe('the output of a command', () => {
  it('comes live and whole, with characters never cut in two', async () => {
    let seen = '';
    const line = shell("for n in 1 2 3; do printf '\\360\\237'; printf '\\231\\202'; done; echo ünd");
    const { output } = await run(await prepared(), line, { live: (chunk) => (seen += chunk) });
    expect(output.head).toBe('🙂🙂🙂ünd\n');
    expect(seen).toBe(output.head);
  });

  it('keeps 16 KiB of the beginning and the end and counts what is between', async () => {
    const { output } = await run(await prepared(), plain('seq 1 1000000'));
    expect(output.head.startsWith('1\n2\n')).toBe(true);
    expect(output.tail.endsWith('999999\n1000000\n')).toBe(true);
    expect([output.head.length, output.tail.length]).toEqual([16_384, 16_384]);
    expect(output.omittedBytes).toBe(6_888_896 - 2 * 16_384);
  });

  it('of a flood stops at the time limit and does not fill the memory', async () => {
    const before = process.memoryUsage().rss;
    let seen = 0;
    const { end, output } = await run(await prepared(), plain('yes'), {
      timeoutMs: 700,
      live: (chunk) => (seen += chunk.length),
    });
    expect(end).toEqual({ kind: 'timeout' });
    expect(output.omittedBytes).toBeGreaterThan(1_000_000);
    expect(seen).toBeLessThan(5_000_000);
    expect(process.memoryUsage().rss - before).toBeLessThan(200_000_000);
  });
});

describe('a command that cannot start', () => {
  it('says that its folder is gone', async () => {
    const test = await prepared();
    const effect = { kind: 'command', line: plain('ls'), folder: test.at('none'), timeoutMs: 1_000 } as const;
    expect(await test.perform(effect)).toEqual({ kind: 'failed', because: 'the folder none does not exist' });
  });

  it('does not run in a folder that was swapped for a link', async () => {
    const test = await prepared();
    const { rename, symlink } = await import('node:fs/promises');
    const effect = { kind: 'command', line: plain('ls'), folder: test.at('sub'), timeoutMs: 1_000 } as const;
    const outcome = await test.perform(effect, {
      async meanwhile() {
        await rename(join(test.dir, 'sub'), join(test.dir, 'was'));
        await symlink(test.outside, join(test.dir, 'sub'));
      },
    });
    expect(outcome).toMatchObject({ kind: 'stale', because: 'sub leads outside the workspace' });
  });
});

import { execFile } from 'node:child_process';
import { chmod, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { gitEnvironment } from '../../../src/io/gitEnvironment.ts';
import type { CommandLine, CommandStep, Redirect } from '../../../src/protocol/command.ts';
import { digestOf } from '../../../src/protocol/digest.ts';
import type { CommandEnd, Done } from '../../../src/protocol/outcome.ts';
import { worldInFolder, type PerformOptions, type TestWorld } from './worldInFolder.ts';

/** Reads lines of this table only: words, single quotes, the operators and redirects of plain lines. */
function plain(text: string): CommandLine {
  const words = text.match(/'[^']*'|&&|\|\||2>&1|2>\/dev\/null|1?>\/dev\/null|>&2|[|;]|[^\s|;&']+/g) ?? [];
  const steps: { when: CommandStep['when']; pipeline: { argv: string[]; redirects: Redirect[] }[] }[] = [];
  let when: CommandStep['when'] = 'always';
  let fresh = true;
  for (const word of words) {
    const operator = { '&&': 'afterSuccess', '||': 'afterFailure', ';': 'always' }[word] as
      CommandStep['when'] | undefined;
    if (operator !== undefined) {
      when = operator;
      fresh = true;
      continue;
    }
    if (fresh) steps.push({ when, pipeline: [{ argv: [], redirects: [] }] });
    fresh = false;
    const pipeline = steps.at(-1)?.pipeline;
    const command = pipeline?.at(-1);
    if (word === '|') pipeline?.push({ argv: [], redirects: [] });
    else if (word === '2>&1') command?.redirects.push({ fd: 2, to: 'stdout' });
    else if (word === '>&2') command?.redirects.push({ fd: 1, to: 'stderr' });
    else if (word === '2>/dev/null') command?.redirects.push({ fd: 2, to: 'null' });
    else if (/^1?>\/dev\/null$/.test(word)) command?.redirects.push({ fd: 1, to: 'null' });
    else command?.argv.push(word.replace(/^'|'$/g, ''));
  }
  return { kind: 'plain', text, steps: steps as unknown as [CommandStep] };
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

const everyday = [
  'ls',
  'ls -a sub',
  'ls none',
  'cat a.txt b.txt',
  'cat none',
  'echo hello world',
  "echo 'a  b' c",
  "echo ''",
  'pwd',
  'true',
  'false',
  'true && echo yes',
  'false && echo no',
  'false || echo instead',
  'true || echo no',
  'false ; echo then',
  'false && echo no || echo yes',
  'true || echo no && echo also',
  'false ; true',
  'true ; false',
  'grep two a.txt',
  'grep none a.txt',
  'grep -c e a.txt b.txt',
  'sort b.txt',
  'sort b.txt | head -1',
  'cat a.txt | sort -r | head -2 | tail -1',
  'cat a.txt | grep t | wc -l',
  'yes | head -1',
  'yes | head -3 | tail -1',
  'seq 1 100000 | tail -1',
  'seq 1 100000 | head -2',
  'cat none | wc -l',
  'cat none 2>/dev/null | wc -l',
  'cat none 2>&1 | wc -l',
  'ls none a.txt 2>&1',
  'ls none >/dev/null 2>&1',
  'ls none 2>&1 >/dev/null',
  'ls none 2>&1 >/dev/null | wc -l',
  'echo gone >/dev/null',
  'echo wrong >&2',
  './fail.sh',
  './fail.sh && echo no',
  './fail.sh || echo yes',
  './fail.sh 2>&1 | sort',
  './mixed.sh',
  './mixed.sh 2>&1 | cat',
  './devs.sh',
  'cat a.txt | ./devs.sh',
  'cat a.txt | ./devs.sh 2>/dev/null',
  "echo early | sh -c 'sleep 0.2; cat /dev/stdin'",
  'test -f a.txt && echo there',
  'test -d none || echo absent',
  "printf '%s-%s' a b",
  "printf 'a\\nb\\n' | sort -r",
  "find . -name '*.txt' | sort",
  "sed -n '2p' a.txt",
  "awk '{print NR, $1}' a.txt",
  'tr a-z A-Z',
  'cat',
  'wc -c sub/c.txt',
  'diff a.txt b.txt',
  'head -c 3 sub/c.txt',
  'env -i echo bare',
  'nosuchprogram',
  'nosuchprogram || echo instead',
  'nosuchprogram 2>/dev/null',
  'nosuchprogram 2>&1 | wc -l',
  'yes | nosuchprogram',
  './none.sh',
  './a',
  'sh fail.sh',
  "sh -c 'kill -9 $$'",
  "sh -c 'kill -TERM $$' | cat",
];

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

/** What bash says and does with the same line, standard input empty and both outputs in one pipe. */
function bash(text: string, cwd: string): Promise<{ output: string; status: number }> {
  return new Promise((resolve) => {
    const script = 'bash --noprofile --norc -c "$1" </dev/null 2>&1 | cat; exit ${PIPESTATUS[0]}';
    execFile('bash', ['--noprofile', '--norc', '-c', script, 'bash', text], { cwd }, (error, stdout) => {
      resolve({ output: stdout, status: error === null ? 0 : Number(error.code) });
    });
  });
}

const signalStatus = (signal: string): number => ({ SIGKILL: 137, SIGTERM: 143, SIGPIPE: 141 })[signal] ?? -1;

function statusOf(end: CommandEnd): number {
  if (end.kind === 'exit') return end.code;
  return end.kind === 'signal' ? signalStatus(end.signal) : -1;
}

/** Bash names itself and the line before its own messages, and calls a kill by its name. */
function withoutShellNames(output: string): string {
  return output.replace(/^bash: line \d+: +/gm, '').replace(/^\d+ Killed.*\n/gm, '');
}

async function prepared(): Promise<TestWorld> {
  const test = await worldInFolder(files);
  for (const name of ['fail.sh', 'devs.sh', 'mixed.sh']) await chmod(join(test.dir, name), 0o755);
  return test;
}

describe('plain lines, run without a shell', () => {
  it.each(everyday)('do what bash does: %s', async (text) => {
    const test = await prepared();
    const { end, output } = await run(test, plain(text));
    const expected = await bash(text, test.dir);
    expect(output).toEqual({ head: output.head, tail: '', omittedBytes: 0 });
    expect({ output: withoutShellNames(output.head), status: statusOf(end) }).toEqual({
      output: withoutShellNames(expected.output),
      status: expected.status,
    });
  });
});

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
    const { mkdir, symlink } = await import('node:fs/promises');
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
    });
    expect(await test.world.executableFacts(shell('ls'), test.at(''))).toMatchObject([
      { kind: 'found', name: 'bash' },
    ]);
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

import { execFile } from 'node:child_process';
import { chmod, lstat, mkdir, readdir, readFile, readlink, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { parseCommandLine, readCommandLine } from '../../../src/policy/commandLine.ts';
import type { CommandLine } from '../../../src/protocol/command.ts';
import type { CommandEnd } from '../../../src/protocol/outcome.ts';
import { worldInFolder, type TestWorld } from './worldInFolder.ts';

/** What there is to see once a line has run: both outputs as they came, the status, and every file. */
export type Seen = { readonly output: string; readonly status: number; readonly files: readonly string[] };

const FILES = {
  'a.txt': 'one\ntwo\nthree\n',
  'b.txt': 'zwei\neins\ndrei\n',
  'sub/c.txt': 'grün\n',
  'sub/deep/d.txt': 'deep\n',
  'src/one.ts': 'export const x = 1;\n',
  'src/two.ts': 'export const y = x;\nx;\n',
  'src/.hidden.ts': 'x hidden\n',
  'src/lib/three.ts': 'x\n',
  'src/lib/four.js': 'y\n',
  'odd/with space.txt': 'space\n',
  'odd/-n': 'dash\n',
  'odd/new\nline': 'line\n',
  'odd/ünï.txt': 'unicode\n',
  'odd/日本.txt': 'japan\n',
  'odd/[x].txt': 'bracket\n',
  'odd/a*b': 'star\n',
  'odd/B.txt': 'upper\n',
  'odd/a.txt': 'lower\n',
  '.env.example': 'A=1\n',
  '.dot/x.txt': 'x\n',
  'bin.dat': Uint8Array.from([0, 255, 254, 128, 10, 0, 65]),
  'empty.txt': '',
  'app/package.json':
    '{"name":"app","scripts":{"test":"node -e \\"console.log(1);console.error(2);process.exit(3)\\""}}',
  'fail.sh': '#!/bin/sh\necho out\necho err >&2\nexit 7\n',
  'args.sh': '#!/bin/sh\nfor a in "$@"; do printf "<%s>" "$a"; done\necho\n',
  'mixed.sh': '#!/bin/sh\nfor n in 1 2 3 4 5; do echo out $n; echo err $n >&2; done\n',
  'devs.sh': '#!/bin/sh\necho to-stderr > /dev/stderr\necho to-stdout > /dev/stdout\ncat /dev/stdin\n',
  'sub/where.sh': '#!/bin/sh\npwd\necho "$PWD"\n',
  'nointerpreter.sh': '#!/no/such/interpreter\n',
  'nofirstline.sh': 'echo "no first line: $1"\n',
  'notexecutable.sh': '#!/bin/sh\n',
};

/** A fresh copy of the same project, with a home of its own beside it. */
export async function project(): Promise<TestWorld> {
  let home = '';
  const environment: Record<string, string | undefined> = { ...process.env, LC_ALL: 'C.UTF-8' };
  Object.defineProperty(environment, 'HOME', { enumerable: true, get: () => home });
  const test = await worldInFolder(FILES, { environment });
  home = test.outside;
  for (const name of Object.keys(FILES).filter((one) => one.endsWith('.sh') && one !== 'notexecutable.sh'))
    await chmod(join(test.dir, name), 0o755);
  await symlink('sub', join(test.dir, 'link'));
  await symlink('nowhere', join(test.dir, 'dangling'));
  await mkdir(join(test.dir, 'none'));
  return test;
}

export async function plainIn(test: TestWorld, text: string): Promise<CommandLine> {
  const expansions = await test.world.expand(readCommandLine(text).patterns, test.at(''));
  const parsed = parseCommandLine(text, expansions);
  if (parsed.kind === 'refused') throw new Error(`${text} was refused: ${parsed.because}`);
  if (parsed.line.kind === 'shell') throw new Error(`${text} is not plain: ${parsed.line.because}`);
  return parsed.line;
}

export async function seenWithUs(text: string): Promise<Seen> {
  const test = await project();
  const line = await plainIn(test, text);
  const effect = { kind: 'command', line, folder: test.at(''), timeoutMs: 60_000 } as const;
  const done = await test.done(effect);
  if (done.kind !== 'ran') throw new Error('It did not run.');
  const { head, tail, omittedBytes } = done.output;
  return seen(test, head + (omittedBytes === 0 ? '' : `[${omittedBytes}]`) + tail, statusOf(done.end));
}

const KEPT = 16_384;

/** Standard input empty and both outputs in one pipe; long output kept as ours is. */
export async function seenWithBash(text: string): Promise<Seen> {
  const test = await project();
  const script = 'bash --noprofile --norc -c "$1" </dev/null 2>&1 | cat; exit ${PIPESTATUS[0]}';
  const { status, bytes } = await new Promise<{ status: number; bytes: Buffer }>((resolve) => {
    execFile(
      'bash',
      ['--noprofile', '--norc', '-c', script, 'bash', text],
      {
        cwd: test.dir,
        encoding: 'buffer',
        maxBuffer: 1e9,
        env: {
          PATH: process.env['PATH'],
          HOME: test.outside,
          LC_ALL: 'C.UTF-8',
          TERM: 'dumb',
          NO_COLOR: '1',
        },
      },
      (error, stdout) => resolve({ bytes: stdout, status: error === null ? 0 : Number(error.code) }),
    );
  });
  const whole = bytes.toString();
  const output =
    bytes.length <= 2 * KEPT
      ? whole
      : `${bytes.subarray(0, KEPT).toString()}[${bytes.length - 2 * KEPT}]${bytes.subarray(-KEPT).toString()}`;
  return seen(test, output, status);
}

async function seen(test: TestWorld, output: string, status: number): Promise<Seen> {
  return {
    output: withoutShellNames(output).replaceAll(test.dir, '<project>').replaceAll(test.outside, '<home>'),
    status,
    files: await filesBelow(test.dir),
  };
}

/** Bash names itself and the line before its own messages, and calls a kill by its name. */
function withoutShellNames(output: string): string {
  return output
    .replace(/^bash: line \d+: +/gm, '')
    .replace(/^(?:\d+ )?(?:Killed|Terminated)(?: .*)?\n/gm, '');
}

const SIGNALS: { readonly [name: string]: number } = { SIGKILL: 137, SIGTERM: 143, SIGPIPE: 141 };

function statusOf(end: CommandEnd): number {
  if (end.kind === 'exit') return end.code;
  return end.kind === 'signal' ? (SIGNALS[end.signal] ?? -1) : -1;
}

async function filesBelow(dir: string, prefix = ''): Promise<readonly string[]> {
  const found: string[] = [];
  for (const name of (await readdir(dir)).toSorted()) {
    const path = join(dir, name);
    const stats = await lstat(path);
    if (stats.isDirectory())
      found.push(`${prefix}${name}/`, ...(await filesBelow(path, `${prefix}${name}/`)));
    else if (stats.isSymbolicLink()) found.push(`${prefix}${name} -> ${await readlink(path)}`);
    else found.push(`${prefix}${name} ${(stats.mode & 0o777).toString(8)} ${await textIn(path, dir)}`);
  }
  return found;
}

async function textIn(path: string, dir: string): Promise<string> {
  const bytes = await readFile(path);
  const text = bytes.toString('latin1').replaceAll(dir, '<here>');
  return withoutShellNames(text.length > 2_000 ? `${text.length} bytes` : text);
}

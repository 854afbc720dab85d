import { execFileSync } from 'node:child_process';
import { chmod, chown, lstat, mkdir, mkdtemp, readdir, realpath, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { execPath, getuid, platform } from 'node:process';
import {
  createSandbox,
  type PreparedSandbox,
  type Sandbox,
} from '../../../../src/io/sandbox/createSandbox.ts';
import { toolchains } from '../../../../src/io/sandbox/toolchains.ts';
import { startProcess, type ProcessEnd, type ProcessPlan } from '../../../../src/io/processes.ts';
import type { SandboxProfile, SandboxRequest } from '../../../../src/protocol/sandbox.ts';

/** `nobody` is an ordinary user without rights; only root can become one. */
export type TestUser = 'myself' | 'nobody';
export const testUsers: readonly TestUser[] = getuid?.() === 0 ? ['myself', 'nobody'] : ['myself'];
const NOBODY = 65_534;

export type TestFolders = {
  readonly base: string;
  readonly home: string;
  readonly workspace: string;
  readonly outside: string;
  readonly own: string;
  readonly storage: string;
};

export type Ran = { readonly end: ProcessEnd; readonly output: string };

export type TestLine = {
  readonly folders: TestFolders;
  readonly sandbox: Sandbox;
  readonly profile: SandboxProfile;
  readonly gaps: readonly string[];
  /** Runs a script of bash inside; `more` joins its environment. */
  inside(script: string, more?: Readonly<Record<string, string>>): Promise<Ran>;
  /** Says which protected names appeared. */
  close(): Promise<readonly string[]>;
  remove(): Promise<void>;
};

/** A sentence where no sandbox can work on this machine, printed so that nobody takes skipping for passing. */
export async function whyNoSandbox(): Promise<string | undefined> {
  if (platform !== 'linux') return 'bubblewrap runs on Linux alone';
  const base = await mkdtemp(join(tmpdir(), 'warrant-sandbox-'));
  const sandbox = await createSandbox({ home: base, storage: join(base, 'storage'), id: ids() });
  await rm(base, { recursive: true });
  if (sandbox.probe.kind === 'available') return undefined;
  console.warn(`The sandbox cannot be tested here: ${sandbox.probe.because}`);
  return sandbox.probe.because;
}

let next = 0;
/** Never the same twice: several sandboxes of a test may share one storage. */
export function ids(): () => string {
  return () => String((next += 1));
}

/** A home with a key in it, a repository in that home, and things of other people beside it. */
export async function testFolders(): Promise<TestFolders> {
  const base = await realpath(await mkdtemp(join(tmpdir(), 'warrant-sandbox-')));
  const home = join(base, 'home');
  const workspace = join(home, 'project');
  const own = join(workspace, 'kept');
  const files = {
    [join(home, '.ssh/id_test')]: 'KEY\n',
    [join(home, 'project-evil/file.txt')]: 'theirs\n',
    [join(base, 'outside/file.txt')]: 'theirs\n',
    [join(own, 'ledger')]: 'LEDGER\n',
    [join(workspace, 'src/a.txt')]: 'one\n',
    [join(workspace, 'packages/a/.vscode/settings.json')]: '{}\n',
    [join(workspace, 'packages/a/index.js')]: '1;\n',
    [join(workspace, 'AGENTS.md')]: 'Be kind.\n',
  };
  for (const [path, text] of Object.entries(files)) {
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, text);
  }
  const git = (...args: readonly string[]) => execFileSync('git', ['-C', workspace, ...args]);
  git('init', '-q', '-b', 'main');
  git('config', 'user.name', 'Test');
  git('config', 'user.email', 'test@test.invalid');
  git('add', '-A', 'src', 'packages');
  git('commit', '-q', '-m', 'first');
  return { base, home, workspace, own, outside: join(base, 'outside'), storage: join(base, 'storage') };
}

export async function lineInSandbox(
  user: TestUser,
  given: Partial<SandboxRequest> = {},
  folders?: TestFolders,
  readable: readonly string[] = [],
): Promise<TestLine> {
  const f = folders ?? (await testFolders());
  const sandbox = await createSandbox({ home: f.home, storage: f.storage, id: ids() });
  const prepared: PreparedSandbox = await sandbox.prepare({
    writable: [f.workspace],
    readable: [...toolchains(PATH, f.home, ['/usr', '/bin']), ...readable],
    hidden: [f.own],
    network: 'off',
    ...given,
  });
  if (prepared.kind === 'refused') throw new Error(prepared.because);
  if (user === 'nobody') await giveAway(f.base);
  const { profile, gaps } = prepared;

  return {
    folders: f,
    sandbox,
    profile,
    gaps,
    inside: (script, more = {}) => run(startedBy(user, sandbox.wrap(planOf(f, script, more), profile))),
    close: prepared.close,
    async remove() {
      await prepared.close();
      await rm(f.base, { recursive: true, force: true });
    },
  };
}

/** What a line can do without a sandbox, in a copy of folders made before; removed when `use` is over. */
export async function withoutSandbox(
  user: TestUser,
  made: TestFolders,
  use: (folders: TestFolders, bare: TestLine['inside']) => Promise<void>,
): Promise<void> {
  const base = await realpath(await mkdtemp(join(tmpdir(), 'warrant-sandbox-')));
  const moved = Object.entries(made).map(([name, path]) => [name, path.replace(made.base, base)]);
  const folders = Object.fromEntries(moved) as TestFolders;
  try {
    execFileSync('cp', ['-a', `${made.base}/.`, base]);
    if (user === 'nobody') await giveAway(base);
    await use(folders, (script, more = {}) => run(startedBy(user, planOf(folders, script, more))));
  } finally {
    await rm(base, { recursive: true, force: true });
  }
}

const PATH = [dirname(execPath), '/usr/local/bin', '/usr/bin', '/bin'];

function planOf(f: TestFolders, script: string, more: Readonly<Record<string, string>>): ProcessPlan {
  return {
    file: '/bin/bash',
    argv: ['bash', '--noprofile', '--norc', '-c', script],
    cwd: f.workspace,
    environment: {
      PATH: PATH.join(':'),
      HOME: f.home,
      TMPDIR: tmpdir(),
      THEIR_HOME: f.home,
      OUTSIDE: f.outside,
      OWN: f.own,
      STORAGE: f.storage,
      WS: f.workspace,
      ...more,
    },
    streams: ['ignore', 'pipe', 'pipe'],
  };
}

function startedBy(user: TestUser, plan: ProcessPlan): ProcessPlan {
  if (user === 'myself') return plan;
  const change = [
    'setpriv',
    `--reuid=${NOBODY}`,
    `--regid=${NOBODY}`,
    '--clear-groups',
    '--',
    plan.file,
  ] as const;
  return { ...plan, file: '/usr/bin/setpriv', argv: [...change, ...plan.argv.slice(1)] };
}

export async function run(plan: ProcessPlan): Promise<Ran> {
  const started = startProcess(plan);
  let output = '';
  const closed = [started.stdout, started.stderr].map((stream) => {
    stream?.setEncoding('utf8').on('data', (text: string) => (output += text));
    return new Promise((resolve) => (stream === null ? resolve(null) : stream.once('close', resolve)));
  });
  const end = await started.ended;
  await Promise.all(closed);
  return { end, output };
}

/** The whole tree to the user without rights, as if that user had made it. */
async function giveAway(path: string): Promise<void> {
  const stats = await lstat(path);
  if (stats.isSymbolicLink()) return;
  await chown(path, NOBODY, NOBODY);
  await chmod(path, stats.mode & 0o7777);
  if (stats.isDirectory()) for (const name of await readdir(path)) await giveAway(join(path, name));
}

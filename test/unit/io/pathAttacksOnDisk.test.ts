import { link, mkdir, rename, rm, symlink, unlink, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { createPolicy, type Policy } from '../../../src/policy/decide.ts';
import { digestOf } from '../../../src/protocol/digest.ts';
import type { Content, Effect } from '../../../src/protocol/effect.ts';
import { parseSettings } from '../../../src/protocol/settings.ts';
import type { WorkspacePath } from '../../../src/protocol/workspacePath.ts';
import { worldInFolder, type Files, type TestWorld } from './worldInFolder.ts';

type Verdict = 'allow' | 'ask' | 'deny';
type Step = (dir: string, outside: string) => Promise<unknown>;

const at =
  (what: (to: string, from: string) => Promise<unknown>) =>
  (path: string, to: string): Step =>
  async (dir) => {
    await mkdir(dirname(join(dir, path)), { recursive: true });
    await what(to.startsWith('=') ? to.slice(1) : join(dir, to), join(dir, path));
  };
/** A symbolic link with exactly this target. */
const pointing = (path: string, target: string): Step => at(symlink)(path, `=${target}`);
const hard = at(link);
const folder =
  (path: string): Step =>
  (dir) =>
    mkdir(join(dir, path), { recursive: true });
const all =
  (...steps: readonly Step[]): Step =>
  async (dir, outside) => {
    for (const step of steps) await step(dir, outside);
  };

/** A real disk under the real policy, as loose as settings get. */
async function guarded(files: Files): Promise<{ test: TestWorld; policy: Policy }> {
  const { settings } = parseSettings({ 'edits.allow': ['**'] });
  const policy = createPolicy(settings, { ownFolders: [], trusted: () => true });
  const test = await worldInFolder(files, {
    mayRead: (path, kind) => (kind === 'file' ? policy.mayRead(path) : policy.mayEnter(path)),
    looksSecret: (path) => policy.looksSecret(path),
    mayReadKnown: (facts) => policy.decideRead(facts).verdict === 'allow',
  });
  return { test, policy };
}

const SOME: Content = { text: 'x', bom: false, eol: 'none', mode: 0o644, digest: digestOf('x') };
const reading = (path: WorkspacePath): Effect => ({ kind: 'read', path });
const writing = (path: WorkspacePath): Effect => ({
  kind: 'edit',
  files: [{ path, before: null, after: SOME }],
});

type Row = readonly [
  name: string,
  files: Files,
  prepare: Step,
  path: string,
  read: Verdict,
  write: Verdict,
  by: string,
];
const nothing: Step = () => Promise.resolve();
const ENV = { '.env': 'KEY=1' };
const BARE = {
  'store/HEAD': 'ref: refs/heads/main\n',
  'store/config': '[core]',
  'store/objects/info/x': '',
  'store/refs/heads/main': '',
};

const LINKS: readonly Row[] = [
  ['a link inside', { 'a.txt': 'a' }, pointing('l', 'a.txt'), 'l', 'allow', 'allow', 'edits.allow'],
  ['a link to a denied file', ENV, pointing('l', '.env'), 'l', 'deny', 'deny', 'paths.deny'],
  [
    'a chain of links to a denied file',
    ENV,
    all(pointing('l1', 'l2'), pointing('l2', 'l3'), pointing('l3', './.env')),
    'l1',
    'deny',
    'deny',
    'paths.deny',
  ],
  [
    'a link through the outside and back',
    ENV,
    pointing('l', '../workspace/.env'),
    'l',
    'deny',
    'deny',
    'paths.deny',
  ],
  ['a link of a folder out', {}, pointing('l', '../outside'), 'l/x', 'deny', 'deny', 'paths.outside'],
  [
    'a chain that leads out at its end',
    {},
    all(pointing('l1', 'l2'), pointing('l2', '../outside/x')),
    'l1',
    'deny',
    'deny',
    'paths.outside',
  ],
  ['an absolute link out', {}, pointing('l', '/etc/passwd'), 'l', 'deny', 'deny', 'paths.outside'],
  [
    'a link by way of the process',
    {},
    pointing('l', '/proc/self/cwd'),
    'l/x',
    'deny',
    'deny',
    'paths.outside',
  ],
  [
    'a link to a neighbour with the same beginning',
    {},
    pointing('l', '../workspace-evil'),
    'l',
    'deny',
    'deny',
    'paths.outside',
  ],
  ['a dangling link out', {}, pointing('l', '../outside/none/x'), 'l', 'deny', 'deny', 'paths.outside'],
  ['a dangling link to a denied name', {}, pointing('l', 'sub/.env'), 'l', 'deny', 'deny', 'paths.deny'],
  [
    'a dangling link to a hook',
    { '.git/HEAD': 'ref: refs/heads/main' },
    pointing('l', '.git/hooks/pre-commit'),
    'l',
    'allow',
    'deny',
    'paths.never-written',
  ],
  [
    'a link to the folder of the repository',
    { '.git/HEAD': 'ref: refs/heads/main' },
    pointing('l', '.git'),
    'l/config',
    'allow',
    'deny',
    'paths.never-written',
  ],
  [
    'a link to a protected file',
    { 'package.json': '{}' },
    pointing('l', 'package.json'),
    'l',
    'allow',
    'ask',
    'paths.protected',
  ],
];

const HARD_LINKS: readonly Row[] = [
  [
    'another name of a denied file',
    ENV,
    hard('notes.txt', '.env'),
    'notes.txt',
    'deny',
    'deny',
    'paths.hard-link',
  ],
  [
    'another name of a file in a denied folder',
    { 'home/.ssh/config': 'x' },
    hard('notes.txt', 'home/.ssh/config'),
    'notes.txt',
    'deny',
    'deny',
    'paths.hard-link',
  ],
  [
    'a link to another name of a denied file',
    ENV,
    all(hard('notes.txt', '.env'), pointing('l', 'notes.txt')),
    'l',
    'deny',
    'deny',
    'paths.hard-link',
  ],
  [
    'another name of a plain file',
    { 'a.txt': 'a' },
    hard('b.txt', 'a.txt'),
    'b.txt',
    'allow',
    'ask',
    'paths.hard-link',
  ],
  [
    'another name of a file outside',
    {},
    async (dir, outside) => {
      await writeFile(join(outside, 'x'), 'x');
      await link(join(outside, 'x'), join(dir, 'b.txt'));
    },
    'b.txt',
    'allow',
    'ask',
    'paths.hard-link',
  ],
];

const REPOSITORIES: readonly Row[] = [
  [
    'the configuration of a bare repository',
    BARE,
    nothing,
    'store/config',
    'allow',
    'deny',
    'paths.never-written',
  ],
  [
    'a new hook of a bare repository',
    BARE,
    nothing,
    'store/hooks/post-checkout',
    'allow',
    'deny',
    'paths.never-written',
  ],
  ['deep in a bare repository', BARE, nothing, 'store/info/a/b', 'allow', 'deny', 'paths.never-written'],
  [
    'a bare repository by a link',
    BARE,
    pointing('l', 'store'),
    'l/config',
    'allow',
    'deny',
    'paths.never-written',
  ],
  [
    'one below packages',
    { 'node_modules/x/r/HEAD': 'ref: refs/heads/a' },
    nothing,
    'node_modules/x/r/config',
    'allow',
    'deny',
    'paths.never-written',
  ],
  [
    'one that lacks a folder git cannot hold',
    { 'store/HEAD': 'ref:refs/heads/main', 'store/config': '' },
    nothing,
    'store/config',
    'allow',
    'deny',
    'paths.never-written',
  ],
  [
    'one whose head is a commit',
    { 'store/HEAD': `${'0123456789'.repeat(4)}\n` },
    nothing,
    'store/config',
    'allow',
    'deny',
    'paths.never-written',
  ],
  [
    'one whose head is a link',
    {},
    all(folder('store'), pointing('store/HEAD', 'refs/heads/main')),
    'store/config',
    'allow',
    'deny',
    'paths.never-written',
  ],
  [
    'one with an odd head beside objects and refs',
    { 'store/HEAD': 'x'.repeat(2_000) },
    all(folder('store/objects'), folder('store/refs')),
    'store/config',
    'allow',
    'deny',
    'paths.never-written',
  ],
  [
    'the folder of a linked working tree',
    { 'trees/one/HEAD': '?', 'trees/one/commondir': '../..' },
    nothing,
    'trees/one/config.worktree',
    'allow',
    'deny',
    'paths.never-written',
  ],
  [
    'what a .git file names',
    { 'sub/.git': 'gitdir: ../away\n', 'away/HEAD': 'ref: refs/heads/main' },
    nothing,
    'away/config',
    'allow',
    'deny',
    'paths.never-written',
  ],
  [
    'a .git file',
    { 'sub/.git': 'gitdir: ../away\n' },
    nothing,
    'sub/.git',
    'allow',
    'deny',
    'paths.never-written',
  ],
  [
    'a new .git file in a subfolder',
    { 'sub/a': '' },
    nothing,
    'sub/.git',
    'allow',
    'deny',
    'paths.never-written',
  ],
  [
    'the head that makes a folder one',
    { 'x/config': '' },
    nothing,
    'x/HEAD',
    'allow',
    'ask',
    'paths.repository',
  ],
  ['beside a bare repository', BARE, nothing, 'store.txt', 'allow', 'allow', 'edits.allow'],
  [
    'a file called HEAD that is none',
    { 'docs/HEAD': 'Heading' },
    nothing,
    'docs/a.md',
    'allow',
    'allow',
    'edits.allow',
  ],
  ['a folder called HEAD', { 'docs/HEAD/a': 'x' }, nothing, 'docs/b.md', 'allow', 'allow', 'edits.allow'],
];

const secret = (gitignore: string, more: Files = {}): Files => ({
  '.gitignore': gitignore,
  'app/client-secret.txt': 'x',
  ...more,
});
const SECRET = 'app/client-secret.txt';
const ignored = (name: string, files: Files, isIgnored: boolean, prepare = nothing): Row => [
  name,
  files,
  prepare,
  SECRET,
  isIgnored ? 'ask' : 'allow',
  'allow',
  'edits.allow',
];

const IGNORED: readonly Row[] = [
  ignored('by its name', secret('client-secret.txt\n'), true),
  ignored('by a pattern', secret('*secret*\n'), true),
  ignored('by its folder', secret('app/\n'), true),
  ignored('by an anchored path', secret('/app/client-secret.txt'), true),
  ignored('in another case', secret('CLIENT-SECRET.TXT'), true),
  ignored('with line ends of Windows', secret('# no\r\n*.txt\r\n'), true),
  ignored('by a file deeper down', { [SECRET]: 'x', 'app/.gitignore': '*.txt' }, true),
  ignored('by the list of the repository', { [SECRET]: 'x', '.git/info/exclude': '*.txt' }, true),
  ignored(
    'by its folder, whatever is said deeper down',
    secret('app/', { 'app/.gitignore': '!*.txt' }),
    true,
  ),
  ignored('not at all', secret('*.log\n'), false),
  ignored('taken back in the same file', secret('*.txt\n!client-secret.txt\n'), false),
  ignored('taken back deeper down', secret('*.txt', { 'app/.gitignore': '!client-secret.txt' }), false),
  ignored('by a comment only', secret('# client-secret.txt\n'), false),
  ignored('by a list of another folder', secret('', { 'other/.gitignore': '*' }), false),
  ignored('by patterns that cost too much', secret(`${'a*'.repeat(30)}b\n`), true),
  ignored('by too large a list', secret('# x\n'.repeat(20_000)), true),
  ignored(
    'by a list that is a link, which git does not follow',
    { [SECRET]: 'x', list: '*' },
    false,
    pointing('.gitignore', 'list'),
  ),
  [
    'nothing that looks like a secret',
    { '.gitignore': '*', 'a.txt': 'x' },
    nothing,
    'a.txt',
    'allow',
    'allow',
    'edits.allow',
  ],
  [
    'a link to an ignored secret',
    secret('*.txt'),
    pointing('notes', SECRET),
    'notes',
    'ask',
    'allow',
    'edits.allow',
  ],
];

const OF: readonly (readonly [string, readonly Row[]])[] = [
  ['links', LINKS],
  ['hard links', HARD_LINKS],
  ['repositories', REPOSITORIES],
  ['secrets that git ignores', IGNORED],
];

describe.each(OF)('%s', (_, rows) => {
  it.each(rows)('%s', async (_name, files, prepare, path, read, write, by) => {
    const { test, policy } = await guarded(files);
    await prepare(test.dir, test.outside);
    const known = await test.world.pathFacts(test.at(path));
    const facts = { paths: [known], executables: [] };
    expect(policy.decide(reading(known.path), facts).verdict).toBe(read);
    expect(policy.decide(writing(known.path), facts)).toMatchObject({ verdict: write, rule: by });
  });
});

describe('what cannot be followed is refused', () => {
  it.each<[string, Step, string]>([
    ['a link to itself', pointing('l', 'l'), 'l'],
    ['two links in a circle', all(pointing('l', 'm'), pointing('m', 'l')), 'l/x'],
    ['a folder that holds itself by a link', pointing('d/l', '.'), `d/${'l/'.repeat(45)}x`],
  ])('%s', async (_, prepare, path) => {
    const { test } = await guarded({});
    await prepare(test.dir, test.outside);
    await expect(test.world.pathFacts(test.at(path))).rejects.toMatchObject({ code: 'ELOOP' });
  });
});

describe('a search tells nothing of a file that may not be read', () => {
  it.each<[string, Files, Step]>([
    ['a denied name', { '.env': 'needle' }, nothing],
    ['another name of a denied file', { '.env': 'needle' }, hard('notes.txt', '.env')],
    ['an ignored secret', { '.gitignore': '*.local', 'config.local': 'needle' }, nothing],
    ['a link to a denied file', { '.env': 'needle' }, pointing('l', '.env')],
  ])('%s', async (_, files, prepare) => {
    const { test } = await guarded({ ...files, 'plain.txt': 'needle' });
    await prepare(test.dir, test.outside);
    const query = { pattern: 'needle', isRegex: false, caseSensitive: true };
    const found = await test.done({ kind: 'search', path: test.at(''), query });
    expect(found).toMatchObject({ kind: 'searched', matches: [{ path: test.at('plain.txt') }] });
    expect(found.kind === 'searched' && found.matches.length).toBe(1);
  });
});

describe('what was judged is what is done', () => {
  const swaps: readonly (readonly [string, Step])[] = [
    [
      'its folder by a link that leads out',
      async (dir, outside) => {
        await rename(join(dir, 'sub'), join(dir, 'was'));
        await symlink(outside, join(dir, 'sub'));
      },
    ],
    [
      'its folder by a link to another folder inside',
      async (dir) => {
        await rename(join(dir, 'sub'), join(dir, 'was'));
        await symlink('other', join(dir, 'sub'));
      },
    ],
    [
      'the folder above by a link to a repository',
      async (dir) => {
        await rm(join(dir, 'sub'), { recursive: true });
        await symlink('.git', join(dir, 'sub'));
      },
    ],
  ];
  const effects: readonly (readonly [string, (test: TestWorld) => Effect])[] = [
    ['read', ({ at: of }) => reading(of('sub/a.txt'))],
    ['list', ({ at: of }) => ({ kind: 'list', path: of('sub'), depth: 2 })],
    [
      'search',
      ({ at: of }) => ({
        kind: 'search',
        path: of('sub'),
        query: { pattern: 'secret', isRegex: false, caseSensitive: true },
      }),
    ],
    ['create', ({ at: of }) => writing(of('sub/new.txt'))],
    [
      'delete',
      ({ at: of }) => ({
        kind: 'edit',
        files: [
          { path: of('sub/a.txt'), before: { ...SOME, text: 'mine', digest: digestOf('mine') }, after: null },
        ],
      }),
    ],
  ];
  const cases = swaps.flatMap(([swapped, swap]) =>
    effects.map(([name, effect]) => [name, swapped, effect, swap] as const),
  );
  it.each(cases)('%s, when somebody replaces %s', async (_name, _swapped, effect, swap) => {
    const { test } = await guarded({
      'sub/a.txt': 'mine',
      'other/a.txt': 'secret',
      '.git/HEAD': 'ref: refs/heads/main',
      '.git/a.txt': 'secret',
    });
    await writeFile(join(test.outside, 'a.txt'), 'secret');
    const outcome = await test.perform(effect(test), {
      async meanwhile() {
        await swap(test.dir, test.outside);
      },
    });
    expect(outcome.kind).toBe('stale');
    expect(JSON.stringify(outcome)).not.toContain('secret');
  });

  it('read, when somebody puts another name of a denied file in its place', async () => {
    const { test } = await guarded({ '.env': 'secret', 'a.txt': 'mine' });
    const outcome = await test.perform(reading(test.at('a.txt')), {
      async meanwhile() {
        await unlink(join(test.dir, 'a.txt'));
        await link(join(test.dir, '.env'), join(test.dir, 'a.txt'));
      },
    });
    expect(outcome).toMatchObject({ kind: 'stale' });
    expect(JSON.stringify(outcome)).not.toContain('secret');
  });
});

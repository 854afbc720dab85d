import { execFileSync } from 'node:child_process';
import { chmodSync, mkdirSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** What a repository does to have a program run, and a line of git that plainly started would run it. */
export type Vector = {
  readonly name: string;
  /** Extra lines of its configuration; `PAYLOAD` is a program that leaves a file behind. */
  readonly config?: string;
  readonly attributes?: string;
  /** Where the attributes stand. */
  readonly attributesIn?: 'tree' | 'info';
  readonly hooks?: readonly string[];
  readonly build?: (repository: Repository) => void;
  /** It cannot be held back, so that git is not run there. */
  readonly refused?: true;
  /** With a bare environment, this leaves the file. Left out where only a terminal or a later git would do it. */
  readonly live?: string;
};

export type Repository = {
  readonly dir: string;
  readonly payload: string;
  git(...args: readonly string[]): string;
  write(path: string, text: string): void;
  configure(text: string): void;
};

const driver = (name: string, value: string) => `[${name}]\n\t${value}\n`;

export const VECTORS: readonly Vector[] = [
  { name: 'a file system monitor', config: driver('core', 'fsmonitor = PAYLOAD'), live: 'git status' },
  { name: 'an external diff', config: driver('diff', 'external = PAYLOAD'), live: 'git diff' },
  {
    name: 'a diff driver',
    config: driver('diff "own"', 'command = PAYLOAD'),
    attributes: '* diff=own',
    live: 'git diff',
  },
  {
    name: 'a diff driver of .git/info/attributes',
    config: driver('diff "own.two"', 'command = PAYLOAD'),
    attributes: '* diff=own.two',
    attributesIn: 'info',
    live: 'git diff',
  },
  {
    name: 'a text conversion',
    config: driver('diff "own"', 'textconv = PAYLOAD'),
    attributes: '* diff=own',
    live: 'git show',
  },
  {
    name: 'a text conversion, met by blame',
    config: driver('diff "Own.Name"', 'textconv = PAYLOAD\n\tcachetextconv = true'),
    attributes: '* diff=Own.Name',
    live: 'git blame f',
  },
  {
    name: 'a clean filter',
    config: driver('filter "own"', 'clean = PAYLOAD'),
    attributes: '* filter=own',
    live: 'git status',
  },
  {
    name: 'a required clean filter',
    config: driver('filter "own"', 'clean = PAYLOAD\n\tsmudge = PAYLOAD'),
    attributes: '* filter=own',
    attributesIn: 'info',
    live: 'git diff',
  },
  {
    name: 'a filter process',
    config: driver('filter "own"', 'process = PAYLOAD'),
    attributes: '* filter=own',
    live: 'git status',
  },
  { name: 'a hook after the index changes', hooks: ['post-index-change'], live: 'git add f' },
  {
    name: 'hooks',
    hooks: ['pre-commit', 'post-commit', 'commit-msg', 'post-checkout', 'reference-transaction'],
    live: 'git branch new',
  },
  {
    name: 'a folder of hooks',
    config: driver('core', 'hooksPath = own'),
    build: ({ write, payload, dir }) => {
      write('own/reference-transaction', `#!/bin/sh\n${payload}\n`);
      chmodSync(join(dir, 'own/reference-transaction'), 0o755);
    },
    live: 'git branch new',
  },
  { name: 'an alias', config: driver('alias', 'st = !PAYLOAD'), live: 'git st' },
  {
    name: 'an alias named as a command of git',
    config: driver('alias', 'status = !PAYLOAD\n\tlog = !PAYLOAD\n\tdiff = !PAYLOAD'),
  },
  {
    name: 'pagers',
    config: `${driver('core', 'pager = PAYLOAD')}${driver('pager', 'log = PAYLOAD\n\tdiff = PAYLOAD')}`,
  },
  {
    name: 'a program for signatures',
    config: `${driver('gpg', 'program = PAYLOAD')}${driver('log', 'showSignature = true')}`,
    build: signed,
    live: 'git log',
  },
  {
    name: 'a format that checks signatures',
    config: `${driver('gpg', 'program = PAYLOAD')}${driver('format', 'pretty = %G?')}`,
    build: signed,
    live: 'git log',
  },
  {
    name: 'another file of settings',
    config: driver('include', 'path = ../own.config'),
    build: ({ write, payload }) => write('own.config', driver('core', `fsmonitor = ${payload}`)),
    live: 'git status',
  },
  {
    name: 'another file of settings that names a filter',
    config: driver('include', 'path = ../own.config'),
    attributes: '* filter=own',
    build: ({ write, payload }) => write('own.config', driver('filter "own"', `clean = ${payload}`)),
    live: 'git status',
  },
  {
    name: 'another file of settings under a condition',
    config: driver('includeIf "onbranch:**"', 'path = ../own.config'),
    refused: true,
    attributes: '* filter=own',
    build: ({ write, payload }) => write('own.config', driver('filter "own"', `clean = ${payload}`)),
    live: 'git status',
  },
  {
    name: 'settings of one worktree',
    config: driver('extensions', 'worktreeConfig = true'),
    attributes: '* filter=own',
    build: ({ write, payload, git }) => {
      git('config', 'core.repositoryformatversion', '1');
      write('.git/config.worktree', driver('filter "own"', `clean = ${payload}`));
    },
    live: 'git status',
  },
  {
    name: 'a promised object that is fetched',
    config: `${driver('extensions', 'partialClone = own')}${driver('remote "own"', 'promisor = true\n\turl = ext::PAYLOAD')}${driver('protocol "ext"', 'allow = always')}`,
    build: loseObject,
    live: 'git show HEAD~1:f',
  },
  {
    name: 'a promised object that is fetched by a program',
    config: `${driver('extensions', 'partialClone = own')}${driver('remote "own"', 'promisor = true\n\turl = file:///\n\tuploadpack = PAYLOAD')}`,
    build: loseObject,
    live: 'git show HEAD~1:f',
  },
  {
    name: 'a promised object that is fetched over ssh',
    config: `${driver('extensions', 'partialClone = own')}${driver('remote "own"', 'promisor = true\n\turl = ssh://127.0.0.1:9/x')}${driver('core', 'sshCommand = PAYLOAD')}`,
    build: loseObject,
    live: 'git show HEAD~1:f',
  },
  {
    name: 'a program that asks for passwords',
    config: `${driver('core', 'askPass = PAYLOAD')}${driver('credential', 'helper = PAYLOAD')}`,
  },
  {
    name: 'programs for trailers, archives, merging and tools',
    config: [
      driver('trailer "own"', 'command = PAYLOAD\n\tcmd = PAYLOAD\n\tkey = Own'),
      driver('tar "own"', 'command = PAYLOAD'),
      driver('merge "own"', 'driver = PAYLOAD'),
      driver('difftool "own"', 'cmd = PAYLOAD'),
      driver('hook "own"', 'command = PAYLOAD\n\tevent = post-index-change'),
      driver('interactive', 'diffFilter = PAYLOAD'),
      driver('sequence', 'editor = PAYLOAD'),
      driver('core', 'editor = PAYLOAD\n\talternateRefsCommand = PAYLOAD\n\tgitProxy = PAYLOAD'),
    ].join(''),
    attributes: '* merge=own',
    live: 'git archive --format=own HEAD',
  },
  {
    name: 'a submodule with a filter of its own',
    build: (repository) => {
      const { git, dir, payload, write } = repository;
      mkdirSync(join(dir, 'inner'));
      const inner = (...args: readonly string[]) => git('-C', join(dir, 'inner'), ...args);
      inner('init', '-q', '-b', 'main');
      write('inner/g', 'one\n');
      inner('add', 'g');
      inner('commit', '-qm', 'inner');
      git('add', 'inner');
      git('commit', '-qm', 'with a submodule');
      write('inner/.gitattributes', '* filter=own\n');
      inner('config', 'filter.own.clean', payload);
      inner('config', 'core.fsmonitor', payload);
      write('inner/g', 'two\n');
      write('.gitmodules', '[submodule "inner"]\n\tpath = inner\n\turl = ./inner\n\tignore = none\n');
      repository.configure('[submodule "inner"]\n\tignore = none\n\tactive = true\n');
    },
    live: 'git status',
  },
  {
    name: 'a submodule shown as a diff',
    config: `${driver('diff', 'submodule = diff\n\tignoreSubmodules = none')}${driver('status', 'submoduleSummary = true')}`,
    build: (repository) =>
      VECTORS.find(({ name }) => name === 'a submodule with a filter of its own')?.build?.(repository),
    live: 'git diff',
  },
];

/** Builds the repository of a vector; the payload is told where its canary goes. */
export function hostileRepository(dir: string, payload: string, vector: Vector): Repository {
  const git = (...args: readonly string[]) =>
    execFileSync('git', args, {
      cwd: dir,
      encoding: 'utf8',
      env: {
        PATH: process.env['PATH'],
        HOME: dir,
        GIT_CONFIG_NOSYSTEM: '1',
        GIT_AUTHOR_NAME: 'A',
        GIT_AUTHOR_EMAIL: 'a@example.org',
        GIT_COMMITTER_NAME: 'A',
        GIT_COMMITTER_EMAIL: 'a@example.org',
      },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
  let config = '';
  const write = (path: string, text: string) => {
    mkdirSync(join(dir, path, '..'), { recursive: true });
    writeFileSync(join(dir, path), text);
  };
  const configure = (text: string) => {
    config += text;
  };
  const repository: Repository = { dir, payload, git, write, configure };
  git('init', '-q', '-b', 'main');
  write('f', 'one\n');
  write('.gitignore', 'own\nown.config\n');
  git('add', '.');
  git('commit', '-qm', 'one');
  write('f', 'two\n');
  git('commit', '-qam', 'two');
  write('f', 'three\n');
  git('stash', '-q');
  vector.build?.(repository);
  if (vector.attributes !== undefined)
    write(
      vector.attributesIn === 'info' ? '.git/info/attributes' : '.gitattributes',
      `${vector.attributes}\n`,
    );
  for (const hook of vector.hooks ?? []) {
    write(`.git/hooks/${hook}`, `#!/bin/sh\n${payload}\n`);
    chmodSync(join(dir, '.git/hooks', hook), 0o755);
  }
  // As long as before and older: git has to read it, through its filter, to know that it changed.
  write('f', 'six\n');
  utimesSync(join(dir, 'f'), 1, 1);
  const before = git('config', '--list');
  if (before === '') throw new Error('no repository was made');
  const text = `${config}${vector.config ?? ''}`.replaceAll('PAYLOAD', payload);
  // Last, because git itself would run it from here on.
  writeFileSync(join(dir, '.git/config'), text, { flag: 'a' });
  return repository;
}

/** Gives the last commit a signature that nobody made, so that whoever looks at signatures starts a program. */
function signed({ git, write }: Repository): void {
  const commit = git('cat-file', 'commit', 'HEAD');
  const [head = '', ...body] = commit.split('\n\n');
  write(
    'own/commit',
    `${head}\ngpgsig -----BEGIN PGP SIGNATURE-----\n \n aaaa\n -----END PGP SIGNATURE-----\n\n${body.join('\n\n')}`,
  );
  git('reset', '-q', '--soft', git('hash-object', '-t', 'commit', '-w', 'own/commit').trim());
}

/** Takes away the first text of `f`, as in a clone that left it out. */
function loseObject({ git, dir, write }: Repository): void {
  const id = git('rev-parse', 'HEAD~1:f').trim();
  const path = `.git/objects/${id.slice(0, 2)}/${id.slice(2)}`;
  chmodSync(join(dir, path), 0o644);
  execFileSync('rm', [join(dir, path)]);
  write('.git/objects/pack/.keep', '');
}

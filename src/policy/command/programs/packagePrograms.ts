import type { Change, CodeWord, Flags, ProgramFamily, Role, Spec } from '../programSpec.ts';
import { READS } from './textPrograms.ts';

const MANIFEST = 'package.json';
const EVERYWHERE = ['*'] as const;

/** A script of package.json, with those that run before and after it. */
function scriptOf(name: string): readonly CodeWord[] {
  return [`pre${name}`, name, `post${name}`].map((entry) => ({ kind: 'entry', word: MANIFEST, entry }));
}

const script: Role = { as: 'text', check: (word) => ({ code: scriptOf(word) }) };
/** Where scripts come from several manifests, or a manager decides what a word means. */
const somewhere = (because: string): Change => ({ code: [{ kind: 'workspace', because }] });

const QUIET: Flags = {
  '-s --silent --quiet -q -d --no-audit --no-fund --no-progress --if-present --ignore-scripts --foreground-scripts --color --no-color --prefer-offline --offline --json --no-update-notifier': true,
  '--loglevel --reporter': 'text',
  '--prefix': 'folder',
  '-w --workspace --filter -F': {
    value: 'text',
    then: somewhere('packages of the workspace, each with scripts of its own'),
  },
  '-ws --workspaces -r --recursive -ws --include-workspace-root --parallel --stream': {
    then: somewhere('packages of the workspace, each with scripts of its own'),
  },
};

const runs: Spec = {
  flags: QUIET,
  positionals: { first: [script], rest: 'text' },
  afterDashes: 'arguments',
};
const runsNamed = (name: string): Spec => ({
  flags: QUIET,
  code: scriptOf(name),
  positionals: { rest: 'text' },
  afterDashes: 'arguments',
});

/** Packages come over the network, and their install scripts are code nobody has looked at. */
function installs(...files: readonly string[]): Spec {
  return {
    flags: {
      ...QUIET,
      '-D --save-dev -P --save-prod -O --save-optional -E --save-exact -S --save --no-save -g --global -f --force --legacy-peer-deps --production --frozen-lockfile --no-frozen-lockfile --immutable --dry-run --package-lock-only --no-package-lock --no-optional --dev --exact --lockfile-only -W': true,
      '--omit --include --install-strategy': 'text',
    },
    network: EVERYWHERE,
    code: [{ kind: 'workspace', because: 'install scripts of packages' }],
    paths: [
      { use: 'write', word: 'node_modules', below: true },
      ...files.map((word) => ({ use: 'write', word }) as const),
    ],
    positionals: { rest: 'text' },
  };
}

const looks: Spec = {
  rule: READS,
  paths: [{ use: 'enter', word: '.' }],
  flags: {
    '-a --all --json --long -l --parseable -p --prod --production --dev -g --global --link': true,
    '--depth --omit --include': 'text',
  },
  positionals: { rest: 'text' },
};
const asks: Spec = {
  network: EVERYWHERE,
  flags: { ...QUIET, '-g --global -a --all -l --long': true, '--depth --omit --audit-level': 'text' },
  positionals: { rest: 'text' },
};
const changesRegistry: Spec = {
  network: EVERYWHERE,
  flags: { ...QUIET, '--dry-run --provenance': true, '--tag --access --otp': 'text' },
  positionals: { rest: 'text' },
  ...somewhere('scripts that run before a package is published or packed'),
};

/** Runs a program of the packages that are installed, or of one that is fetched first. */
function runsBin(args: readonly string[]): Change {
  let at = 0;
  while ((args[at] ?? '').startsWith('-')) {
    const word = args[at] ?? '';
    at += 1;
    if (word === '--') break;
    if (/^(?:-y|--yes|--no|--no-install|-q|--quiet|--prefer-offline|--offline|--silent|--bun)$/.test(word))
      continue;
    if (/^--package=/.test(word)) continue;
    if (word !== '-p' && word !== '--package')
      return { unclear: `\`${word.slice(0, 80)}\` of npx is not known` };
    at += 1;
  }
  const [name] = args.slice(at);
  if (name === undefined) return { unclear: 'it would start a shell' };
  const isBin = /^[A-Za-z0-9][A-Za-z0-9._-]*$/.test(name);
  return {
    network: EVERYWHERE,
    code: [
      isBin
        ? { kind: 'file', word: `node_modules/.bin/${name}` }
        : {
            kind: 'workspace',
            because: `the package ${name.slice(0, 80)}, fetched where it is not installed`,
          },
    ],
    inner: [{ argv: [name, ...args.slice(at + 1)] }],
  };
}

const VERSION: Flags = { '-v --version -V': { then: { rule: READS, bare: {} } } };

const lifecycle = {
  test: runsNamed('test'),
  start: runsNamed('start'),
  stop: runsNamed('stop'),
  restart: runsNamed('restart'),
};

/** Yarn and pnpm start by running what the workspace names: a release, plugins, hooks. */
const OWN_CODE: Change = somewhere('what .yarnrc.yml, .pnpmfile.cjs or packageManager of package.json name');

function manager(lock: string): { readonly [names: string]: Spec } {
  return {
    'run run-script': runs,
    ...lifecycle,
    'install i add remove rm update up upgrade dedupe ci import link unlink': installs(MANIFEST, lock),
    'list ls why outdated info view audit licenses config': asks,
    'publish pack': changesRegistry,
    'exec dlx x create': { read: runsBin },
    // A word that is no command of theirs is a script.
    'build lint format typecheck type-check check dev watch serve preview e2e coverage clean prepare release test:unit lint:fix':
      {
        flags: { '--fix --watch --coverage -w': true },
        positionals: { rest: 'text' },
        afterDashes: 'arguments',
        ...somewhere('the script of that name in package.json'),
      },
  };
}

export const packagePrograms: ProgramFamily = {
  name: 'package managers of Node.js',
  programs: [
    {
      names: 'npm',
      flags: { ...QUIET, ...VERSION },
      subcommands: {
        'run run-script rum urn': runs,
        'test t tst': lifecycle.test,
        start: lifecycle.start,
        stop: lifecycle.stop,
        restart: lifecycle.restart,
        'install i in ins inst add update up upgrade uninstall un remove rm r unlink link ln dedupe ddp prune rebuild rb':
          installs(MANIFEST, 'package-lock.json'),
        'ci clean-install ic install-clean install-ci-test cit': installs(),
        'ls list ll la explain why root prefix': looks,
        'view info show v outdated audit ping search whoami fund dist-tag owner doctor': asks,
        'publish unpublish deprecate version pack': changesRegistry,
        'exec x': { read: runsBin },
        'init create': { ...installs(MANIFEST), ...somewhere('a package that sets up another one') },
      },
      examples: {
        allowed: [['npm --version'], ['npm ls', 'enter .'], ['npm ls --depth=0 --json', 'enter .']],
        asked: [
          ['npm test', 'code package.json#pretest', 'code package.json#test', 'code package.json#posttest'],
          [
            'npm t -- --watch',
            'code package.json#pretest',
            'code package.json#test',
            'code package.json#posttest',
          ],
          [
            'npm run x -- -a ../b',
            'code package.json#prex',
            'code package.json#x',
            'code package.json#postx',
          ],
          [
            'npm --prefix sub run x',
            'enter sub',
            'code sub/package.json#prex',
            'code sub/package.json#x',
            'code sub/package.json#postx',
          ],
          ['npm ci', 'network *', 'code *', 'write node_modules/**'],
          [
            'npm install -D vitest',
            'network *',
            'code *',
            'write node_modules/**',
            'write package.json',
            'write package-lock.json',
          ],
          ['npm view vitest version', 'network *'],
          ['npm exec -- tsc --noEmit', 'network *', 'code node_modules/.bin/tsc', 'run tsc --noEmit'],
        ],
        unclear: [
          'npm run x --script-shell=./evil',
          'npm --node-options=--require=x test',
          'npm test --prefer-dedupe-x',
          "npm exec -c 'x'",
          'npm config set script-shell ./evil',
          'npm explore x -- ls',
          'npm --userconfig x ls',
          'npm edit x',
          'npm frob',
        ],
      },
    },
    {
      names: 'npx bunx pnpx',
      read: runsBin,
      examples: {
        asked: [
          ['npx tsc --noEmit', 'network *', 'code node_modules/.bin/tsc', 'run tsc --noEmit'],
          ['npx -y create-x@1 a', 'network *', 'code *', 'run create-x@1 a'],
        ],
        unclear: ["npx -c 'id'", 'npx --call id', 'npx', 'npx --node-options=x tsc', 'npx --shell sh x'],
      },
    },
    {
      names: 'yarn',
      flags: { ...installs().flags, ...VERSION },
      ...OWN_CODE,
      // Alone it installs.
      bare: {
        network: EVERYWHERE,
        code: [{ kind: 'workspace', because: 'install scripts of packages' }],
        paths: [
          { use: 'write', word: 'node_modules', below: true },
          { use: 'write', word: 'yarn.lock' },
        ],
      },
      subcommands: manager('yarn.lock'),
      examples: {
        asked: [
          ['yarn', 'network *', 'code *', 'code *', 'write node_modules/**', 'write yarn.lock'],
          [
            'yarn install --frozen-lockfile',
            'network *',
            'code *',
            'code *',
            'write node_modules/**',
            'write package.json',
            'write yarn.lock',
          ],
          ['yarn build', 'code *', 'code *'],
        ],
        unclear: ['yarn frob', 'yarn --use-yarnrc x install', 'yarn node evil.js'],
      },
    },
    {
      names: 'pnpm bun',
      flags: { ...QUIET, ...VERSION },
      ...OWN_CODE,
      subcommands: manager('pnpm-lock.yaml'),
      examples: {
        asked: [
          ['pnpm -r build', 'code *', 'code *', 'code *'],
          ['pnpm --version', 'code *'],
        ],
        unclear: ['pnpm --script-shell=x run a', 'pnpm frob', 'bun evil.ts'],
      },
    },
  ],
};

import type { Change, Examples, Flags, ProgramFamily, ProgramSpec, Role, Spec } from '../programSpec.ts';
import { READS } from './textPrograms.ts';

const workspace = (because: string): Change => ({ code: [{ kind: 'workspace', because }] });
const STDIN: Change = { unclear: 'it would run what its standard input says' };
const VERSION: Flags = { '--version -v': { then: { rule: READS, bare: {} } } };
const ASKED_VERSION: Flags = { '--version -V': { then: { bare: {} } } };

/** A file of code; `-` is standard input. */
const program: Role = { as: 'script', check: (word) => (word === '-' ? STDIN : undefined) };
/** A file, or a package by its name. */
const loaded: Role = {
  as: 'text',
  check: (word) =>
    /^\.{0,2}\//.test(word)
      ? { code: [{ kind: 'file', word }] }
      : workspace(`the package ${word.slice(0, 80)}`),
};

/** A tool whose configuration, plugins or tests are code of the workspace. */
function tool(
  names: string,
  because: string,
  flags: Flags,
  examples: Examples,
  more: Spec = {},
): ProgramSpec {
  return {
    names,
    ...workspace(because),
    flags: { ...ASKED_VERSION, '--help -h --color --no-color': true, ...flags },
    positionals: { rest: 'readBelow' },
    examples,
    ...more,
  };
}

const writesAll = { paths: [{ use: 'write', word: '.', below: true }] } as const;
const CONFIG: Flags = { '-c --config': { value: 'script' } };
const TEST_FLAGS: Flags = {
  '--run --watch --no-watch --coverage --no-coverage -u --update -w --ci --silent --verbose --bail --passWithNoTests --runInBand -i --onlyChanged -o --watchAll --no-cache --globals --typecheck --detectOpenHandles --forceExit --json --inBand --ui --headed --list --debug --findRelatedTests --listTests --changed --exit': true,
  '-t --testNamePattern --reporter --reporters --project --testPathPattern --testTimeout --maxWorkers --minWorkers --workers --environment --pool --dir --root --grep -g --shard --retry --retries --timeout --mode --coverage.provider --seed --selectProjects --testPathPatterns --spec --browser --env':
    'text',
  '--outputFile --output-file --output': { value: 'output' },
  '--bail --changed --silent --coverage': { attached: 'text' },
};

/** What `python -m` starts. */
function moduleOf(word: string): Change {
  if (/^(?:pip|pip3)$/.test(word))
    return { network: ['*'], ...workspace('packages that are built by their own code') };
  return workspace(`the module ${word.slice(0, 80)}, which the workspace may hold itself`);
}

const pip: Spec = {
  flags: {
    '-q --quiet -v --verbose --no-input --disable-pip-version-check --no-color': true,
    ...ASKED_VERSION,
  },
  subcommands: {
    'install download wheel': {
      flags: {
        '-U --upgrade --user --no-deps --pre --no-cache-dir --force-reinstall --no-build-isolation --dry-run -q --quiet --break-system-packages --system': true,
        '-r --requirement -c --constraint': 'read',
        '-e --editable': 'script',
        '-t --target -d --dest -w --wheel-dir': 'writeBelow',
        '--only-binary --no-binary --group --extra': 'text',
      },
      network: ['*'],
      ...workspace('packages that are built by their own code'),
      positionals: { rest: 'text' },
    },
    'uninstall remove': { flags: { '-y --yes': true, '-r': 'read' }, positionals: { rest: 'text' } },
    'list show freeze check config cache debug index inspect': {
      network: ['*'],
      flags: {
        '-o --outdated -u --uptodate -e --editable -f --files -l --local --user --verbose -v': true,
        '--format': 'text',
      },
      positionals: { rest: 'text' },
    },
  },
};

export const scriptPrograms: ProgramFamily = {
  name: 'programs that run scripts, tests and checks',
  programs: [
    {
      names: 'node nodejs',
      flags: {
        ...VERSION,
        '--enable-source-maps --no-warnings --trace-warnings --trace-deprecation --trace-uncaught --watch --expose-gc --experimental-strip-types --experimental-vm-modules --experimental-test-coverage --experimental-specifier-resolution --preserve-symlinks --throw-deprecation --no-deprecation --pending-deprecation': true,
        '--max-old-space-size --stack-trace-limit --unhandled-rejections --test-name-pattern --test-reporter --test-concurrency --test-timeout -C --conditions --input-type --dns-result-order':
          'text',
        '--env-file': 'read',
        '--test-reporter-destination': 'output',
        '-r --require --import --loader --experimental-loader': loaded,
        '-c --check': { then: { positionals: { first: ['read'] } } },
        '--test': {
          then: { ...workspace('the tests it finds'), bare: {}, positionals: { rest: 'script' } },
        },
        '--run': {
          value: {
            as: 'text',
            check: (entry) => ({ code: [{ kind: 'entry', word: 'package.json', entry }] }),
          },
          then: { bare: {} },
        },
        '-e --eval -p --print -pe': { value: 'code', then: { bare: {} } },
      },
      positionals: { first: [program], rest: 'arguments' },
      flagsFirst: true,
      bare: STDIN,
      examples: {
        allowed: [['node --version'], ['node -v']],
        asked: [
          ['node scripts/build.mjs --out x', 'code scripts/build.mjs'],
          ['node --test', 'code *'],
          ['node --test a.test.js', 'code *', 'code a.test.js'],
          ['node -r ./hook.cjs a.js', 'code ./hook.cjs', 'code a.js'],
          ['node --import tsx a.ts', 'code *', 'code a.ts'],
          ['node --check a.js', 'read a.js'],
        ],
        unclear: [
          'node',
          'node -',
          "node -e '1'",
          'node -p 1',
          'node --eval=1',
          'node --inspect a.js',
          'node --frob a.js',
          'node --openssl-config=x a.js',
        ],
      },
    },
    {
      names: 'python python3 python2',
      flags: {
        ...ASKED_VERSION,
        '-u -B -O -OO -E -s -S -I -q -v -i -d -b': true,
        '-W -X': 'text',
        '-c': { value: 'code', then: { bare: {}, positionals: { rest: 'text' } } },
        '-m': {
          value: { as: 'text', check: moduleOf },
          then: { bare: {}, positionals: { rest: 'arguments' } },
        },
      },
      positionals: { first: [program], rest: 'arguments' },
      flagsFirst: true,
      bare: STDIN,
      examples: {
        asked: [
          ['python3 --version'],
          ['python manage.py migrate', 'code manage.py'],
          ['python3 -m pytest -q', 'code *'],
          ['python3 -m pip install x', 'network *', 'code *'],
          ['python3 -u -m venv .venv', 'code *'],
        ],
        unclear: ['python3', "python3 -c 'x'", 'python3 -', 'python3 --frob a.py'],
      },
    },
    {
      names: 'pip pip3',
      ...pip,
      examples: {
        asked: [
          ['pip install -r requirements.txt', 'network *', 'code *', 'read requirements.txt'],
          ['pip list', 'network *'],
        ],
        unclear: [
          'pip install --index-url=x y',
          'pip install --global-option=x y',
          'pip --python x install y',
          'pip --log x list',
        ],
      },
    },
    {
      names: 'uv poetry pipenv pdm rye hatch tox nox pixi conda',
      network: ['*'],
      ...workspace('what the project says'),
      flags: { ...ASKED_VERSION, '-q --quiet -v --verbose --no-input -n --no-interaction': true },
      positionals: { rest: 'text' },
      subcommands: {
        pip: pip,
        run: { flags: {}, positionals: { rest: 'command' } },
        'sync install add remove lock update build tree venv show init check export test env python shell': {
          flags: {
            '--frozen --locked --dev --all-extras --no-dev --all-groups --no-root -D --upgrade -U': true,
            '--extra --group -G --python -p -e': 'text',
            '-r': 'read',
          },
          positionals: { rest: 'text' },
        },
      },
      examples: {
        asked: [
          ['uv sync', 'network *', 'code *'],
          ['uv run pytest -q', 'network *', 'code *', 'run pytest -q'],
          ['poetry install', 'network *', 'code *'],
        ],
        unclear: ['uv run --with x y', 'uv --config-file x sync', 'uv frob'],
      },
    },
    {
      names: 'bash sh zsh dash ksh fish',
      flags: {
        ...ASKED_VERSION,
        '-e -u -x -v -n -f': true,
        '-o': 'text',
        '-c': { value: 'code', then: { bare: {}, positionals: { rest: 'text' } } },
      },
      positionals: { first: [program], rest: 'arguments' },
      flagsFirst: true,
      bare: STDIN,
      examples: {
        asked: [
          ['bash scripts/build.sh -x', 'code scripts/build.sh'],
          ['sh -eu a.sh', 'code a.sh'],
        ],
        unclear: [
          'bash',
          'sh -c ls',
          'bash -lc ls',
          'bash --rcfile x',
          'bash --init-file x a.sh',
          'bash -i',
          'sh -s',
          'bash -',
        ],
      },
    },
    {
      names: 'ruby perl php lua Rscript julia swift groovy elixir tsx ts-node deno',
      flags: { ...ASKED_VERSION, '-w -W': true },
      positionals: { first: [program], rest: 'arguments' },
      flagsFirst: true,
      bare: STDIN,
      examples: {
        asked: [
          ['ruby a.rb x', 'code a.rb'],
          ['tsx src/a.ts', 'code src/a.ts'],
        ],
        unclear: [
          "ruby -e '1'",
          "perl -e '1'",
          "perl -ne '1' a",
          'php -r 1',
          'ruby',
          'lua -',
          'perl -Mevil a.pl',
          'tsx --import x a.ts',
        ],
      },
    },
    {
      names: 'java',
      flags: {
        ...ASKED_VERSION,
        '-version': true,
        '-jar': true,
      },
      style: 'long',
      flagsFirst: true,
      positionals: {
        first: [
          {
            as: 'script',
            check: (word) =>
              word.startsWith('@') ? { unclear: 'its arguments stand in a file' } : undefined,
          },
        ],
        rest: 'arguments',
      },
      examples: {
        asked: [
          ['java -jar app.jar -x', 'code app.jar'],
          ['java Main.java', 'code Main.java'],
        ],
        unclear: ['java -cp x Main', 'java -javaagent:x -jar a.jar', 'java @args'],
      },
    },
    {
      names: 'tsc vue-tsc tsgo',
      flags: {
        ...ASKED_VERSION,
        '-v -h --help --strict --skipLibCheck --pretty --listFiles --diagnostics --extendedDiagnostics --incremental --traceResolution --noErrorTruncation --esModuleInterop --allowJs --checkJs --resolveJsonModule --noImplicitAny --declaration --sourceMap --explainFiles --preserveWatchOutput --force --clean --verbose --dry --noCheck': true,
        '--noEmit --showConfig --listFilesOnly': { attached: 'text', then: { bare: {} } },
        '-w --watch -b --build': { then: { bare: writesAll } },
        '-p --project': 'readBelow',
        '--target -t --module -m --lib --jsx --moduleResolution --types': 'text',
        '--outDir --outFile --declarationDir --rootDir': { value: 'writeBelow', then: {} },
      },
      paths: [{ use: 'read', word: '.', below: true }],
      style: 'long',
      positionals: { rest: 'read' },
      bare: writesAll,
      examples: {
        asked: [
          ['tsc --noEmit', 'read ./**'],
          ['tsc --noEmit -p tsconfig.json', 'read ./**', 'read tsconfig.json/**'],
          ['tsc', 'read ./**', 'write ./**'],
          ['tsc -w', 'read ./**', 'write ./**'],
        ],
        unclear: ['tsc --frob', 'tsc --generateCpuProfile x', 'tsc --tsBuildInfoFile x'],
      },
    },
    tool(
      'eslint oxlint biome stylelint',
      'its configuration and plugins',
      {
        ...CONFIG,
        '--fix --fix-dry-run': { then: writesAll },
        '--quiet --cache --no-cache --debug --no-ignore --no-inline-config --report-unused-disable-directives --no-error-on-unmatched-pattern --stats': true,
        '-f --format --ext --max-warnings --rule --ignore-pattern --cache-strategy --env --global': 'text',
        '-o --output-file': 'output',
        '--cache-location': 'write',
        '--rulesdir --resolve-plugins-relative-to': 'script',
      },
      {
        asked: [
          ['eslint src', 'code *', 'read src/**'],
          ['eslint --fix --max-warnings 0 src', 'code *', 'read src/**', 'write ./**'],
          ['eslint -c evil.js -o out.txt src', 'code *', 'code evil.js', 'write out.txt', 'read src/**'],
        ],
        unclear: ['eslint --init', 'eslint --plugin x src', 'eslint --stdin'],
      },
    ),
    tool(
      'prettier',
      'its configuration and plugins',
      {
        '--check -l --list-different --cache --no-config --no-editorconfig --ignore-unknown -u --no-error-on-unmatched-pattern --single-quote --no-semi --use-tabs': true,
        '--write -w': { then: { positionals: { rest: 'writeBelow' } } },
        '--log-level --parser --print-width --tab-width --end-of-line --trailing-comma --stdin-filepath':
          'text',
        '--config': 'script',
        '--ignore-path': 'read',
      },
      {
        asked: [
          ['prettier --check src', 'code *', 'read src/**'],
          ['prettier --write src a.ts', 'code *', 'write src/**', 'write a.ts/**'],
        ],
        unclear: ['prettier --plugin=x src', 'prettier --frob src'],
      },
    ),
    tool(
      'vitest jest mocha ava playwright cypress tap',
      'the tests and their configuration',
      { ...CONFIG, ...TEST_FLAGS },
      {
        asked: [
          ['vitest run test/a.test.ts -t name', 'code *', 'read run/**', 'read test/a.test.ts/**'],
          ['jest --coverage', 'code *'],
          ['jest --config evil.js', 'code *', 'code evil.js'],
        ],
        unclear: ['jest --globalSetup x', 'mocha --require x', 'vitest --frob'],
      },
    ),
    tool(
      'vite webpack rollup esbuild next nuxt astro ng parcel tsup turbo nx lerna gulp grunt rspack nodemon concurrently storybook husky lint-staged wrangler',
      'its configuration, plugins and what they start',
      {
        ...CONFIG,
        '--watch -w --mode --production --open --host': { attached: 'text' },
        '-p --port --target --filter': 'text',
      },
      {
        asked: [['vite build', 'code *', 'read build/**', 'network *', 'write ./**']],
        unclear: ['webpack --frob x'],
      },
      { network: ['*'], ...writesAll },
    ),
    tool(
      'pytest py.test ruff black mypy flake8 isort pylint pyright coverage pre-commit rspec rubocop phpunit',
      'the tests, plugins and configuration of the project',
      {
        '-q -v -vv -x -s -l --lf --ff --nf --sw --quiet --verbose --strict --check --diff --exitfirst --last-failed --failed-first --no-header --no-summary --collect-only --co --disable-warnings --cov --no-cov --strict-markers --ignore-missing-imports --fast --all-files -a --show-fixes --preview --unsafe-fixes --stepwise': true,
        '--fix --in-place': { then: writesAll },
        '-k -m -n --maxfail --tb --durations --cov-report --select --ignore --line-length -l --target-version --python-version --timeout -r --output-format':
          'text',
        '-c --config --config-file --rcfile': 'script',
        '--junitxml --junit-xml': 'output',
        '--cov': { attached: 'text' },
      },
      {
        asked: [
          ['pytest -q tests', 'code *', 'read tests/**', 'write ./**'],
          ['black .', 'code *', 'read ./**', 'write ./**'],
        ],
        unclear: ['pytest --frob', 'pytest -p evil'],
      },
      writesAll,
    ),
  ],
};

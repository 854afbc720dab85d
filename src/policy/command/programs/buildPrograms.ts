import type {
  Change,
  CodeWord,
  Examples,
  Flags,
  ProgramFamily,
  ProgramSpec,
  Role,
  Spec,
} from '../programSpec.ts';

const workspace = (because: string): Change => ({ code: [{ kind: 'workspace', because }] });
const ALL = [{ use: 'write', word: '.', below: true }] as const;

/** A build tool: it runs code of the workspace, fetches what that needs, and writes what it makes. */
function builds(
  names: string,
  because: string,
  words: string,
  flags: Flags,
  examples: Examples,
): ProgramSpec {
  const verb: Spec = { flags, positionals: { rest: 'text' }, afterDashes: 'arguments' };
  return {
    names,
    ...workspace(because),
    network: ['*'],
    paths: ALL,
    flags: { '--version -V -v --help -h': true, ...flags },
    inherited: true,
    subcommands: { [words]: verb },
    examples,
  };
}

const MAKEFILES = 'Makefile';
const target: Role = 'entry';
/** Values become part of what recipes run. */
const assigned: Role = {
  as: 'text',
  check: (word) => ({
    unclear: `what the variable ${word.slice(0, 80)} changes in the recipes is not known`,
  }),
};
const defaultTarget: CodeWord = { kind: 'entry', word: MAKEFILES, entry: 'the first target' };

export const buildPrograms: ProgramFamily = {
  name: 'build tools',
  programs: [
    {
      names: 'make gmake',
      paths: ALL,
      network: ['*'],
      flags: {
        '-B --always-make -k --keep-going -s --silent --quiet -n --just-print --dry-run -i --ignore-errors -q -t --touch -r -R -w --no-print-directory -d -p --trace': true,
        '-j --jobs -l --load-average -O --output-sync': { attached: 'text' },
        '-C --directory': 'folder',
        '-f --file --makefile': 'entriesFile',
      },
      shapes: [[/^[0-9]+$/, true]],
      positionals: { assigned, rest: target },
      entriesOf: MAKEFILES,
      bare: { code: [defaultTarget] },
      examples: {
        asked: [
          ['make test', 'write ./**', 'network *', 'code Makefile#test'],
          ['make -j4', 'write ./**', 'network *', 'code Makefile#the first target'],
          ['make -C sub -f own.mk a', 'enter sub', 'write sub/./**', 'network *', 'code sub/own.mk#a'],
          ['make -n test', 'write ./**', 'network *', 'code Makefile#test'],
        ],
        unclear: [
          'make SHELL=./evil',
          'make CC=x test',
          'make --eval=x',
          'make -I x',
          'make --frob',
          'make -E x',
        ],
      },
    },
    {
      names: 'just task rake invoke',
      ...workspace('the recipes of the workspace'),
      paths: ALL,
      network: ['*'],
      flags: { '-l --list -n --dry-run -q --quiet -v --verbose': true },
      positionals: { rest: 'text' },
      examples: {
        asked: [['just test', 'code *', 'write ./**', 'network *']],
        unclear: ['just --shell x a', 'rake -e x'],
      },
    },
    builds(
      'cargo',
      'build scripts, macros and tests',
      'build b check c test t run r bench clippy fmt doc d clean update tree metadata add remove install fetch nextest publish fix init new',
      {
        '--release -r --all --workspace --lib --bins --tests --examples --benches --all-targets --all-features --no-default-features -q --quiet -v --verbose -vv --locked --offline --frozen --no-run --no-fail-fast --keep-going --check --open --no-deps --fix --allow-dirty --allow-staged --dry-run --dev': true,
        '-p --package --bin --test --example --bench --features -F --target -j --jobs --profile --message-format --exclude --color':
          'text',
        '--target-dir --manifest-path': 'write',
      },
      {
        asked: [
          ['cargo build --release', 'code *', 'network *', 'write ./**'],
          ['cargo test -p a name -- --nocapture', 'code *', 'network *', 'write ./**'],
          ['cargo clippy -- -D warnings', 'code *', 'network *', 'write ./**'],
          ['cargo fmt --check', 'code *', 'network *', 'write ./**'],
        ],
        unclear: [
          'cargo --config x build',
          'cargo frob',
          'cargo +nightly build',
          'cargo -Z x build',
          'cargo -C x build',
        ],
      },
    ),
    builds(
      'go',
      'code of the workspace and what it is built with',
      'build test vet run fmt generate install mod list get work clean doc env version tool',
      {
        '-v -race -short -cover -failfast -json -a -m -u -d -trimpath -n -i': true,
        '-run -bench -count -timeout -tags -coverpkg -covermode -p -parallel': 'text',
        '-o -coverprofile -cpuprofile -memprofile': 'output',
        '-C': 'folder',
      },
      {
        asked: [
          ['go test ./...', 'code *', 'network *', 'write ./**'],
          ['go build -o out ./cmd/a', 'code *', 'network *', 'write ./**', 'write out'],
          ['go mod tidy', 'code *', 'network *', 'write ./**'],
          ['go version', 'code *', 'network *', 'write ./**'],
        ],
        unclear: ['go build -toolexec=x', 'go test -exec x', 'go vet -vettool=x', 'go frob', 'go env -w X=y'],
      },
    ),
    {
      names: 'cmake ctest ninja meson bazel buck2 scons',
      ...workspace('the build files of the workspace'),
      network: ['*'],
      paths: ALL,
      flags: {
        '--version --help --build --verbose -v --clean-first --output-on-failure --fresh -V -k --list-presets':
          { attached: 'text' },
        '-S --source': 'read',
        '-B --install-prefix --test-dir --install': 'writeBelow',
        '-G -D -t --target --config --preset --parallel -R': 'text',
        '-C': 'text',
        '-j': { attached: 'number' },
      },
      positionals: { rest: 'text' },
      examples: {
        asked: [
          ['cmake --build build', 'code *', 'network *', 'write ./**'],
          ['cmake -S . -B build -DX=1', 'code *', 'network *', 'write ./**', 'read .', 'write build/**'],
        ],
        unclear: ['cmake -E rm -rf x', 'cmake -P x.cmake', 'cmake --frob', 'ninja -f x'],
      },
    },
    {
      names:
        'mvn mvnw gradle gradlew ant sbt lein mix bundle bundler gem composer dotnet msbuild swiftc rustc gcc g++ cc c++ clang clang++ javac flutter dart zig stack cabal xcodebuild pod fastlane rustup',
      ...workspace('the build files of the project, their plugins and what they fetch'),
      network: ['*'],
      paths: ALL,
      flags: {
        '-v --version -version --help -q --quiet -B --batch-mode -o --offline -X --no-daemon --info --stacktrace -U -c -g -O2 -O3 -Wall -Wextra --no-restore --no-build --release --nologo --no-dev --no-interaction': true,
        '-D -P -p --project --configuration -pl --tests --framework --filter --verbosity -std': {
          value: 'text',
        },
        '--output': 'output',
      },
      positionals: { rest: 'text' },
      style: 'long',
      examples: {
        asked: [
          ['mvn -q test', 'code *', 'network *', 'write ./**'],
          ['gradle build --no-daemon', 'code *', 'network *', 'write ./**'],
          ['dotnet test --no-build', 'code *', 'network *', 'write ./**'],
          ['bundle exec rspec', 'code *', 'network *', 'write ./**'],
          ['composer install', 'code *', 'network *', 'write ./**'],
        ],
        unclear: [
          'gradle --init-script x',
          'mvn -s x',
          'gcc -fplugin=x a.c',
          'gcc -wrapper x a.c',
          'rustc -C linker=x a.rs',
        ],
      },
    },
  ],
};

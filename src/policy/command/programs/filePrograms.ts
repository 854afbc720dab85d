import type { Examples, Flags, ProgramFamily, ProgramSpec, Spec } from '../programSpec.ts';
import { READS } from './textPrograms.ts';

const HELP: Flags = { '--help --version': true };

/** Looks at names, sizes and dates, or at nothing at all: never at what stands in files. */
function looks(names: string, flags: Flags, examples: Examples, more: Spec = {}): ProgramSpec {
  return {
    names,
    rule: READS,
    positionals: { rest: 'enter' },
    flags: { ...HELP, ...flags },
    examples,
    ...more,
  };
}

/** Whatever its arguments, it prints or compares text. */
function anything(names: string, examples: Examples): ProgramSpec {
  return { names, rule: READS, anyArguments: true, examples };
}

function changes(names: string, flags: Flags, examples: Examples, more: Spec = {}): ProgramSpec {
  return { names, positionals: { rest: 'write' }, flags: { ...HELP, ...flags }, examples, ...more };
}

const LIST_HERE: Spec = { bare: { paths: [{ use: 'enter', word: '.' }] } };
const BACKUPS: Flags = { '-b': true, '--backup': { attached: 'text' }, '-S --suffix': 'text' };
const INTO: Flags = {
  '-t --target-directory': { value: 'destination', then: { drops: 'last' } },
  '-T --no-target-directory': true,
};
const COPY = { rest: 'read', last: 'destination' } as const;

export const filePrograms: ProgramFamily = {
  name: 'files and folders',
  programs: [
    anything('echo true false basename dirname yes :', {
      allowed: [['echo -n a b'], ['basename src/a.ts .ts'], ['echo --bogus']],
    }),
    anything('expr seq factor', { allowed: [['seq 1 10']] }),
    {
      names: 'printf',
      rule: READS,
      // To a shell, `-v` names a variable, whose name may hold a command.
      read: ([first = '']) =>
        first.startsWith('-') && first !== '--' ? { unclear: 'printf may set a variable' } : {},
      examples: { allowed: [['printf %s a'], ['printf -- %s -v']], unclear: ["printf -v 'a[0]' x"] },
    },
    looks(
      'ls dir vdir',
      {
        '-a --all -A --almost-all --author -b --escape -B --ignore-backups -c -C -d --directory -f -F -g -G --no-group -h --human-readable --si -i --inode -k --kibibytes -l -L --dereference -H --dereference-command-line -m -n --numeric-uid-gid -N --literal -o -p -q --hide-control-chars --show-control-chars -Q --quote-name -r --reverse -R --recursive -s --size -S -t -u -U -v -x -X -Z --context -1 --group-directories-first --full-time --file-type --zero -e -@ -O': true,
        '--color --hyperlink --classify': { attached: 'text' },
        '-I --ignore --hide --block-size --format --indicator-style --quoting-style --sort --time --time-style -T --tabsize -w --width':
          'text',
      },
      {
        allowed: [
          ['ls', 'enter .'],
          ['ls -la src test', 'enter src', 'enter test'],
          ['ls -R --color=auto', 'enter .'],
        ],
        unclear: ['ls --bogus'],
      },
      LIST_HERE,
    ),
    looks(
      'tree',
      {
        '-a -d -f -i -l -x -p -s -h -u -g -D -F -q -N -Q -r -t -c -v -U -n -C -A -S -J -X --dirsfirst --filesfirst --noreport --prune --gitignore --si --du --inodes --device --matchdirs --ignore-case': true,
        '-L -P -I --filelimit --charset --timefmt --sort --gitfile': 'text',
        '-o': 'output',
      },
      {
        allowed: [
          ['tree -L 2 -I node_modules', 'enter .'],
          ['tree src', 'enter src'],
        ],
        asked: [['tree -o out.txt', 'write out.txt', 'enter .']],
        unclear: ['tree --fromfile list', 'tree -R'],
      },
      LIST_HERE,
    ),
    looks(
      'du',
      {
        '-0 --null -a --all --apparent-size -b --bytes -c --total -D --dereference-args -H -h --human-readable -k -L --dereference -l --count-links -m -P --no-dereference -S --separate-dirs --si -s --summarize -x --one-file-system --inodes': true,
        '-B --block-size -d --max-depth --exclude -t --threshold --time-style': 'text',
        '--time': { attached: 'text' },
      },
      {
        allowed: [
          ['du -sh src', 'enter src'],
          ['du', 'enter .'],
        ],
        unclear: ['du --files0-from=x'],
      },
      LIST_HERE,
    ),
    looks(
      'df',
      {
        '-a --all -h --human-readable -H --si -i --inodes -k -l --local -P --portability -T --print-type --total': true,
        '-B --block-size -t --type -x --exclude-type': 'text',
        '--output': { attached: 'text' },
      },
      { allowed: [['df -h'], ['df -h .', 'enter .']] },
    ),
    looks(
      'stat',
      {
        '-L --dereference -f --file-system -t --terse -x -l -n -q -r -s': true,
        '-c --format --printf': 'text',
      },
      { allowed: [['stat -c %s a', 'enter a']] },
    ),
    looks(
      'file',
      {
        '-b --brief -i --mime --mime-type --mime-encoding -L --dereference -h --no-dereference -z --uncompress -k --keep-going -n -N -r --raw -0 --print0 -s -S --extension -p': true,
        '-F --separator -e --exclude -P': 'text',
      },
      {
        allowed: [['file -b a', 'read a']],
        unclear: ['file -m magic a', 'file -f list', 'file -C -m magic'],
      },
      { positionals: { rest: 'read' } },
    ),
    looks(
      'realpath readlink',
      {
        '-f --canonicalize -e --canonicalize-existing -m --canonicalize-missing -n --no-newline -q --quiet -s --strip --no-symlinks -z --zero -v --verbose -L --logical -P --physical': true,
        '--relative-to --relative-base': 'enter',
      },
      {
        allowed: [
          ['realpath a', 'enter a'],
          ['readlink -f a', 'enter a'],
        ],
      },
    ),
    looks('pwd', { '-L -P --logical --physical': true }, { allowed: [['pwd']] }, { positionals: {} }),
    {
      names: 'test [',
      rule: READS,
      read: readTest,
      examples: {
        allowed: [
          ['test -f package.json', 'enter package.json'],
          ['[ -d src ]', 'enter src'],
          ['[ a = b ]'],
          ['test ! -e a -a -n b', 'enter a'],
          ['[ a -nt b ]', 'enter a', 'enter b'],
        ],
        unclear: ['test -v a'],
      },
    },
    looks(
      'date',
      {
        '-u --utc --universal -R --rfc-email -j -n': true,
        '-d --date -v --rfc-3339': 'text',
        '-I --iso-8601': { attached: 'text' },
        '-r --reference': 'enter',
      },
      {
        allowed: [['date +%s'], ['date -u -d yesterday'], ['date -Iseconds']],
        unclear: ['date -s now', 'date 010100002030', 'date -f a'],
      },
      {
        positionals: {
          first: [
            {
              as: 'text',
              check: (word) =>
                word.startsWith('+') ? undefined : { unclear: 'a date is given, which may set the clock' },
            },
          ],
        },
      },
    ),
    looks('sleep', {}, { allowed: [['sleep 5']], unclear: ['sleep x'] }, { positionals: { rest: 'number' } }),
    looks(
      'whoami logname nproc arch tty groups users uptime',
      { '--all': true },
      { allowed: [['whoami'], ['nproc']] },
      {
        positionals: {},
      },
    ),
    looks(
      'id',
      { '-a -g --group -G --groups -n --name -r --real -u --user -z --zero': true },
      { allowed: [['id -un']] },
      { positionals: { rest: 'text' } },
    ),
    looks(
      'uname',
      {
        '-a --all -s --kernel-name -n --nodename -r --kernel-release -v --kernel-version -m --machine -p --processor -i --hardware-platform -o --operating-system': true,
      },
      { allowed: [['uname -a']] },
      { positionals: {} },
    ),
    looks(
      'hostname',
      { '-s --short -f --fqdn --long -d --domain -i --ip-address -I --all-ip-addresses': true },
      { allowed: [['hostname -s']], unclear: ['hostname evil', 'hostname -F a'] },
      { positionals: {} },
    ),
    looks(
      'which whereis type',
      { '-a --all -s -p -b -m': true },
      { allowed: [['which node'], ['which -a node npm']] },
      { positionals: { rest: 'text' } },
    ),
    // The environment that commands get holds no secret by name, but what it does hold is for people to show.
    {
      names: 'printenv',
      flags: { ...HELP, '-0 --null': true },
      positionals: { rest: 'text' },
      examples: { asked: [['printenv PATH']] },
    },
    changes(
      'touch',
      {
        '-a -c --no-create -f -h --no-dereference -m': true,
        '-d --date -t --time': 'text',
        '-r --reference': 'enter',
      },
      { asked: [['touch -m a b', 'write a', 'write b']] },
    ),
    changes(
      'mkdir',
      { '-p --parents -v --verbose': true, '-m --mode': 'text' },
      { asked: [['mkdir -p src/new', 'write src/new']], unclear: ['mkdir --bogus a'] },
    ),
    changes(
      'rmdir',
      { '-p --parents -v --verbose --ignore-fail-on-non-empty': true },
      { asked: [['rmdir a', 'write a']] },
    ),
    changes(
      'rm',
      {
        '-f --force -i -I -v --verbose -d --dir --one-file-system --preserve-root': true,
        '--interactive': { attached: 'text' },
        '-r -R --recursive': { then: { below: true } },
      },
      {
        asked: [
          ['rm -rf dist', 'write dist/**'],
          ['rm a -r', 'write a/**'],
          ["rm -- '-x'", 'write -x'],
        ],
        unclear: ['rm --no-preserve-root a'],
      },
    ),
    changes(
      'cp',
      {
        '-f --force -i --interactive -n --no-clobber -u -v --verbose -p -x --one-file-system -Z --strip-trailing-slashes -H -P --no-dereference --remove-destination --attributes-only --debug --parents -l --link -s --symbolic-link': true,
        '-L --dereference': true,
        '--preserve --update --reflink --context': { attached: 'text' },
        '--no-preserve --sparse': 'text',
        '-a --archive -r -R --recursive -d': { then: { below: true } },
        ...BACKUPS,
        ...INTO,
      },
      {
        asked: [
          ['cp a b', 'read a', 'write b', 'write b/a'],
          ['cp -r src/x out/', 'read src/x/**', 'write out//**', 'write out/x/**'],
          ['cp -t out a b', 'read a', 'read b', 'write out', 'write out/a', 'write out/b'],
        ],
        unclear: ['cp --bogus a b'],
      },
      { positionals: COPY },
    ),
    changes(
      'mv',
      {
        '-f --force -i --interactive -n --no-clobber -u -v --verbose -Z --strip-trailing-slashes --exchange --no-copy --debug': true,
        '--update': { attached: 'text' },
        ...BACKUPS,
        ...INTO,
      },
      { asked: [['mv a.txt b.txt', 'write a.txt/**', 'write b.txt/**', 'write b.txt/a.txt/**']] },
      { positionals: { rest: 'writeBelow', last: 'destination' }, below: true },
    ),
    changes(
      'ln',
      {
        '-s --symbolic -f --force -i --interactive -n --no-dereference -v --verbose -L --logical -P --physical -r --relative': true,
        ...BACKUPS,
        ...INTO,
      },
      { asked: [['ln -s a b', 'read a/**', 'write b', 'write b/a']], unclear: ['ln -d a b'] },
      // Whatever stands behind the link can be read through it.
      { positionals: { rest: 'readBelow', last: 'destination' } },
    ),
    changes(
      'chmod',
      {
        '-c --changes -f --silent --quiet -v --verbose --preserve-root': true,
        '-R --recursive': { then: { below: true } },
        '--reference': { value: 'enter', then: { drops: 'first' } },
      },
      {
        asked: [
          ['chmod +x a', 'write a'],
          ['chmod -R 755 a', 'write a/**'],
          ['chmod -x a', 'write a'],
        ],
        unclear: ['chmod --bogus a'],
      },
      {
        positionals: { first: ['text'], rest: 'write' },
        shapes: [[/^-[rwxXst]+$/, { then: { drops: 'first' } }]],
      },
    ),
    changes(
      'install',
      {
        '-c -C --compare -D -p --preserve-timestamps -v --verbose': true,
        '-d --directory': { then: { positionals: { rest: 'write' } } },
        '-m --mode': 'text',
        ...BACKUPS,
        ...INTO,
      },
      {
        asked: [
          ['install -m 755 a b', 'read a', 'write b', 'write b/a'],
          ['install -d out', 'write out'],
        ],
        unclear: ['install --strip-program=sh -s a b', 'install -o root a b'],
      },
      { positionals: COPY },
    ),
    changes(
      'truncate',
      { '-c --no-create -o --io-blocks': true, '-s --size': 'text', '-r --reference': 'enter' },
      { asked: [['truncate -s 0 a', 'write a']] },
    ),
    changes(
      'sync',
      { '-d --data -f --file-system': true },
      { asked: [['sync']], unclear: ['sync a'] },
      { positionals: {} },
    ),
    changes(
      'mktemp',
      { '-d --directory -u --dry-run -q --quiet': true },
      { asked: [['mktemp -d', 'write /tmp']], unclear: ['mktemp -p src x'] },
      { positionals: {}, paths: [{ use: 'write', word: '/tmp' }] },
    ),
  ],
};

const FILE_TESTS = /^-[abcdefghkprstuwxGLNOS]$/;
const TEXT_TESTS = /^-[nz]$/;
const COMPARE_FILES = /^-(?:nt|ot|ef)$/;
const COMPARE = /^(?:=|==|!=|<|>|-(?:eq|ne|lt|le|gt|ge))$/;

/** The words of `test`: operators with their operands. */
function readTest(args: readonly string[]) {
  const words = args.at(-1) === ']' ? args.slice(0, -1) : args;
  const paths: { use: 'enter'; word: string }[] = [];
  for (let at = 0; at < words.length; at += 1) {
    const word = words[at] ?? '';
    const next = words[at + 1];
    const isJoint =
      word === '!' || word === '(' || word === ')' || (at > 0 && (word === '-a' || word === '-o'));
    if (isJoint) continue;
    const beyond = words[at + 2];
    if (beyond !== undefined && next !== undefined && COMPARE.test(next)) at += 2;
    else if (beyond !== undefined && next !== undefined && COMPARE_FILES.test(next)) {
      paths.push({ use: 'enter', word }, { use: 'enter', word: beyond });
      at += 2;
    } else if (next !== undefined && FILE_TESTS.test(word)) {
      paths.push({ use: 'enter', word: next });
      at += 1;
    } else if (next !== undefined && (TEXT_TESTS.test(word) || word === '-t')) at += 1;
    else if (word.startsWith('-') && next !== undefined) return { unclear: `the test ${word} is not known` };
  }
  return { paths };
}

import type { ProgramFamily } from '../programSpec.ts';
import { readFind } from './readFind.ts';
import { READS } from './textPrograms.ts';

const FOLLOWS = { below: true, asks: true } as const;

export const searchPrograms: ProgramFamily = {
  name: 'search tools',
  programs: [
    {
      names: 'grep egrep fgrep',
      rule: READS,
      positionals: { first: ['pattern'], rest: 'read' },
      flags: {
        '--help --version -V': true,
        '-E --extended-regexp -F --fixed-strings -G --basic-regexp -P --perl-regexp -i --ignore-case --no-ignore-case -y -w --word-regexp -x --line-regexp -z --null-data -s --no-messages -v --invert-match -c --count -L --files-without-match -l --files-with-matches -o --only-matching -q --quiet --silent -b --byte-offset -H --with-filename -h --no-filename -n --line-number -T --initial-tab -Z --null -a --text -I -U --binary --line-buffered -u': true,
        '--color --colour': { attached: 'text' },
        '-A --after-context -B --before-context -C --context -m --max-count': 'number',
        '--label --binary-files --include --exclude --exclude-dir --group-separator -D --devices': 'text',
        '-e --regexp': { value: 'pattern', then: { drops: 'first' } },
        '-f --file': { value: 'read', then: { drops: 'first' } },
        '--exclude-from': 'read',
        '-d --directories': {
          value: {
            as: 'text',
            check: (word) => (word === 'recurse' ? FOLLOWS : undefined),
          },
        },
        '-r --recursive': {
          then: { below: true, bare: { paths: [{ use: 'read', word: '.', below: true }] } },
        },
        // Follows links out of what was looked at.
        '-R --dereference-recursive': {
          then: { ...FOLLOWS, bare: { paths: [{ use: 'read', word: '.', below: true }] } },
        },
      },
      shapes: [[/^-[0-9]+$/, true]],
      examples: {
        allowed: [
          ['grep -rn TODO src', 'read src/**'],
          ['grep -rn TODO', 'read ./**'],
          ['grep -e a -e b f', 'read f'],
          ['grep -f patterns f', 'read patterns', 'read f'],
          ["grep -rn --include='*.ts' -A3 foo src test", 'read src/**', 'read test/**'],
          ['grep -c foo'],
        ],
        asked: [['grep -Rn foo src', 'read src/**']],
        unclear: ['grep --bogus x f', 'grep -W x f'],
      },
    },
    {
      names: 'rg',
      rule: READS,
      positionals: { first: ['pattern'], rest: 'readBelow' },
      bare: { paths: [{ use: 'read', word: '.', below: true }] },
      flags: {
        '--help --version -V -h': true,
        '-i --ignore-case -s --case-sensitive -S --smart-case -F --fixed-strings -w --word-regexp -x --line-regexp -v --invert-match -n --line-number -N --no-line-number -c --count --count-matches -l --files-with-matches --files-without-match -o --only-matching -q --quiet -a --text -U --multiline --multiline-dotall -P --pcre2 -0 --null --null-data -H --with-filename -I --no-filename -p --pretty --heading --no-heading --json --vimgrep --column --no-column --trim --stats --passthru -b --byte-offset --crlf --no-config --no-ignore --no-ignore-vcs --no-ignore-global --no-ignore-parent --no-ignore-dot --no-messages --no-ignore-messages --hidden -. -u --unrestricted --one-file-system --block-buffered --line-buffered --mmap --no-mmap --debug --no-unicode --include-zero --glob-case-insensitive --sort-files --no-require-git --binary --max-columns-preview --auto-hybrid-regex': true,
        '-A --after-context -B --before-context -C --context -m --max-count -M --max-columns -d --max-depth --maxdepth -j --threads --dfa-size-limit --regex-size-limit --max-filesize':
          'number',
        '-g --glob --iglob -t --type -T --type-not --type-add --type-clear -r --replace --color --colors --context-separator --field-context-separator --field-match-separator --path-separator --sort --sortr -E --encoding --engine --hyperlink-format':
          'text',
        '-e --regexp': { value: 'pattern', then: { drops: 'first' } },
        '-f --file': { value: 'read', then: { drops: 'first' } },
        '--ignore-file': 'read',
        '--files': {
          then: { positionals: { rest: 'enter' }, bare: { paths: [{ use: 'enter', word: '.' }] } },
        },
        '--type-list': { then: { positionals: {}, bare: {} } },
        '-L --follow': { then: { asks: true } },
      },
      examples: {
        allowed: [
          ['rg -n foo src', 'read src/**'],
          ['rg foo', 'read ./**'],
          ['rg --files -g *.ts', 'enter .'],
          ['rg -e foo src', 'read src/**'],
        ],
        asked: [['rg -L foo src', 'read src/**']],
        unclear: ['rg --pre sh foo', 'rg --hostname-bin x foo', 'rg -z foo', 'rg --search-zip foo'],
      },
    },
    {
      names: 'find gfind',
      rule: READS,
      read: readFind,
      examples: {
        allowed: [
          ['find', 'enter .'],
          ["find . -name '*.ts' -not -path './node_modules/*'", 'enter .'],
          ['find src test -type f -newer a -print0', 'enter src', 'enter test', 'enter a'],
          ['find . ( -name a -o -name b ) -prune', 'enter .'],
          ['find src -name a -exec cat {} +', 'enter src', 'run cat src'],
        ],
        asked: [
          ['find build -delete', 'enter build', 'write build/**'],
          ['find . -fprint out', 'enter .', 'write out'],
          ['find -L src -exec wc {} +', 'enter src', 'run wc src'],
        ],
        unclear: [
          'find . -bogus',
          'find . -execdir cat {} ;',
          'find . -exec {} ;',
          'find . -files0-from x',
          'find . -exec cat {}',
        ],
      },
    },
    {
      names: 'fd fdfind',
      rule: READS,
      positionals: { first: ['pattern'], rest: 'enter' },
      bare: { paths: [{ use: 'enter', word: '.' }] },
      flags: {
        '--help --version -V -h': true,
        '-H --hidden -I --no-ignore -u --unrestricted --no-ignore-vcs --no-ignore-parent -s --case-sensitive -i --ignore-case -g --glob --regex -F --fixed-strings -p --full-path -a --absolute-path --relative-path -l --list-details -L --follow -0 --print0 -1 -q --quiet --prune --one-file-system --no-require-git --show-errors': true,
        '-t --type -e --extension -E --exclude -d --max-depth --min-depth --exact-depth -S --size --changed-within --changed-before --newer --older -o --owner -c --color -j --threads --max-results --path-separator --and --format --strip-cwd-prefix':
          'text',
        '--search-path': 'enter',
        '-C --base-directory': 'folder',
        '--ignore-file': 'read',
      },
      examples: {
        allowed: [
          ['fd foo', 'enter .'],
          ['fd -e ts . src', 'enter src'],
        ],
        unclear: ['fd foo -x rm', 'fd -X cat', 'fd --exec rm'],
      },
    },
  ],
};

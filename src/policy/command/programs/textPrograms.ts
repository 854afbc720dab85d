import type { Flags, ProgramFamily, ProgramSpec } from '../programSpec.ts';

/** The shipped rule for programs that only read what they name, and print it. */
export const READS = 'commands.reads';

const HELP: Flags = { '--help --version': true };
const FILES = { rest: 'read' } as const;

/** A program that prints the files it names, or its input. */
function filter(
  names: string,
  flags: Flags,
  examples: ProgramSpec['examples'],
  more: Partial<ProgramSpec> = {},
): ProgramSpec {
  return { names, rule: READS, positionals: FILES, flags: { ...HELP, ...flags }, examples, ...more };
}

const digests = filter(
  'sha1sum sha224sum sha256sum sha384sum sha512sum md5sum b2sum',
  {
    '-b --binary -t --text --tag -z --zero --ignore-missing --quiet --status --strict -w --warn': true,
    '-l --length': 'number',
    // A list of sums names files that only the list knows.
    '-c --check': { then: { unclear: 'which files a list of sums names is only known when it is read' } },
  },
  { allowed: [['sha256sum a b', 'read a', 'read b']], unclear: ['sha256sum -c SUMS', 'md5sum --check SUMS'] },
);

export const textPrograms: ProgramFamily = {
  name: 'text tools',
  programs: [
    filter(
      'cat',
      {
        '-A --show-all -b --number-nonblank -e -E --show-ends -n --number -s --squeeze-blank -t -T --show-tabs -u -v --show-nonprinting': true,
      },
      {
        allowed: [
          ['cat a b', 'read a', 'read b'],
          ['cat', ...[]],
          ['cat -', ...[]],
          ["cat -nA -- '-odd name'", 'read -odd name'],
        ],
        unclear: ['cat --files0-from=x', 'cat -q a'],
      },
    ),
    filter(
      'tac',
      { '-b --before -r --regex': true, '-s --separator': 'text' },
      { allowed: [['tac a', 'read a']] },
    ),
    filter('rev', {}, { allowed: [['rev a', 'read a']] }),
    filter(
      'head',
      { '-c --bytes -n --lines': 'number', '-q --quiet --silent -v --verbose -z --zero-terminated': true },
      {
        allowed: [
          ['head -20 a', 'read a'],
          ['head -n 5 a b', 'read a', 'read b'],
          ['head -n5 -q a', 'read a'],
          ['head --lines=-3'],
        ],
        unclear: ['head -n x a', 'head --bogus a'],
      },
      { shapes: [[/^-[0-9]+[bkmcqvzl]*$/, true]] },
    ),
    filter(
      'tail',
      {
        '-c --bytes -n --lines -s --sleep-interval --max-unchanged-stats --pid': 'number',
        '-f -F --retry -q --quiet --silent -v --verbose -z --zero-terminated': true,
        '--follow': { attached: 'text' },
      },
      {
        allowed: [['tail -f log', 'read log'], ['tail -n +2 a', 'read a'], ['tail -5']],
        unclear: ['tail --bogus a'],
      },
      { shapes: [[/^-[0-9]+[bcklfF]*$/, true]] },
    ),
    filter(
      'wc',
      { '-c --bytes -m --chars -l --lines -L --max-line-length -w --words': true, '--total': 'text' },
      { allowed: [['wc -l a b', 'read a', 'read b']], unclear: ['wc --files0-from=list'] },
    ),
    filter(
      'sort',
      {
        '-b --ignore-leading-blanks -d --dictionary-order -f --ignore-case -g --general-numeric-sort -i --ignore-nonprinting -M --month-sort -h --human-numeric-sort -n --numeric-sort -R --random-sort -r --reverse -V --version-sort -m --merge -s --stable -u --unique -z --zero-terminated --debug -C': true,
        '-c --check': { attached: 'text' },
        '-k --key -t --field-separator --sort -S --buffer-size --parallel --batch-size': 'text',
        '-o --output': 'output',
        '-T --temporary-directory': 'write',
        '--random-source': 'read',
      },
      {
        allowed: [['sort -rn'], ['sort -t, -k2,2n a b', 'read a', 'read b']],
        asked: [
          ['sort -o a a', 'read a', 'write a'],
          ['sort a -ob', 'read a', 'write b'],
          ['sort --output=b a', 'read a', 'write b'],
        ],
        unclear: ['sort --compress-program=sh a', 'sort --files0-from=a', 'sort --outp=b a'],
      },
    ),
    filter(
      'uniq',
      {
        '-c --count -d --repeated -D -i --ignore-case -u --unique -z --zero-terminated': true,
        '--all-repeated --group': { attached: 'text' },
        '-f --skip-fields -s --skip-chars -w --check-chars': 'number',
      },
      {
        allowed: [['uniq -c'], ['uniq -d a', 'read a']],
        asked: [['uniq a b', 'read a', 'write b']],
        unclear: ['uniq a b c'],
      },
      { positionals: { first: ['read', 'output'] } },
    ),
    filter(
      'cut',
      {
        '-b --bytes -c --characters -d --delimiter -f --fields --output-delimiter': 'text',
        '-n --complement -s --only-delimited -z --zero-terminated': true,
      },
      { allowed: [["cut -d ' ' -f 1,3 a", 'read a'], ['cut -d: -f1']], unclear: ['cut -x a'] },
    ),
    filter(
      'tr',
      { '-c -C --complement -d --delete -s --squeeze-repeats -t --truncate-set1': true },
      { allowed: [['tr a-z A-Z'], ['tr -d x']], unclear: ['tr a b c', 'tr --x a'] },
      { positionals: { first: ['text', 'text'] } },
    ),
    filter(
      'comm',
      {
        '-1 -2 -3 -i --check-order --nocheck-order --total -z --zero-terminated': true,
        '--output-delimiter': 'text',
      },
      { allowed: [['comm -12 a b', 'read a', 'read b']] },
    ),
    filter(
      'diff',
      {
        '-q --brief -s --report-identical-files -c -u -e --ed -n --rcs -y --side-by-side -p --show-c-function -a --text -b --ignore-space-change -w --ignore-all-space -B --ignore-blank-lines -E --ignore-tab-expansion -Z --ignore-trailing-space -i --ignore-case -d --minimal -t --expand-tabs -T --initial-tab -l --paginate -N --new-file -P --unidirectional-new-file --left-column --suppress-common-lines --no-dereference --strip-trailing-cr --suppress-blank-empty --speed-large-files --normal': true,
        '--context --unified --color': { attached: 'text' },
        '-C -U -W --width --tabsize --horizon-lines -F --show-function-line -I --ignore-matching-lines -L --label -x --exclude -S --starting-file -D --ifdef':
          'text',
        '-X --exclude-from': 'read',
        '--from-file --to-file': 'read',
        '-r --recursive': { then: { below: true } },
      },
      {
        allowed: [
          ['diff -u a b', 'read a', 'read b'],
          ['diff -rq a b', 'read a/**', 'read b/**'],
        ],
        unclear: ['diff --bogus a b'],
      },
      { shapes: [[/^-[0-9]+$/, true]] },
    ),
    filter(
      'cmp',
      {
        '-b --print-bytes -l --verbose -s --quiet --silent': true,
        '-i --ignore-initial -n --bytes': 'text',
      },
      { allowed: [['cmp -s a b', 'read a', 'read b']], unclear: ['cmp a b c d e'] },
      { positionals: { first: ['read', 'read', 'number', 'number'] } },
    ),
    filter(
      'paste',
      { '-d --delimiters': 'text', '-s --serial -z --zero-terminated': true },
      { allowed: [['paste -sd, a', 'read a']] },
    ),
    filter(
      'join',
      {
        '-a -e -j -o -t -v -1 -2': 'text',
        '-i --ignore-case --check-order --nocheck-order --header -z --zero-terminated': true,
      },
      { allowed: [['join -t, a b', 'read a', 'read b']] },
    ),
    filter(
      'fold',
      { '-b --bytes -s --spaces': true, '-w --width': 'number' },
      { allowed: [['fold -sw 80 a', 'read a']] },
    ),
    filter(
      'fmt',
      {
        '-c --crown-margin -s --split-only -t --tagged-paragraph -u --uniform-spacing': true,
        '-p --prefix': 'text',
        '-w --width -g --goal': 'number',
      },
      { allowed: [['fmt -w 72 a', 'read a']] },
    ),
    filter(
      'nl',
      {
        '-b --body-numbering -d --section-delimiter -f --footer-numbering -h --header-numbering -i --line-increment -l --join-blank-lines -n --number-format -s --number-separator -v --starting-line-number -w --number-width':
          'text',
        '-p --no-renumber': true,
      },
      { allowed: [['nl -ba a', 'read a']] },
    ),
    filter(
      'od',
      {
        '-A --address-radix -j --skip-bytes -N --read-bytes -t --format --endian': 'text',
        '-S --strings': 'text',
        '-w --width': { attached: 'number' },
        '-a -b -c -d -f -i -l -o -s -x -v --output-duplicates': true,
      },
      {
        allowed: [
          ['od -c a', 'read a'],
          ['od -A x -t x1z a', 'read a'],
        ],
      },
      { positionals: { rest: 'read' } },
    ),
    filter(
      'xxd',
      {
        '-a -b -e -E -i -p -u -ps -postscript -plain -bits -include': true,
        '-c -cols -g -groupsize -l -len -n -name -o -s -seek': 'text',
        // From a dump back to bytes.
        '-r -revert': true,
      },
      {
        allowed: [['xxd -l 64 a', 'read a'], ['xxd -p']],
        asked: [['xxd -r a b', 'read a', 'write b']],
      },
      { positionals: { first: ['read', 'output'] }, style: 'long' },
    ),
    filter(
      'hexdump hd',
      {
        '-b -c -C -d -o -v -x --canonical --no-squeezing': true,
        '-e -n -s --length --skip': 'text',
        '-f': 'read',
      },
      { allowed: [['hexdump -C -n 64 a', 'read a']] },
    ),
    filter(
      'strings',
      {
        '-a --all -d --data -f --print-file-name -w': true,
        '-n --bytes -t --radix -e --encoding -s': 'text',
      },
      { allowed: [['strings -n 8 a', 'read a']] },
      { shapes: [[/^-[0-9]+$/, true]] },
    ),
    filter(
      'column',
      {
        '-t --table -x --fillrows -e --table-header-repeat -d --table-noheadings -J --json': true,
        '-s --separator -o --output-separator -c --output-width -N --table-columns -R --table-right -n --table-name -H --table-hide':
          'text',
      },
      { allowed: [['column -t -s , a', 'read a']] },
    ),
    filter(
      'expand unexpand',
      { '-i --initial -a --all --first-only': true, '-t --tabs': 'text' },
      { allowed: [['expand -t 4 a', 'read a']] },
    ),
    filter(
      'shuf',
      {
        '-e --echo': { then: { positionals: { rest: 'text' } } },
        '-i --input-range -n --head-count': 'text',
        '-r --repeat -z --zero-terminated': true,
        '-o --output': 'output',
        '--random-source': 'read',
      },
      {
        allowed: [['shuf -n 3 a', 'read a'], ['shuf -e a b']],
        asked: [['shuf a -o b', 'read a', 'write b']],
      },
    ),
    // Without a terminal these print like cat; what starts other programs or writes is not listed.
    filter(
      'less more',
      { '-F -R -S -X -N -i -I -e -E -r -s -K -M -m -n -q -Q -w -G -J': true },
      { allowed: [['less -FRX a', 'read a']], unclear: ['less -o log a', 'less -k keys a', 'less +!sh a'] },
      {
        positionals: {
          rest: {
            as: 'read',
            check: (word) =>
              word.startsWith('+') ? { unclear: 'a command that less runs at its start' } : undefined,
          },
        },
      },
    ),
    digests,
    filter(
      'cksum sum',
      {
        '-a --algorithm -l --length': 'text',
        '-r -s --sysv --base64 --raw --tag --untagged -z --zero': true,
      },
      { allowed: [['cksum a', 'read a']], unclear: ['cksum -c SUMS'] },
    ),
    filter(
      'base64 base32 basenc',
      { '-d -D --decode -i --ignore-garbage': true, '-w --wrap': 'number' },
      { allowed: [['base64 -w0 a', 'read a']], unclear: ['base64 a b', 'base64 -o b a'] },
      { positionals: { first: ['read'] } },
    ),
    filter(
      'numfmt',
      {
        '-d --delimiter --field --format --from --from-unit --grouping --invalid --padding --round --suffix --to --to-unit':
          'text',
        '--header': { attached: 'number' },
        '-z --zero-terminated': true,
      },
      { allowed: [['numfmt --to=iec 1000']] },
      { positionals: { rest: 'text' } },
    ),
    {
      names: 'tee',
      positionals: { rest: 'write' },
      flags: {
        ...HELP,
        '-a --append -i --ignore-interrupts -p': true,
        '--output-error': { attached: 'text' },
      },
      examples: { asked: [['tee -a log', 'write log']], unclear: ['tee --bogus log'] },
    },
    {
      names: 'split csplit',
      unclear: 'the names of the files it writes are only known when it runs',
      examples: { unclear: ['split -l 10 a', 'split --filter=sh a', 'csplit a 3'] },
    },
  ],
};

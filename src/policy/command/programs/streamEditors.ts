import type { Change, ProgramFamily } from '../programSpec.ts';
import { sedTrouble } from './sedTrouble.ts';
import { READS } from './textPrograms.ts';

const IN_FILE = { then: { unclear: 'its script stands in a file, which is not read here' } } as const;

const SED_SCRIPT = {
  as: 'text',
  check: (script: string): Change | undefined => {
    const trouble = sedTrouble(script);
    return trouble === undefined ? undefined : { unclear: trouble };
  },
} as const;

const AWK_SCRIPT = { as: 'text', check: awkTrouble } as const;

/** Languages of text filters, whose scripts are read far enough to know that they only read and print. */
export const streamEditors: ProgramFamily = {
  name: 'stream editors',
  programs: [
    {
      names: 'sed gsed',
      rule: READS,
      positionals: { first: [SED_SCRIPT], rest: 'read' },
      flags: {
        '--help --version': true,
        '-n --quiet --silent -E -r --regexp-extended -s --separate -u --unbuffered -z --null-data --posix --sandbox --debug': true,
        '-l --line-length': 'number',
        '-e --expression': { value: SED_SCRIPT, then: { drops: 'first' } },
        '-f --file': { value: 'read', ...IN_FILE },
        '-i --in-place': {
          attached: {
            as: 'text',
            check: (suffix) =>
              /[*/]/.test(suffix) ? { unclear: 'where sed keeps the old files is not known' } : undefined,
          },
          then: { positionals: { first: [SED_SCRIPT], rest: 'write' } },
        },
      },
      examples: {
        allowed: [
          ["sed -n '1,20p' a", 'read a'],
          ["sed 's/a|b/c/g; /x/d' a b", 'read a', 'read b'],
          ["sed -e 's/a/b/' -e '$d'"],
          ["sed '/^#/d;s,/,\\n,g' a", 'read a'],
          ['sed 5q a', 'read a'],
        ],
        asked: [
          ["sed -i 's/foo/bar/g' a", 'write a'],
          ["sed -i.bak -e 's/foo/bar/g' a b", 'write a', 'write b'],
        ],
        unclear: [
          "sed '1e id' a",
          "sed 's/a/b/e' a",
          "sed 's/a/b/w out' a",
          "sed 'w out' a",
          "sed 'r /etc/passwd' a",
          'sed -f script a',
          "sed 's/[/]/x/;w out' a",
          "sed '1{p;w out\n}' a",
          "sed -i/tmp/* 's/a/b/' a",
        ],
      },
    },
    {
      names: 'awk gawk mawk nawk',
      rule: READS,
      positionals: { first: [AWK_SCRIPT], rest: 'read' },
      flagsFirst: true,
      flags: {
        '--version': true,
        '-F --field-separator': 'text',
        '-v --assign': {
          value: {
            as: 'text',
            check: (word) =>
              /^(?:ARG|ENV|PROC)/.test(word) ? { unclear: 'it sets a variable that awk obeys' } : undefined,
          },
        },
      },
      examples: {
        allowed: [
          ["awk '{ print $1 }' a", 'read a'],
          ["awk -F: -v n=1 'NR>n { print $2 }'"],
          ["awk '$3 > 100 || /x/ {s+=$1} END {print s}' a b", 'read a', 'read b'],
        ],
        unclear: [
          'awk \'BEGIN { system("id") }\'',
          'awk \'{ print > "out" }\' a',
          'awk \'{ print | "sh" }\' a',
          'awk \'{ "id" | getline x }\' a',
          'awk \'BEGIN { getline < "/etc/passwd" }\'',
          'awk -f a.awk b',
          'awk \'BEGIN { ARGV[1] = "/etc/passwd"; ARGC = 2 }\'',
          "awk '@load x' a",
          'awk -i inplace 1 a',
        ],
      },
    },
    {
      names: 'jq',
      rule: READS,
      positionals: {
        first: [
          {
            as: 'text',
            check: (filter) =>
              /\b(?:import|include|modulemeta)\b/.test(filter)
                ? { unclear: 'its filter loads modules from files' }
                : undefined,
          },
        ],
        rest: 'read',
      },
      flags: {
        '--help -h --version -V': true,
        '-r --raw-output -j --join-output --raw-output0 -a --ascii-output -s --slurp -n --null-input -c --compact-output -C --color-output -M --monochrome-output -S --sort-keys -e --exit-status -R --raw-input --tab --seq --stream --stream-errors --unbuffered': true,
        '--indent': 'number',
        '--arg --argjson': { values: ['text', 'text'] },
        '--slurpfile --rawfile': { values: ['text', 'read'] },
      },
      examples: {
        allowed: [
          ['jq -r .scripts package.json', 'read package.json'],
          ["jq --arg a b '.x == $a'"],
          ['jq --slurpfile x a . b', 'read a', 'read b'],
        ],
        unclear: ['jq -L lib . a', 'jq -f filter a', 'jq \'import "a" as a; .\' b'],
      },
    },
  ],
};

/**
 * A script that only computes and prints. Looks at the bare text, strings and patterns included, so that nothing can
 * hide behind how they are read.
 */
function awkTrouble(script: string): Change | undefined {
  if (/system|getline|@/.test(script))
    return { unclear: 'its script may start other programs or read other files' };
  if (/ARGV|ARGC|ENVIRON|PROCINFO/.test(script)) return { unclear: 'its script may read other files' };
  if (/(?<!\|)\|(?!\|)/.test(script))
    return { unclear: 'its script holds a |, which may start another program' };
  const print = script.indexOf('print');
  if (print !== -1 && script.includes('>', print))
    return { unclear: 'its script holds a >, which may write a file' };
  return undefined;
}

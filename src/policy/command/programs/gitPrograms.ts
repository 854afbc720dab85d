import type { Change, Flags, ProgramFamily, Role, Spec } from '../programSpec.ts';
import { gitChanges } from './gitChanges.ts';
import { gitExamples } from './gitExamples.ts';
import { readGitContent } from './readGitContent.ts';

/** Git as it is run here: neither its settings nor the repository can name a program. */
const GIT_READS = 'commands.git-reads';

const HERE: Change = { paths: [{ use: 'enter', word: '.' }] };
const REFS = { rest: 'ref' } as const;

/** Says something about history or names, not about what stands in files. */
function tells(flags: Flags, more: Spec = {}): Spec {
  return { rule: GIT_READS, ...HERE, flags, ...more };
}

const WALK =
  '--all --branches --tags --remotes --merges --no-merges --first-parent --reverse --topo-order --date-order ' +
  '--author-date-order --oneline --graph --no-graph --decorate --no-decorate --abbrev-commit --no-abbrev-commit ' +
  '--follow --full-history --simplify-merges --no-walk --parents --children --left-right --cherry-pick --cherry-mark ' +
  '--cherry --boundary --no-notes --no-mailmap --use-mailmap --no-show-signature -i --regexp-ignore-case -E -F -P ' +
  '--extended-regexp --fixed-strings --perl-regexp --all-match --invert-grep --relative-date --source --clear-decorations ' +
  '--walk-reflogs -g --not --dense --sparse --ancestry-path --do-walk --simplify-by-decoration --log-size';
const WALK_VALUED =
  '-n --max-count --skip --since --after --until --before --author --committer --grep --date --glob --exclude ' +
  '--decorate-refs --decorate-refs-exclude --min-parents --max-parents --encoding';
const WALK_ATTACHED = '--format --pretty --decorate --branches --tags --remotes';

/** Settings that change how things are printed. Any other may name a program. */
const HARMLESS_SETTING =
  /^(?:color\.[a-z.]+|core\.(?:quotepath|abbrev)|advice\.[a-z]+|log\.(?:date|decorate)|diff\.(?:renames|algorithm|context)|init\.defaultbranch|user\.(?:name|email)|safe\.directory)=/i;

const setting: Role = {
  as: 'text',
  check: (word) =>
    HARMLESS_SETTING.test(word) ? undefined : { unclear: 'a setting of git may name a program to run' },
};

/** What programs keep in files of the same form must not be printed for a name that is asked for. */
const settingName: Role = {
  as: 'text',
  check: (word) =>
    /^(?:user|core|remote|branch|init|pull|push|fetch|merge|rebase|color|commit|submodule)\.[^=]*$/i.test(
      word,
    ) && !/pass|token|secret|helper|header|url/i.test(word.replace(/^remote\.[^.]+\.url$/i, ''))
      ? undefined
      : { asks: true },
};

const LISTING: Flags = {
  '-a --all -r --remotes -v -vv --verbose -l --list -i --ignore-case --show-current --no-color --omit-empty': true,
  '--color --column --abbrev': { attached: 'text' },
  '--no-column --no-abbrev': true,
  '--sort --format': 'text',
  '--contains --no-contains --merged --no-merged --points-at': 'ref',
};

const gitReads: { readonly [names: string]: Spec } = {
  status: tells(
    {
      '-s --short -b --branch --show-stash --long -v --verbose -z --renames --no-renames --no-column --ahead-behind --no-ahead-behind': true,
      '--porcelain -u --untracked-files --ignored --column --find-renames --ignore-submodules': {
        attached: 'text',
      },
    },
    { positionals: { rest: 'enter' } },
  ),
  diff: {
    rule: GIT_READS,
    read: readGitContent({ flags: '--cached --staged --merge-base', shows: true }),
  },
  'diff-tree diff-index diff-files': {
    rule: GIT_READS,
    read: readGitContent({ flags: '-r -t --root --cached -v --no-commit-id -q --merge-base', shows: true }),
  },
  'log whatchanged': {
    rule: GIT_READS,
    read: readGitContent({ flags: WALK, valued: WALK_VALUED, attached: WALK_ATTACHED, shows: false }),
  },
  show: {
    rule: GIT_READS,
    read: readGitContent({ flags: WALK, valued: WALK_VALUED, attached: WALK_ATTACHED, shows: true }),
  },
  'rev-list': {
    rule: GIT_READS,
    read: readGitContent({
      flags: `${WALK} --count --objects`,
      valued: WALK_VALUED,
      attached: WALK_ATTACHED,
      shows: false,
    }),
  },
  grep: {
    rule: GIT_READS,
    read: readGitContent({
      flags:
        '--cached --untracked --no-exclude-standard --exclude-standard -i --ignore-case -I -r --recursive --no-recursive -v ' +
        '--invert-match -h -H --full-name -E --extended-regexp -G --basic-regexp -P --perl-regexp -F --fixed-strings -n ' +
        '--line-number --column -l --files-with-matches --name-only -L --files-without-match -o --only-matching -c --count -q ' +
        '--break --heading -p --show-function -W --and --or --not --all-match -w --word-regexp -a --text -ni -in -rn -nr -il -li -nw -nE',
      valued: '-e -A -B -C --max-depth --threads --after-context --before-context --context -m --max-count',
      shows: true,
      pattern: true,
    }),
  },
  blame: tells(
    {
      '-b --root --show-stats -l -t -p --porcelain --line-porcelain -c -f --show-name -n --show-number -s -e --show-email -w --minimal --no-textconv --color-lines --color-by-age --progress --no-progress': true,
      '-M -C --abbrev': { attached: 'text' },
      '-L --date --since': 'text',
      '--ignore-rev': 'ref',
      '--ignore-revs-file --contents': 'read',
    },
    { positionals: { rest: 'read' } },
  ),
  'cat-file': tells(
    { '-t -s -e -p': true },
    {
      positionals: {
        rest: {
          as: 'ref',
          check: (word) => ({
            paths: [
              {
                use: 'read',
                word: word.includes(':') ? word.slice(word.indexOf(':') + 1) || '.' : '.',
                below: true,
              },
            ],
          }),
        },
      },
    },
  ),
  'ls-tree': tells(
    {
      '-d -r -t -l --long -z --name-only --name-status --object-only --full-name --full-tree': true,
      '--abbrev': { attached: 'text' },
      '--format': 'text',
    },
    { positionals: { first: ['ref'], rest: 'enter' } },
  ),
  'ls-files': tells(
    {
      '-c --cached -d --deleted -m --modified -o --others -i --ignored -s --stage --directory --no-empty-directory -u --unmerged -k --killed -z --exclude-standard --full-name --deduplicate --eol --error-unmatch -t -v -f': true,
      '--abbrev': { attached: 'text' },
      '-x --exclude --format': 'text',
    },
    { positionals: { rest: 'enter' } },
  ),
  'rev-parse': tells(
    {
      '--verify -q --quiet --symbolic --symbolic-full-name --show-toplevel --git-dir --absolute-git-dir --git-common-dir --is-inside-work-tree --is-inside-git-dir --is-bare-repository --show-prefix --show-cdup --show-superproject-working-tree --all --branches --tags --remotes --not --revs-only --no-revs --flags --no-flags --sq --local-env-vars --is-shallow-repository --show-object-format': true,
      '--abbrev-ref --short': { attached: 'text' },
      '--default --since --until --path-format --git-path': 'text',
    },
    { positionals: REFS },
  ),
  describe: tells(
    {
      '--all --tags --contains --always --long --first-parent --exact-match --debug': true,
      '--dirty --broken --abbrev': { attached: 'text' },
      '--candidates --match --exclude': 'text',
    },
    { positionals: REFS },
  ),
  shortlog: tells(
    {
      '-n --numbered -s --summary -e --email -ns -sn -sne -nse --all --no-merges --merges': true,
      '--since --until --author --format --group -c --after --before': 'text',
      '-w': { attached: 'text' },
    },
    { positionals: REFS },
  ),
  'merge-base name-rev show-ref for-each-ref show-branch cherry count-objects': tells(
    {
      '--all --octopus --independent --is-ancestor --fork-point --name-only --tags --heads --branches -d --dereference -s --hash --verify -q --quiet -v -H --human-readable --ignore-case --always --list -a -r --abbrev': true,
      '--format --sort --count --points-at --merged --no-merged --contains --no-contains --refs --exclude':
        'text',
    },
    { positionals: REFS },
  ),
  'symbolic-ref': tells({ '-q --quiet --short': true }, { positionals: { first: ['ref'] } }),
  'check-ignore': tells(
    { '-v --verbose -n --non-matching -q --quiet --no-index': true },
    { positionals: { rest: 'enter' } },
  ),
  'check-attr': tells({ '-a --all --cached': true }, { positionals: { rest: 'enter' } }),
  version: tells({ '--build-options': true }),
};

const LISTS = /^(?:list|show)$/;

/** Subcommands that list as long as nothing else is said, and otherwise change refs or settings. */
const gitLists: { readonly [names: string]: Spec } = {
  branch: tells(
    {
      ...LISTING,
      '-d -D --delete -m -M --move -c -C --copy -f --force -t --track --no-track --unset-upstream --create-reflog -q --quiet':
        {
          then: { asks: true },
        },
      '-u --set-upstream-to': { value: 'ref', then: { asks: true } },
      // A name without `--list` is a branch that is made.
      '-l --list': { then: { positionals: REFS } },
    },
    { positionals: { rest: { as: 'ref', check: () => ({ asks: true }) } } },
  ),
  tag: tells(
    {
      ...LISTING,
      '-n': { attached: 'text' },
      '-d --delete -f --force -a --annotate': { then: { asks: true } },
      '-m --message': { value: 'text', then: { asks: true } },
      '-F --file': { value: 'read', then: { asks: true } },
      '-l --list': { then: { positionals: REFS } },
    },
    { positionals: { rest: { as: 'ref', check: () => ({ asks: true }) } } },
  ),
  remote: {
    rule: GIT_READS,
    bare: HERE,
    flags: { '-v --verbose': true },
    inherited: true,
    subcommands: {
      'get-url': tells({ '--push --all': true }, { positionals: { first: ['ref'] } }),
      show: {
        flags: { '-n': true },
        positionals: { rest: { as: 'ref', check: () => ({ network: ['*'] }) } },
      },
      'add set-url rename remove rm set-head set-branches': {
        flags: {
          '-t -m --push --add --delete -f': {
            then: { unclear: 'what this changes about a remote is not known' },
          },
        },
        positionals: { rest: 'text' },
      },
      'update prune': { network: ['*'], flags: { '-p --prune -n --dry-run': true }, positionals: REFS },
    },
  },
  stash: {
    ...gitChanges['stash'],
    subcommands: {
      list: {
        rule: GIT_READS,
        read: readGitContent({ flags: WALK, valued: WALK_VALUED, attached: WALK_ATTACHED, shows: false }),
      },
      show: {
        rule: GIT_READS,
        read: readGitContent({ flags: '--include-untracked --only-untracked', shows: false }),
      },
      ...gitChanges['stash']?.subcommands,
    },
  },
  worktree: {
    subcommands: {
      list: tells({ '-v --verbose --porcelain -z': true }),
      ...gitChanges['worktree']?.subcommands,
    },
  },
  reflog: {
    rule: GIT_READS,
    read: (args) => {
      const [verb = 'show', ...rest] = args;
      if (/^(?:expire|delete|drop|write)$/.test(verb)) return { unclear: 'it would change the log of refs' };
      return readGitContent({ flags: WALK, valued: WALK_VALUED, attached: WALK_ATTACHED, shows: false })(
        LISTS.test(verb) ? rest : args,
      );
    },
  },
  config: {
    rule: GIT_READS,
    ...HERE,
    flags: {
      '--get --get-all --show-origin --show-scope --local --worktree --no-includes --bool --int --path -z --null --name-only': true,
      '--type --default': 'text',
      // A file that it includes can be any file of this form, with passwords in it.
      '-l --list': { then: { asks: true } },
      '--global --system': { then: { asks: true } },
    },
    positionals: { first: [settingName, { as: 'text', check: () => ({ asks: true }) }] },
  },
};

export const gitPrograms: ProgramFamily = {
  name: 'git',
  programs: [
    {
      names: 'git',
      flags: {
        '-C': 'folder',
        '-c': setting,
        '--no-pager -P --no-optional-locks --literal-pathspecs --glob-pathspecs --no-replace-objects --icase-pathspecs --no-advice': true,
        '--version -v': { then: { rule: GIT_READS } },
      },
      subcommands: { ...gitChanges, ...gitReads, ...gitLists },
      examples: gitExamples,
    },
  ],
};

import type { Flags, Role, Spec } from '../programSpec.ts';

const ALL = [{ use: 'write', word: '.', below: true }] as const;
const HERE = [{ use: 'enter', word: '.' }] as const;

/** Changes files of the work tree; which ones, only the repository knows. */
function rewrites(flags: Flags, more: Spec = {}): Spec {
  return { flags, paths: ALL, positionals: { rest: 'text' }, ...more };
}

/** Changes history or the index only. */
function records(flags: Flags, more: Spec = {}): Spec {
  return { flags, paths: HERE, positionals: { rest: 'text' }, ...more };
}

/** Reaches the remotes, whose addresses stand in the settings of the repository. */
const remote: Role = {
  as: 'text',
  check: (word) => (/::/.test(word) ? { unclear: 'this kind of address runs a program' } : undefined),
};

const QUIET = '-q --quiet -v --verbose --progress --no-progress';

/** Subcommands that change something, with what they change. None is covered by a shipped rule. */
export const gitChanges: { readonly [names: string]: Spec } = {
  add: {
    flags: {
      '-n --dry-run -v --verbose -f --force -N --intent-to-add --refresh --ignore-errors --renormalize --sparse': true,
      '-A --all -u --update --no-ignore-removal': {
        then: { bare: { paths: [{ use: 'read', word: '.', below: true }] } },
      },
      '--chmod': 'text',
    },
    positionals: { rest: 'readBelow' },
  },
  commit: records({
    [`-a --all --amend --no-edit --allow-empty --allow-empty-message -s --signoff --no-signoff -n --no-verify --dry-run --short --branch --no-post-rewrite -o --only -i --include --reset-author --no-gpg-sign --status --no-status ${QUIET}`]: true,
    '-m --message --author --date --cleanup -C --reuse-message --fixup --squash --trailer': 'text',
    '-F --file': 'read',
  }),
  'checkout switch': rewrites({
    [`-b -B -c -C --create --force-create -f --force --detach -d -t --track --no-track --guess --no-guess -l --ours --theirs -m --merge --discard-changes --orphan --ignore-other-worktrees --no-overlay --overlay ${QUIET}`]: true,
  }),
  restore: {
    flags: {
      [`-S --staged -W --worktree --ours --theirs -m --merge --overlay --no-overlay --ignore-unmerged ${QUIET}`]: true,
      '-s --source': 'ref',
    },
    positionals: { rest: 'writeBelow' },
  },
  reset: rewrites({
    [`--soft --mixed --hard --merge --keep -N --intent-to-add --no-refresh ${QUIET}`]: true,
  }),
  merge: rewrites({
    [`--ff --no-ff --ff-only --squash --no-squash --commit --no-commit --no-edit --stat --no-stat -n --abort --continue --quit --no-verify --autostash --no-autostash --allow-unrelated-histories --signoff ${QUIET}`]: true,
    '-m': 'text',
    '-X --strategy-option': 'text',
  }),
  rebase: rewrites({
    [`--continue --abort --skip --quit --autosquash --no-autosquash --autostash --no-autostash -f --force-rebase --keep-base --root --update-refs --no-update-refs --stat -n --no-stat --no-verify --signoff --reset-author-date --committer-date-is-author-date -r --rebase-merges --fork-point --no-fork-point -i --interactive ${QUIET}`]: true,
    '--onto -X --strategy-option --empty': 'text',
  }),
  'cherry-pick revert': rewrites({
    '-n --no-commit -e --edit --no-edit -x -s --signoff --ff --abort --continue --skip --quit --allow-empty --keep-redundant-commits': true,
    '-m --mainline -X --strategy-option': 'text',
  }),
  stash: {
    flags: {
      '-u --include-untracked -a --all -k --keep-index --no-keep-index -S --staged -q --quiet': true,
      '-m --message': 'text',
    },
    bare: { paths: ALL },
    subcommands: {
      'push save': rewrites({
        '-u --include-untracked -a --all -k --keep-index --no-keep-index -S --staged -q --quiet': true,
        '-m --message': 'text',
      }),
      'pop apply branch': rewrites({ '--index -q --quiet': true }),
      'drop clear': records({ '-q --quiet': true }),
    },
  },
  worktree: {
    subcommands: {
      add: {
        flags: {
          '-f --force -d --detach --checkout --no-checkout --lock -q --quiet --track --guess-remote': true,
          '-b -B': 'ref',
        },
        positionals: { first: ['writeBelow', 'ref'] },
      },
      remove: { flags: { '-f --force': true }, positionals: { first: ['writeBelow'] } },
      prune: records({ '-n --dry-run -v --verbose': true }),
    },
  },
  rm: {
    flags: { '-r -f --force -n --dry-run --cached --ignore-unmatch -q --quiet --sparse': true },
    positionals: { rest: 'writeBelow' },
  },
  mv: {
    flags: { '-f --force -k -n --dry-run -v --verbose': true },
    positionals: { rest: 'writeBelow', last: 'destination' },
  },
  clean: {
    flags: { '-d -f --force -n --dry-run -q --quiet -x -X': true, '-e --exclude': 'text' },
    positionals: { rest: 'writeBelow' },
    bare: { paths: ALL },
  },
  apply: rewrites(
    {
      '--stat --numstat --summary --check --index --cached -3 --3way --allow-empty -R --reverse --reject -z --recount --inaccurate-eof -v --verbose -q --quiet --ignore-space-change --ignore-whitespace': true,
      '-p -C --whitespace --exclude --include --directory': 'text',
    },
    { positionals: { rest: 'read' } },
  ),
  init: {
    flags: { '-q --quiet --bare': true, '-b --initial-branch --object-format': 'text' },
    positionals: { first: ['writeBelow'] },
    bare: { paths: HERE },
  },
  fetch: records(
    {
      [`--all -a --append --atomic --dry-run -f --force -k --keep --multiple -p --prune --no-prune -P --prune-tags -n --no-tags -t --tags --unshallow --no-recurse-submodules -4 -6 ${QUIET}`]: true,
      '--depth --deepen --shallow-since -j --jobs': 'text',
    },
    { network: ['*'], positionals: { rest: remote } },
  ),
  pull: rewrites(
    {
      [`--all -r --no-rebase --ff --no-ff --ff-only --autostash --no-autostash -p --prune --tags --no-tags --squash --no-edit --no-commit --no-recurse-submodules ${QUIET}`]: true,
      '--rebase': { attached: 'text' },
      '--depth': 'text',
    },
    { network: ['*'], positionals: { rest: remote } },
  ),
  push: records(
    {
      [`--all --branches --tags --follow-tags -d --delete --prune -n --dry-run -f --force -u --set-upstream --atomic --no-verify --porcelain --mirror --force-if-includes --no-recurse-submodules ${QUIET}`]: true,
      '--force-with-lease': { attached: 'text' },
      '-o --push-option': 'text',
    },
    { network: ['*'], positionals: { rest: remote } },
  ),
  'ls-remote': records(
    {
      '-h --heads --branches -t --tags --refs -q --quiet --exit-code --get-url --symref': true,
      '--sort': 'text',
    },
    { network: ['*'], positionals: { rest: remote } },
  ),
  clone: {
    flags: {
      [`--bare --mirror -l --local --no-local --no-hardlinks -n --no-checkout --single-branch --no-single-branch --no-tags --shallow-submodules ${QUIET}`]: true,
      '--depth -b --branch -o --origin --shallow-since --filter -j --jobs': 'text',
    },
    positionals: {
      first: [
        {
          as: 'url',
          check: (word) => (/::/.test(word) ? { unclear: 'this kind of address runs a program' } : undefined),
        },
        'writeBelow',
      ],
    },
    paths: ALL,
  },
};

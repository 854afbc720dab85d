import type { Change, PathWord } from '../programSpec.ts';

/** How a subcommand of git that can show what stands in files reads its words. */
export type GitContent = {
  /** Whole words, separated by spaces, that take no value. */
  readonly flags?: string;
  /** Those that take a value after `=` or as the next word; letters may have it attached. */
  readonly valued?: string;
  /** Those that take one after `=` only. */
  readonly attached?: string;
  /** Those after which content is shown that would not be otherwise. */
  readonly showing?: string;
  /** Those after which it is only names, numbers or nothing, unless one of `showing` stands there as well. */
  readonly hiding?: string;
  /** Without any of these. */
  readonly shows: boolean;
  /** The first word is a pattern. */
  readonly pattern?: true;
};

const EVERYTHING: PathWord = { use: 'read', word: '.', below: true };
const HERE: PathWord = { use: 'enter', word: '.' };

/** Flags that all subcommands with differences share. */
const DIFF_FLAGS =
  '--no-ext-diff --no-textconv --minimal --patience --histogram --indent-heuristic --no-indent-heuristic --no-renames ' +
  '--rename-empty --no-rename-empty --full-index --binary -a --text -R --check -b -w --ignore-space-change ' +
  '--ignore-all-space --ignore-space-at-eol --ignore-cr-at-eol --ignore-blank-lines -W --function-context -z ' +
  '--no-color --no-prefix --default-prefix --ita-invisible-in-index --pickaxe-all --pickaxe-regex --exit-code ' +
  '--find-copies-harder -D --irreversible-delete --no-relative --no-color-moved -m -c --cc --raw --abbrev ' +
  '--compact-summary --color --find-renames --find-copies --break-rewrites --ignore-submodules --relative -M -C -B';
const DIFF_VALUED =
  '--diff-algorithm --anchored --ws-error-highlight --src-prefix --dst-prefix --line-prefix --inter-hunk-context ' +
  '--diff-filter -I --ignore-matching-lines --skip-to --rotate-to -l -S -G -U --unified --word-diff-regex';
const DIFF_ATTACHED =
  '--color-moved --color-moved-ws --color --stat --dirstat --abbrev --ignore-submodules --relative --find-renames ' +
  '--find-copies --break-rewrites --submodule --word-diff --color-words';
const DIFF_SHOWING =
  '-p -u --patch --patch-with-stat --patch-with-raw --word-diff --color-words -S -G -U --unified --word-diff-regex ' +
  '--remerge-diff';
const DIFF_HIDING =
  '--stat --shortstat --numstat --name-only --name-status --summary --dirstat --raw -s --no-patch --quiet';

const table = (words: string): ReadonlySet<string> => new Set(words.split(' ').filter((word) => word !== ''));

/**
 * The words of `git diff`, `git log`, `git show` and their kin: revisions and paths, which only the disk could tell
 * apart before `--`, so that there they count as both. Without paths after `--`, content comes from everywhere.
 */
export function readGitContent(how: GitContent): (args: readonly string[]) => Change {
  const hiding = table(`${DIFF_HIDING} ${how.hiding ?? ''}`);
  const showing = table(`${DIFF_SHOWING} ${how.showing ?? ''}`);
  const flags = table(`${DIFF_FLAGS} ${how.flags ?? ''}`);
  const valued = table(`${DIFF_VALUED} ${how.valued ?? ''}`);
  const attached = table(`${DIFF_ATTACHED} ${how.attached ?? ''}`);

  return (args) => {
    const dashes = args.indexOf('--');
    const before = dashes === -1 ? args : args.slice(0, dashes);
    const after = dashes === -1 ? [] : args.slice(dashes + 1);
    const paths: PathWord[] = [];
    let shows = how.shows;
    let forced = false;
    let needsPattern = how.pattern === true;
    for (let at = 0; at < before.length; at += 1) {
      const word = before[at] ?? '';
      if (!word.startsWith('-') || word === '-') {
        if (needsPattern) needsPattern = false;
        else paths.push(...named(word));
        continue;
      }
      const isLong = word.startsWith('--');
      const name = isLong ? (/^[^=]*/.exec(word)?.[0] ?? word) : word;
      const letter = isLong ? name : word.slice(0, 2);
      if (word === '-e') needsPattern = false;
      if (showing.has(name) || showing.has(letter)) forced = true;
      else if (hiding.has(name)) shows = false;
      if (valued.has(word)) {
        // Git would take the dashes themselves for the value.
        if (at + 1 === before.length) return { unclear: `the last flag of git, ${word}, has no value` };
        at += 1;
        continue;
      }
      const isKnown =
        name === word
          ? flags.has(word) || showing.has(word) || hiding.has(word) || isShape(word) || valued.has(letter)
          : valued.has(name) || attached.has(name);
      if (!isKnown) return { unclear: `\`${word.slice(0, 80)}\` of git is not known` };
    }
    if (!forced && !shows) return { paths: [HERE, ...paths, ...after.map(entered)] };
    if (after.length === 0) return { paths: [EVERYTHING, ...paths] };
    return { paths: [...paths, ...after.map(belowPathspec)] };
  };
}

function isShape(word: string): boolean {
  return /^-[MCB][0-9]*%?$|^-[0-9]+$/.test(word);
}

/** A word that may be a revision, `revision:path` or a path. A revision is read as a path that is not there. */
function named(word: string): readonly PathWord[] {
  // `HEAD~1` and `x^2`: what git has by that name is a commit, and a path only where the index says it so.
  if (/^[A-Za-z0-9_./@-]+[~^][0-9~^]*$/.test(word)) return [];
  // Braces of a revision may hold colons as well: what follows any of them counts.
  const after = [...word.matchAll(/:/g)].map(({ index }) => word.slice(index + 1));
  if (after.length === 0) return [{ use: 'read', word }];
  const paths = after
    .filter((path) => path !== '')
    .map((path) => ({ use: 'read', word: path, below: true }) as const);
  // In the index, as a pattern, or by what stands in a message.
  return word.startsWith(':') || after.includes('') ? [EVERYTHING, ...paths] : paths;
}

/** Patterns and `:(magic)` may stand for anything below. */
function belowPathspec(word: string): PathWord {
  return word === '' || /^:|[*?[\\]/.test(word) ? EVERYTHING : { use: 'read', word, below: true };
}

function entered(word: string): PathWord {
  const whole = belowPathspec(word);
  return { use: 'enter', word: whole === EVERYTHING ? '.' : word };
}

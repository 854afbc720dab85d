/**
 * Where a plain command's input comes from or its output goes instead of the pipe or terminal. A file is a path as
 * written, seen from the folder of its step.
 */
export type Redirect =
  | { readonly fd: 0; readonly from: 'null' }
  | { readonly fd: 0; readonly from: 'file'; readonly file: string }
  | { readonly fd: 1 | 2; readonly to: 'null' | 'stdout' | 'stderr' }
  | { readonly fd: 1 | 2; readonly to: 'file'; readonly file: string; readonly append: boolean };

/** One program and its arguments, after all quotes are removed and patterns expanded. */
export type SimpleCommand = {
  readonly argv: readonly [string, ...string[]];
  readonly redirects: readonly Redirect[];
};

/**
 * `when` says whether this step runs, given how the one before ended. `folder` is where it runs, seen from the folder
 * of the line and as `cd` would be told: empty for that folder itself.
 */
export type CommandStep = {
  readonly when: 'always' | 'afterSuccess' | 'afterFailure';
  readonly folder: string;
  readonly pipeline: readonly [SimpleCommand, ...SimpleCommand[]];
};

/** A piece of a word with a pattern; `home` stands for `~`, `many` for `*`, `one` for `?`, `set` for `[…]`. */
export type PatternPart =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'home' | 'many' | 'one' }
  | {
      readonly kind: 'set';
      readonly written: string;
      readonly except: boolean;
      /** First and last character of each range; one character is a range of its own. */
      readonly ranges: readonly (readonly [string, string])[];
    };

/** A word that stands for names of files. `pattern` is the word as written; `step` counts from 0. */
export type WordPattern = {
  readonly step: number;
  /** That of the step. */
  readonly folder: string;
  readonly pattern: string;
  readonly parts: readonly PatternPart[];
};

/**
 * What a word with a pattern stood for when the line was read: the names found, or the word without its quotes where
 * there were none.
 */
export type Expansion = WordPattern & { readonly words: readonly string[] };

/**
 * A command line as the policy judged it. `plain` lines are run from `steps` without a shell; `shell` lines can only
 * be run by a shell, and only after a person allowed them.
 */
export type CommandLine =
  | {
      readonly kind: 'plain';
      readonly text: string;
      readonly steps: readonly [CommandStep, ...CommandStep[]];
      /** Left out where no word held a pattern. */
      readonly expansions?: readonly Expansion[];
    }
  | { readonly kind: 'shell'; readonly text: string; readonly because: string };

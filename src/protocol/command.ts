/** Where a plain command's output or input goes instead of the pipe or terminal. */
export type Redirect =
  { readonly fd: 1 | 2; readonly to: 'null' } | { readonly fd: 1 | 2; readonly to: 'stdout' | 'stderr' };

/** One program and its arguments, after all quotes are removed. */
export type SimpleCommand = {
  readonly argv: readonly [string, ...string[]];
  readonly redirects: readonly Redirect[];
};

/** `when` says whether this step runs, given how the one before ended. */
export type CommandStep = {
  readonly when: 'always' | 'afterSuccess' | 'afterFailure';
  readonly pipeline: readonly [SimpleCommand, ...SimpleCommand[]];
};

/**
 * A command line as the policy judged it. `plain` lines are run from `steps` without a shell; `shell` lines can only
 * be run by a shell, and only after a person allowed them.
 */
export type CommandLine =
  | {
      readonly kind: 'plain';
      readonly text: string;
      readonly steps: readonly [CommandStep, ...CommandStep[]];
    }
  | { readonly kind: 'shell'; readonly text: string; readonly because: string };

import type { Content } from './effect.ts';
import type { WorkspacePath } from './workspacePath.ts';

export type Listed = {
  readonly path: WorkspacePath;
  readonly kind: 'file' | 'folder' | 'link';
  readonly size: number;
};
export type Match = { readonly path: WorkspacePath; readonly line: number; readonly text: string };
export type Problem = {
  readonly path: WorkspacePath;
  readonly line: number;
  readonly severity: 'error' | 'warning' | 'info' | 'hint';
  readonly message: string;
  readonly source: string;
};

export type CommandEnd =
  | { readonly kind: 'exit'; readonly code: number }
  | { readonly kind: 'signal'; readonly signal: string }
  | { readonly kind: 'timeout' }
  | { readonly kind: 'stopped' };

export type Done =
  | { readonly kind: 'listed'; readonly entries: readonly Listed[]; readonly omitted: number }
  | {
      readonly kind: 'searched';
      readonly matches: readonly Match[];
      readonly omitted: number;
      readonly by: 'ripgrep' | 'walker';
    }
  | { readonly kind: 'content'; readonly content: Content }
  | { readonly kind: 'problems'; readonly problems: readonly Problem[] }
  | { readonly kind: 'applied' }
  /** `output` is head and tail where it was long; `omittedBytes` says what is missing between. */
  | {
      readonly kind: 'ran';
      readonly end: CommandEnd;
      readonly output: CommandOutput;
      readonly ms: number;
      readonly kept?: KeptOutput;
      /** A sentence where the sandbox seems to have stopped it from something. */
      readonly confined?: string;
    }
  /** It runs in the background; `output` is what it printed while one waited whether it would end at once. */
  | { readonly kind: 'started'; readonly command: string; readonly output: CommandOutput }
  | { readonly kind: 'output'; readonly part: OutputPart }
  | { readonly kind: 'background'; readonly commands: readonly BackgroundCommand[] }
  | { readonly kind: 'noted' };

/** The whole output of a command as text, kept for the session, under a name that reads more of it. */
export type KeptOutput = { readonly output: string; readonly lines: number; readonly whole: boolean };

/** Lines `first` to `last` of a kept output, of `lines` so far; `last` is before `first` where there are none. */
export type OutputPart = {
  readonly text: string;
  readonly first: number;
  readonly last: number;
  readonly lines: number;
};

export type BackgroundCommand = {
  readonly command: string;
  readonly text: string;
  /** Milliseconds since it was started, to now or to its end. */
  readonly ms: number;
  /** Null while it runs. */
  readonly end: CommandEnd | null;
  readonly lines: number;
};

export type CommandOutput = { readonly head: string; readonly tail: string; readonly omittedBytes: number };

/** What performing an effect led to. */
export type Outcome =
  | { readonly kind: 'done'; readonly done: Done }
  /** Something changed since it was judged or shown; nothing was done. */
  | { readonly kind: 'stale'; readonly path: WorkspacePath; readonly because: string }
  /** Nothing was done, or all of it was rolled back. */
  | { readonly kind: 'failed'; readonly because: string };

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
  | { readonly kind: 'ran'; readonly end: CommandEnd; readonly output: CommandOutput; readonly ms: number }
  | { readonly kind: 'noted' };

export type CommandOutput = { readonly head: string; readonly tail: string; readonly omittedBytes: number };

/** What performing an effect led to. */
export type Outcome =
  | { readonly kind: 'done'; readonly done: Done }
  /** Something changed since it was judged or shown; nothing was done. */
  | { readonly kind: 'stale'; readonly path: WorkspacePath; readonly because: string }
  /** Nothing was done, or all of it was rolled back. */
  | { readonly kind: 'failed'; readonly because: string };

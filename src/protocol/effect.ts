import type { CommandLine } from './command.ts';
import type { Digest } from './digest.ts';
import type { WorkspacePath } from './workspacePath.ts';

/** First and last line, counted from 1, both included. */
export type LineRange = { readonly first: number; readonly last: number };

export type Eol = 'lf' | 'crlf' | 'mixed' | 'none';

/** A whole text file. `text` is exact: line ends as on disk, without the byte order mark; `digest` is of the bytes. */
export type Content = {
  readonly text: string;
  readonly bom: boolean;
  readonly eol: Eol;
  /** Permission bits, as in chmod. */
  readonly mode: number;
  readonly digest: Digest;
};

/** `before: null` creates, `after: null` deletes, `to` renames (with or without a change of content). */
export type FileEdit = {
  readonly path: WorkspacePath;
  readonly before: Content | null;
  readonly after: Content | null;
  readonly to?: WorkspacePath;
};

export type SearchQuery = {
  readonly pattern: string;
  readonly isRegex: boolean;
  readonly caseSensitive: boolean;
  /** Only files whose path relative to the root matches. */
  readonly include?: string;
};

/** Plain data saying what would happen in the world; nothing in it does anything. */
export type Effect =
  | { readonly kind: 'list'; readonly path: WorkspacePath; readonly depth: number }
  | { readonly kind: 'search'; readonly path: WorkspacePath; readonly query: SearchQuery }
  | { readonly kind: 'read'; readonly path: WorkspacePath; readonly range?: LineRange }
  | { readonly kind: 'problems'; readonly path?: WorkspacePath }
  | { readonly kind: 'edit'; readonly files: readonly FileEdit[] }
  | {
      readonly kind: 'command';
      readonly line: CommandLine;
      readonly folder: WorkspacePath;
      readonly timeoutMs: number;
      /** Runs on beside the turn until it ends, is stopped, or the session is over; then no time limit counts. */
      readonly background?: true;
      /** It runs in the sandbox, with or without the network; left out, nothing confines it. */
      readonly confined?: { readonly network: boolean };
    }
  /** More of what a command printed: `count` lines from line `first` on, counted from 1. */
  | { readonly kind: 'output'; readonly output: string; readonly first: number; readonly count: number }
  | { readonly kind: 'background'; readonly act: BackgroundAct }
  | { readonly kind: 'plan'; readonly steps: readonly PlanStep[] }
  | { readonly kind: 'question'; readonly text: string; readonly options: readonly string[] };

/** What may be done with the commands that run in the background, all of them started under a warrant of their own. */
export type BackgroundAct = { readonly do: 'list' } | { readonly do: 'stop'; readonly command: string };

export type EditEffect = Extract<Effect, { kind: 'edit' }>;
export type CommandEffect = Extract<Effect, { kind: 'command' }>;

export type PlanStep = { readonly text: string; readonly state: 'waiting' | 'active' | 'done' };

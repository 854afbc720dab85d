import type { Digest } from './digest.ts';
import type { WorkspacePath } from './workspacePath.ts';

/** `marks` are [from, to) columns that differ within a line from its partner. Numbers count from 1. */
export type HunkLine =
  | { readonly kind: 'same'; readonly text: string; readonly old: number; readonly new: number }
  | {
      readonly kind: 'removed';
      readonly text: string;
      readonly old: number;
      readonly marks: readonly (readonly [number, number])[];
    }
  | {
      readonly kind: 'added';
      readonly text: string;
      readonly new: number;
      readonly marks: readonly (readonly [number, number])[];
    };

/** One run of changed lines with its context; `id` is unique in its change set. */
export type Hunk = {
  readonly id: string;
  readonly oldStart: number;
  readonly oldLines: number;
  readonly newStart: number;
  readonly newLines: number;
  readonly lines: readonly HunkLine[];
};

export type ReviewFile = {
  readonly path: WorkspacePath;
  readonly to?: WorkspacePath;
  readonly change: 'edited' | 'created' | 'deleted' | 'renamed';
  readonly added: number;
  readonly removed: number;
  readonly hunks: readonly Hunk[];
  /** Sentences a person must see: line ends, byte order mark or mode changed, hidden characters, protected file, real target. */
  readonly notices: readonly string[];
  /** A file that cannot be shown cannot be accepted; this says why. */
  readonly unshowable?: string;
  /** Not accepted until a person says so: it would take away what somebody else did; a notice says what. */
  readonly unchosen?: true;
};

/** Everything a person sees before allowing an edit; computed once, in the host. */
export type ChangeSet = { readonly effect: Digest; readonly files: readonly ReviewFile[] };

/** The hunks a person accepted of one file. A created, deleted or purely renamed file has one whole-file hunk. */
export type FileChoice = { readonly path: WorkspacePath; readonly accepted: readonly string[] };

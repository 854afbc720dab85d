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
      /** The person wrote this line, not the agent. */
      readonly yours?: true;
    };

/** One run of changed lines with its context; `id` is unique in its change set. */
export type Hunk = {
  readonly id: string;
  readonly oldStart: number;
  readonly oldLines: number;
  readonly newStart: number;
  readonly newLines: number;
  readonly lines: readonly HunkLine[];
  /** The person put their own text in its place; counts their edits, so that each text has a name of its own. */
  readonly edited?: number;
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

/** Lines [oldStart, oldEnd) of the text before are replaced by lines [newStart, newEnd) of the text after; from 0. */
export type Run = {
  readonly oldStart: number;
  readonly oldEnd: number;
  readonly newStart: number;
  readonly newEnd: number;
};

/** `work` is what the comparison cost, in squared edit steps; `whole` says that it was given up as too costly. */
export type LineDiff = { readonly runs: readonly Run[]; readonly work: number; readonly whole: boolean };

/** Everything a person sees before allowing an edit; computed once, in the host, from one comparison a file. */
export type ChangeSet = {
  readonly effect: Digest;
  readonly files: readonly ReviewFile[];
  readonly diffs: readonly LineDiff[];
};

/** What the person wrote in place of a hunk's lines after the change, context included; exact, line ends as in the file. */
export type HunkEdit = { readonly hunk: string; readonly text: string };

/** What the person says to the agent about one hunk. */
export type HunkNote = { readonly hunk: string; readonly text: string };

/**
 * The hunks a person accepted of one file. A created, deleted or purely renamed file has one whole-file hunk. `edited`
 * holds every hunk in which the person's own text stood on the page, accepted or not.
 */
export type FileChoice = {
  readonly path: WorkspacePath;
  readonly accepted: readonly string[];
  readonly edited?: readonly HunkEdit[];
};

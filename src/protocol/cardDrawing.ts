import type { HunkEdit, HunkLine, ReviewFile } from './changeSet.ts';
import type { FileEdit } from './effect.ts';

/** What a person put in place of a hunk's lines; `n` tells their texts apart. */
export type PersonEdit = HunkEdit & { readonly n: number };

/** How much of what lies between two hunks is shown: lines after the hunk above, and before the hunk below. */
export type Widened = { readonly above: number; readonly below: number };

/** Lines that stay as they are, between the hunk at place `before` (from 0) and the one above it; `left` are not shown. */
export type Gap = {
  readonly before: number;
  readonly above: readonly HunkLine[];
  readonly below: readonly HunkLine[];
  readonly left: number;
};

/** One file as a page draws it: everything hidden in it made visible, the person's own text in place. */
export type DrawnFile = ReviewFile & { readonly gaps: readonly Gap[] };

export type TypedText =
  { readonly kind: 'text'; readonly text: string } | { readonly kind: 'refused'; readonly because: string };

/** All that has to be computed from the texts of a card to show it and to let a person write in it. */
export type CardDrawing = {
  readonly why: string;
  readonly again: string | null;
  readonly claim: string;
  /** What is said above a file's hunks, everything hidden in it made visible. */
  notices(file: number): readonly string[];
  /** `widened` by the place of the hunk below. */
  file(file: number, edits: readonly PersonEdit[], widened: ReadonlyMap<number, Widened>): DrawnFile;
  /** The file as it would be with everything accepted. */
  edit(file: number, edits: readonly PersonEdit[]): FileEdit;
  /** The lines of a hunk after the change as a text box holds them. */
  textToType(hunk: string, edits: readonly PersonEdit[]): TypedText;
  /** What was typed there as it would stand in the file; null where it is the agent's own text again. */
  typed(hunk: string, edits: readonly PersonEdit[], typed: string): TypedText | null;
};

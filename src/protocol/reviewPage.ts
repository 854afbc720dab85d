import * as z from 'zod';
import type { DrawnFile, Gap } from './cardDrawing.ts';
import type { ReviewFile } from './changeSet.ts';

/** A file as the list shows it; of its hunks only the ids. */
export type ReviewHead = Omit<ReviewFile, 'hunks'> & { readonly hunks: readonly string[] };

/** What of a review changes while a person looks at it. */
export type ReviewStanding = {
  /** Names what stands on the page, the person's own text included. */
  readonly digest: string;
  /** Ids of the hunks that would be applied. */
  readonly accepted: readonly string[];
  /** Index of the file and id of the hunk that keys act on. */
  readonly file: number;
  readonly hunk: string | null;
  /** What the person says to the agent: about everything, and by hunk. */
  readonly note: string;
  readonly notes: { readonly [hunk: string]: string };
  /** The hunk the person is writing in, and what they have typed. */
  readonly editing: { readonly hunk: string; readonly text: string } | null;
  /** Paths of files of which something has not been on the screen yet; they cannot be applied. */
  readonly unseen: readonly string[];
  readonly canUndo: boolean;
  /** Counts how often the buttons had to be armed anew: each time the page says again that it can be seen. */
  readonly rounds: number;
  readonly armed: boolean;
  /** Why *Apply* would be refused now, in one sentence; null when it would not. */
  readonly blocked: string | null;
};

/** What the review page draws. The host owns every choice; the page asks for changes and draws what comes back. */
export type ReviewState = ReviewStanding & {
  readonly card: string;
  readonly files: readonly ReviewHead[];
  readonly why: string;
  readonly again: string | null;
  readonly claim: string;
};

/**
 * `show` begins a page; after it come only what has changed, and the files near the one on show. `file` replaces a
 * whole file, `gaps` what is shown between its hunks.
 */
export type ToReviewPage =
  | { readonly kind: 'show'; readonly state: ReviewState }
  | { readonly kind: 'standing'; readonly card: string; readonly changes: Partial<ReviewStanding> }
  | { readonly kind: 'file'; readonly card: string; readonly index: number; readonly file: DrawnFile }
  | { readonly kind: 'gaps'; readonly card: string; readonly index: number; readonly gaps: readonly Gap[] }
  | { readonly kind: 'empty'; readonly because: string };

const hunk = z.string().max(40);
const words = z.string().max(10_000);
/** More than can be shown is refused in words; beyond this it is no message of our page. */
const typed = z.string().max(4_000_000);

export const fromReviewPage = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('ready') }),
  /** These hunks have been on the screen, each under the name of the text it showed. */
  z.strictObject({ kind: z.literal('visible'), digest: z.string(), hunks: z.array(z.string()).max(100_000) }),
  z.strictObject({ kind: z.literal('select'), file: z.int().nonnegative(), hunk: hunk.nullable() }),
  z.strictObject({
    kind: z.literal('choose'),
    digest: z.string(),
    target: z.discriminatedUnion('of', [
      z.strictObject({ of: z.literal('hunk'), hunk }),
      z.strictObject({ of: z.literal('file'), file: z.int().nonnegative() }),
      z.strictObject({ of: z.literal('all') }),
    ]),
    accept: z.boolean(),
  }),
  /** Takes back the last choice or edit. */
  z.strictObject({ kind: z.literal('undo'), digest: z.string() }),
  z.strictObject({ kind: z.literal('edit'), digest: z.string(), hunk }),
  /** What stands in the text box so far; saved only by `saveEdit`. */
  z.strictObject({ kind: z.literal('typing'), hunk, text: typed }),
  z.strictObject({ kind: z.literal('saveEdit'), digest: z.string(), hunk, text: typed }),
  z.strictObject({ kind: z.literal('cancelEdit'), hunk }),
  /** Puts the agent's own text back. */
  z.strictObject({ kind: z.literal('revertEdit'), digest: z.string(), hunk }),
  z.strictObject({ kind: z.literal('note'), text: words }),
  z.strictObject({ kind: z.literal('hunkNote'), hunk, text: words }),
  /** Shows more of what lies around a hunk. */
  z.strictObject({
    kind: z.literal('widen'),
    hunk,
    side: z.enum(['above', 'below', 'around']),
    all: z.boolean(),
  }),
  z.strictObject({ kind: z.literal('apply'), digest: z.string() }),
  z.strictObject({ kind: z.literal('rejectAll'), digest: z.string() }),
  z.strictObject({ kind: z.literal('openDiff'), file: z.int().nonnegative() }),
  z.strictObject({ kind: z.literal('openFile'), file: z.int().nonnegative() }),
]);
export type FromReviewPage = z.infer<typeof fromReviewPage>;

import * as z from 'zod';
import type { ChangeSet } from './changeSet.ts';

/** What the review page draws. The host owns every choice; the page asks for changes and draws what comes back. */
export type ReviewState = {
  readonly card: string;
  readonly digest: string;
  readonly changeSet: ChangeSet;
  /** Ids of the hunks that would be applied. */
  readonly accepted: readonly string[];
  /** Index of the file and id of the hunk that keys act on. */
  readonly file: number;
  readonly hunk: string | null;
  readonly why: string;
  readonly again: string | null;
  readonly claim: string;
  readonly note: string;
  /** Paths of files of which something has not been on the screen yet; they cannot be applied. */
  readonly unseen: readonly string[];
  readonly armed: boolean;
  /** Why *Apply* would be refused now, in one sentence; null when it would not. */
  readonly blocked: string | null;
};

export type ToReviewPage =
  | { readonly kind: 'show'; readonly state: ReviewState }
  | { readonly kind: 'empty'; readonly because: string };

export const fromReviewPage = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('ready') }),
  /** These hunks have been on the screen. */
  z.strictObject({ kind: z.literal('visible'), digest: z.string(), hunks: z.array(z.string()).max(10_000) }),
  z.strictObject({ kind: z.literal('select'), file: z.int().nonnegative(), hunk: z.string().nullable() }),
  z.strictObject({
    kind: z.literal('choose'),
    digest: z.string(),
    target: z.discriminatedUnion('of', [
      z.strictObject({ of: z.literal('hunk'), hunk: z.string() }),
      z.strictObject({ of: z.literal('file'), file: z.int().nonnegative() }),
      z.strictObject({ of: z.literal('all') }),
    ]),
    accept: z.boolean(),
  }),
  z.strictObject({ kind: z.literal('note'), text: z.string().max(10_000) }),
  z.strictObject({ kind: z.literal('apply'), digest: z.string() }),
  z.strictObject({ kind: z.literal('rejectAll'), digest: z.string() }),
  z.strictObject({ kind: z.literal('openDiff'), file: z.int().nonnegative() }),
  z.strictObject({ kind: z.literal('openFile'), file: z.int().nonnegative() }),
]);
export type FromReviewPage = z.infer<typeof fromReviewPage>;

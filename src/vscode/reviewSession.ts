import type { EditCard } from '../protocol/approval.ts';
import type { CardDrawing, PersonEdit, Widened } from '../protocol/cardDrawing.ts';
import type { ReviewFile } from '../protocol/changeSet.ts';
import type { Digest } from '../protocol/digest.ts';
import { hunkName } from '../protocol/hunkName.ts';
import { shownDigest } from '../protocol/shownDigest.ts';

/** What a person decided so far, all of which can be taken back step by step. */
export type Chosen = {
  readonly accepted: ReadonlySet<string>;
  /** The person's own text, at most one a hunk. */
  readonly edits: readonly PersonEdit[];
};

/** One change set before a person: what they chose and what has been on their screen. Times are in milliseconds. */
export type ReviewSession = Chosen & {
  readonly card: EditCard;
  readonly drawing: CardDrawing;
  /** What was chosen before each step, with the place it was chosen at; the last step last. */
  readonly past: readonly (Chosen & Place)[];
  /** Texts the person has saved in this review; counts up, also over what was taken back. */
  readonly saved: number;
  /** Names of the texts that have been on the screen. */
  readonly seen: ReadonlySet<string>;
  readonly note: string;
  readonly notes: ReadonlyMap<string, string>;
  readonly editing: { readonly hunk: string; readonly text: string } | null;
  /** What is shown between hunks, by file and then by the place of the hunk below. */
  readonly widened: ReadonlyMap<number, ReadonlyMap<number, Widened>>;
  /** Whether the panel is in front, as the editor says. */
  readonly onScreen: boolean;
  /** Since when the page has been on the screen without a break; null while it is not. */
  readonly visibleSince: number | null;
  readonly firstVisible: number | null;
  /** How often arming began anew. */
  readonly rounds: number;
  /** Decisions that came too early, twice, for something else, or before all was seen. */
  readonly refused: number;
} & Place;

/** The file and the hunk that keys act on. */
type Place = { readonly file: number; readonly hunk: string | null };

/** What can be shown begins accepted, but for conflicts: a review takes things out. Nothing has been seen yet. */
export function startReview(card: EditCard, drawing: CardDrawing, onScreen: boolean): ReviewSession {
  const files = card.changeSet.files;
  return {
    card,
    drawing,
    accepted: new Set(files.filter(({ unchosen }) => unchosen !== true).flatMap(hunkIds)),
    edits: [],
    past: [],
    saved: 0,
    seen: new Set(),
    file: 0,
    hunk: files[0]?.hunks[0]?.id ?? null,
    note: '',
    notes: new Map(),
    editing: null,
    widened: new Map(),
    onScreen,
    visibleSince: null,
    firstVisible: null,
    rounds: 0,
    refused: 0,
  };
}

/** Names what stands on the page now. */
export function pageDigest({ card, edits }: ReviewSession): Digest {
  return shownDigest(card.digest, edits);
}

/** Whether a hunk, as it stands on the page now, has been on the screen. */
export function isSeen(session: ReviewSession, id: string): boolean {
  return session.seen.has(nameOf(session, id));
}

/** The name of what a hunk shows now. */
export function nameOf({ edits }: ReviewSession, id: string): string {
  const edited = edits.find(({ hunk }) => hunk === id)?.n;
  return hunkName(edited === undefined ? { id } : { id, edited });
}

export function hunkIds({ hunks }: ReviewFile): readonly string[] {
  return hunks.map(({ id }) => id);
}

/** The edits in one file of the card. */
export function editsIn({ edits }: Chosen, file: ReviewFile): readonly PersonEdit[] {
  if (edits.length === 0) return edits;
  const ids = new Set(hunkIds(file));
  return edits.filter(({ hunk }) => ids.has(hunk));
}

/** From here on the page must be on the screen for a while again before anything decides. */
export function armedAnew(session: ReviewSession): ReviewSession {
  return { ...session, visibleSince: null, rounds: session.rounds + 1 };
}

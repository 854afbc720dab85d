import type { ReviewHead, ReviewStanding, ReviewState } from '../protocol/reviewPage.ts';
import { blockedBecause, isArmed } from './reviewArming.ts';
import { editsIn, hunkIds, isSeen, pageDigest, type ReviewSession } from './reviewSession.ts';

/** What the page draws, without the contents of its files. */
export function reviewState(session: ReviewSession, now: number): ReviewState {
  const { card, drawing } = session;
  return {
    ...reviewStanding(session, now),
    card: card.id,
    files: card.changeSet.files.map((_, index) => headOf(session, index)),
    why: drawing.why,
    again: drawing.again,
    claim: drawing.claim,
  };
}

/** What of it changes from event to event. */
export function reviewStanding(session: ReviewSession, now: number): ReviewStanding {
  const { card } = session;
  const unseen = card.changeSet.files.filter((file) => hunkIds(file).some((id) => !isSeen(session, id)));
  return {
    digest: pageDigest(session),
    accepted: [...session.accepted],
    file: session.file,
    hunk: session.hunk,
    note: session.note,
    notes: Object.fromEntries(session.notes),
    editing: session.editing,
    unseen: unseen.map(({ path }) => path),
    canUndo: session.past.length > 0 && session.editing === null,
    rounds: session.rounds,
    armed: isArmed(session, now),
    blocked: blockedBecause(session, now) ?? null,
  };
}

/** What is in `now` and was not so `before`. What is being typed comes from the page and does not go back to it. */
export function standingChanges(before: ReviewStanding, now: ReviewStanding): Partial<ReviewStanding> {
  const same = (key: keyof ReviewStanding) =>
    key === 'editing'
      ? before.editing?.hunk === now.editing?.hunk
      : JSON.stringify(before[key]) === JSON.stringify(now[key]);
  const keys = Object.keys(now) as readonly (keyof ReviewStanding)[];
  return Object.fromEntries(keys.filter((key) => !same(key)).map((key) => [key, now[key]]));
}

function headOf(session: ReviewSession, index: number): ReviewHead {
  const { card, drawing } = session;
  const file = card.changeSet.files[index];
  if (file === undefined) throw new Error('A file beyond the end of a card was to be drawn.');
  const edits = editsIn(session, file);
  if (edits.length === 0) return { ...file, notices: drawing.notices(index), hunks: hunkIds(file) };
  const { gaps: _, ...edited } = drawing.file(index, edits, new Map());
  return { ...edited, hunks: hunkIds(edited) };
}

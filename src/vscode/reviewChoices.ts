import type { Widened } from '../protocol/cardDrawing.ts';
import type { FromReviewPage } from '../protocol/reviewPage.ts';
import { armedAnew, hunkIds, type Chosen, type ReviewSession } from './reviewSession.ts';

export type Target = Extract<FromReviewPage, { kind: 'choose' }>['target'];

const MOST_STEPS_BACK = 500;
const LINES_MORE = 20;
/** As much as one press of a key brings in; more comes with the next. */
const MOST_LINES_AT_ONCE = 5_000;

export function withChoice(session: ReviewSession, ids: readonly string[], accept: boolean): ReviewSession {
  const changing = ids.filter((id) => session.accepted.has(id) !== accept);
  if (changing.length === 0) return session;
  const accepted = new Set(session.accepted);
  for (const id of changing) {
    if (accept) accepted.add(id);
    else accepted.delete(id);
  }
  return withChosen(session, { accepted, edits: session.edits });
}

/** Takes back the last choice or edit and goes where it was made; the session itself when there was none. */
export function withoutLastStep(session: ReviewSession): ReviewSession {
  const last = session.past.at(-1);
  if (last === undefined || session.editing !== null) return session;
  return rearmed(session, { ...session, ...last, past: session.past.slice(0, -1) });
}

/** Only ids that exist: a file that cannot be shown has none, so nothing of it can ever be accepted. */
export function targetIds({ card }: ReviewSession, target: Target): readonly string[] {
  const { files } = card.changeSet;
  switch (target.of) {
    case 'hunk':
      return files.flatMap(hunkIds).filter((id) => id === target.hunk);
    case 'file':
      return files[target.file]?.hunks.map(({ id }) => id) ?? [];
    case 'all':
      return files.flatMap(hunkIds);
  }
}

/** A session, and a sentence for the person where something was not done. */
export type Written = { readonly session: ReviewSession; readonly refusal?: string };

/** Opens a hunk for writing; one at a time. */
export function startEdit(session: ReviewSession, hunk: string): Written {
  const file = fileOf(session, hunk);
  if (file === undefined || session.editing?.hunk === hunk) return { session };
  if (session.editing !== null)
    return { session, refusal: 'Another hunk is being edited; save or cancel that first.' };
  const text = session.drawing.textToType(hunk, session.edits);
  if (text.kind === 'refused') return { session, refusal: text.because };
  return { session: { ...session, file, hunk, editing: { hunk, text: text.text } } };
}

/** Puts what was typed in the place of the hunk's lines and accepts it; it must be seen, and armed, anew. */
export function saveEdit(session: ReviewSession, hunk: string, typed: string): Written {
  if (session.editing?.hunk !== hunk) return { session };
  const text = session.drawing.typed(hunk, session.edits, typed);
  if (text?.kind === 'refused')
    return { session: { ...session, editing: { hunk, text: typed } }, refusal: text.because };
  const closed = { ...session, editing: null };
  if (text === null) return { session: withText(closed, hunk, null) };
  // Text that stood there already keeps its name and need not be looked at again.
  const stood = session.edits.find((edit) => edit.hunk === hunk)?.text === text.text;
  return { session: stood ? closed : withText(closed, hunk, text.text) };
}

/** Puts the agent's own text back. */
export function withoutEdit(session: ReviewSession, hunk: string): ReviewSession {
  if (session.editing !== null || !session.edits.some((edit) => edit.hunk === hunk)) return session;
  return withText(session, hunk, null);
}

function withText(session: ReviewSession, hunk: string, text: string | null): ReviewSession {
  const others = session.edits.filter((edit) => edit.hunk !== hunk);
  if (text === null && others.length === session.edits.length) return session;
  const saved = session.saved + 1;
  if (text === null) return withChosen(session, { accepted: session.accepted, edits: others });
  const edits = [...others, { hunk, text, n: saved }];
  return withChosen({ ...session, saved }, { accepted: new Set([...session.accepted, hunk]), edits });
}

export function withHunkNote(session: ReviewSession, hunk: string, text: string): ReviewSession {
  if (fileOf(session, hunk) === undefined || (session.notes.get(hunk) ?? '') === text) return session;
  const notes = new Map(session.notes);
  if (text === '') notes.delete(hunk);
  else notes.set(hunk, text);
  return { ...session, notes };
}

/** Shows more lines beside a hunk. */
export function widen(
  session: ReviewSession,
  { hunk, side, all }: Omit<Extract<FromReviewPage, { kind: 'widen' }>, 'kind'>,
): ReviewSession {
  const file = fileOf(session, hunk);
  if (file === undefined) return session;
  const place = session.card.changeSet.files[file]?.hunks.findIndex(({ id }) => id === hunk) ?? 0;
  const more = all ? MOST_LINES_AT_ONCE : LINES_MORE;
  const own = new Map<number, Widened>(session.widened.get(file));
  const at = (before: number) => own.get(before) ?? { above: 0, below: 0 };
  if (side !== 'below') own.set(place, { ...at(place), below: at(place).below + more });
  if (side !== 'above') own.set(place + 1, { ...at(place + 1), above: at(place + 1).above + more });
  return { ...session, widened: new Map(session.widened).set(file, own) };
}

function fileOf({ card }: ReviewSession, hunk: string): number | undefined {
  const file = card.changeSet.files.findIndex(({ hunks }) => hunks.some(({ id }) => id === hunk));
  return file === -1 ? undefined : file;
}

function withChosen(session: ReviewSession, chosen: Chosen): ReviewSession {
  const { accepted, edits, file, hunk, past } = session;
  return rearmed(session, {
    ...session,
    ...chosen,
    past: [...past, { accepted, edits, file, hunk }].slice(-MOST_STEPS_BACK),
  });
}

/** Where other text stands on the page, the buttons must be armed anew. */
function rearmed(before: ReviewSession, after: ReviewSession): ReviewSession {
  return before.edits === after.edits ? after : armedAnew(after);
}

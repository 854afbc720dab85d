import type { Answer } from '../protocol/approval.ts';
import type { FileChoice, HunkNote } from '../protocol/changeSet.ts';
import type { FromReviewPage } from '../protocol/reviewPage.ts';
import { blockedBecause, isArmed, NOT_IN_FRONT, notArmedBecause, TOO_EARLY } from './reviewArming.ts';
import {
  saveEdit,
  startEdit,
  targetIds,
  widen,
  withChoice,
  withHunkNote,
  withoutEdit,
  withoutLastStep,
} from './reviewChoices.ts';
import { armedAnew, editsIn, hunkIds, nameOf, pageDigest, type ReviewSession } from './reviewSession.ts';

/** What commands and keys can do besides answering. */
export type ReviewStep =
  | 'acceptHunk'
  | 'rejectHunk'
  | 'acceptFile'
  | 'rejectFile'
  | 'acceptAll'
  | 'nextHunk'
  | 'previousHunk'
  | 'nextFile'
  | 'previousFile'
  | 'undo'
  | 'editHunk'
  | 'moreContext';
export type ReviewVerdict = 'apply' | 'rejectAll';

export type ReviewEvent =
  | { readonly kind: 'page'; readonly message: FromReviewPage }
  | { readonly kind: 'command'; readonly command: ReviewStep | ReviewVerdict }
  | { readonly kind: 'noted'; readonly text: string }
  /** The panel came to the front, left it, or moved; from here it must arm anew. */
  | { readonly kind: 'placed'; readonly onScreen: boolean }
  | { readonly kind: 'closed' };

/** What follows from an event: at most one of an answer, something to open, or a refusal in one sentence. */
export type Reaction = {
  readonly session: ReviewSession;
  readonly answer?: Answer;
  readonly open?: { readonly as: 'diff' | 'file'; readonly file: number };
  readonly refusal?: string;
};

/** Takes one event at time `now`. Never throws, whatever the page sends. */
export function reviewStep(session: ReviewSession, event: ReviewEvent, now: number): Reaction {
  switch (event.kind) {
    case 'page':
      return afterMessage(session, event.message, now);
    case 'command':
      return afterCommand(session, event.command, now);
    case 'noted':
      return { session: { ...session, note: event.text } };
    case 'placed':
      return { session: armedAnew({ ...session, onScreen: event.onScreen }) };
    case 'closed':
      return { session, answer: rejection(session, 'closed', now) };
  }
}

function afterMessage(session: ReviewSession, message: FromReviewPage, now: number): Reaction {
  if ('digest' in message && message.digest !== pageDigest(session)) return ignored(session, message);
  switch (message.kind) {
    case 'ready':
      return { session: armedAnew(session) };
    case 'visible':
      return { session: withVisible(session, message.hunks, now) };
    case 'select':
      return { session: withSelection(session, message.file, message.hunk) };
    case 'choose':
      return { session: withChoice(session, targetIds(session, message.target), message.accept) };
    case 'undo':
      return { session: withoutLastStep(session) };
    case 'edit':
      return startEdit(session, message.hunk);
    case 'typing':
      return { session: withTyping(session, message.hunk, message.text) };
    case 'saveEdit':
      return saveEdit(session, message.hunk, message.text);
    case 'cancelEdit':
      return { session: session.editing?.hunk === message.hunk ? { ...session, editing: null } : session };
    case 'revertEdit':
      return { session: withoutEdit(session, message.hunk) };
    case 'note':
      return { session: { ...session, note: message.text } };
    case 'hunkNote':
      return { session: withHunkNote(session, message.hunk, message.text) };
    case 'widen':
      return { session: widen(session, message) };
    case 'apply':
    case 'rejectAll':
      return decide(session, message.kind, 'button', now);
    case 'openDiff':
      return opening(session, 'diff', message.file);
    case 'openFile':
      return opening(session, 'file', message.file);
  }
}

function ignored(session: ReviewSession, message: FromReviewPage): Reaction {
  const decides = message.kind === 'apply' || message.kind === 'rejectAll';
  return { session: decides ? { ...session, refused: session.refused + 1 } : session };
}

function afterCommand(session: ReviewSession, command: ReviewStep | ReviewVerdict, now: number): Reaction {
  if (command === 'apply' || command === 'rejectAll') return decide(session, command, 'command', now);
  if (!session.onScreen) return { session, refusal: NOT_IN_FRONT };
  switch (command) {
    case 'nextHunk':
      return { session: withNeighbour(session, 1) };
    case 'previousHunk':
      return { session: withNeighbour(session, -1) };
    case 'nextFile':
      return { session: withSelection(session, session.file + 1, null) };
    case 'previousFile':
      return { session: withSelection(session, session.file - 1, null) };
    case 'acceptHunk':
      return chooseNow(session, currentHunk(session), true, now);
    case 'rejectHunk':
      return chooseNow(session, currentHunk(session), false, now);
    case 'acceptFile':
      return chooseNow(session, targetIds(session, { of: 'file', file: session.file }), true, now);
    case 'rejectFile':
      return chooseNow(session, targetIds(session, { of: 'file', file: session.file }), false, now);
    case 'acceptAll':
      return chooseNow(session, targetIds(session, { of: 'all' }), true, now);
    case 'undo':
      return { session: withoutLastStep(session) };
    case 'editHunk':
      return session.hunk === null ? { session } : startEdit(session, session.hunk);
    case 'moreContext':
      return session.hunk === null
        ? { session }
        : { session: widen(session, { hunk: session.hunk, side: 'around', all: false }) };
  }
}

function chooseNow(session: ReviewSession, ids: readonly string[], accept: boolean, now: number): Reaction {
  if (!isArmed(session, now)) return { session, refusal: TOO_EARLY };
  return { session: withChoice(session, ids, accept) };
}

function decide(session: ReviewSession, verdict: ReviewVerdict, how: Answer['how'], now: number): Reaction {
  const refusal = verdict === 'apply' ? blockedBecause(session, now) : notArmedBecause(session, now);
  if (refusal !== undefined) return { session: { ...session, refused: session.refused + 1 }, refusal };
  if (verdict === 'rejectAll') return { session, answer: rejection(session, how, now) };
  const files = session.card.changeSet.files.map((file): FileChoice => {
    const edited = editsIn(session, file).map(({ hunk, text }) => ({ hunk, text }));
    return {
      path: file.path,
      accepted: hunkIds(file).filter((id) => session.accepted.has(id)),
      ...(edited.length === 0 ? {} : { edited }),
    };
  });
  const choice = { kind: 'accept', files, note: session.note, ...notesOf(session) } as const;
  return { session, answer: { ...answerTo(session, how, now), digest: pageDigest(session), choice } };
}

/** What the person typed in hunks goes with everything else that is not applied; their words stay. */
function rejection(session: ReviewSession, how: Answer['how'], now: number): Answer {
  return {
    ...answerTo(session, how, now),
    choice: { kind: 'reject', note: session.note, ...notesOf(session) },
  };
}

function notesOf({ notes, card }: ReviewSession): { notes?: readonly HunkNote[] } {
  const ids = card.changeSet.files.flatMap(hunkIds);
  const said = ids.flatMap((hunk): readonly HunkNote[] => {
    const text = notes.get(hunk)?.trim() ?? '';
    return text === '' ? [] : [{ hunk, text }];
  });
  return said.length === 0 ? {} : { notes: said };
}

function answerTo(session: ReviewSession, how: Answer['how'], now: number): Omit<Answer, 'choice'> {
  const { card, firstVisible } = session;
  return { card: card.id, digest: card.digest, how, ms: firstVisible === null ? 0 : now - firstVisible };
}

function withTyping(session: ReviewSession, hunk: string, text: string): ReviewSession {
  if (session.editing?.hunk !== hunk || session.editing.text === text) return session;
  return { ...session, editing: { hunk, text } };
}

function withVisible(session: ReviewSession, names: readonly string[], now: number): ReviewSession {
  if (!session.onScreen) return session;
  const known = new Set(session.card.changeSet.files.flatMap(hunkIds).map((id) => nameOf(session, id)));
  const fresh = names.filter((name) => known.has(name) && !session.seen.has(name));
  // The page says again what it said when it is drawn anew; a redraw that changes nothing would go round in circles.
  if (fresh.length === 0 && session.visibleSince !== null) return session;
  return {
    ...session,
    seen: new Set([...session.seen, ...fresh]),
    visibleSince: session.visibleSince ?? now,
    firstVisible: session.firstVisible ?? now,
  };
}

/** A file that is not there changes nothing; without a hunk of that file, its first one is taken. */
function withSelection(session: ReviewSession, file: number, hunk: string | null): ReviewSession {
  const chosen = session.card.changeSet.files[file];
  if (chosen === undefined) return session;
  const own = hunk !== null && hunkIds(chosen).includes(hunk);
  return { ...session, file, hunk: own ? hunk : (chosen.hunks[0]?.id ?? null) };
}

/** The hunk after or before the current one, over the borders of files. */
function withNeighbour(session: ReviewSession, by: 1 | -1): ReviewSession {
  const stops: { readonly file: number; readonly hunk: string | null }[] = [];
  for (const [file, { hunks }] of session.card.changeSet.files.entries()) {
    if (hunks.length === 0) stops.push({ file, hunk: null });
    for (const { id } of hunks) stops.push({ file, hunk: id });
  }
  const at = stops.findIndex(({ file, hunk }) => file === session.file && hunk === session.hunk);
  const next = stops[at + by];
  return next === undefined ? session : { ...session, ...next };
}

function currentHunk({ hunk }: ReviewSession): readonly string[] {
  return hunk === null ? [] : [hunk];
}

function opening(session: ReviewSession, as: 'diff' | 'file', file: number): Reaction {
  return file < session.card.changeSet.files.length ? { session, open: { as, file } } : { session };
}

import type { Answer, EditCard } from '../protocol/approval.ts';
import type { ChangeSet, FileChoice, ReviewFile } from '../protocol/changeSet.ts';
import type { FromReviewPage, ReviewState } from '../protocol/reviewPage.ts';
import { relativePath } from '../protocol/workspacePath.ts';

/** How long a change must have been on the screen before anything decides about it. */
export const ARMING_MS = 700;

/** A card as it is drawn, everything hidden in it made visible. */
export type DrawnCard = {
  readonly changeSet: ChangeSet;
  readonly why: string;
  readonly again: string | null;
  readonly claim: string;
};

/** One change set before a person: what they chose and what has been on their screen. Times are in milliseconds. */
export type ReviewSession = {
  readonly card: EditCard;
  readonly drawn: DrawnCard;
  readonly accepted: ReadonlySet<string>;
  readonly seen: ReadonlySet<string>;
  readonly file: number;
  readonly hunk: string | null;
  readonly note: string;
  /** Whether the panel is in front, as the editor says. */
  readonly onScreen: boolean;
  /** Since when the page has been on the screen without a break; null while it is not. */
  readonly visibleSince: number | null;
  readonly firstVisible: number | null;
  /** Decisions that came too early, twice, for something else, or before all was seen. */
  readonly refused: number;
};

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
  | 'previousFile';
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

/** What can be shown begins accepted, but for conflicts: a review takes things out. Nothing has been seen yet. */
export function startReview(card: EditCard, drawn: DrawnCard, onScreen: boolean): ReviewSession {
  const files = card.changeSet.files;
  return {
    card,
    drawn,
    accepted: new Set(files.filter(({ unchosen }) => unchosen !== true).flatMap(hunkIds)),
    seen: new Set(),
    file: 0,
    hunk: files[0]?.hunks[0]?.id ?? null,
    note: '',
    onScreen,
    visibleSince: null,
    firstVisible: null,
    refused: 0,
  };
}

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
      return { session: { ...session, onScreen: event.onScreen, visibleSince: null } };
    case 'closed':
      return { session, answer: answerOf(session, { kind: 'reject', note: session.note }, 'closed', now) };
  }
}

/** What the page draws. */
export function reviewState(session: ReviewSession, now: number): ReviewState {
  const { card, drawn, accepted, seen } = session;
  const unseen = card.changeSet.files.filter((file) => hunkIds(file).some((id) => !seen.has(id)));
  return {
    card: card.id,
    digest: card.digest,
    changeSet: drawn.changeSet,
    accepted: [...accepted],
    file: session.file,
    hunk: session.hunk,
    why: drawn.why,
    again: drawn.again,
    claim: drawn.claim,
    note: session.note,
    unseen: unseen.map(({ path }) => path),
    armed: isArmed(session, now),
    blocked: blockedBecause(session, now) ?? null,
  };
}

/** Milliseconds until buttons count; null while the page is not on the screen or when they count already. */
export function armsIn(session: ReviewSession, now: number): number | null {
  if (session.visibleSince === null || isArmed(session, now)) return null;
  return session.visibleSince + ARMING_MS - now;
}

function afterMessage(session: ReviewSession, message: FromReviewPage, now: number): Reaction {
  if ('digest' in message && message.digest !== session.card.digest) return ignored(session, message);
  switch (message.kind) {
    case 'ready':
      return { session: { ...session, visibleSince: null } };
    case 'visible':
      return { session: withVisible(session, message.hunks, now) };
    case 'select':
      return { session: withSelection(session, message.file, message.hunk) };
    case 'choose':
      return { session: withChoice(session, targetIds(session, message.target), message.accept) };
    case 'note':
      return { session: { ...session, note: message.text } };
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
  }
}

function chooseNow(session: ReviewSession, ids: readonly string[], accept: boolean, now: number): Reaction {
  if (!isArmed(session, now)) return { session, refusal: TOO_EARLY };
  return { session: withChoice(session, ids, accept) };
}

const NOT_IN_FRONT = 'The review is not in front, so nothing was decided; show it first.';
const TOO_EARLY = 'The change has only just come to the screen, so nothing was decided; look at it first.';

function decide(session: ReviewSession, verdict: ReviewVerdict, how: Answer['how'], now: number): Reaction {
  const refusal = verdict === 'apply' ? blockedBecause(session, now) : notArmedBecause(session, now);
  if (refusal !== undefined) return { session: { ...session, refused: session.refused + 1 }, refusal };
  const { note } = session;
  if (verdict === 'rejectAll')
    return { session, answer: answerOf(session, { kind: 'reject', note }, how, now) };
  const files = session.card.changeSet.files.map((file): FileChoice => ({
    path: file.path,
    accepted: hunkIds(file).filter((id) => session.accepted.has(id)),
  }));
  return { session, answer: answerOf(session, { kind: 'accept', files, note }, how, now) };
}

function answerOf(session: ReviewSession, choice: Answer['choice'], how: Answer['how'], now: number): Answer {
  const { card, firstVisible } = session;
  return {
    card: card.id,
    digest: card.digest,
    choice,
    how,
    ms: firstVisible === null ? 0 : now - firstVisible,
  };
}

function isArmed({ onScreen, visibleSince }: ReviewSession, now: number): boolean {
  return onScreen && visibleSince !== null && now - visibleSince >= ARMING_MS;
}

function notArmedBecause(session: ReviewSession, now: number): string | undefined {
  if (!session.onScreen || session.visibleSince === null) return NOT_IN_FRONT;
  return isArmed(session, now) ? undefined : TOO_EARLY;
}

function blockedBecause(session: ReviewSession, now: number): string | undefined {
  const { accepted, seen, card } = session;
  if (accepted.size === 0) return 'No hunk is accepted; accept at least one, or reject everything.';
  const missed = card.changeSet.files.filter((file) =>
    hunkIds(file).some((id) => accepted.has(id) && !seen.has(id)),
  );
  const [first] = missed;
  const early = notArmedBecause(session, now);
  if (early !== undefined || first === undefined) return early;
  const count = [...accepted].filter((id) => !seen.has(id)).length;
  const where = `${relativePath(first.path)}${missed.length > 1 ? ` and ${missed.length - 1} more` : ''}`;
  if (count === 1)
    return `1 accepted hunk was not on the screen in full yet (${where}); look at it or reject it.`;
  return `${count} accepted hunks were not on the screen in full yet (${where}); look at them or reject them.`;
}

function withVisible(session: ReviewSession, hunks: readonly string[], now: number): ReviewSession {
  if (!session.onScreen) return session;
  const known = new Set(session.card.changeSet.files.flatMap(hunkIds));
  const fresh = hunks.filter((id) => known.has(id) && !session.seen.has(id));
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

function withChoice(session: ReviewSession, ids: readonly string[], accept: boolean): ReviewSession {
  const accepted = new Set(session.accepted);
  for (const id of ids) {
    if (accept) accepted.add(id);
    else accepted.delete(id);
  }
  return { ...session, accepted };
}

type Target = Extract<FromReviewPage, { kind: 'choose' }>['target'];

/** Only ids that exist: a file that cannot be shown has none, so nothing of it can ever be accepted. */
function targetIds({ card }: ReviewSession, target: Target): readonly string[] {
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

function currentHunk({ hunk }: ReviewSession): readonly string[] {
  return hunk === null ? [] : [hunk];
}

function opening(session: ReviewSession, as: 'diff' | 'file', file: number): Reaction {
  return file < session.card.changeSet.files.length ? { session, open: { as, file } } : { session };
}

function hunkIds({ hunks }: ReviewFile): readonly string[] {
  return hunks.map(({ id }) => id);
}

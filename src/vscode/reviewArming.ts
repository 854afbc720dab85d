import { relativePath } from '../protocol/workspacePath.ts';
import { hunkIds, isSeen, type ReviewSession } from './reviewSession.ts';

/** How long a change must have been on the screen before anything decides about it. */
export const ARMING_MS = 700;

export const NOT_IN_FRONT = 'The review is not in front, so nothing was decided; show it first.';
export const TOO_EARLY =
  'The change has only just come to the screen, so nothing was decided; look at it first.';
const BEING_EDITED = 'You are editing a hunk; save what you typed, or cancel it.';

export function isArmed({ onScreen, visibleSince }: ReviewSession, now: number): boolean {
  return onScreen && visibleSince !== null && now - visibleSince >= ARMING_MS;
}

/** Milliseconds until buttons count; null while the page is not on the screen or when they count already. */
export function armsIn(session: ReviewSession, now: number): number | null {
  if (session.visibleSince === null || isArmed(session, now)) return null;
  return session.visibleSince + ARMING_MS - now;
}

export function notArmedBecause(session: ReviewSession, now: number): string | undefined {
  if (!session.onScreen || session.visibleSince === null) return NOT_IN_FRONT;
  return isArmed(session, now) ? undefined : TOO_EARLY;
}

/** Why nothing can be applied now, in one sentence. */
export function blockedBecause(session: ReviewSession, now: number): string | undefined {
  const { accepted, card } = session;
  if (session.editing !== null) return BEING_EDITED;
  if (accepted.size === 0) return 'No hunk is accepted; accept at least one, or reject everything.';
  const missed = card.changeSet.files.filter((file) =>
    hunkIds(file).some((id) => accepted.has(id) && !isSeen(session, id)),
  );
  const [first] = missed;
  const early = notArmedBecause(session, now);
  if (early !== undefined || first === undefined) return early;
  const count = [...accepted].filter((id) => !isSeen(session, id)).length;
  const where = `${relativePath(first.path)}${missed.length > 1 ? ` and ${missed.length - 1} more` : ''}`;
  if (count === 1)
    return `1 accepted hunk was not on the screen in full yet (${where}); look at it or reject it.`;
  return `${count} accepted hunks were not on the screen in full yet (${where}); look at them or reject them.`;
}

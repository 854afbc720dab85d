import type { Hunk } from './changeSet.ts';

/** Names what a hunk shows: the agent's text, or the n-th that the person put in its place. */
export function hunkName({ id, edited }: Pick<Hunk, 'id' | 'edited'>): string {
  return edited === undefined ? id : `${id}~${edited}`;
}

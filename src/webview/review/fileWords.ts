import type { ReviewFile } from '../../protocol/changeSet.ts';
import { relativePath, rootName } from '../../protocol/workspacePath.ts';

/** How many of a file's hunks would be applied. */
export type Taken = 'all' | 'some' | 'none';

export function takenOf(hunks: readonly string[], accepted: ReadonlySet<string>): Taken {
  const count = hunks.filter((id) => accepted.has(id)).length;
  if (count === 0) return 'none';
  return count === hunks.length ? 'all' : 'some';
}

/** A path in the pieces in which it is drawn; the root is always named, because a window may hold several. */
export function pathWords(path: ReviewFile['path']): { name: string; folder: string; root: string } {
  const relative = relativePath(path);
  const cut = relative.lastIndexOf('/') + 1;
  return { name: relative.slice(cut), folder: relative.slice(0, cut), root: rootName(path) };
}

export function plural(count: number, word: string): string {
  return count === 1 ? `1 ${word}` : `${count} ${word}s`;
}

import type { Hunk, HunkLine, ReviewFile } from '../../protocol/changeSet.ts';
import { hunkName } from '../../protocol/hunkName.ts';

/** Few enough to be drawn at once and to be seen in a screen or two. */
const LINES_A_PART = 40;

/** A hunk in pieces that are drawn, and must be seen, one by one; other text is another piece. */
export type HunkPart = { readonly id: string; readonly lines: readonly HunkLine[] };

export function hunkParts(hunk: Hunk): readonly HunkPart[] {
  const { lines } = hunk;
  const name = hunkName(hunk);
  const parts: HunkPart[] = [];
  for (let from = 0; from < lines.length; from += LINES_A_PART)
    parts.push({ id: `${name}/${from}`, lines: lines.slice(from, from + LINES_A_PART) });
  return parts.length === 0 ? [{ id: `${name}/0`, lines }] : parts;
}

/** What is said above a file's hunks, as a piece to be seen; undefined where nothing is. */
export function noticesPart({ notices }: Pick<ReviewFile, 'notices'>): string | undefined {
  return notices.length === 0 ? undefined : `notices/${notices.join('\n')}`;
}

/** The names of the hunks of a file of which every part has been seen, and what is said above them too. */
export function seenHunks(file: ReviewFile, seen: ReadonlySet<string>): readonly string[] {
  const notices = noticesPart(file);
  if (notices !== undefined && !seen.has(notices)) return [];
  return file.hunks.filter((hunk) => hunkParts(hunk).every((part) => seen.has(part.id))).map(hunkName);
}

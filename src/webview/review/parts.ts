import type { Hunk, HunkLine, ReviewFile } from '../../protocol/changeSet.ts';

/** Few enough to be drawn at once and to be seen in a screen or two. */
const LINES_A_PART = 40;

export const NOTICES = 'notices';

/** A hunk in pieces that are drawn, and must be seen, one by one. */
export type HunkPart = { readonly id: string; readonly lines: readonly HunkLine[] };

export function hunkParts({ id, lines }: Hunk): readonly HunkPart[] {
  const parts: HunkPart[] = [];
  for (let from = 0; from < lines.length; from += LINES_A_PART)
    parts.push({ id: `${id}/${from}`, lines: lines.slice(from, from + LINES_A_PART) });
  return parts.length === 0 ? [{ id: `${id}/0`, lines }] : parts;
}

/** The hunks of a file of which every part has been seen, and what is said above them too. */
export function seenHunks(file: ReviewFile, seen: ReadonlySet<string>): readonly string[] {
  if (file.notices.length > 0 && !seen.has(NOTICES)) return [];
  return file.hunks.filter((hunk) => hunkParts(hunk).every((part) => seen.has(part.id))).map(({ id }) => id);
}

import type { HunkEdit } from '../protocol/changeSet.ts';
import { contentOf } from '../protocol/content.ts';
import { diffLines } from './diffLines.ts';
import { changedLines, MOST_WORK_A_FILE, type FileDiff, type Part } from './fileDiff.ts';
import { splitLines } from './splitLines.ts';

/**
 * The file as it would be with the person's text in place of some parts' lines after the change. Parts keep their ids
 * and their stretch of the text before; within the others nothing changes but the numbers of the lines after. Edits of
 * what cannot be edited, or of other files, are passed over.
 */
export function withEdits(diff: FileDiff, edits: readonly HunkEdit[]): FileDiff {
  const texts = new Map(edits.map(({ hunk, text }) => [hunk, text]));
  const { after: content } = diff.edit;
  if (content === null || !diff.parts.some((part) => texts.has(part.id) && isEditable(diff, part)))
    return diff;
  const pieces: (readonly string[])[] = [];
  let at = 0;
  let shift = 0;
  const parts = diff.parts.map((part): Part => {
    const text = texts.get(part.id);
    if (text === undefined || !isEditable(diff, part)) return shifted(part, shift);
    const lines = splitLines(text);
    pieces.push(diff.after.slice(at, part.newStart), lines);
    at = part.newEnd;
    const edited = editedPart(diff, part, lines, shift);
    shift += lines.length - (part.newEnd - part.newStart);
    return edited;
  });
  const after = [...pieces, diff.after.slice(at)].flat();
  return {
    ...diff,
    edit: { ...diff.edit, after: contentOf(after.join(''), content) },
    after,
    parts,
    ...changedLines(parts.flatMap(({ runs }) => runs)),
  };
}

/** Lines that stay or come can be written anew; the fact that a file goes, moves or changes its mode cannot. */
export function isEditable({ edit }: FileDiff, part: Part): boolean {
  if (part.kind === 'properties' || edit.after === null) return false;
  return edit.to === undefined || part.runs.length > 0;
}

function editedPart({ before }: FileDiff, part: Part, lines: readonly string[], shift: number): Part {
  const newStart = part.newStart + shift;
  const { runs } = diffLines(before.slice(part.oldStart, part.oldEnd), lines, MOST_WORK_A_FILE);
  return {
    ...part,
    newStart,
    newEnd: newStart + lines.length,
    runs: runs.map((run) => ({
      oldStart: run.oldStart + part.oldStart,
      oldEnd: run.oldEnd + part.oldStart,
      newStart: run.newStart + newStart,
      newEnd: run.newEnd + newStart,
    })),
  };
}

function shifted(part: Part, by: number): Part {
  if (by === 0 || part.kind === 'properties') return part;
  return {
    ...part,
    newStart: part.newStart + by,
    newEnd: part.newEnd + by,
    runs: part.runs.map((run) => ({ ...run, newStart: run.newStart + by, newEnd: run.newEnd + by })),
  };
}

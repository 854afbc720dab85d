import type { ChangeSet, Hunk, LineDiff, ReviewFile } from '../protocol/changeSet.ts';
import type { EditEffect } from '../protocol/effect.ts';
import { effectDigest } from '../protocol/effectDigest.ts';
import { fileDiffs, lineDiffs, type FileDiff, type Part } from './fileDiff.ts';
import { hunkLine, rawLines } from './hunkLines.ts';
import { noticesOf } from './noticesOf.ts';
import { unshowable } from './unshowable.ts';
import { withWordMarks } from './wordMarks.ts';

const MOST_MARKED_PAIRS = 2_000;

/**
 * What a person sees of an edit. Texts are as in the file, carriage returns and hidden characters included; whoever
 * draws them makes them visible first. The same effect always gives the same hunks under the same ids.
 */
export function changeSetOf(effect: EditEffect, diffs: readonly LineDiff[] = lineDiffs(effect)): ChangeSet {
  const budget = { pairs: MOST_MARKED_PAIRS };
  return {
    effect: effectDigest(effect),
    files: fileDiffs(effect, diffs).map((diff) => reviewFile(diff, budget)),
    diffs,
  };
}

/** One file as a person sees it; `budget.pairs` bounds how many lines are compared word by word. */
export function reviewFile(
  diff: FileDiff,
  budget: { pairs: number } = { pairs: MOST_MARKED_PAIRS },
): ReviewFile {
  const { edit, change, added, removed } = diff;
  const hidden = unshowable(diff);
  return {
    path: edit.path,
    ...(edit.to === undefined ? {} : { to: edit.to }),
    change,
    added,
    removed,
    hunks: hidden === undefined ? diff.parts.map((part) => hunkOf(diff, part, budget)) : [],
    notices: noticesOf(diff),
    ...(hidden === undefined ? {} : { unshowable: hidden }),
  };
}

function hunkOf(diff: FileDiff, part: Part, budget: { pairs: number }): Hunk {
  const oldLines = part.oldEnd - part.oldStart;
  const newLines = part.newEnd - part.newStart;
  return {
    id: part.id,
    // As in a unified diff: where there are no lines, the number is that of the line before.
    oldStart: oldLines === 0 ? part.oldStart : part.oldStart + 1,
    oldLines,
    newStart: newLines === 0 ? part.newStart : part.newStart + 1,
    newLines,
    lines: withWordMarks(rawLines(diff, part).map(hunkLine), budget),
  };
}

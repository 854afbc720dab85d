import type { LineDiff, ReviewFile, Run } from '../protocol/changeSet.ts';
import type { EditEffect, FileEdit } from '../protocol/effect.ts';
import { diffLines } from './diffLines.ts';
import { splitLines } from './splitLines.ts';

/**
 * What a person accepts or rejects as one: changed lines, the file as a whole (created, deleted, renamed), or what is
 * not in its lines (byte order mark, mode). Lines [oldStart, oldEnd) and [newStart, newEnd) include the context.
 */
export type Part = Run & {
  readonly id: string;
  readonly kind: 'lines' | 'whole' | 'properties';
  readonly runs: readonly Run[];
};

/** One file of an effect, compared; lines keep their line feed. */
export type FileDiff = {
  readonly edit: FileEdit;
  readonly change: ReviewFile['change'];
  readonly before: readonly string[];
  readonly after: readonly string[];
  readonly parts: readonly Part[];
  readonly added: number;
  readonly removed: number;
  /** The comparison was given up as too costly, so lines that stayed may be drawn as removed and added again. */
  readonly coarse: boolean;
};

const CONTEXT_LINES = 3;

/** About 0.2 s for one file and 1 s for a whole set, whatever it holds. */
export const MOST_WORK_A_FILE = 2_000_000;
const MOST_WORK_A_SET = 8_000_000;

/**
 * Compares every file of an effect; the same effect always gives the same lines. With `most` 0 nothing is compared that
 * costs anything: what differs is one run from the first to the last difference.
 */
export function lineDiffs(effect: EditEffect, most = MOST_WORK_A_SET): readonly LineDiff[] {
  let left = most;
  return effect.files.map((edit) => {
    const before = splitLines(edit.before?.text ?? '');
    const after = splitLines(edit.after?.text ?? '');
    const diff = diffLines(before, after, Math.min(left, MOST_WORK_A_FILE));
    left -= diff.work;
    return diff;
  });
}

/** Every file of an effect with its parts; the same comparison always gives the same parts and ids. */
export function fileDiffs(
  effect: EditEffect,
  diffs: readonly LineDiff[] = lineDiffs(effect),
): readonly FileDiff[] {
  return effect.files.map((edit, index) => {
    const diff = diffs[index];
    if (diff === undefined) throw new Error('An effect and its comparison name different files.');
    return fileDiff(edit, index, diff);
  });
}

function fileDiff(edit: FileEdit, index: number, { runs, whole: coarse }: LineDiff): FileDiff {
  const before = splitLines(edit.before?.text ?? '');
  const after = splitLines(edit.after?.text ?? '');
  const change = changeOf(edit);
  const whole: Run = { oldStart: 0, oldEnd: before.length, newStart: 0, newEnd: after.length };
  const nothing: Run = { oldStart: 0, oldEnd: 0, newStart: 0, newEnd: 0 };
  const parts: Omit<Part, 'id'>[] = [];
  if (change !== 'edited') parts.push({ ...(runs.length === 0 ? nothing : whole), kind: 'whole', runs });
  if (change === 'edited' && propertiesDiffer(edit)) parts.push({ ...nothing, kind: 'properties', runs: [] });
  if (change === 'edited')
    for (const group of grouped(runs))
      parts.push({ ...withContext(group, whole), kind: 'lines', runs: group });
  return {
    edit,
    change,
    before,
    after,
    parts: parts.map((part, n) => ({ ...part, id: `${index}.${n}` })),
    ...changedLines(runs),
    coarse,
  };
}

/** How many lines come and go. */
export function changedLines(runs: readonly Run[]): { added: number; removed: number } {
  return {
    added: sum(runs, (run) => run.newEnd - run.newStart),
    removed: sum(runs, (run) => run.oldEnd - run.oldStart),
  };
}

function changeOf({ before, after, to }: FileEdit): ReviewFile['change'] {
  if (before === null) return 'created';
  if (after === null) return 'deleted';
  return to === undefined ? 'edited' : 'renamed';
}

function propertiesDiffer({ before, after }: FileEdit): boolean {
  if (before === null || after === null) return false;
  return before.bom !== after.bom || before.mode !== after.mode;
}

/** Runs whose contexts would touch stand in one hunk. */
function grouped(runs: readonly Run[]): readonly (readonly Run[])[] {
  const groups: Run[][] = [];
  for (const run of runs) {
    const last = groups.at(-1);
    const previous = last?.at(-1);
    if (last === undefined || previous === undefined || run.oldStart - previous.oldEnd > 2 * CONTEXT_LINES)
      groups.push([run]);
    else last.push(run);
  }
  return groups;
}

function withContext(group: readonly Run[], whole: Run): Run {
  const first = group[0] ?? whole;
  const last = group.at(-1) ?? whole;
  const lead = Math.min(CONTEXT_LINES, first.oldStart);
  const trail = Math.min(CONTEXT_LINES, whole.oldEnd - last.oldEnd);
  return {
    oldStart: first.oldStart - lead,
    oldEnd: last.oldEnd + trail,
    newStart: first.newStart - lead,
    newEnd: last.newEnd + trail,
  };
}

function sum(runs: readonly Run[], size: (run: Run) => number): number {
  return runs.reduce((total, run) => total + size(run), 0);
}

import { diffArrays } from 'diff';
import type { LineDiff, Run } from '../protocol/changeSet.ts';

/**
 * The runs in which two texts differ. Costs at most about `maxWork` steps: beyond, everything between the first and
 * the last difference is one run. Bounded by work and not by time, so that the same texts always give the same runs.
 */
export function diffLines(before: readonly string[], after: readonly string[], maxWork: number): LineDiff {
  const start = commonStart(before, after);
  const end = commonEnd(before, after, start);
  const oldEnd = before.length - end;
  const newEnd = after.length - end;
  if (start === oldEnd && start === newEnd) return { runs: [], work: 0, whole: false };
  const all: Run = { oldStart: start, oldEnd, newStart: start, newEnd };
  if (start === oldEnd || start === newEnd) return { runs: [all], work: 0, whole: false };

  const { old, fresh } = sharedLines(before, after, all);
  const maxEditLength = Math.floor(Math.sqrt(Math.max(0, maxWork)));
  const parts = diffArrays(
    old.map(({ line }) => line),
    fresh.map(({ line }) => line),
    { maxEditLength },
  );
  if (parts === undefined) return { runs: [all], work: maxWork, whole: true };
  const runs: Run[] = [];
  let oldAt = start;
  let newAt = start;
  let steps = 0;
  let i = 0;
  let j = 0;
  for (const part of parts) {
    if (part.added) j += part.count;
    if (part.removed) i += part.count;
    if (part.added || part.removed) {
      steps += part.count;
      continue;
    }
    for (let n = 0; n < part.count; n += 1, i += 1, j += 1) {
      const oldMatch = old[i]?.at ?? oldEnd;
      const newMatch = fresh[j]?.at ?? newEnd;
      addRun(runs, { oldStart: oldAt, oldEnd: oldMatch, newStart: newAt, newEnd: newMatch });
      oldAt = oldMatch + 1;
      newAt = newMatch + 1;
    }
  }
  addRun(runs, { oldStart: oldAt, oldEnd, newStart: newAt, newEnd });
  return { runs, work: steps * steps, whole: false };
}

function addRun(runs: Run[], run: Run): void {
  if (run.oldStart < run.oldEnd || run.newStart < run.newEnd) runs.push(run);
}

type Numbered = { readonly line: number; readonly at: number };

/**
 * Lines that stand on one side only can't be part of any match, so they are left out before the costly comparison;
 * the others are compared by number.
 */
function sharedLines(
  before: readonly string[],
  after: readonly string[],
  within: Run,
): { old: readonly Numbered[]; fresh: readonly Numbered[] } {
  const inNew = new Set<string>();
  for (let at = within.newStart; at < within.newEnd; at += 1) inNew.add(after[at] ?? '');
  const numbers = new Map<string, number>();
  const old: Numbered[] = [];
  for (let at = within.oldStart; at < within.oldEnd; at += 1) {
    const text = before[at] ?? '';
    if (!inNew.has(text)) continue;
    const line = numbers.get(text) ?? numbers.size;
    numbers.set(text, line);
    old.push({ line, at });
  }
  const fresh: Numbered[] = [];
  for (let at = within.newStart; at < within.newEnd; at += 1) {
    const line = numbers.get(after[at] ?? '');
    if (line !== undefined) fresh.push({ line, at });
  }
  return { old, fresh };
}

function commonStart(before: readonly string[], after: readonly string[]): number {
  const most = Math.min(before.length, after.length);
  let count = 0;
  while (count < most && before[count] === after[count]) count += 1;
  return count;
}

function commonEnd(before: readonly string[], after: readonly string[], start: number): number {
  const most = Math.min(before.length, after.length) - start;
  let count = 0;
  while (count < most && before[before.length - 1 - count] === after[after.length - 1 - count]) count += 1;
  return count;
}

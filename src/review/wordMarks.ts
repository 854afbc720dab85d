import { diffArrays } from 'diff';
import type { HunkLine } from '../protocol/changeSet.ts';

type Marks = readonly (readonly [number, number])[];

const WORD = /[\p{L}\p{M}\p{N}_]+|\s+|[^]/gu;
const LONGEST_LINE = 500;
const MOST_STEPS = 60;
/** Below this share of common characters the two lines have nothing to do with each other. */
const LEAST_COMMON = 0.35;

/**
 * Marks what differs between a removed line and the added line that takes its place: in each block of changes the
 * first removed with the first added, and so on. `budget.pairs` bounds the work over a whole set.
 */
export function withWordMarks(lines: readonly HunkLine[], budget: { pairs: number }): readonly HunkLine[] {
  const marked = [...lines];
  let at = 0;
  while (at < lines.length && budget.pairs > 0) {
    const removed = countOf(lines, at, 'removed');
    const added = countOf(lines, at + removed, 'added');
    for (let n = 0; n < Math.min(removed, added) && budget.pairs > 0; n += 1) {
      budget.pairs -= 1;
      const old = lines[at + n];
      const fresh = lines[at + removed + n];
      if (old?.kind !== 'removed' || fresh?.kind !== 'added') continue;
      const marks = wordMarks(old.text, fresh.text);
      if (marks === undefined) continue;
      marked[at + n] = { ...old, marks: marks.old };
      marked[at + removed + n] = { ...fresh, marks: marks.new };
    }
    at += Math.max(1, removed + added);
  }
  return marked;
}

function countOf(lines: readonly HunkLine[], from: number, kind: HunkLine['kind']): number {
  let count = 0;
  while (lines[from + count]?.kind === kind) count += 1;
  return count;
}

function wordMarks(before: string, after: string): { old: Marks; new: Marks } | undefined {
  if (before.length > LONGEST_LINE || after.length > LONGEST_LINE || before === after) return undefined;
  const parts = diffArrays(before.match(WORD) ?? [], after.match(WORD) ?? [], { maxEditLength: MOST_STEPS });
  if (parts === undefined) return undefined;
  const old: [number, number][] = [];
  const fresh: [number, number][] = [];
  let oldAt = 0;
  let newAt = 0;
  let common = 0;
  for (const part of parts) {
    const text = part.value.join('');
    if (part.removed) oldAt = mark(old, oldAt, text.length);
    else if (part.added) newAt = mark(fresh, newAt, text.length);
    else {
      common += text.trim().length;
      oldAt += text.length;
      newAt += text.length;
    }
  }
  const longer = Math.max(before.trim().length, after.trim().length, 1);
  return common / longer < LEAST_COMMON ? undefined : { old, new: fresh };
}

function mark(marks: [number, number][], from: number, length: number): number {
  marks.push([from, from + length]);
  return from + length;
}

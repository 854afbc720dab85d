import type { Gap, Widened } from '../protocol/cardDrawing.ts';
import type { HunkLine } from '../protocol/changeSet.ts';
import type { FileDiff } from './fileDiff.ts';
import { hunkLine } from './hunkLines.ts';
import { LONGEST_LINE, unshowable } from './unshowable.ts';
import { visibleLines } from './visibleFile.ts';
import { mark } from './visibleText.ts';

/** What lies between the hunks of an edited file, as far as it was asked for; `widened` by the place of the hunk below. */
export function gapsOf(diff: FileDiff, widened: ReadonlyMap<number, Widened>): readonly Gap[] {
  if (diff.change !== 'edited' || unshowable(diff) !== undefined) return [];
  const shown = visibleLines(diff.edit);
  const gaps: Gap[] = [];
  let old = 0;
  let fresh = 0;
  const end = { oldStart: diff.before.length, oldEnd: 0, newEnd: 0 };
  for (const [before, part] of [...diff.parts, end].entries()) {
    if ('kind' in part && part.kind === 'properties') continue;
    const count = part.oldStart - old;
    const asked = widened.get(before) ?? { above: 0, below: 0 };
    const above = Math.min(asked.above, count);
    const below = Math.min(asked.below, count - above);
    const lines = (from: number, many: number): readonly HunkLine[] =>
      Array.from({ length: many }, (_, n) => {
        const raw = diff.before[old + from + n] ?? '';
        const line = hunkLine({ kind: 'same', raw, old: old + from + n + 1, new: fresh + from + n + 1 });
        if (raw.length <= LONGEST_LINE) return shown(line);
        return { ...line, text: mark(`a line of ${raw.length} characters`) };
      });
    if (count > 0)
      gaps.push({
        before,
        above: lines(0, above),
        below: lines(count - below, below),
        left: count - above - below,
      });
    old = part.oldEnd;
    fresh = part.newEnd;
  }
  return gaps;
}

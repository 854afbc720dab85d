import type { HunkLine } from '../protocol/changeSet.ts';
import type { FileDiff, Part } from './fileDiff.ts';

/** A line as it stands in its file, with its place in it; numbers count from 1. */
export type RawLine =
  | { readonly kind: 'same'; readonly raw: string; readonly old: number; readonly new: number }
  | { readonly kind: 'removed'; readonly raw: string; readonly old: number }
  | { readonly kind: 'added'; readonly raw: string; readonly new: number };

/** The lines of one part in the order in which they are read: what goes before what comes. */
export function rawLines({ before, after }: FileDiff, part: Part): readonly RawLine[] {
  const lines: RawLine[] = [];
  let old = part.oldStart;
  let fresh = part.newStart;
  const same = (until: number) => {
    for (; old < until; old += 1, fresh += 1)
      lines.push({ kind: 'same', raw: before[old] ?? '', old: old + 1, new: fresh + 1 });
  };
  for (const run of part.runs) {
    same(run.oldStart);
    for (; old < run.oldEnd; old += 1) lines.push({ kind: 'removed', raw: before[old] ?? '', old: old + 1 });
    for (; fresh < run.newEnd; fresh += 1)
      lines.push({ kind: 'added', raw: after[fresh] ?? '', new: fresh + 1 });
  }
  same(part.oldEnd);
  return lines;
}

/** The same without line feeds and without marks. */
export function hunkLine(line: RawLine): HunkLine {
  const text = line.raw.endsWith('\n') ? line.raw.slice(0, -1) : line.raw;
  switch (line.kind) {
    case 'same':
      return { kind: 'same', text, old: line.old, new: line.new };
    case 'removed':
      return { kind: 'removed', text, old: line.old, marks: [] };
    case 'added':
      return { kind: 'added', text, new: line.new, marks: [] };
  }
}

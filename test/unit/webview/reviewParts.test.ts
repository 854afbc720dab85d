import { describe, expect, it } from 'vitest';
import type { Hunk, ReviewFile } from '../../../src/protocol/changeSet.ts';
import { hunkParts, noticesPart, seenHunks } from '../../../src/webview/review/parts.ts';
import { editCard } from '../vscode/editCard.ts';

function hunk(id: string, lines: number): Hunk {
  return {
    id,
    oldStart: 0,
    oldLines: 0,
    newStart: 1,
    newLines: lines,
    lines: Array.from({ length: lines }, (_, n) => ({ kind: 'added', text: 'x', new: n + 1, marks: [] })),
  };
}

function file(hunks: Hunk[], notices: string[] = []): ReviewFile {
  return { ...editCard().changeSet.files[0]!, hunks, notices };
}

describe('the parts of a hunk', () => {
  it.each([
    { lines: 0, sizes: [0] },
    { lines: 40, sizes: [40] },
    { lines: 41, sizes: [40, 1] },
    { lines: 100, sizes: [40, 40, 20] },
  ])('hold its $lines lines in pieces of $sizes', ({ lines, sizes }) => {
    const parts = hunkParts(hunk('0.0', lines));
    expect(parts.map((part) => part.lines.length)).toEqual(sizes);
    expect(new Set(parts.map(({ id }) => id)).size).toBe(parts.length);
    expect(parts.flatMap((part) => part.lines)).toEqual(hunk('0.0', lines).lines);
  });
});

describe('a hunk has been seen', () => {
  const long = hunk('0.0', 90);
  const short = hunk('0.1', 3);

  it('once every one of its parts was', () => {
    const parts = hunkParts(long).map(({ id }) => id);
    expect(seenHunks(file([long, short]), new Set(parts.slice(0, 2)))).toEqual([]);
    expect(seenHunks(file([long, short]), new Set(parts))).toEqual(['0.0']);
  });

  it('only with the warnings above it', () => {
    const parts = hunkParts(short).map(({ id }) => id);
    const warned = file([short], ['The permissions change.']);
    expect(seenHunks(warned, new Set(parts))).toEqual([]);
    expect(seenHunks(warned, new Set([...parts, noticesPart(warned)!]))).toEqual(['0.1']);
  });
});

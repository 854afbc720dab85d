import type { HunkLine, ReviewFile } from '../protocol/changeSet.ts';
import type { Content, FileEdit } from '../protocol/effect.ts';
import { splitLines } from './splitLines.ts';
import { mark, visibleText, visibleWithColumns } from './visibleText.ts';

/**
 * A file as a page draws it. Carriage returns show only where they would surprise: in a file whose line ends are mixed
 * or change. A last line without a line feed says so.
 */
export function visibleFile(file: ReviewFile, edit: FileEdit): ReviewFile {
  const shown = visibleLines(edit);
  return {
    ...file,
    notices: file.notices.map(visibleText),
    hunks: file.hunks.map((hunk) => ({ ...hunk, lines: hunk.lines.map(shown) })),
  };
}

/** The same for single lines of a file, wherever they stand in it. */
export function visibleLines(edit: FileEdit): (line: HunkLine) => HunkLine {
  const sides = { old: sideOf(edit.before, edit.after), new: sideOf(edit.after, edit.before) };
  return (line) => {
    switch (line.kind) {
      case 'same':
        return { ...line, text: visible(line.text, line.new, sides.new).text };
      case 'removed': {
        const { text, column } = visible(line.text, line.old, sides.old);
        return { ...line, text, marks: moved(line.marks, column) };
      }
      case 'added': {
        const { text, column } = visible(line.text, line.new, sides.new);
        return { ...line, text, marks: moved(line.marks, column) };
      }
    }
  };
}

type Side = { readonly plainReturns: boolean; readonly unended: number };

function sideOf(content: Content | null, other: Content | null): Side {
  if (content === null) return { plainReturns: true, unended: 0 };
  const surprising = content.eol === 'mixed' || (other !== null && other.eol !== content.eol);
  const ended = content.text === '' || content.text.endsWith('\n');
  return { plainReturns: !surprising, unended: ended ? 0 : splitLines(content.text).length };
}

function visible(raw: string, number: number, side: Side): { text: string; column: (at: number) => number } {
  const returned = raw.endsWith('\r') && number !== side.unended;
  const body = returned ? raw.slice(0, -1) : raw;
  const { text, column } = visibleWithColumns(body);
  const ending = returned && !side.plainReturns ? mark('CR') : '';
  const missing = number === side.unended ? mark('no line end') : '';
  const end = text.length + ending.length;
  return { text: text + ending + missing, column: (at) => (at > body.length ? end : column(at)) };
}

function moved(
  marks: readonly (readonly [number, number])[],
  column: (at: number) => number,
): readonly (readonly [number, number])[] {
  return marks.map(([from, to]) => [column(from), column(to)] as const);
}

import type { TypedText } from '../protocol/cardDrawing.ts';
import { diffLines } from './diffLines.ts';
import { MOST_WORK_A_FILE, type FileDiff, type Part } from './fileDiff.ts';
import { splitLines } from './splitLines.ts';
import { isEditable } from './withEdits.ts';

const NOT_SAVED = 'so nothing of it was saved';

/**
 * The lines of a part after the change, as a text box can hold them: with plain line feeds. Refused where a text box
 * would change them by itself.
 */
export function textToType(diff: FileDiff, part: Part): TypedText {
  if (!isEditable(diff, part))
    return { kind: 'refused', because: 'There are no lines here to edit; this can be accepted or rejected.' };
  const text = linesAfter(diff, part).join('').replaceAll('\r\n', '\n');
  if (text.includes('\r'))
    return {
      kind: 'refused',
      because:
        'These lines hold carriage returns that a text box would change, so they cannot be edited here; edit the file itself after applying.',
    };
  return { kind: 'text', text };
}

/**
 * What a person typed, as it would stand in the file: every line that was there keeps its line end, new lines get the
 * one of their file, and before further lines the last one is ended. At the end of the file it ends as it was typed.
 */
export function typedText(diff: FileDiff, part: Part, typed: string): TypedText {
  const before = textToType(diff, part);
  if (before.kind === 'refused') return before;
  const plain = typed.replace(/\r\n?/g, '\n');
  if (!plain.isWellFormed())
    return { kind: 'refused', because: `The text holds half a character, ${NOT_SAVED}; type it again.` };
  if (plain.startsWith('\ufeff'))
    return { kind: 'refused', because: `The text begins with a byte order mark, ${NOT_SAVED}; remove it.` };
  const isLast = part.newEnd === diff.after.length;
  const lines = splitLines(isLast || plain === '' || plain.endsWith('\n') ? plain : `${plain}\n`);
  return { kind: 'text', text: withLineEnds(diff, part, lines) };
}

function withLineEnds(diff: FileDiff, part: Part, typed: readonly string[]): string {
  const known = linesAfter(diff, part);
  const end = usualEnd(diff, known);
  const ended = typed.map((line) => (line.endsWith('\n') ? line.slice(0, -1) + end : line));
  if (!known.some((line) => line.endsWith('\n') && line.endsWith('\r\n') !== (end === '\r\n')))
    return ended.join('');
  const plain = known.map((line) => line.replace(/\r\n$/, '\n'));
  const { runs } = diffLines(plain, typed, MOST_WORK_A_FILE);
  let old = 0;
  let fresh = 0;
  for (const run of [...runs, NOTHING_MORE]) {
    for (; old < run.oldStart && fresh < run.newStart && fresh < ended.length; old += 1, fresh += 1)
      ended[fresh] = known[old] ?? '';
    old = run.oldEnd;
    fresh = run.newEnd;
  }
  return ended.join('');
}

const NOTHING_MORE = { oldStart: Infinity, oldEnd: Infinity, newStart: Infinity, newEnd: Infinity };

function linesAfter({ after }: FileDiff, part: Part): readonly string[] {
  return after.slice(part.newStart, part.newEnd);
}

function usualEnd({ edit }: FileDiff, lines: readonly string[]): '\n' | '\r\n' {
  const ends = edit.after?.eol === 'none' ? edit.before?.eol : edit.after?.eol;
  if (ends !== 'mixed') return ends === 'crlf' ? '\r\n' : '\n';
  const crlf = lines.filter((line) => line.endsWith('\r\n')).length;
  return crlf * 2 > lines.length ? '\r\n' : '\n';
}

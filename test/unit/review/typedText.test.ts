import { describe, expect, it } from 'vitest';
import { fileDiffs } from '../../../src/review/fileDiff.ts';
import { textToType, typedText } from '../../../src/review/typedText.ts';
import { editEffect, fileEdit, numberedLines, type Side } from './editing.ts';

function hunk(before: Side, after: Side) {
  const [diff] = fileDiffs(editEffect(fileEdit('a.txt', before, after)));
  return { diff: diff!, part: diff!.parts[0]! };
}

describe('what is typed in a hunk', () => {
  const far = numberedLines(20);

  it.each<{ name: string; before: Side; after: Side; typed: string; text: string }>([
    { name: 'stands as it was typed', before: 'a\n', after: 'b\n', typed: 'c\nd\n', text: 'c\nd\n' },
    {
      name: 'is ended before further lines',
      before: far.join(''),
      after: far.with(0, 'x\n').join(''),
      typed: 'y',
      text: 'y\n',
    },
    { name: 'ends the file as it was typed', before: 'a\n', after: 'b\n', typed: 'c', text: 'c' },
    { name: 'may be nothing at all', before: 'a\n', after: 'b\n', typed: '', text: '' },
    {
      name: 'gets the line ends of its file',
      before: 'a\r\n',
      after: 'b\r\n',
      typed: 'c\nd\n',
      text: 'c\r\nd\r\n',
    },
    {
      name: 'leaves every line that stays its own end, where they are mixed',
      before: 'a\r\nb\nc\r\n',
      after: 'a\r\nB\nc\r\n',
      typed: 'a\nB\nnew\nc\n',
      text: 'a\r\nB\nnew\r\nc\r\n',
    },
  ])('$name', ({ before, after, typed, text }) => {
    const { diff, part } = hunk(before, after);
    expect(typedText(diff, part, typed)).toEqual({ kind: 'text', text });
  });

  it('comes out as it went in when nothing was typed', () => {
    for (const after of ['b\n', 'b', 'b\r\nc', '', 'x\n\n\n', 'one\r\ntwo\n']) {
      const { diff, part } = hunk('a\r\n', after);
      const box = textToType(diff, part);
      expect(box.kind).toBe('text');
      if (box.kind === 'text') expect(typedText(diff, part, box.text)).toEqual({ kind: 'text', text: after });
    }
  });

  it.each<{ name: string; before: Side; after: Side; typed: string; because: RegExp }>([
    {
      name: 'a lone carriage return in the lines',
      before: 'a\n',
      after: 'b\rc\n',
      typed: 'd\n',
      because: /carriage/,
    },
    { name: 'half a character', before: 'a\n', after: 'b\n', typed: '\ud800', because: /half a character/ },
    {
      name: 'a byte order mark',
      before: 'a\n',
      after: 'b\n',
      typed: '\ufeffb\n',
      because: /byte order mark/,
    },
    { name: 'a file that goes', before: 'a\n', after: null, typed: 'b', because: /no lines here/ },
    {
      name: 'a change of mode',
      before: 'a\n',
      after: { text: 'a\n', mode: 0o755 },
      typed: 'b',
      because: /no lines here/,
    },
  ])('is refused with $name', ({ before, after, typed, because }) => {
    const { diff, part } = hunk(before, after);
    expect(typedText(diff, part, typed)).toMatchObject({
      kind: 'refused',
      because: expect.stringMatching(because),
    });
  });
});

import { describe, expect, it } from 'vitest';
import { markedParts } from '../../../src/webview/review/markedParts.ts';

const CR = '\u0002CR\u0003';

describe('a line, as it is drawn', () => {
  it.each<{ name: string; text: string; marks: [number, number][]; parts: [string, string][] }>([
    { name: 'plain', text: 'a b', marks: [], parts: [['plain', 'a b']] },
    { name: 'empty', text: '', marks: [], parts: [] },
    {
      name: 'marked in the middle and at the end',
      text: 'a bc d',
      marks: [
        [2, 4],
        [5, 6],
      ],
      parts: [
        ['plain', 'a '],
        ['differs', 'bc'],
        ['plain', ' '],
        ['differs', 'd'],
      ],
    },
    {
      name: 'with a hidden character',
      text: `a${CR}b`,
      marks: [],
      parts: [
        ['plain', 'a'],
        ['unseen', 'CR'],
        ['plain', 'b'],
      ],
    },
    {
      name: 'marked across a hidden character',
      text: `ab${CR}cd`,
      marks: [[1, 7]],
      parts: [
        ['plain', 'a'],
        ['differs', 'b'],
        ['unseen', 'CR'],
        ['differs', 'c'],
        ['plain', 'd'],
      ],
    },
    {
      name: 'with a mark that would cut a name',
      text: `a${CR}b`,
      marks: [[1, 3]],
      parts: [
        ['plain', 'a'],
        ['unseen', 'CR'],
        ['plain', 'b'],
      ],
    },
  ])('$name', ({ text, marks, parts }) => {
    expect(markedParts(text, marks).map((part) => [part.kind, part.text])).toEqual(parts);
  });
});

import fc from 'fast-check';
import { expect, test } from 'vitest';
import { foreignLetters, visibleParts } from '../../../src/webview/chat/visibleParts.ts';

test.each<[string, string]>([
  ['\u202e', 'U+202E'],
  ['\u2066', 'U+2066'],
  ['\u200b', 'U+200B'],
  ['\u00ad', 'U+00AD'],
  ['\u00a0', 'U+00A0'],
  ['\u3000', 'U+3000'],
  ['\ufeff', 'U+FEFF'],
  ['\u115f', 'U+115F'],
  ['\u3164', 'U+3164'],
  ['\u{e0041}', 'U+E0041'],
  ['\u001b', 'U+001B'],
  ['\r', 'U+000D'],
  ['\t', 'U+0009'],
  ['\u2028', 'U+2028'],
  ['\ud800', 'U+D800'],
])('%j is drawn as %s', (character, drawn) => {
  expect(visibleParts(`a${character}b`)).toEqual([
    { kind: 'text', text: 'a' },
    { kind: 'unseen', text: drawn },
    { kind: 'text', text: 'b' },
  ]);
});

test.each(['plain text', 'two\nlines', 'naïve – “quoted”', '漢字', '🙂'])('%j is left as it is', (text) => {
  expect(visibleParts(text)).toEqual([{ kind: 'text', text }]);
});

test('nothing is lost: the parts put together are the text', () => {
  const back = (part: { kind: string; text: string }) =>
    part.kind === 'text' ? part.text : String.fromCodePoint(Number.parseInt(part.text.slice(2), 16));
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (text) => {
      expect(visibleParts(text).map(back).join('')).toBe(text);
    }),
  );
});

test('letters that may look like others are named once each', () => {
  expect(foreignLetters('\u0430pt \u0430pt get')).toEqual(['\u0430 (U+0430)']);
  expect(foreignLetters('apt-get')).toEqual([]);
});

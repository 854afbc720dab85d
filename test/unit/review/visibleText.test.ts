import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { mark, visibleText, visibleWithColumns } from '../../../src/review/visibleText.ts';

describe('visible text', () => {
  it.each([
    ['plain text, tabs and line feeds', 'a\tb\nc', 'a\tb\nc'],
    ['a bidirectional override', 'a\u202eb', `a${mark('U+202E')}b`],
    ['a zero width joiner between letters', 'a\u200db', `a${mark('U+200D')}b`],
    ['a no-break space', 'a\u00a0b', `a${mark('U+00A0')}b`],
    ['a Hangul filler', 'const \u3164 = 1', `const ${mark('U+3164')} = 1`],
    ['a variation selector that hides data', 'a\u{e0101}', `a${mark('U+E0101')}`],
    ['a tag character', '\u{e0041}', mark('U+E0041')],
    ['an escape', '\u001b[1m', `${mark('U+001B')}[1m`],
    ['our own delimiters', '\u0002U+202E\u0003', `${mark('U+0002')}U+202E${mark('U+0003')}`],
    ['a Cyrillic letter among Latin ones', 'p\u0430y', `p\u0430${mark('U+0430')}y`],
    ['a word of look-alikes alone', 'if (\u0430 == b)', `if (\u0430${mark('U+0430')} == b)`],
    ['a fullwidth sign', 'a\uff1bb', `a\uff1b${mark('U+FF1B')}b`],
    ['Russian', 'мы там', 'мы там'],
    ['Greek', 'και όχι', 'και όχι'],
    ['emoji', '👩‍💻 ✌️ 1️⃣', '👩‍💻 ✌️ 1️⃣'],
    ['an emoji with a second selector', '✌\ufe0f\ufe0f', `✌\ufe0f${mark('U+FE0F')}`],
  ])('shows %s', (_name, raw, shown) => {
    expect(visibleText(raw)).toBe(shown);
  });

  it('holds no control, format or invisible character whatever it is given, but in emoji', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (raw) => {
        const shown = visibleText(raw).replaceAll(/\u0002[^\u0003]*\u0003/g, '');
        expect(shown.replaceAll(/\p{Extended_Pictographic}\p{DI}/gu, '')).not.toMatch(
          /(?![\t\n ])[\p{Cc}\p{Cf}\p{Zs}]/u,
        );
      }),
    );
  });

  it('knows where each column went', () => {
    const { text, column } = visibleWithColumns('ab\u200bcd');
    expect(text.slice(column(3), column(5))).toBe('cd');
    expect(text.slice(column(0), column(2))).toBe('ab');
  });
});

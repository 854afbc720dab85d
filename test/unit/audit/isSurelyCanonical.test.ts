import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isSurelyCanonical } from '../../../src/audit/isSurelyCanonical.ts';
import { canonicalJson, type Json } from '../../../src/protocol/canonicalJson.ts';

function isCanonical(text: string): boolean {
  return canonicalJson(JSON.parse(text) as Json) === text;
}

/** Escapes and other forms of the same, put anywhere. */
const pieces = [
  ...['\\"', '\\\\', '\\/', '\\b', '\\n', '\\u0000', '\\u001f', '\\u001F', '\\u0022', '\\u0041', '\\u007f'],
  ...['\\ud83d\\ude00', '\\ud800', '"', '\\', ' ', '\n', ',', ':', '{', '}', '[', ']', '0', '-', '1e3', '.5'],
  ...[
    '"a":1,',
    '"a":1',
    ',"a":1',
    'true',
    'null',
    '{}',
    '[]',
    '\u2028',
    '\ufeff',
    'é',
    '\u{1f600}',
    '\u007f',
  ],
];

describe('what is surely canonical', () => {
  it.each([
    '{"a":"line\\n\\"quoted\\" \\u001b[0m é \u2028","b":[1,-2,0,true,false,null],"c":{}}',
    '"\\\\\\""',
    '[]',
    '"C:\\\\new"',
    '123456789012345',
  ])('is %s', (text) => {
    expect(isSurelyCanonical(text)).toBe(true);
  });

  it.each([
    ...[' 1', '1 ', '[1, 2]', '{"b":1,"a":2}', '{"a":1,"a":1}', '-0', '1.0', '1e3', '1E3'],
    ...['"\\/"', '"\\u0041"', '"\\u001F"', '"\\u000a"', '"\\ud800"', '{"\\u0061":1}', '["\\\\\\/"]'],
  ])('is not %s, which says it otherwise', (text) => {
    expect(isCanonical(text)).toBe(false);
    expect(isSurelyCanonical(text)).toBe(false);
  });

  it('is canonical, whatever JSON was bent into whatever other JSON', () => {
    const bent = fc.tuple(
      fc.json({ maxDepth: 4, stringUnit: 'binary' }),
      fc.array(fc.tuple(fc.nat(), fc.nat(1), fc.constantFrom(...pieces)), { maxLength: 3 }),
    );
    let both = 0;
    fc.assert(
      fc.property(bent, ([json, changes]) => {
        let text = canonicalJson(JSON.parse(json) as Json);
        for (const [place, cut, piece] of changes) {
          const at = place % (text.length + 1);
          // What was read from UTF-8 holds no half of a character.
          text = (text.slice(0, at) + piece + text.slice(at + cut)).toWellFormed();
        }
        try {
          JSON.parse(text);
        } catch {
          return;
        }
        if (!isSurelyCanonical(text)) return;
        both += 1;
        expect(isCanonical(text)).toBe(true);
      }),
      { numRuns: 20_000 },
    );
    expect(both).toBeGreaterThan(500);
  }, 60_000);

  it('is told of any nesting without running out of stack', () => {
    expect(isSurelyCanonical('['.repeat(100_000) + ']'.repeat(100_000))).toBe(false);
  });
});

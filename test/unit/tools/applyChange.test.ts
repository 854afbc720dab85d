import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { contentOf } from '../../../src/protocol/content.ts';
import type { Change, Replacement } from '../../../src/protocol/proposal.ts';
import { parseWorkspacePath } from '../../../src/protocol/workspacePath.ts';
import { applyChange } from '../../../src/tools/applyChange.ts';

const roots = [{ name: 'app', dir: '/app' }];
const path = at('a.txt');

function at(relative: string) {
  const parsed = parseWorkspacePath(relative, roots);
  if (parsed.kind === 'refused') throw new Error(parsed.because);
  return parsed.path;
}

function text(value: string, bom = false) {
  return contentOf(value, { bom, mode: 0o640 });
}

function replaced(before: string, ...replacements: Replacement[]): string {
  const result = applyChange({ kind: 'replace', path, replacements }, text(before));
  return result.kind === 'edit' ? (result.edit.after?.text ?? 'gone') : `invalid: ${result.because}`;
}

describe('a replacement', () => {
  it.each<[string, string, Replacement[], string]>([
    ['one', 'a\nb\nc\n', [{ old: 'b', new: 'B' }], 'a\nB\nc\n'],
    [
      'several, in any order',
      'a\nb\nc\n',
      [
        { old: 'c', new: 'C' },
        { old: 'a', new: 'A' },
      ],
      'A\nb\nC\n',
    ],
    [
      'touching each other',
      'ab',
      [
        { old: 'a', new: '1' },
        { old: 'b', new: '2' },
      ],
      '12',
    ],
    ['by nothing', 'a\nb\n', [{ old: 'a\n', new: '' }], 'b\n'],
    ['LF text in a CRLF file', 'a\r\nb\r\nc\r\n', [{ old: 'a\nb', new: 'A\nB\nx' }], 'A\r\nB\r\nx\r\nc\r\n'],
    ['one line by two in a CRLF file', 'a\r\nb\r\n', [{ old: 'b', new: 'b\nc' }], 'a\r\nb\r\nc\r\n'],
    ['CRLF text in an LF file', 'a\nb\nc\n', [{ old: 'a\r\nb', new: 'x\r\ny' }], 'x\r\ny\nc\n'],
    ['mixed line ends elsewhere stay', 'a\r\nb\nc\r\n', [{ old: 'b', new: 'B' }], 'a\r\nB\nc\r\n'],
    ['special characters are plain text', 'a$1.b', [{ old: '$1.', new: '$&' }], 'a$&b'],
    ['HTML entities stay as they are', 'a &amp; b', [{ old: 'b', new: '&lt;' }], 'a &amp; &lt;'],
  ])('%s', (_, before, replacements, after) => {
    expect(replaced(before, ...replacements)).toBe(after);
  });

  it.each<[string, string, Replacement[], RegExp]>([
    [
      'missing text, with the nearest',
      'alpha beta\ngamma\n',
      [{ old: 'alpha betta', new: 'x' }],
      /does not occur.*line 1:\nalpha beta/s,
    ],
    [
      'text that differs in white space',
      'if (a) {\n    b();\n}\n',
      [{ old: 'if (a) {\n  b();', new: 'x' }],
      /only in white space.*line 1/s,
    ],
    [
      'text that occurs twice, with the lines',
      'a\nb\na\n',
      [{ old: 'a', new: 'x' }],
      /occurs 2 times, at lines 1, 3/,
    ],
    [
      'overlapping replacements',
      'abc',
      [
        { old: 'ab', new: 'x' },
        { old: 'bc', new: 'y' },
      ],
      /overlap/,
    ],
    ['a replacement by the same', 'abc', [{ old: 'b', new: 'b' }], /change nothing/],
    [
      'which of several',
      'abc',
      [
        { old: 'a', new: 'x' },
        { old: 'z', new: 'y' },
      ],
      /replacement 2/,
    ],
  ])('is refused: %s', (_, before, replacements, because) => {
    expect(replaced(before, ...replacements)).toMatch(because);
  });

  it('leaves everything around it exactly as it was, for any text', () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), fc.string(), (head, tail, fresh) => {
        const mark = '\u2603mark\u2603';
        fc.pre(!`${head}${tail}${fresh}`.includes('\u2603') && !`${head}${tail}`.includes('\r'));
        expect(replaced(`${head}${mark}${tail}`, { old: mark, new: `x${fresh}` })).toBe(
          `${head}x${fresh}${tail}`,
        );
      }),
    );
  });

  it('keeps mark and mode of the file', () => {
    const result = applyChange(
      { kind: 'replace', path, replacements: [{ old: 'a', new: 'b' }] },
      text('a', true),
    );
    expect(result.kind === 'edit' && result.edit.after).toMatchObject({ text: 'b', bom: true, mode: 0o640 });
  });

  it('answers about a file of 200 000 lines', () => {
    const long = 'the same line of text\n'.repeat(200_000);
    expect(replaced(long, { old: 'another line off text', new: 'x' })).toMatch(/does not occur/);
  });
});

describe('a written file', () => {
  it.each<[string, string | null, string, string]>([
    ['new', null, 'a\n', 'a\n'],
    ['new, a byte order mark in the text is dropped', null, '\ufeffa', 'a'],
    ['over CRLF keeps CRLF', 'a\r\nb\r\n', 'x\ny\n', 'x\r\ny\r\n'],
    ['lone surrogates become what UTF-8 can hold', null, 'a\ud800', 'a\ufffd'],
  ])('%s', (_, before, written, after) => {
    const result = applyChange({ kind: 'write', path, text: written }, before === null ? null : text(before));
    expect(result.kind === 'edit' && result.edit.after?.text).toBe(after);
  });
});

describe('what cannot be', () => {
  it.each<[string, Change, boolean, RegExp]>([
    [
      'replacing in no file',
      { kind: 'replace', path, replacements: [{ old: 'a', new: 'b' }] },
      false,
      /no such file; use write_file/,
    ],
    ['deleting nothing', { kind: 'delete', path }, false, /nothing to delete/],
    ['moving nothing', { kind: 'move', path, to: at('b.txt') }, false, /nothing to move/],
    ['moving to itself', { kind: 'move', path, to: path }, true, /already there/],
    ['writing the same', { kind: 'write', path, text: 'a' }, true, /exactly this text/],
  ])('%s is said', (_, change, exists, because) => {
    const result = applyChange(change, exists ? text('a') : null);
    expect(result.kind === 'invalid' && result.because).toMatch(because);
  });
});

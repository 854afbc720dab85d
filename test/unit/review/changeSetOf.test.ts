import { describe, expect, it } from 'vitest';
import type { Hunk, ReviewFile } from '../../../src/protocol/changeSet.ts';
import type { FileEdit } from '../../../src/protocol/effect.ts';
import { effectDigest } from '../../../src/protocol/effectDigest.ts';
import { changeSetOf } from '../../../src/review/changeSetOf.ts';
import { editEffect, fileEdit, numberedLines, type Side } from './editing.ts';

function reviewed(edit: FileEdit): ReviewFile {
  const [file] = changeSetOf(editEffect(edit)).files;
  if (file === undefined) throw new Error('The change set has no file.');
  return file;
}

function drawn({ lines }: Hunk): string[] {
  return lines.map(({ kind, text }) => ({ same: ' ', removed: '-', added: '+' })[kind] + text);
}

function replaced(lines: string[], ...changes: [line: number, text: string][]): string {
  return lines.map((line, index) => changes.find(([number]) => number === index + 1)?.[1] ?? line).join('');
}

describe('hunks', () => {
  it('stand with three lines of context and count from one', () => {
    const lines = numberedLines(9);
    const file = reviewed(fileEdit('a.txt', lines.join(''), replaced(lines, [5, 'five\n'])));
    expect(file).toMatchObject({ change: 'edited', added: 1, removed: 1, notices: [] });
    const [hunk] = file.hunks;
    expect(hunk).toMatchObject({ id: '0.0', oldStart: 2, oldLines: 7, newStart: 2, newLines: 7 });
    expect(drawn(hunk!)).toEqual([
      ' line 2',
      ' line 3',
      ' line 4',
      '-line 5',
      '+five',
      ' line 6',
      ' line 7',
      ' line 8',
    ]);
    expect(hunk!.lines[3]).toMatchObject({ kind: 'removed', old: 5 });
    expect(hunk!.lines[5]).toMatchObject({ kind: 'same', old: 6, new: 6 });
  });

  it.each([
    { apart: 6, hunks: 1 },
    { apart: 7, hunks: 2 },
  ])('$apart unchanged lines between changes make $hunks hunks', ({ apart, hunks }) => {
    const lines = numberedLines(20);
    const after = replaced(lines, [5, 'x\n'], [6 + apart, 'y\n']);
    expect(reviewed(fileEdit('a.txt', lines.join(''), after)).hunks).toHaveLength(hunks);
  });

  it('keep the same ids for the same effect, unique in the set', () => {
    const lines = numberedLines(40);
    const after = replaced(lines, [3, 'x\n'], [30, 'y\n']);
    const effect = editEffect(fileEdit('a', lines.join(''), after), fileEdit('b', lines.join(''), after));
    const ids = changeSetOf(effect).files.flatMap((file) => file.hunks.map(({ id }) => id));
    expect(ids).toEqual(['0.0', '0.1', '1.0', '1.1']);
    expect(changeSetOf(effect)).toEqual(changeSetOf(effect));
    expect(changeSetOf(effect).effect).toBe(effectDigest(effect));
  });

  it('mark the words that differ within a changed line', () => {
    const file = reviewed(fileEdit('a.ts', 'const limit = 10;\n', 'const limit = 250;\n'));
    expect(file.hunks[0]!.lines).toMatchObject([
      { kind: 'removed', marks: [[14, 16]] },
      { kind: 'added', marks: [[14, 17]] },
    ]);
  });

  it('leave lines unmarked that have nothing in common', () => {
    const file = reviewed(fileEdit('a.ts', 'return cache.get(key);\n', 'throw new Error();\n'));
    expect(file.hunks[0]!.lines).toMatchObject([{ marks: [] }, { marks: [] }]);
  });

  it('do not confuse a last line without line end with one that has it', () => {
    const file = reviewed(fileEdit('a.txt', 'a\nb', 'a\nb\n'));
    expect(drawn(file.hunks[0]!)).toEqual([' a', '-b', '+b']);
  });
});

describe('whole files', () => {
  it.each<{ name: string; before: Side; after: Side; to?: string; change: string; lines: string[] }>([
    { name: 'created', before: null, after: 'a\nb\n', change: 'created', lines: ['+a', '+b'] },
    { name: 'created empty', before: null, after: '', change: 'created', lines: [] },
    { name: 'deleted', before: 'a\nb\n', after: null, change: 'deleted', lines: ['-a', '-b'] },
    { name: 'renamed', before: 'a\n', after: 'a\n', to: 'new.txt', change: 'renamed', lines: [] },
    {
      name: 'renamed and edited',
      before: 'a\nb\n',
      after: 'a\nc\n',
      to: 'new.txt',
      change: 'renamed',
      lines: [' a', '-b', '+c'],
    },
  ])('a file $name has one hunk', ({ before, after, to, change, lines }) => {
    const file = reviewed(fileEdit('old.txt', before, after, to));
    expect(file.change).toBe(change);
    expect(file.hunks.map(drawn)).toEqual([lines]);
  });

  it('a change of mode alone is a hunk of its own, without lines', () => {
    const file = reviewed(fileEdit('run.sh', 'x\n', { text: 'x\n', mode: 0o755 }));
    expect(file.hunks.map(drawn)).toEqual([[]]);
    expect(file.notices).toEqual(['The permissions change from 644 to 755: the file becomes executable.']);
  });
});

describe('notices', () => {
  it.each<{ name: string; before: Side; after: Side; notice: string }>([
    {
      name: 'line ends',
      before: 'a\nb\n',
      after: 'a\r\nb\r\n',
      notice: 'The line ends change from LF to CRLF.',
    },
    {
      name: 'mixed line ends',
      before: 'a\r\nb\r\n',
      after: 'a\r\nb\n',
      notice: 'The line ends change from CRLF to mixed (LF and CRLF).',
    },
    {
      name: 'a byte order mark',
      before: 'a\n',
      after: { text: 'a\n', bom: true },
      notice: 'The byte order mark at the start of the file is added.',
    },
    {
      name: 'a lost final line end',
      before: 'a\n',
      after: 'a',
      notice: 'The line end after the last line is removed.',
    },
    {
      name: 'a bidirectional override',
      before: 'a\n',
      after: 'a\nif (x) \u202e{ }\n',
      notice:
        'Added text holds characters that do not show for what they are: U+202E (changes the reading direction) in line 2.',
    },
    {
      name: 'a zero width space that goes',
      before: 'a\u200bb\n',
      after: 'ab\n',
      notice:
        'Removed text holds characters that do not show for what they are: U+200B (invisible) in old line 1.',
    },
    {
      name: 'a look-alike',
      before: '',
      after: 'p\u0430ssword\n',
      notice:
        'Added text holds characters that do not show for what they are: U+0430 (looks like a Latin character) in line 1.',
    },
    {
      name: 'an escape',
      before: null,
      after: '\u001b[8m\n',
      notice: 'Added text holds characters that do not show for what they are: U+001B (control) in line 1.',
    },
    {
      name: 'a lone carriage return',
      before: '',
      after: 'safe\rhidden\n',
      notice: 'Added text holds characters that do not show for what they are: U+000D (control) in line 1.',
    },
    {
      name: 'right-to-left letters',
      before: '',
      after: 'x = "שלום"\n',
      notice:
        'Some lines hold right-to-left letters (first in line 1); all letters are drawn in the order in which the file holds them.',
    },
  ])('name $name', ({ before, after, notice }) => {
    expect(reviewed(fileEdit('a.txt', before, after)).notices).toContain(notice);
  });

  it('say nothing about ordinary text in any language, emoji, or CRLF that stays', () => {
    const after = 'Grüße, мир, Ελλάδα, 日本語 ✌️ 👩‍💻\tend\r\n';
    expect(reviewed(fileEdit('a.txt', 'x\r\n', after)).notices).toEqual([]);
  });

  it('name at most five places', () => {
    const file = reviewed(fileEdit('a.txt', '', '\u200b'.repeat(9)));
    expect(file.notices.join()).toMatch(/(U\+200B.*){5}, and 4 more\./);
  });

  it('warn of a file name that only looks like another', () => {
    expect(reviewed(fileEdit('p\u0430ckage.json', null, '')).notices[0]).toContain('U+0430');
  });
});

describe('what is too large', () => {
  it.each([
    { name: 'a line of 20 001 characters', after: 'x'.repeat(20_001), why: /20,001 characters long/ },
    {
      name: 'more than two million characters',
      after: `${'x'.repeat(99)}\n`.repeat(20_001),
      why: /2,000,100/,
    },
  ])('$name cannot be shown, so there is nothing to accept', ({ after, why }) => {
    const file = reviewed(fileEdit('big.txt', '', after));
    expect(file.unshowable).toMatch(why);
    expect(file.hunks).toEqual([]);
  });

  it('a small change in a large file can be shown', () => {
    const long = 'y'.repeat(30_000);
    const before = `${long}\n1\n2\n3\n4\nend\n`;
    const file = reviewed(fileEdit('big.txt', before, before.replace('end', 'END')));
    expect(file.unshowable).toBeUndefined();
    expect(file.hunks).toHaveLength(1);
  });

  it('texts that share their lines in another order are given up as one honest hunk, soon', () => {
    const lines = numberedLines(10_000);
    const shuffled = lines.map((_, index) => lines[(index * 7919) % lines.length]!);
    const file = reviewed(fileEdit('a.txt', lines.join(''), shuffled.join('')));
    expect(file.hunks).toHaveLength(1);
    expect(file.notices[0]).toMatch(/^Too much differs to compare line by line/);
    expect(drawn(file.hunks[0]!).filter((line) => line.startsWith('-'))).toHaveLength(9_999);
  });
});

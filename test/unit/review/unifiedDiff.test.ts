import { applyPatch } from 'diff';
import { describe, expect, it } from 'vitest';
import { lineCounts, unifiedDiff } from '../../../src/review/unifiedDiff.ts';
import { fileEdit, numberedLines } from './editing.ts';

describe('the diff on the record', () => {
  it('reads as git writes it', () => {
    expect(unifiedDiff(fileEdit('src/a.ts', 'a\nb', { text: 'a\nc\n', mode: 0o755 }))).toBe(
      [
        'diff --git a/src/a.ts b/src/a.ts',
        'old mode 100644',
        'new mode 100755',
        '--- a/src/a.ts',
        '+++ b/src/a.ts',
        '@@ -1,2 +1,2 @@',
        ' a',
        '-b',
        '\\ No newline at end of file',
        '+c',
        '',
      ].join('\n'),
    );
  });

  it.each([
    {
      name: 'created',
      edit: fileEdit('a', null, 'x\n'),
      says: ['new file mode 100644', '--- /dev/null', '@@ -0,0 +1,1 @@'],
    },
    {
      name: 'deleted',
      edit: fileEdit('a', 'x\n', null),
      says: ['deleted file mode 100644', '+++ /dev/null'],
    },
    { name: 'renamed', edit: fileEdit('a', 'x\n', 'x\n', 'b'), says: ['rename from a', 'rename to b'] },
  ])('names a file that is $name', ({ edit, says }) => {
    for (const line of says) expect(unifiedDiff(edit).split('\n')).toContain(line);
  });

  it('can be applied to the text before and gives the text after', () => {
    const before = numberedLines(60).join('');
    const after = before.replace('line 3\n', '').replace('line 40\n', 'forty\nand more\n');
    expect(applyPatch(before, unifiedDiff(fileEdit('a', before, after)))).toBe(after);
    expect(lineCounts(fileEdit('a', before, after))).toEqual({ added: 2, removed: 2 });
  });

  it('is bounded and says how much is missing', () => {
    const diff = unifiedDiff(fileEdit('a', '', numberedLines(50_000).join('')));
    expect(diff.length).toBeLessThan(201_000);
    expect(diff).toMatch(/\n\[\d+ more lines of this diff are not kept here\]\n$/);
  });
});

import { describe, expect, it } from 'vitest';
import { createEditOverlay } from '../../../src/agent/editOverlay.ts';
import { contentOf } from '../../../src/protocol/content.ts';
import type { FileEdit } from '../../../src/protocol/effect.ts';
import { parseWorkspacePath } from '../../../src/protocol/workspacePath.ts';

function at(relative: string) {
  const parsed = parseWorkspacePath(relative, [{ name: 'app', dir: '/app' }]);
  if (parsed.kind === 'refused') throw new Error(parsed.because);
  return parsed.path;
}
const text = (value: string) => contentOf(value, { bom: false, mode: 0o644 });
const [a, b, c] = [at('a'), at('b'), at('c')];
const [one, two, three] = [text('1'), text('2'), text('3')];

describe('edits of one answer, as one set', () => {
  it.each<[string, FileEdit[], FileEdit[]]>([
    [
      'two files stay two',
      [
        { path: a, before: one, after: two },
        { path: b, before: one, after: two },
      ],
      [
        { path: a, before: one, after: two },
        { path: b, before: one, after: two },
      ],
    ],
    [
      'a second edit builds on the first',
      [
        { path: a, before: one, after: two },
        { path: a, before: two, after: three },
      ],
      [{ path: a, before: one, after: three }],
    ],
    [
      'created, then edited',
      [
        { path: a, before: null, after: one },
        { path: a, before: one, after: two },
      ],
      [{ path: a, before: null, after: two }],
    ],
    [
      'created, then deleted',
      [
        { path: a, before: null, after: one },
        { path: a, before: one, after: null },
      ],
      [],
    ],
    [
      'edited, then deleted',
      [
        { path: a, before: one, after: two },
        { path: a, before: two, after: null },
      ],
      [{ path: a, before: one, after: null }],
    ],
    [
      'deleted, then written',
      [
        { path: a, before: one, after: null },
        { path: a, before: null, after: two },
      ],
      [{ path: a, before: one, after: two }],
    ],
    [
      'edited, then moved',
      [
        { path: a, before: one, after: two },
        { path: a, before: two, after: two, to: b },
      ],
      [{ path: a, before: one, after: two, to: b }],
    ],
    [
      'moved, then edited',
      [
        { path: a, before: one, after: one, to: b },
        { path: b, before: one, after: two },
      ],
      [{ path: a, before: one, after: two, to: b }],
    ],
    [
      'moved there and back',
      [
        { path: a, before: one, after: one, to: b },
        { path: b, before: one, after: one, to: a },
      ],
      [{ path: a, before: one, after: one }],
    ],
    [
      'created, then moved',
      [
        { path: a, before: null, after: one },
        { path: a, before: one, after: one, to: b },
      ],
      [{ path: b, before: null, after: one }],
    ],
    [
      'moved, then deleted',
      [
        { path: a, before: one, after: one, to: b },
        { path: b, before: one, after: null },
      ],
      [{ path: a, before: one, after: null }],
    ],
  ])('%s', (_, edits, files) => {
    const overlay = createEditOverlay();
    for (const edit of edits) overlay.add(edit);
    expect(overlay.files()).toEqual(files);
  });

  it('says what stands where, and nothing of files it does not touch', () => {
    const overlay = createEditOverlay();
    overlay.add({ path: a, before: one, after: two, to: b });
    expect(overlay.contentAt(a)).toBeNull();
    expect(overlay.contentAt(b)).toBe(two);
    expect(overlay.contentAt(c)).toBeUndefined();
  });
});

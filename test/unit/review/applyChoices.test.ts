import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { FileChoice, HunkEdit } from '../../../src/protocol/changeSet.ts';
import { contentBytes, contentOf } from '../../../src/protocol/content.ts';
import type { EditEffect } from '../../../src/protocol/effect.ts';
import { applyChoices } from '../../../src/review/applyChoices.ts';
import { changeSetOf } from '../../../src/review/changeSetOf.ts';
import { fileDiffs } from '../../../src/review/fileDiff.ts';
import { rawLines } from '../../../src/review/hunkLines.ts';
import { splitLines } from '../../../src/review/splitLines.ts';
import { typedText } from '../../../src/review/typedText.ts';
import { withEdits } from '../../../src/review/withEdits.ts';
import { appPath, editEffect, fileEdit, numberedLines } from './editing.ts';

function everything(effect: EditEffect): FileChoice[] {
  return changeSetOf(effect).files.map(({ path, hunks }) => ({ path, accepted: hunks.map(({ id }) => id) }));
}

function next<Value>(stream: Iterator<Value>): Value {
  return stream.next().value as Value;
}

const line = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.constantFrom('a', 'b', 'c', '', '  }', 'naïve ✓', '日本', '👩‍💻', 'x\u200b', '\u2028'),
  },
  {
    weight: 1,
    arbitrary: fc.string({ unit: 'grapheme', maxLength: 12 }).map((text) => text.replaceAll('\n', '')),
  },
);
const lineEnd = fc.constantFrom('\n', '\n', '\n', '\r\n', '\r');
const text = fc
  .array(fc.tuple(line, lineEnd), { maxLength: 40 })
  .chain((lines) =>
    fc.constantFrom(0, 1).map((cut) =>
      lines
        .flat()
        .slice(0, lines.length * 2 - cut)
        .join(''),
    ),
  )
  .map((joined) => joined.toWellFormed());
const content = fc.record({ text, bom: fc.boolean(), mode: fc.constantFrom(0o644, 0o755) });

/** A text and one made from it by replacing some stretches, as edits are in life. */
const edited = fc
  .tuple(
    content,
    fc.array(fc.tuple(fc.nat(60), fc.nat(4), fc.array(line, { maxLength: 4 })), { maxLength: 6 }),
    content,
  )
  .map(([before, cuts, other]) => {
    const lines = [...splitLines(before.text)];
    for (const [at, remove, insert] of cuts) lines.splice(at, remove, ...insert.map((one) => `${one}\n`));
    return { before, after: { ...other, text: lines.join('').toWellFormed() } };
  });
const pair = fc.oneof(edited, fc.record({ before: content, after: content }));

describe('what a person accepted', () => {
  it('is the whole effect, byte for byte, when every hunk is accepted', () => {
    fc.assert(
      fc.property(pair, ({ before, after }) => {
        const effect = editEffect(fileEdit('a.txt', before, after));
        const accepted = applyChoices(effect, everything(effect));
        const whole = contentOf(after.text, after);
        const result = accepted?.files[0]?.after ?? effect.files[0]!.before!;
        expect(Buffer.from(contentBytes(result))).toEqual(Buffer.from(contentBytes(whole)));
        expect(result).toEqual(whole);
      }),
      { numRuns: 300 },
    );
  });

  it('is nothing when no hunk is', () => {
    fc.assert(
      fc.property(pair, ({ before, after }) => {
        const effect = editEffect(fileEdit('a.txt', before, after));
        expect(applyChoices(effect, [])).toBeNull();
        expect(applyChoices(effect, [{ path: appPath('a.txt'), accepted: [] }])).toBeNull();
      }),
      { numRuns: 50 },
    );
  });

  it('is the accepted hunks and nothing else, whichever they are', () => {
    fc.assert(
      fc.property(pair, fc.infiniteStream(fc.boolean()), ({ before, after }, coins) => {
        const effect = editEffect(fileEdit('a.txt', before, after));
        const [file] = changeSetOf(effect).files;
        const chosen = file!.hunks.filter(() => coins.next().value);
        const accepted = applyChoices(effect, [
          { path: appPath('a.txt'), accepted: chosen.map(({ id }) => id) },
        ]);
        if (chosen.length === 0) {
          expect(accepted).toBeNull();
          return;
        }
        // From the end, so that the numbers of the hunks before stay true.
        const lines = [...splitLines(before.text)];
        const fresh = splitLines(after.text);
        for (const hunk of chosen.toReversed()) {
          const from = hunk.oldLines === 0 ? hunk.oldStart : hunk.oldStart - 1;
          const newFrom = hunk.newLines === 0 ? hunk.newStart : hunk.newStart - 1;
          lines.splice(from, hunk.oldLines, ...fresh.slice(newFrom, newFrom + hunk.newLines));
        }
        const properties = chosen.some((hunk) => hunk.lines.length === 0) ? after : before;
        expect(accepted!.files[0]!.after).toEqual(contentOf(lines.join(''), properties));
      }),
      { numRuns: 300 },
    );
  });

  it('is the person’s own text exactly, in the hunks they wrote in, and the agent’s in the others', () => {
    fc.assert(
      fc.property(
        pair,
        fc.infiniteStream(fc.boolean()),
        fc.infiniteStream(content),
        ({ before, after }, coins, texts) => {
          const path = appPath('a.txt');
          const effect = editEffect(fileEdit('a.txt', before, after));
          const [diff] = fileDiffs(effect);
          const chosen = diff!.parts.filter(() => coins.next().value);
          const edited = diff!.parts.flatMap((part): HunkEdit[] => {
            const typed = coins.next().value ? typedText(diff!, part, next(texts).text) : undefined;
            return typed?.kind === 'text' ? [{ hunk: part.id, text: typed.text }] : [];
          });
          const accepted = applyChoices(effect, [{ path, accepted: chosen.map(({ id }) => id), edited }]);
          // From the end, so that the numbers of the hunks before stay true.
          const lines = [...splitLines(before.text)];
          const fresh = splitLines(after.text);
          for (const part of chosen.toReversed()) {
            const own = edited.find(({ hunk }) => hunk === part.id)?.text;
            const put = own === undefined ? fresh.slice(part.newStart, part.newEnd) : splitLines(own);
            lines.splice(part.oldStart, part.oldEnd - part.oldStart, ...put);
          }
          const properties = chosen.some(({ kind }) => kind === 'properties') ? after : before;
          const expected = contentOf(lines.join(''), properties);
          expect(accepted?.files[0]?.after ?? effect.files[0]!.before).toEqual(expected);
        },
      ),
      { numRuns: 400 },
    );
  });

  it('is what was shown: the page draws the very lines that are applied', () => {
    fc.assert(
      fc.property(pair, fc.infiniteStream(content), ({ before, after }, texts) => {
        const effect = editEffect(fileEdit('a.txt', before, after));
        const [diff] = fileDiffs(effect);
        const edited = diff!.parts.flatMap((part): HunkEdit[] => {
          const typed = typedText(diff!, part, next(texts).text);
          return typed.kind === 'text' ? [{ hunk: part.id, text: typed.text }] : [];
        });
        const shown = withEdits(diff!, edited);
        expect(shown.parts.map(({ id }) => id)).toEqual(diff!.parts.map(({ id }) => id));
        const applied = applyChoices(effect, [
          { path: appPath('a.txt'), accepted: diff!.parts.map(({ id }) => id), edited },
        ]);
        const drawn = [...splitLines(before.text)];
        for (const part of shown.parts.toReversed())
          drawn.splice(
            part.oldStart,
            part.oldEnd - part.oldStart,
            ...rawLines(shown, part).flatMap((one) => (one.kind === 'removed' ? [] : [one.raw])),
          );
        expect(applied?.files[0]?.after?.text ?? before.text).toBe(drawn.join(''));
      }),
      { numRuns: 200 },
    );
  });

  it('leaves out a file that the person made the same as before', () => {
    const effect = editEffect(fileEdit('a', 'x\n', 'y\n'), fileEdit('b', 'x\n', 'y\n'));
    const back = { path: appPath('a'), accepted: ['0.0'], edited: [{ hunk: '0.0', text: 'x\n' }] };
    expect(applyChoices(effect, [back])).toBeNull();
    const other = { path: appPath('b'), accepted: ['1.0'] };
    expect(applyChoices(effect, [back, other])?.files.map(({ path }) => path)).toEqual([appPath('b')]);
  });

  it('takes no text for what has no lines, or for another file', () => {
    const gone = editEffect(fileEdit('a', 'x\n', null));
    const path = appPath('a');
    expect(
      applyChoices(gone, [{ path, accepted: ['0.0'], edited: [{ hunk: '0.0', text: 'kept\n' }] }]),
    ).toEqual(gone);
    const two = editEffect(fileEdit('a', 'x\n', 'y\n'), fileEdit('b', 'x\n', 'y\n'));
    expect(applyChoices(two, [{ path, accepted: ['0.0'], edited: [{ hunk: '1.0', text: 'z\n' }] }])).toEqual(
      editEffect(two.files[0]!),
    );
  });

  it('leaves out files of which nothing was accepted and keeps the others', () => {
    const effect = editEffect(
      fileEdit('a', 'x\n', 'y\n'),
      fileEdit('b', null, 'new\n'),
      fileEdit('c', 'z\n', null),
    );
    const accepted = applyChoices(effect, [
      { path: appPath('a'), accepted: [] },
      { path: appPath('b'), accepted: ['1.0'] },
      { path: appPath('c'), accepted: ['2.0'] },
    ]);
    expect(accepted).toEqual(editEffect(effect.files[1]!, effect.files[2]!));
  });

  it('is a rename and its new text together or not at all', () => {
    const effect = editEffect(fileEdit('old', 'a\n', 'b\n', 'new'));
    expect(applyChoices(effect, everything(effect))).toEqual(effect);
    expect(applyChoices(effect, [{ path: appPath('new'), accepted: ['0.0'] }])).toBeNull();
  });

  it('never holds ids of another file or unknown ones', () => {
    const effect = editEffect(fileEdit('a', 'x\n', 'y\n'), fileEdit('b', 'x\n', 'y\n'));
    expect(applyChoices(effect, [{ path: appPath('a'), accepted: ['1.0', '0.7', ''] }])).toBeNull();
  });

  it('never holds a file that could not be shown', () => {
    const effect = editEffect(fileEdit('a', '', 'x'.repeat(20_001)));
    expect(applyChoices(effect, [{ path: appPath('a'), accepted: ['0.0'] }])).toBeNull();
  });

  it('may take the mode and leave the text, or the other way round', () => {
    const effect = editEffect(fileEdit('a', 'x\n', { text: 'y\n', mode: 0o755 }));
    const take = (id: string) =>
      applyChoices(effect, [{ path: appPath('a'), accepted: [id] }])?.files[0]?.after;
    expect(take('0.0')).toMatchObject({ text: 'x\n', mode: 0o755 });
    expect(take('0.1')).toMatchObject({ text: 'y\n', mode: 0o644 });
  });

  it('survives files of two hundred thousand lines', () => {
    const lines = numberedLines(200_000);
    const after = lines.with(5, 'x\n').with(199_990, 'y\n');
    const effect = editEffect(fileEdit('a', lines.join(''), after.join('')));
    const accepted = applyChoices(effect, [{ path: appPath('a'), accepted: ['0.1'] }]);
    expect(accepted!.files[0]!.after!.text).toBe(lines.with(199_990, 'y\n').join(''));
  });
});

import { describe, expect, it } from 'vitest';
import type { EditCard } from '../../../src/protocol/approval.ts';
import { digestOf } from '../../../src/protocol/digest.ts';
import type { EditEffect } from '../../../src/protocol/effect.ts';
import { cardDrawing } from '../../../src/review/cardDrawing.ts';
import { changeSetOf } from '../../../src/review/changeSetOf.ts';
import { mark } from '../../../src/review/visibleText.ts';
import { editEffect, fileEdit } from './editing.ts';

function card(effect: EditEffect): EditCard {
  return {
    kind: 'edit',
    id: 'card',
    digest: digestOf('card'),
    effect,
    changeSet: changeSetOf(effect),
    why: { verdict: 'ask', rule: 'edits', because: 'Edits are asked.' },
    claim: 'Only a\u202etypo.',
  };
}

function drawn(effect: EditEffect): string[] {
  const drawing = cardDrawing(card(effect));
  return effect.files.flatMap((_, index) =>
    drawing
      .file(index, [], new Map())
      .hunks.flatMap((hunk) => hunk.lines.map(({ kind, text }) => `${kind} ${text}`)),
  );
}

describe('a card as it is drawn', () => {
  it('shows carriage returns where line ends change', () => {
    expect(drawn(editEffect(fileEdit('a', 'x\n', 'x\r\n')))).toEqual(['removed x', `added x${mark('CR')}`]);
  });

  it('leaves carriage returns away where all lines have them, before and after', () => {
    expect(drawn(editEffect(fileEdit('a', 'x\r\n', 'y\r\n')))).toEqual(['removed x', 'added y']);
  });

  it('says which last line has no line end', () => {
    expect(drawn(editEffect(fileEdit('a', 'x', 'x\n')))).toEqual([
      `removed x${mark('no line end')}`,
      'added x',
    ]);
  });

  it('never hides a carriage return at the very end of a file', () => {
    expect(drawn(editEffect(fileEdit('a', null, 'x\r')))).toEqual([
      `added x${mark('U+000D')}${mark('no line end')}`,
    ]);
  });

  it('keeps marks on the words they were on', () => {
    const drawing = cardDrawing(card(editEffect(fileEdit('a', 'a\u200bb one c\n', 'a\u200bb two c\n'))));
    const [removed] = drawing.file(0, [], new Map()).hunks[0]!.lines;
    if (removed?.kind !== 'removed') throw new Error('The first line is not the removed one.');
    expect(removed.marks.map(([from, to]) => removed.text.slice(from, to))).toEqual(['one']);
  });

  it('marks an added carriage return as a whole', () => {
    const drawing = cardDrawing(card(editEffect(fileEdit('a', 'x\n', 'x\r\n'))));
    const added = drawing.file(0, [], new Map()).hunks[0]!.lines[1];
    if (added?.kind !== 'added') throw new Error('The second line is not the added one.');
    expect(added.marks.map(([from, to]) => added.text.slice(from, to))).toEqual([mark('CR')]);
  });

  it('makes the agent’s words visible too', () => {
    expect(cardDrawing(card(editEffect(fileEdit('a', '', 'x\n')))).claim).toBe(
      `Only a${mark('U+202E')}typo.`,
    );
  });
});

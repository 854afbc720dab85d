import { describe, expect, it } from 'vitest';
import type { ReviewState } from '../../../src/protocol/reviewPage.ts';
import { cardDrawing } from '../../../src/review/cardDrawing.ts';
import { startReview } from '../../../src/vscode/reviewSession.ts';
import { reviewState } from '../../../src/vscode/reviewState.ts';
import { keyAction } from '../../../src/webview/review/keyAction.ts';
import { editCard } from '../vscode/editCard.ts';

const card = editCard();
const { digest } = card;
const start = reviewState(startReview(card, cardDrawing(card), true), 0);

function press(key: string, state: ReviewState = start, held: { ctrl?: boolean; alt?: boolean } = {}) {
  const modifiers = { ctrlKey: held.ctrl ?? false, altKey: held.alt ?? false };
  return keyAction({ key, metaKey: false, shiftKey: false, ...modifiers }, state);
}

describe('keys', () => {
  it.each<{ key: string; at?: Partial<ReviewState>; message: object }>([
    { key: 'j', message: { kind: 'select', file: 0, hunk: '0.1' } },
    { key: 'j', at: { hunk: '0.1' }, message: { kind: 'select', file: 1, hunk: '1.0' } },
    { key: 'k', at: { file: 1, hunk: '1.0' }, message: { kind: 'select', file: 0, hunk: '0.1' } },
    { key: ']', message: { kind: 'select', file: 1, hunk: null } },
    { key: '[', at: { file: 1, hunk: '1.0' }, message: { kind: 'select', file: 0, hunk: null } },
    { key: 'a', message: { kind: 'choose', digest, target: { of: 'hunk', hunk: '0.0' }, accept: true } },
    { key: 'r', message: { kind: 'choose', digest, target: { of: 'hunk', hunk: '0.0' }, accept: false } },
    { key: 'A', message: { kind: 'choose', digest, target: { of: 'file', file: 0 }, accept: true } },
    { key: 'R', message: { kind: 'choose', digest, target: { of: 'file', file: 0 }, accept: false } },
    { key: 'u', message: { kind: 'undo', digest } },
    { key: 'e', message: { kind: 'edit', digest, hunk: '0.0' } },
    { key: 'x', message: { kind: 'widen', hunk: '0.0', side: 'around', all: false } },
    { key: 'X', message: { kind: 'widen', hunk: '0.0', side: 'around', all: true } },
    { key: 'd', message: { kind: 'openDiff', file: 0 } },
  ])('$key from $at', ({ key, at, message }) => {
    expect(press(key, { ...start, ...at })).toEqual({ kind: 'post', message });
  });

  it('stop at both ends', () => {
    expect([press('k'), press('[')]).toEqual([undefined, undefined]);
    const end = { ...start, file: 1, hunk: '1.0' };
    expect([press('j', end), press(']', end)]).toEqual([undefined, undefined]);
  });

  it.each(['Enter', 'Escape', 'y', 'Backspace', 'Delete', 'Tab', 'F1'])('%s does nothing', (key) => {
    expect(press(key)).toBeUndefined();
  });

  it('Ctrl+Z takes back, as everywhere', () => {
    expect(press('z', start, { ctrl: true })).toEqual({ kind: 'post', message: { kind: 'undo', digest } });
    expect(press('z')).toBeUndefined();
  });

  it('with Ctrl or Alt are left to the editor', () => {
    for (const key of ['j', 'a', 'r', 'Enter', 'ArrowDown'])
      expect([press(key, start, { ctrl: true }), press(key, start, { alt: true })]).toEqual([
        undefined,
        undefined,
      ]);
  });
});

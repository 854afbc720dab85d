import { describe, expect, it } from 'vitest';
import { covered, isComplete, type Coverage } from '../../../src/webview/review/coverage.ts';

describe('what has been on the screen', () => {
  it.each<{ name: string; stretches: [number, number][]; complete: boolean }>([
    { name: 'nothing', stretches: [], complete: false },
    { name: 'all at once', stretches: [[0, 1]], complete: true },
    { name: 'more than all', stretches: [[-0.2, 1.4]], complete: true },
    {
      name: 'bit by bit, overlapping',
      stretches: [
        [0, 0.4],
        [0.3, 0.7],
        [0.6, 1],
      ],
      complete: true,
    },
    {
      name: 'bit by bit, in any order',
      stretches: [
        [0.6, 1],
        [0, 0.4],
        [0.3, 0.7],
      ],
      complete: true,
    },
    {
      name: 'the top and the bottom, without the middle',
      stretches: [
        [0, 0.4],
        [0.6, 1],
      ],
      complete: false,
    },
    { name: 'all but the last line', stretches: [[0, 0.97]], complete: false },
    {
      name: 'stretches that are no stretches',
      stretches: [
        [0.5, 0.5],
        [1, 0],
      ],
      complete: false,
    },
  ])('$name', ({ stretches, complete }) => {
    const coverage = stretches.reduce<Coverage>((so, [from, to]) => covered(so, from, to), []);
    expect(isComplete(coverage)).toBe(complete);
  });
});

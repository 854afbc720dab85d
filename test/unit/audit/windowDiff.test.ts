import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { LogIndex, WindowData } from '../../../src/audit/logIndex.ts';
import { windowDiff, type MessageStep } from '../../../src/audit/windowDiff.ts';
import { followSources, SOURCES, windowSources } from '../../../src/audit/windowSources.ts';
import { verifyChain } from '../../../src/audit/auditReader.ts';
import { memorySource } from '../../support/memorySource.ts';
import {
  assistant,
  playSession,
  readTool,
  sampleLog,
  system,
  user,
  windowOf,
} from '../../support/sampleSession.ts';

/** Odd records are of the user, even ones of the assistant. */
function indexOf(...windows: (readonly number[])[]): LogIndex {
  const items = new Map(
    windows
      .flat()
      .map((seq) => [seq, { origin: seq % 2 === 0 ? 'assistant' : 'user', at: 0, bytes: 10 }] as const),
  );
  const data = windows.map((append, at): WindowData => {
    const parameters = { model: 'm' };
    const rest = { reason: 'turn', model: 'm', endpoint: 'e', bytes: 100, body: '' } as const;
    return { ...rest, n: at + 1, base: null, keep: 0, append: [...append], parameters, tools: [] };
  });
  return { offsets: [], items, answers: new Map(), windows: data };
}

function steps(was: readonly number[], is: readonly number[]): readonly MessageStep[] {
  const index = indexOf(was, is);
  return windowDiff(index, index.windows[0]!, index.windows[1]!).messages;
}

/** The second list as the steps make it from the first. */
function applied(was: readonly number[], given: readonly MessageStep[]): number[] {
  return given.flatMap((step) => {
    if (step.kind === 'same') return was.slice(step.from - 1, step.from - 1 + step.count);
    return step.kind === 'dropped' ? [] : [step.is];
  });
}

describe('the difference of two windows', () => {
  it.each([
    { was: [1, 2], is: [1, 2], says: ['same 1-1x2'] },
    { was: [1, 2], is: [1, 2, 3], says: ['same 1-1x2', '+3'] },
    { was: [1, 2, 3], is: [1, 3], says: ['same 1-1x1', '-2', 'same 3-2x1'] },
    { was: [1, 3], is: [1, 5], says: ['same 1-1x1', '3~5'] },
    { was: [1, 2], is: [1, 5], says: ['same 1-1x1', '-2', '+5'] },
    { was: [2, 4, 6, 8], is: [10, 8], says: ['2~10', '-4', '-6', 'same 4-2x1'] },
    { was: [1, 2], is: [2, 1], says: ['+2', 'same 1-2x1', '-2'] },
    { was: [1, 1], is: [1], says: ['same 1-1x1', '-1'] },
    { was: [], is: [1], says: ['+1'] },
    { was: [], is: [], says: [] },
  ])('of $was and $is is $says', ({ was, is, says }) => {
    const words = steps(was, is).map((step) => {
      if (step.kind === 'same') return `same ${step.from}-${step.to}x${step.count}`;
      if (step.kind === 'changed') return `${step.was}~${step.is}`;
      return step.kind === 'dropped' ? `-${step.was}` : `+${step.is}`;
    });
    expect(words).toEqual(says);
  });

  it('leads from any window to any other', () => {
    const window = fc.array(fc.integer({ min: 1, max: 12 }), { maxLength: 20 });
    fc.assert(
      fc.property(window, window, (was, is) => {
        expect(applied(was, steps(was, is))).toEqual(is);
      }),
    );
  });

  it('of two windows with ten thousand messages each is found without comparing each with each', () => {
    const one = Array.from({ length: 10_000 }, (_, at) => at);
    const found = steps(one, [...one].reverse());
    expect(applied(one, found)).toEqual([...one].reverse());
  });
});

describe('the composition of a window', () => {
  it('adds up to its length, told alone or in turn, with compaction and another head on the way', async () => {
    const sample = sampleLog();
    const { messages } = await playSession(sample, 5);
    await sample.log.window(windowOf([messages[0]!, user('in short'), ...messages.slice(-2)]));
    await sample.log.window(windowOf([messages[0]!], { tools: [readTool], parameters: { model: 'other' } }));
    const follow = followSources();
    const told: object[] = [];
    const log = await verifyChain(memorySource(sample.file.text()), {
      visit({ record }, index) {
        if (record.kind === 'window') told.push(follow(index, record.data));
      },
    });
    if (log.kind !== 'sound') throw new Error('The sample must be sound.');
    expect(told).toHaveLength(7);
    log.index.windows.forEach((window, at) => {
      const sources = windowSources(log.index, window);
      expect(told[at]).toEqual(sources);
      expect(SOURCES.reduce((sum, source) => sum + sources[source], 0)).toBe(window.bytes);
      expect(sources.frame).toBeGreaterThan(0);
    });
    const first = windowSources(log.index, log.index.windows[0]!);
    expect(first.system).toBe(
      Buffer.byteLength(system('You are supervised. Zażółć 👍').json) + readTool.json.length,
    );
    expect(windowSources(log.index, log.index.windows[1]!).assistant).toBe(assistant('answer 1').json.length);
  });
});

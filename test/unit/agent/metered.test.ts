import { describe, expect, it } from 'vitest';
import { metered, type Meter } from '../../../src/agent/metered.ts';
import type { Answer, Card } from '../../../src/protocol/approval.ts';
import { digestOf } from '../../../src/protocol/digest.ts';
import type { Approver } from '../../../src/protocol/ports.ts';
import { manualClock } from '../../support/manualClock.ts';

const card: Card = { kind: 'question', id: '1', digest: digestOf(''), text: '?', options: [] };
const answer: Answer = {
  card: '1',
  digest: card.digest,
  choice: { kind: 'text', text: 'yes' },
  how: 'button',
  ms: 1,
};

function ports(answers: readonly (Answer | Error)[]) {
  const clock = manualClock();
  const printed: string[] = [];
  const waiting = [...answers];
  const approver: Approver = {
    async ask() {
      await clock.advance(5_000);
      const next = waiting.shift();
      if (next === undefined || next instanceof Error) throw next ?? new Error('Nobody answers.');
      return next;
    },
  };
  return { clock, printed, approver, live: (chunk: string) => void printed.push(chunk) };
}

describe('what is metered', () => {
  it('is the time a person was asked, whatever came of it, and nothing else', async () => {
    const meter: Meter = { waitedMs: 0, printed: 0 };
    const stopped = new Error('stopped');
    const inner = ports([answer, stopped]);
    const { approver } = metered(inner, meter);
    const { signal } = new AbortController();
    expect(await approver.ask(card, signal, () => undefined)).toBe(answer);
    await inner.clock.advance(60_000);
    await expect(approver.ask(card, signal, () => undefined)).rejects.toBe(stopped);
    expect(meter).toEqual({ waitedMs: 10_000, printed: 0 });
  });

  it('is what commands print, in bytes, and it is still seen', () => {
    const meter: Meter = { waitedMs: 0, printed: 0 };
    const inner = ports([]);
    const { live } = metered(inner, meter);
    live('abc');
    live('ü');
    expect([meter.printed, inner.printed]).toEqual([5, ['abc', 'ü']]);
  });
});

import { describe, expect, it } from 'vitest';
import { countedModel } from '../../../src/agent/countedModel.ts';
import type { ModelEvent, ModelFailure, ModelReply, Usage } from '../../../src/protocol/model.ts';
import type { Window, WindowReceipt } from '../../../src/protocol/window.ts';

const ended = (usage?: Usage): ModelEvent => {
  const calls = [{ id: '1', name: 'read', arguments: '{"a":1}' }];
  const reply: ModelReply = { text: 'four', calls, finish: 'stop' };
  return { kind: 'ended', reply: usage === undefined ? reply : { ...reply, usage } };
};
const failed = (kind: ModelFailure['kind']): ModelEvent => ({
  kind: 'failed',
  failure: { kind, because: '', again: true },
});
const text: ModelEvent = { kind: 'text', text: 'fourteen bytes' };
const call: ModelEvent = { kind: 'call', name: 'read' };

const WINDOW = { body: new Uint8Array(1_000) } as Window;

/** A byte is a token here. */
async function counts(...events: readonly ModelEvent[]) {
  const counted: (readonly [Usage, boolean])[] = [];
  let sent = 0;
  const model = countedModel(
    {
      name: 'scripted',
      endpoint: 'http://127.0.0.1:1/',
      async *send() {
        yield* await Promise.resolve(events);
      },
    },
    {
      sent: () => (sent += 1),
      used(usage, isEstimate) {
        counted.push([usage, isEstimate]);
        return Promise.resolve();
      },
      tokens: (bytes) => bytes,
    },
  );
  const passed: ModelEvent[] = [];
  for await (const event of model.send(WINDOW, {} as WindowReceipt, new AbortController().signal))
    passed.push(event);
  expect(passed).toEqual(events);
  expect(model).toMatchObject({ name: 'scripted', endpoint: 'http://127.0.0.1:1/' });
  return { counted, sent };
}

const estimate = (input: number, output: number) => [[{ input, output, cached: 0 }, true]];

describe('a counted model', () => {
  it.each([
    ['what the endpoint says', [text, ended({ input: 7, output: 3, cached: 2 })], undefined],
    ['an estimate where it says nothing', [text, ended()], estimate(1_000, 15)],
    ['an estimate where it says zero', [ended({ input: 0, output: 0, cached: 0 })], estimate(1_000, 15)],
    ['an estimate of what broke off', [text, failed('cut')], estimate(1_000, 14)],
    ['an estimate of what was stopped in a call', [call, failed('stopped')], estimate(1_000, 0)],
    ['nothing where nothing came', [failed('busy')], []],
  ])('counts %s', async (_, events, wanted) => {
    const { counted, sent } = await counts(...events);
    expect(counted).toEqual(wanted ?? [[{ input: 7, output: 3, cached: 2 }, false]]);
    expect(sent).toBe(1);
  });
});

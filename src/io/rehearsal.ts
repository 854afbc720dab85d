import type { Model, ModelEvent } from '../protocol/model.ts';
import type { Clock } from '../protocol/ports.ts';
import type { Window, WindowReceipt } from '../protocol/window.ts';
import { STOPPED } from './modelFailure.ts';
import { conversationOf } from './rehearsalConversation.ts';
import { rehearse } from './rehearsalScript.ts';

/**
 * A fixed script on the same road as any model: no key, no network, no understanding. `pace` is the time between two
 * words in milliseconds.
 */
export function rehearsalModel({
  clock,
  pace = 18,
}: {
  readonly clock: Clock;
  readonly pace?: number;
}): Model {
  return {
    name: 'Rehearsal',
    endpoint: 'rehearsal:',
    send: (window: Window, _receipt: WindowReceipt, signal: AbortSignal) =>
      perform(window, signal, (words) => rest(clock, words * pace, signal)),
  };
}

async function* perform(
  window: Window,
  signal: AbortSignal,
  breathe: (words: number) => Promise<boolean>,
): AsyncGenerator<ModelEvent, void, undefined> {
  if (signal.aborted) return yield { kind: 'failed', failure: STOPPED };
  const { text, calls } = rehearse(conversationOf(window));
  for (const word of text.match(/\s*\S+/g) ?? []) {
    yield { kind: 'text', text: word };
    if (!(await breathe(1))) return yield { kind: 'failed', failure: STOPPED };
  }
  for (const { name } of calls) {
    yield { kind: 'call', name };
    if (!(await breathe(8))) return yield { kind: 'failed', failure: STOPPED };
  }
  const named = calls.map((call, at) => ({
    id: `rehearsal_${window.messages.length}_${at + 1}`,
    name: call.name,
    arguments: JSON.stringify(call.arguments),
  }));
  yield { kind: 'ended', reply: { text, calls: named, finish: calls.length === 0 ? 'stop' : 'tool_calls' } };
}

/** False when the person stopped it. */
async function rest(clock: Clock, ms: number, signal: AbortSignal): Promise<boolean> {
  if (ms === 0 || signal.aborted) return !signal.aborted;
  try {
    await clock.sleep(ms, signal);
    return true;
  } catch {
    return false;
  }
}

import type { Json } from '../protocol/canonicalJson.ts';
import type { Item } from '../protocol/message.ts';
import type { Model, ModelFailure, ModelReply } from '../protocol/model.ts';
import type { AuditLog, Clock, Watcher } from '../protocol/ports.ts';
import type { Window } from '../protocol/window.ts';

export type AskModelPorts = {
  readonly audit: AuditLog;
  readonly clock: Clock;
  readonly watcher: Watcher;
  readonly model: Model;
  /** Makes the assistant's message for the next window: redacted, canonical. */
  readonly replyItem: (reply: ModelReply) => Item;
  readonly redact: (text: string) => string;
};

export type Asked =
  | { readonly kind: 'reply'; readonly reply: ModelReply; readonly item: Item }
  | { readonly kind: 'failed'; readonly failure: ModelFailure };

const MOST_TRIES = 6;
const FIRST_WAIT_MS = 1_000;
const LONGEST_WAIT_MS = 60_000;

/**
 * Sends one window and waits for the whole reply; the only place a model is called from. Each try is a window of its
 * own on the record. Waits are visible, doubling unless the server names one, and end at once when the person stops.
 */
export async function askModel(ports: AskModelPorts, window: Window, signal: AbortSignal): Promise<Asked> {
  for (let attempt = 1; ; attempt += 1) {
    const asked = await tryOnce(ports, attempt === 1 ? window : { ...window, reason: 'retry' }, signal);
    if (asked.kind === 'reply' || !asked.failure.again || attempt === MOST_TRIES || signal.aborted)
      return asked;
    const ms = asked.failure.afterMs ?? Math.min(FIRST_WAIT_MS * 2 ** (attempt - 1), LONGEST_WAIT_MS);
    ports.watcher.state({ kind: 'retrying', because: asked.failure.because, until: ports.clock.now() + ms });
    try {
      await ports.clock.sleep(ms, signal);
    } catch {
      return { kind: 'failed', failure: { kind: 'stopped', because: 'You stopped the turn.', again: false } };
    }
  }
}

async function tryOnce(ports: AskModelPorts, window: Window, signal: AbortSignal): Promise<Asked> {
  const { audit, clock, model, watcher, redact } = ports;
  const receipt = await audit.window(window);
  const started = clock.now();
  let partial = '';
  watcher.state({ kind: 'working', doing: 'waiting for the model' });
  for await (const event of model.send(window, receipt, signal)) {
    switch (event.kind) {
      case 'text':
        partial += event.text;
        watcher.text(event.text);
        break;
      case 'call':
        watcher.state({ kind: 'working', doing: `writing a call to ${event.name}` });
        break;
      case 'ended': {
        const { reply } = event;
        const item = ports.replyItem(reply);
        const message = { digest: item.digest, message: item.value as Json };
        const usage = reply.usage === undefined ? {} : { usage: { ...reply.usage } };
        const data = {
          window: receipt.window,
          ...message,
          finish: reply.finish,
          ms: clock.now() - started,
          ...usage,
        };
        await audit.record({ kind: 'response', data });
        watcher.textEnded();
        return { kind: 'reply', reply, item };
      }
      case 'failed': {
        const { kind, status } = event.failure;
        // A server may say back what it was sent, the key among it.
        const because = redact(event.failure.because);
        const failed = { kind, because, ...(status === undefined ? {} : { status }) };
        // What was streamed before the failure was seen, so it is on the record; no window will hold it.
        const message = partial === '' ? {} : { message: { role: 'assistant', content: redact(partial) } };
        await audit.record({
          kind: 'response',
          data: { window: receipt.window, ...message, ms: clock.now() - started, failed },
        });
        watcher.textEnded();
        return { kind: 'failed', failure: { ...event.failure, because } };
      }
    }
  }
  throw new Error('The model port ended without an ending.');
}

import type { ToolCall } from './message.ts';
import type { Window, WindowReceipt } from './window.ts';

export type Usage = { readonly input: number; readonly output: number; readonly cached: number };

export type ModelReply = {
  readonly text: string;
  readonly calls: readonly ToolCall[];
  readonly finish: string;
  readonly usage?: Usage;
};

/**
 * Why no whole reply came. `again` says whether the same request may be sent once more, and `afterMs` how long the
 * server asked to wait.
 */
export type ModelFailure = {
  readonly kind: 'unreachable' | 'busy' | 'refused' | 'cut' | 'stalled' | 'stopped' | 'broken';
  readonly because: string;
  readonly status?: number;
  readonly again: boolean;
  readonly afterMs?: number;
};

export type ModelEvent =
  | { readonly kind: 'text'; readonly text: string }
  /** The model began to write a call to this tool; the arguments are complete only in the reply. */
  | { readonly kind: 'call'; readonly name: string }
  | { readonly kind: 'ended'; readonly reply: ModelReply }
  | { readonly kind: 'failed'; readonly failure: ModelFailure };

/** The one way a window leaves. Never throws for what a server or a network does; the last event is `ended` or `failed`. */
export interface Model {
  readonly name: string;
  /** Where windows go, for the record: a base URL, or `rehearsal:`. */
  readonly endpoint: string;
  send(window: Window, receipt: WindowReceipt, signal: AbortSignal): AsyncIterable<ModelEvent>;
}

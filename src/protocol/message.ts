import type { Json } from './canonicalJson.ts';
import type { Digest } from './digest.ts';

export type ToolCall = { readonly id: string; readonly name: string; readonly arguments: string };

/** A message of the chat completions protocol, as it goes over the wire. */
export type Message =
  | { readonly role: 'system' | 'user'; readonly content: string }
  | {
      readonly role: 'assistant';
      readonly content: string | null;
      readonly tool_calls?: readonly WireToolCall[];
    }
  | { readonly role: 'tool'; readonly tool_call_id: string; readonly content: string };

export type WireToolCall = {
  readonly id: string;
  readonly type: 'function';
  readonly function: { readonly name: string; readonly arguments: string };
};

export type ToolDefinition = {
  readonly type: 'function';
  readonly function: { readonly name: string; readonly description: string; readonly parameters: Json };
};

/** Who put it into the window. */
export type Origin = 'system' | 'user' | 'assistant' | 'workspace' | 'tool';

/** One message or tool definition in a window: its canonical JSON, exactly as sent, and the digest of that. */
export type Item = {
  readonly digest: Digest;
  readonly json: string;
  readonly origin: Origin;
  readonly value: Message | ToolDefinition;
};

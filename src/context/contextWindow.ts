import { growingDigest } from '../protocol/digest.ts';
import type { Item } from '../protocol/message.ts';
import { REQUEST_TAIL, requestHead, type RequestParameters } from '../protocol/requestBody.ts';
import type { Window, WindowReason } from '../protocol/window.ts';

/** What the model will see next. It only grows, so each request extends the one before byte for byte. */
export type ContextWindow = {
  append(item: Item): void;
  readonly messages: readonly Item[];
  /** UTF-8 bytes of the request as it stands. */
  bytes(): number;
  window(reason: WindowReason): Window;
};

export type ContextOptions = {
  readonly endpoint: string;
  readonly parameters: RequestParameters;
  readonly tools: readonly Item[];
};

export function createContextWindow({ endpoint, parameters, tools }: ContextOptions): ContextWindow {
  const messages: Item[] = [];
  const digest = growingDigest();
  let body = '';
  let bytes = REQUEST_TAIL.length;
  const extend = (text: string) => {
    body += text;
    bytes += Buffer.byteLength(text);
    digest.append(text);
  };
  extend(
    requestHead(
      parameters,
      tools.map((tool) => tool.json),
    ),
  );
  return {
    messages,
    bytes: () => bytes,
    append(item) {
      extend(messages.length === 0 ? item.json : `,${item.json}`);
      messages.push(item);
    },
    window: (reason) => ({
      reason,
      endpoint,
      model: parameters.model,
      parameters,
      tools,
      messages: [...messages],
      body: body + REQUEST_TAIL,
      bodyDigest: digest.withTail(REQUEST_TAIL),
    }),
  };
}

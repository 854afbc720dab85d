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
  const body = growingBytes();
  const extend = (text: string) => {
    body.append(text);
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
    bytes: () => body.length() + REQUEST_TAIL.length,
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
      body: body.withTail(REQUEST_TAIL),
      bodyDigest: digest.withTail(REQUEST_TAIL),
    }),
  };
}

type GrowingBytes = {
  append(text: string): void;
  length(): number;
  /** A copy, so that what was handed out never changes. */
  withTail(tail: string): Uint8Array<ArrayBuffer>;
};

/** UTF-8 bytes kept outside the heap: as a string, a long request would be built and thrown away anew at each turn. */
function growingBytes(): GrowingBytes {
  let bytes = Buffer.allocUnsafeSlow(65_536);
  let length = 0;
  return {
    length: () => length,
    append(text) {
      const needed = length + Buffer.byteLength(text);
      if (needed > bytes.length) {
        const larger = Buffer.allocUnsafeSlow(Math.max(needed, bytes.length * 2));
        bytes.copy(larger, 0, 0, length);
        bytes = larger;
      }
      length += bytes.write(text, length, 'utf8');
    },
    withTail(tail) {
      const whole = Buffer.allocUnsafeSlow(length + Buffer.byteLength(tail));
      bytes.copy(whole, 0, 0, length);
      whole.write(tail, length, 'utf8');
      return whole;
    },
  };
}

const LINE_FEED = 10;

export type BodyLimits = { readonly line: number; readonly total: number };

/**
 * A response body that is watched as it passes: `onBytes` at each chunk, `onEnd` with whether it ended inside a line,
 * an error once a line or the whole is longer than the limits, in bytes. Cancelling it first calls `beforeCancel`, which may wait for the body's own end so that
 * the connection can serve again.
 */
export function boundedBody(
  body: ReadableStream<Uint8Array>,
  limits: BodyLimits,
  { onBytes, onEnd }: { readonly onBytes: () => void; readonly onEnd: (insideLine: boolean) => void },
  beforeCancel: (rest: ReadableStreamDefaultReader<Uint8Array>) => Promise<void>,
): ReadableStream<Uint8Array> {
  const reader = body.getReader();
  let line = 0;
  let total = 0;

  function measure(chunk: Uint8Array): void {
    total += chunk.length;
    const first = chunk.indexOf(LINE_FEED);
    const longest = first === -1 ? line + chunk.length : line + first;
    line = first === -1 ? longest : chunk.length - 1 - chunk.lastIndexOf(LINE_FEED);
    if (longest > limits.line || line > limits.line || total > limits.total) throw new BodyTooLong();
  }

  return new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        const { value, done } = await reader.read();
        if (done) {
          onEnd(line > 0);
          controller.close();
          return;
        }
        onBytes();
        measure(value);
        controller.enqueue(value);
      },
      cancel() {
        // Not awaited: whoever cancels has what it came for.
        void beforeCancel(reader)
          .catch(() => undefined)
          .then(() => reader.cancel())
          .catch(() => undefined);
      },
    },
    { highWaterMark: 0 },
  );
}

export class BodyTooLong extends Error {
  override readonly name = 'BodyTooLong';
}

/** At most `longest` bytes of a body as text; what came before an error or the signal is kept, the rest thrown away. */
export async function excerptOf(response: Response, longest: number, signal: AbortSignal): Promise<string> {
  if (response.body === null) return '';
  const body: ReadableStream<Uint8Array> = response.body;
  const reader = body.getReader();
  const decoder = new TextDecoder();
  const leave = (): void => void reader.cancel().catch(() => undefined);
  let text = '';
  signal.addEventListener('abort', leave, { once: true });
  try {
    for (let size = 0; size < longest;) {
      const { value, done } = await reader.read();
      if (done) break;
      size += value.length;
      text += decoder.decode(value, { stream: true });
    }
  } catch {
    return text;
  } finally {
    signal.removeEventListener('abort', leave);
    leave();
  }
  return text.slice(0, longest);
}

import { describe, expect, it } from 'vitest';
import { BodyTooLong, boundedBody } from '../../../src/io/boundedBody.ts';

type Outcome = { readonly text: string; readonly insideLine: boolean | undefined; readonly error: unknown };

async function pass(pieces: readonly string[], limits = { line: 5, total: 20 }): Promise<Outcome> {
  const source = new ReadableStream<Uint8Array>({
    start(controller) {
      for (const piece of pieces) controller.enqueue(Buffer.from(piece));
      controller.close();
    },
  });
  let insideLine: boolean | undefined;
  let text = '';
  let error: unknown;
  const watched = { onBytes: () => undefined, onEnd: (inside: boolean) => void (insideLine = inside) };
  try {
    for await (const piece of boundedBody(source, limits, watched, () => Promise.resolve()))
      text += Buffer.from(piece).toString();
  } catch (thrown) {
    error = thrown;
  }
  return { text, insideLine, error };
}

const fine: readonly [string, readonly string[], boolean][] = [
  ['nothing', [], false],
  ['lines as long as they may be', ['12345\n', '12345\n'], false],
  ['a line in pieces', ['12', '345', '\n1'], true],
  ['many line ends', ['\n\n\n\n', '\r\n'], false],
  ['as much as there may be', ['1234\n1234\n', '1234\n1234\n'], false],
];
describe('a body within its limits', () => {
  it.each(fine)('passes unchanged: %s', async (_name, pieces, insideLine) => {
    expect(await pass(pieces)).toEqual({ text: pieces.join(''), insideLine, error: undefined });
  });
});

const tooLong: readonly [string, readonly string[]][] = [
  ['a line at the start', ['123456\n']],
  ['a line that goes on in the next piece', ['1\n123', '456']],
  ['a line at the end of a piece', ['1\n123456']],
  ['all of it', Array<string>(11).fill('1\n')],
];
describe('a body beyond its limits', () => {
  it.each(tooLong)('is an error: %s', async (_name, pieces) => {
    expect((await pass(pieces)).error).toBeInstanceOf(BodyTooLong);
  });
});

import type { CommandOutput } from '../protocol/outcome.ts';
import type { LiveOutput } from '../protocol/ports.ts';

const KEPT = 16_384;
const MOST_LIVE = 4_194_304;

/** Takes all of an output, piece by piece. */
export type KeepOutput = (text: string) => 'goOn' | 'slowDown';

export type OutputCollector = {
  /** Whether so much has come that whoever feeds this should slow down. */
  add(bytes: Uint8Array): 'goOn' | 'slowDown';
  end(): CommandOutput;
};

/**
 * Keeps the first and the last 16 KiB of what a command prints and hands it on live. Characters are never cut in two;
 * bytes that are not UTF-8 become U+FFFD. After 4 MiB nothing more is handed on live, which is said once.
 */
export function collectOutput(live: LiveOutput, keep: KeepOutput): OutputCollector {
  const decoder = new TextDecoder();
  const head: Buffer[] = [];
  let tail: Buffer[] = [];
  let headBytes = 0;
  let tailBytes = 0;
  let total = 0;
  return {
    add(bytes) {
      const before = total;
      total += bytes.length;
      const text = decoder.decode(bytes, { stream: true });
      const kept = keep(text);
      if (total <= MOST_LIVE) live(text);
      else if (before <= MOST_LIVE) live('\n[More output follows; only its end will be shown.]\n');
      const forHead = Buffer.from(bytes.subarray(0, KEPT - headBytes));
      if (forHead.length > 0) head.push(forHead);
      headBytes += forHead.length;
      if (forHead.length < bytes.length) {
        tail.push(Buffer.from(bytes.subarray(Math.max(forHead.length, bytes.length - 2 * KEPT))));
        tailBytes += tail.at(-1)?.length ?? 0;
      }
      if (tailBytes > 8 * KEPT) {
        tail = [Buffer.concat(tail).subarray(-2 * KEPT)];
        tailBytes = 2 * KEPT;
      }
      return total > MOST_LIVE ? 'slowDown' : kept;
    },

    end() {
      const rest = decoder.decode();
      if (rest !== '') keep(rest);
      if (total <= MOST_LIVE && rest !== '') live(rest);
      const first = Buffer.concat(head);
      const last = Buffer.concat(tail);
      if (total <= 2 * KEPT) return { head: textOf(Buffer.concat([first, last])), tail: '', omittedBytes: 0 };
      const kept = {
        head: first.subarray(0, endOfCharacter(first)),
        tail: startOfCharacter(last.subarray(-KEPT)),
      };
      return {
        head: textOf(kept.head),
        tail: textOf(kept.tail),
        omittedBytes: total - kept.head.length - kept.tail.length,
      };
    },
  };
}

/** Where the last whole UTF-8 character ends. */
function endOfCharacter(bytes: Buffer): number {
  for (let back = 1; back <= Math.min(4, bytes.length); back += 1) {
    const byte = bytes[bytes.length - back] ?? 0;
    if (byte < 0x80) return bytes.length;
    if (byte >= 0xc0) return lengthOf(byte) > back ? bytes.length - back : bytes.length;
  }
  return bytes.length;
}

function startOfCharacter(bytes: Buffer): Buffer {
  let start = 0;
  while (start < Math.min(3, bytes.length) && ((bytes[start] ?? 0) & 0xc0) === 0x80) start += 1;
  return bytes.subarray(start);
}

function lengthOf(lead: number): number {
  if (lead >= 0xf0) return 4;
  return lead >= 0xe0 ? 3 : 2;
}

function textOf(bytes: Uint8Array): string {
  return new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes);
}

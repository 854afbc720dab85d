import type { BigIntStats } from 'node:fs';
import { open, type FileHandle } from 'node:fs/promises';
import { eolOf } from '../../protocol/content.ts';
import { digestOf } from '../../protocol/digest.ts';
import type { Content } from '../../protocol/effect.ts';
import { errorCode, isAbsent, troubleInWords } from './trouble.ts';
import { isOpenedAt, OPEN_TO_READ } from './verifyOpened.ts';

/** `because` is a clause without a full stop. `moved` means: what was opened is not what stands at the path any more. */
export type ReadBytes =
  | { readonly kind: 'bytes'; readonly bytes: Buffer; readonly stats: BigIntStats }
  | { readonly kind: 'absent' }
  | { readonly kind: 'moved' }
  | { readonly kind: 'refused'; readonly because: string };

export type ReadContent =
  | { readonly kind: 'content'; readonly content: Content; readonly stats: BigIntStats }
  | Exclude<ReadBytes, { kind: 'bytes' }>;

/** Reads a whole text file at a path without links, exactly, or says in words why not. */
export async function readContent(real: string, maxBytes: number): Promise<ReadContent> {
  const read = await readBytes(real, maxBytes);
  if (read.kind !== 'bytes') return read;
  const decoded = decodeContent(read.bytes, Number(read.stats.mode) & 0o7777);
  if (decoded.kind === 'refused') return decoded;
  return { kind: 'content', content: decoded.content, stats: read.stats };
}

export async function readBytes(real: string, maxBytes: number): Promise<ReadBytes> {
  let handle: FileHandle;
  try {
    handle = await open(real, OPEN_TO_READ);
  } catch (error) {
    if (isAbsent(error)) return { kind: 'absent' };
    if (errorCode(error) === 'ELOOP') return { kind: 'moved' };
    if (errorCode(error) === 'ENXIO') return { kind: 'refused', because: 'it is not an ordinary file' };
    return { kind: 'refused', because: troubleInWords(error) };
  }
  try {
    const stats = await handle.stat({ bigint: true });
    if (!isOpenedAt(handle.fd, stats, real)) return { kind: 'moved' };
    if (stats.isDirectory()) return { kind: 'refused', because: 'it is a folder' };
    if (!stats.isFile()) return { kind: 'refused', because: 'it is not an ordinary file' };
    if (stats.size > BigInt(maxBytes)) return { kind: 'refused', because: tooLarge(stats.size, maxBytes) };
    const bytes = await readWhole(handle, Number(stats.size));
    if (bytes === null) return { kind: 'refused', because: 'it grew while it was being read; try again' };
    return { kind: 'bytes', bytes, stats };
  } catch (error) {
    return { kind: 'refused', because: troubleInWords(error) };
  } finally {
    await handle.close();
  }
}

/** One byte more than the size is asked for, so that a file that grew is noticed instead of cut. */
async function readWhole(handle: FileHandle, size: number): Promise<Buffer | null> {
  const buffer = Buffer.allocUnsafe(size + 1);
  let filled = 0;
  while (filled <= size) {
    const { bytesRead } = await handle.read(buffer, filled, buffer.length - filled, filled);
    filled += bytesRead;
    if (bytesRead === 0 || filled === size) return buffer.subarray(0, filled);
  }
  return null;
}

type Decoded =
  | { readonly kind: 'content'; readonly content: Content }
  | { readonly kind: 'refused'; readonly because: string };

const strictUtf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** Nothing is guessed and nothing replaced: what is not exactly UTF-8 text is refused. */
function decodeContent(bytes: Uint8Array, mode: number): Decoded {
  if (startsWith(bytes, [0xff, 0xfe]) || startsWith(bytes, [0xfe, 0xff]))
    return refused('it is UTF-16 text; only UTF-8 can be read and edited');
  if (bytes.includes(0)) return refused('it is a binary file');
  let text: string;
  try {
    text = strictUtf8.decode(bytes);
  } catch {
    return refused('it is not UTF-8 text: a binary file, or one in another encoding');
  }
  const bom = text.startsWith('\ufeff');
  if (bom) text = text.slice(1);
  return { kind: 'content', content: { text, bom, mode, eol: eolOf(text), digest: digestOf(bytes) } };
}

function startsWith(bytes: Uint8Array, start: readonly number[]): boolean {
  return start.every((byte, at) => bytes[at] === byte);
}

function refused(because: string): Decoded {
  return { kind: 'refused', because };
}

function tooLarge(size: bigint, maxBytes: number): string {
  return `it has ${size} bytes, more than the ${maxBytes} that files.maxBytes allows`;
}

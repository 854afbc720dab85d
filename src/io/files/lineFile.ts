import { constants } from 'node:fs';
import { open, type FileHandle } from 'node:fs/promises';

/** A file of lines, read as a stream or at a place; never as a whole. */
export type LineFile = {
  /** Each line with its line end, so that a last one without can be told. Rejects when a line is longer than 256 MiB. */
  lines(): AsyncGenerator<Uint8Array>;
  /** Fewer bytes than asked for where the file ends. */
  read(offset: number, length: number): Promise<Uint8Array>;
  close(): Promise<void>;
};

const CHUNK = 1 << 18;
const LONGEST_LINE = 256 << 20;
const NEW_LINE = 10;

/** Rejects with the operating system's error, and when the path is not an ordinary file. */
export async function openLineFile(path: string): Promise<LineFile> {
  // Without waiting: a pipe that nobody writes to would keep us for ever. (Windows has no such flag; it counts as nothing.)
  const handle = await open(path, constants.O_RDONLY | constants.O_NONBLOCK);
  if (!(await handle.stat()).isFile()) {
    await handle.close();
    throw new Error('it is not an ordinary file');
  }
  return {
    lines: () => linesOf(handle),
    async read(offset, length) {
      const { buffer, bytesRead } = await handle.read(Buffer.alloc(length), 0, length, offset);
      return buffer.subarray(0, bytesRead);
    },
    close: () => handle.close(),
  };
}

async function* linesOf(handle: FileHandle): AsyncGenerator<Uint8Array> {
  let parts: Uint8Array[] = [];
  let pending = 0;
  let at = 0;
  // The next piece is on its way while this one is looked at. A fresh buffer each time: lines are views into it.
  const readOn = () => settled(handle.read(Buffer.allocUnsafe(CHUNK), 0, CHUNK, at));
  for (let coming = readOn(); ;) {
    const { buffer, bytesRead } = (await coming)();
    if (bytesRead === 0) break;
    at += bytesRead;
    coming = readOn();
    const chunk = buffer.subarray(0, bytesRead);
    let from = 0;
    for (let to = chunk.indexOf(NEW_LINE); to !== -1; to = chunk.indexOf(NEW_LINE, from)) {
      const end = chunk.subarray(from, to + 1);
      yield pending === 0 ? end : Buffer.concat([...parts, end]);
      parts = [];
      pending = 0;
      from = to + 1;
    }
    if (from === bytesRead) continue;
    parts.push(chunk.subarray(from));
    pending += bytesRead - from;
    if (pending > LONGEST_LINE) throw new Error('it holds a line longer than 256 MiB');
  }
  if (pending > 0) yield Buffer.concat(parts);
}

/** A promise nobody may ever ask: what went wrong is thrown to whoever asks. */
async function settled<Value>(wanted: Promise<Value>): Promise<() => Value> {
  try {
    const value = await wanted;
    return () => value;
  } catch (error) {
    return () => {
      throw error;
    };
  }
}

import { closeSync, constants, openSync, write, writeSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { NO_WAIT } from './openFlags.ts';

/** Both ends of a pipe, as descriptors; whoever asked for it closes both. */
export type Fifo = { readonly path: string; readonly reader: number; readonly writer: number };

export type Fifos = {
  /** Its reader does not block: it is for reading in this process. */
  readonly output: Fifo;
  readonly between: readonly Fifo[];
  /** Removes the names; the ends stay open. */
  remove(): Promise<void>;
};

/**
 * Real pipes between programs. Node itself only makes socket pairs, which programs cannot open again as /dev/stdin or
 * /dev/stderr. `make` is given the paths to make and says whether it could.
 */
export async function openFifos(
  count: number,
  make: (paths: readonly string[]) => Promise<boolean>,
): Promise<Fifos | null> {
  const folder = await mkdtemp(join(tmpdir(), 'warrant-'));
  const remove = () => rm(folder, { recursive: true, force: true });
  const opened: number[] = [];
  const open = (path: string, flags: number) => {
    const fd = openSync(path, flags);
    opened.push(fd);
    return fd;
  };
  try {
    const path = join(folder, 'output');
    const names = Array.from({ length: count }, (_, index) => join(folder, String(index)));
    if (!(await make([path, ...names]))) {
      await remove();
      return null;
    }
    const output = { path, reader: open(path, TO_LOOK), writer: open(path, constants.O_WRONLY) };
    return { output, between: names.map((name) => openBetween(name, open)), remove };
  } catch (error) {
    closeEnds(...opened);
    await remove();
    throw error;
  }
}

const TO_LOOK = constants.O_RDONLY | NO_WAIT;
const TO_WAKE = constants.O_WRONLY | NO_WAIT;

/** A reader that does not wait comes first, so that opening the two ends does not wait for each other. */
function openBetween(path: string, open: (path: string, flags: number) => number): Fifo {
  const first = openSync(path, TO_LOOK);
  try {
    return { path, writer: open(path, constants.O_WRONLY), reader: open(path, constants.O_RDONLY) };
  } finally {
    closeSync(first);
  }
}

export function closeEnds(...fds: readonly number[]): void {
  for (const fd of fds) closeSync(fd);
}

/** A short text into a pipe, by its name: this process may have closed its own ends. Nobody reading is no trouble. */
export function writeToFifo({ path }: Fifo, text: string): void {
  try {
    const fd = openSync(path, TO_WAKE);
    try {
      writeSync(fd, text);
    } finally {
      closeSync(fd);
    }
  } catch {
    // The reader has stopped, or is so slow that the pipe is full: a program would have been stopped here.
  }
}

/** A text to whoever reads, at the pace of the reader, which may be this process. A reader that is gone is no trouble. */
export async function writeSlowly(fd: number, text: string): Promise<void> {
  const bytes = Buffer.from(text);
  for (let done = 0; done < bytes.length;) {
    const written = await new Promise<number>((resolve, reject) => {
      write(fd, bytes, done, (error, count) => (error === null ? resolve(count) : reject(error)));
    }).catch(() => bytes.length);
    done += written;
  }
}

/**
 * A program that opens /dev/stdin when its writer has already ended would wait for ever: unlike a nameless pipe, a
 * named one waits for a writer. Coming and going at once is enough to let it go on.
 */
export function wakeReader({ path }: Fifo): void {
  try {
    closeSync(openSync(path, TO_WAKE));
  } catch {
    // Nobody reads any more, or the names are gone: then nobody waits either.
  }
}

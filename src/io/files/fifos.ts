import { closeSync, constants, openSync, writeSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Both ends of a pipe, as descriptors that block; whoever opened it closes both. */
export type Fifo = { readonly reader: number; readonly writer: number };

/**
 * Real pipes between programs. Node itself only makes socket pairs, which programs cannot open again as /dev/stdin or
 * /dev/stderr. `make` is given the paths to make and says whether it could. The names are gone before this resolves.
 * The reader of `output` does not block: it is for reading in this process.
 */
export async function openFifos(
  count: number,
  make: (paths: readonly string[]) => Promise<boolean>,
): Promise<{ readonly output: Fifo; readonly between: readonly Fifo[] } | null> {
  const folder = await mkdtemp(join(tmpdir(), 'warrant-'));
  const opened: number[] = [];
  const open = (path: string, flags: number) => {
    const fd = openSync(path, flags);
    opened.push(fd);
    return fd;
  };
  try {
    const [output = '', ...between] = Array.from({ length: count + 1 }, (_, index) =>
      join(folder, String(index)),
    );
    if (!(await make([output, ...between]))) return null;
    const pipe = (path: string): Fifo => {
      // A reader that does not wait comes first, so that opening the other ends does not wait for each other.
      const first = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
      const writer = open(path, constants.O_WRONLY);
      const reader = open(path, constants.O_RDONLY);
      closeSync(first);
      return { reader, writer };
    };
    const reader = open(output, constants.O_RDONLY | constants.O_NONBLOCK);
    return {
      output: { reader, writer: open(output, constants.O_WRONLY) },
      between: between.map(pipe),
    };
  } catch (error) {
    for (const fd of opened) closeSync(fd);
    throw error;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

export function closeEnds(...fds: readonly number[]): void {
  for (const fd of fds) closeSync(fd);
}

/** A short text into a pipe that nobody has written to yet; its own reader is still open, so this cannot fail or wait. */
export function writeToFifo({ writer }: Fifo, text: string): void {
  writeSync(writer, text);
}

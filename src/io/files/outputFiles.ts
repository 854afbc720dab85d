import { mkdir, open, rm, type FileHandle } from 'node:fs/promises';
import { join } from 'node:path';
import type { KeptOutput, OutputPart } from '../../protocol/outcome.ts';

/** Takes the secrets out of text that comes in pieces; see the redacting stream of the audit. */
export type HideSecrets = { push(text: string): string; end(): void };

/** The whole of what commands print, without secrets, private to the user; where it stands no tool and no command reaches. */
export type OutputFiles = {
  /** Begins one; its name is short and counts up. */
  begin(): OutputFile;
  /** Undefined where there is no output of that name. */
  read(output: string, first: number, count: number): Promise<OutputPart | undefined>;
  /** Takes all of it away. */
  remove(): Promise<void>;
};

export type OutputFile = {
  readonly output: string;
  readonly lines: () => number;
  /** Whether the disk is so far behind that whoever feeds this should slow down. */
  add(text: string): 'goOn' | 'slowDown';
  /** Resolves when all of it is written; never rejects: what could not be kept is only not `whole`. */
  end(): Promise<KeptOutput>;
};

const MOST_BYTES = 64 * 1024 * 1024;
const MOST_PENDING = 1024 * 1024;
/** A place to seek to, every so many lines. */
const LINES_APART = 1_000;
const MOST_READ = 256 * 1024;
const NEW_LINE = 10;

type Written = {
  readonly path: string;
  readonly marks: number[];
  lines: number;
  bytes: number;
  torn: boolean;
};

export function createOutputFiles(folder: string, hide: () => HideSecrets): OutputFiles {
  const written = new Map<string, Written>();
  return {
    begin() {
      const output = `o${written.size + 1}`;
      const one: Written = { path: join(folder, output), marks: [0], lines: 0, bytes: 0, torn: false };
      written.set(output, one);
      return writing(output, one, folder, hide());
    },
    async read(output, first, count) {
      const one = written.get(output);
      if (one === undefined) return undefined;
      return readLines(one, first, count);
    },
    remove: () => rm(folder, { recursive: true, force: true }),
  };
}

function writing(output: string, one: Written, folder: string, hidden: HideSecrets): OutputFile {
  let pending = 0;
  let whole = true;
  let file: Promise<FileHandle> | undefined;
  let last: Promise<unknown> = Promise.resolve();

  function write(text: string): void {
    if (text === '' || !whole) return;
    const bytes = Buffer.from(text);
    if (one.bytes + pending + bytes.length > MOST_BYTES) {
      whole = false;
      return;
    }
    pending += bytes.length;
    last = last.then(async () => {
      try {
        file ??= mkdir(folder, { recursive: true, mode: 0o700 }).then(() => open(one.path, 'ax', 0o600));
        await (await file).appendFile(bytes);
        count(one, bytes);
      } catch {
        whole = false;
      } finally {
        pending -= bytes.length;
      }
    });
  }

  return {
    output,
    lines: () => one.lines,
    add(text) {
      write(hidden.push(text));
      return pending > MOST_PENDING ? 'slowDown' : 'goOn';
    },
    async end() {
      // A line end lets go of what may have been the beginning of a secret.
      write(hidden.push('\n').replace(/\n$/, ''));
      hidden.end();
      await last;
      await (await file?.catch(() => undefined))?.close();
      return { output, lines: one.torn ? one.lines + 1 : one.lines, whole };
    },
  };
}

function count(one: Written, bytes: Buffer): void {
  for (let at = bytes.indexOf(NEW_LINE); at !== -1; at = bytes.indexOf(NEW_LINE, at + 1)) {
    one.lines += 1;
    if (one.lines % LINES_APART === 0) one.marks.push(one.bytes + at + 1);
  }
  one.bytes += bytes.length;
  one.torn = bytes.at(-1) !== NEW_LINE;
}

/** At most 256 KiB of it, whole lines; a single longer line is cut. */
async function readLines(one: Written, first: number, count: number): Promise<OutputPart> {
  const lines = one.torn ? one.lines + 1 : one.lines;
  const none = { text: '', first, last: first - 1, lines };
  if (first > lines) return none;
  const mark = Math.min(Math.floor((first - 1) / LINES_APART), one.marks.length - 1);
  const handle = await open(one.path, 'r');
  try {
    let line = mark * LINES_APART + 1;
    let offset = one.marks[mark] ?? 0;
    const parts: Buffer[] = [];
    let taken = 0;
    while (line < first + count && taken < MOST_READ) {
      const { buffer, bytesRead } = await handle.read(Buffer.alloc(65_536), 0, 65_536, offset);
      if (bytesRead === 0) break;
      offset += bytesRead;
      let from = 0;
      for (let to = 0; from < bytesRead && line < first + count && taken < MOST_READ; from = to) {
        const end = buffer.subarray(0, bytesRead).indexOf(NEW_LINE, from);
        to = end === -1 ? bytesRead : end + 1;
        if (line >= first) {
          const part = buffer.subarray(from, Math.min(to, from + MOST_READ - taken));
          parts.push(part);
          taken += part.length;
        }
        if (end !== -1) line += 1;
      }
    }
    const text = Buffer.concat(parts).toString('utf8');
    const ended = text === '' ? 0 : text.split('\n').length - (text.endsWith('\n') ? 1 : 0);
    return { text, first, last: first + ended - 1, lines };
  } finally {
    await handle.close();
  }
}

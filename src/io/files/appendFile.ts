import { constants } from 'node:fs';
import { mkdir, open, stat, type FileHandle } from 'node:fs/promises';
import { dirname } from 'node:path';

/** A file that only grows, by whole texts, in the order they were given. */
export type AppendFile = {
  /** Bytes of an unfinished last line that were cut off on opening and kept in `<path>.torn`; 0 when there were none. */
  readonly torn: number;
  /**
   * Resolves when the operating system has the whole text at this path. After one rejection everything else is
   * rejected too.
   */
  append(text: string): Promise<void>;
  /** Resolves when everything whose append has resolved is on the disk. */
  sync(): Promise<void>;
  /** Waits for what is on its way, then closes. */
  close(): Promise<void>;
};

type Waiting = {
  readonly text: string;
  readonly resolve: (nothing: undefined) => void;
  readonly reject: (error: unknown) => void;
};

/** Not there on Windows, where it counts as nothing in a set of flags. */
const NO_LINKS = constants.O_NOFOLLOW;
const CHUNK = 65_536;
const NEW_LINE = 10;

/**
 * Opens a file of lines to append to, private to the user, with its folders. Rejects with the operating system's error
 * when it cannot, and when the path is a symbolic link or not a file.
 */
export async function openAppendFile(path: string): Promise<AppendFile> {
  await mkdir(dirname(path), { recursive: true, mode: 0o700 });
  const torn = await cutTornLine(path);
  const flags = constants.O_WRONLY | constants.O_APPEND | constants.O_CREAT | NO_LINKS;
  const handle = await open(path, flags, 0o600);
  try {
    const opened = await handle.stat({ bigint: true });
    if (!opened.isFile()) throw new Error('it is not an ordinary file');
    await handle.chmod(0o600);
    await syncFolder(dirname(path));
    return appending(path, handle, opened, torn);
  } catch (error) {
    await handle.close();
    throw error;
  }
}

type Identity = { readonly dev: bigint; readonly ino: bigint; readonly size: bigint };

function appending(path: string, handle: FileHandle, opened: Identity, torn: number): AppendFile {
  let end = Number(opened.size);
  let failed: Error | undefined;
  let waiting: Waiting[] = [];
  let writing: Promise<void> | undefined;
  let syncing: Promise<void> | undefined;
  let nextSync: Promise<void> | undefined;
  let closing: Promise<void> | undefined;

  async function writeWaiting(): Promise<void> {
    while (waiting.length > 0) {
      const batch = waiting;
      waiting = [];
      try {
        if (failed !== undefined) throw failed;
        await writeWhole(batch.map(({ text }) => text).join(''));
        for (const { resolve } of batch) resolve(undefined);
      } catch (error) {
        failed ??= asError(error);
        for (const { reject } of batch) reject(failed);
      }
    }
    writing = undefined;
  }

  async function writeWhole(text: string): Promise<void> {
    const bytes = Buffer.from(text, 'utf8');
    try {
      for (let done = 0; done < bytes.length;) {
        const { bytesWritten } = await handle.write(bytes, done, bytes.length - done);
        if (bytesWritten === 0) throw new Error('the operating system took nothing');
        done += bytesWritten;
      }
    } catch (error) {
      // What was half written is taken back; where even that fails, the next opening cuts it off.
      await handle.truncate(end).catch(() => undefined);
      throw error;
    }
    end += bytes.length;
    await checkStillThere();
  }

  /** A file that was deleted, replaced or cut would swallow every later line without an error. */
  async function checkStillThere(): Promise<void> {
    const found = await stat(path, { bigint: true });
    if (found.dev === opened.dev && found.ino === opened.ino && Number(found.size) === end) return;
    throw new Error('something else moved, replaced or changed the file');
  }

  async function syncNow(): Promise<void> {
    try {
      if (failed !== undefined) throw failed;
      await handle.datasync();
    } catch (error) {
      // After a failed sync nobody knows what is on the disk, so a second try would prove nothing.
      failed ??= asError(error);
      throw failed;
    } finally {
      syncing = undefined;
    }
  }

  return {
    torn,
    append(text) {
      if (failed !== undefined) return Promise.reject(failed);
      if (closing !== undefined) return Promise.reject(new Error('the file is closed'));
      const { promise, resolve, reject } = Promise.withResolvers<undefined>();
      waiting.push({ text, resolve, reject });
      writing ??= writeWaiting();
      return promise;
    },
    sync() {
      if (closing !== undefined) return Promise.reject(new Error('the file is closed'));
      if (syncing === undefined) return (syncing = syncNow());
      // The one that is running may have started before the caller's lines were there; all who wait share the next.
      nextSync ??= syncing
        .catch(() => undefined)
        .then(() => {
          nextSync = undefined;
          return (syncing = syncNow());
        });
      return nextSync;
    },
    close() {
      closing ??= Promise.allSettled([writing, syncing, nextSync]).then(() => handle.close());
      return closing;
    },
  };
}

function asError(error: unknown): Error {
  return error instanceof Error ? error : new Error(String(error));
}

function isAbsent(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ENOENT';
}

async function cutTornLine(path: string): Promise<number> {
  const handle = await open(path, constants.O_RDWR | NO_LINKS).catch((error: unknown) => {
    if (isAbsent(error)) return undefined;
    throw error;
  });
  if (handle === undefined) return 0;
  try {
    const found = await handle.stat();
    if (!found.isFile()) throw new Error('it is not an ordinary file');
    const { size } = found;
    const whole = await endOfLastLine(handle, size);
    if (whole === size) return 0;
    await keepAside(handle, whole, size, `${path}.torn`);
    await handle.truncate(whole);
    await handle.sync();
    return size - whole;
  } finally {
    await handle.close();
  }
}

/** Where the last line end stands, searched from the back; 0 when there is none. */
async function endOfLastLine(handle: FileHandle, size: number): Promise<number> {
  for (let to = size; to > 0;) {
    const from = Math.max(0, to - CHUNK);
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(to - from), 0, to - from, from);
    const at = buffer.subarray(0, bytesRead).lastIndexOf(NEW_LINE);
    if (at !== -1) return from + at + 1;
    to = from;
  }
  return 0;
}

async function keepAside(handle: FileHandle, from: number, to: number, path: string): Promise<void> {
  const flags = constants.O_WRONLY | constants.O_APPEND | constants.O_CREAT | NO_LINKS;
  const aside = await open(path, flags, 0o600);
  try {
    for (let at = from; at < to;) {
      const { buffer, bytesRead } = await handle.read(Buffer.alloc(CHUNK), 0, Math.min(CHUNK, to - at), at);
      if (bytesRead === 0) break;
      await aside.appendFile(buffer.subarray(0, bytesRead));
      at += bytesRead;
    }
    await aside.sync();
  } finally {
    await aside.close();
  }
}

/** The name of a new file is on the disk only once its folder is. Windows has no such call and needs none. */
async function syncFolder(folder: string): Promise<void> {
  if (process.platform === 'win32') return;
  const handle = await open(folder, constants.O_RDONLY);
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

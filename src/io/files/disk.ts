import { constants, type BigIntStats } from 'node:fs';
import { lstat, mkdir, open, rename, rmdir, unlink, utimes, type FileHandle } from 'node:fs/promises';
import { NO_LINKS } from './openFlags.ts';

export type Owner = { readonly uid: number; readonly gid: number };

/** Times of a file in seconds since 1970. */
export type Times = { readonly accessed: number; readonly modified: number };

/**
 * Every way in which applying an edit touches the disk. A port of its own, so that a test can let each single call
 * fail or be the last one. All of them reject with the operating system's error.
 */
export type Disk = {
  stats(path: string): Promise<BigIntStats>;
  /** Makes a file that must not exist yet and waits until it is on the disk. */
  writeNew(path: string, bytes: Uint8Array, mode: number, owner: Owner | null): Promise<void>;
  /** Writes from the first byte on, so that a half-written file is a mix of new and old bytes; then cuts and syncs. */
  overwrite(path: string, bytes: Uint8Array, mode: number): Promise<void>;
  setTimes(path: string, times: Times): Promise<void>;
  rename(from: string, to: string): Promise<void>;
  unlink(path: string): Promise<void>;
  makeFolder(path: string, mode: number): Promise<void>;
  removeFolder(path: string): Promise<void>;
};

const TO_CREATE = constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL | NO_LINKS;

export const realDisk: Disk = {
  stats: (path) => lstat(path, { bigint: true }),

  writeNew: (path, bytes, mode, owner) =>
    withHandle(path, TO_CREATE, async (handle) => {
      await writeAll(handle, bytes);
      if (owner !== null) await keepOwner(handle, owner);
      await handle.chmod(mode);
      await handle.sync();
    }),

  overwrite: (path, bytes, mode) =>
    withHandle(path, constants.O_WRONLY | NO_LINKS, async (handle) => {
      await writeAll(handle, bytes);
      await handle.truncate(bytes.length);
      const { mode: now } = await handle.stat();
      if ((now & 0o7777) !== mode) await handle.chmod(mode);
      await handle.sync();
    }),

  setTimes: (path, { accessed, modified }) => utimes(path, accessed, modified),
  rename,
  unlink,
  makeFolder: (path, mode) => mkdir(path, { mode }).then(() => undefined),
  removeFolder: rmdir,
};

async function withHandle(
  path: string,
  flags: number,
  use: (handle: FileHandle) => Promise<void>,
): Promise<void> {
  const handle = await open(path, flags, 0o600);
  try {
    await use(handle);
  } finally {
    await handle.close();
  }
}

async function writeAll(handle: FileHandle, bytes: Uint8Array): Promise<void> {
  let written = 0;
  while (written < bytes.length) {
    const { bytesWritten } = await handle.write(bytes, written, bytes.length - written, written);
    written += bytesWritten;
  }
}

/** A replaced file keeps its owner where the operating system lets us; where it does not, the user owns it. */
async function keepOwner(handle: FileHandle, owner: Owner): Promise<void> {
  const { uid, gid } = await handle.stat();
  if (uid === owner.uid && gid === owner.gid) return;
  await handle.chown(owner.uid, owner.gid).catch(() => undefined);
}

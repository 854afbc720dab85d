import { constants } from 'node:fs';
import { open, type FileHandle } from 'node:fs/promises';
import { join } from 'node:path';
import { platform } from 'node:process';
import { isOpenedAt } from './verifyOpened.ts';

/** A folder that was looked at once and is then named by its descriptor, so that nobody can put another in its place. */
export type Folder = {
  readonly real: string;
  /** A path of an entry, good while the folder is open. On Linux it leads through the descriptor. */
  at(name: string): string;
  /** Resolves when renames and removals in it are on the disk. */
  sync(): Promise<void>;
  close(): Promise<void>;
};

/** Rejects when there is no folder at this path, or when the path leads through a link. */
export async function openFolder(real: string): Promise<Folder> {
  if (platform === 'win32') return withoutDescriptor(real);
  const flags = constants.O_RDONLY | constants.O_DIRECTORY | constants.O_NOFOLLOW;
  const handle = await open(real, flags);
  try {
    if (!isOpenedAt(handle.fd, await handle.stat({ bigint: true }), real))
      throw Object.assign(new Error('The folder was replaced by a link.'), { code: 'ELOOP' });
  } catch (error) {
    await handle.close();
    throw error;
  }
  return withDescriptor(real, handle);
}

function withDescriptor(real: string, handle: FileHandle): Folder {
  const base = platform === 'linux' ? `/proc/self/fd/${handle.fd}` : real;
  return {
    real,
    at: (name) => join(base, name),
    sync: () => handle.sync(),
    close: () => handle.close(),
  };
}

/** Windows opens no folders for this; what it renamed is safe without. */
function withoutDescriptor(real: string): Folder {
  const nothing = () => Promise.resolve();
  return { real, at: (name) => join(real, name), sync: nothing, close: nothing };
}

/** Folders opened as they are needed and closed together. */
export type Folders = {
  get(real: string): Promise<Folder>;
  syncAll(): Promise<void>;
  closeAll(): Promise<void>;
};

export function openFolders(): Folders {
  const opened = new Map<string, Folder>();
  return {
    async get(real) {
      const known = opened.get(real);
      if (known !== undefined) return known;
      const folder = await openFolder(real);
      opened.set(real, folder);
      return folder;
    },
    async syncAll() {
      await Promise.all([...opened.values()].map((folder) => folder.sync()));
    },
    async closeAll() {
      await Promise.all([...opened.values()].map((folder) => folder.close()));
      opened.clear();
    },
  };
}

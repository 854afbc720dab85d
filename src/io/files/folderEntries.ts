import { lstat, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { openFolder } from './openFolder.ts';

export type FolderEntry = { readonly name: string; readonly kind: 'file' | 'folder' | 'link' };

/** Their contents are neither listed nor searched, except by naming them; large, and made by programs. */
const NOT_ENTERED: readonly string[] = ['.git', 'node_modules'];

export function isEntered(name: string): boolean {
  return !NOT_ENTERED.includes(name);
}

/** The entries of a folder without links in its path, sorted by code units. Sockets, pipes and devices are left out. */
export async function folderEntries(real: string): Promise<readonly FolderEntry[]> {
  const folder = await openFolder(real);
  try {
    const entries = await readdir(folder.at('.'), { withFileTypes: true });
    const known = entries.flatMap((entry): readonly FolderEntry[] => {
      if (entry.isFile()) return [{ name: entry.name, kind: 'file' }];
      if (entry.isDirectory()) return [{ name: entry.name, kind: 'folder' }];
      return entry.isSymbolicLink() ? [{ name: entry.name, kind: 'link' }] : [];
    });
    return known.sort((one, other) => (one.name < other.name ? -1 : 1));
  } finally {
    await folder.close();
  }
}

/** Bytes of a file; 0 when it is gone meanwhile. */
export async function sizeOf(real: string): Promise<number> {
  return lstat(real).then(
    (stats) => stats.size,
    () => 0,
  );
}

export type WalkedFile = { readonly relative: string; readonly real: string };

/** Every ordinary file below a folder; links are never followed, folders that cannot be opened are passed over. */
export async function* walkFiles(
  real: string,
  prefix: string,
  signal: AbortSignal,
): AsyncGenerator<WalkedFile> {
  signal.throwIfAborted();
  const entries = await folderEntries(real).catch(() => []);
  for (const { name, kind } of entries) {
    if (!isEntered(name)) continue;
    const relative = prefix === '' ? name : `${prefix}/${name}`;
    if (kind === 'file') yield { relative, real: join(real, name) };
    if (kind === 'folder') yield* walkFiles(join(real, name), relative, signal);
  }
}

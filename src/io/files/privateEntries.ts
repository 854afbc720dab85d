import { lstat, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { HiddenPath } from '../../protocol/sandbox.ts';

/**
 * What lies in a folder of the system and is not for everybody: keys, password hashes, configuration of services. The
 * owner of such files may be the one who runs the editor (root in a container), so the modes alone keep nothing.
 */
export async function privateEntries(folder: string, levels: number): Promise<readonly HiddenPath[]> {
  const names = await readdir(folder).catch(() => []);
  const found = await Promise.all(
    names.map(async (name): Promise<readonly HiddenPath[]> => {
      const path = join(folder, name);
      const stats = await lstat(path).catch(() => null);
      if (stats === null || stats.isSymbolicLink()) return [];
      if (!stats.isDirectory()) return (stats.mode & 0o004) === 0 ? [{ path, kind: 'file' }] : [];
      if ((stats.mode & 0o005) !== 0o005) return [{ path, kind: 'folder' }];
      return levels > 1 ? privateEntries(path, levels - 1) : [];
    }),
  );
  return found.flat();
}

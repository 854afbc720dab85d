import type { BigIntStats } from 'node:fs';
import { join } from 'node:path';
import { childPath, pathInRoot, type WorkspacePath } from '../../protocol/workspacePath.ts';
import { folderEntries, isEntered } from './folderEntries.ts';
import { statsOf, type RealRoot } from './locate.ts';

export type MayRead = (path: WorkspacePath, kind: 'file' | 'folder') => boolean;

const MOST_ENTRIES = 50_000;

/**
 * The other names of one file in the folders of the window that the agent may not read as they are written: a hard link would
 * otherwise be a way around a refusal. Folders that programs fill (`.git`, `node_modules`) are not looked through, nor
 * is what lies outside. `unknown` when there are too many entries.
 */
export async function hiddenNames(
  file: { readonly stats: BigIntStats; readonly real: string },
  { roots, mayRead }: { readonly roots: readonly RealRoot[]; readonly mayRead: MayRead },
): Promise<readonly WorkspacePath[] | 'unknown'> {
  const found = new Set<WorkspacePath>();
  const waiting = roots.map((root) => ({ real: root.real, path: pathInRoot(root, '') }));
  let seen = 0;
  for (let folder = waiting.pop(); folder !== undefined; folder = waiting.pop()) {
    for (const { name, kind } of await folderEntries(folder.real).catch(() => [])) {
      seen += 1;
      if (seen > MOST_ENTRIES) return 'unknown';
      const path = childPath(folder.path, name);
      const real = join(folder.real, name);
      if (kind === 'folder' && isEntered(name)) waiting.push({ real, path });
      if (kind !== 'file' || real === file.real || mayRead(path, 'file')) continue;
      const stats = await statsOf(real);
      if (stats !== null && stats.ino === file.stats.ino && stats.dev === file.stats.dev) found.add(path);
    }
  }
  return [...found].sort();
}

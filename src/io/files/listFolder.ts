import { join } from 'node:path';
import type { Listed } from '../../protocol/outcome.ts';
import { childPath, type WorkspacePath } from '../../protocol/workspacePath.ts';
import { folderEntries, isEntered, sizeOf, type FolderEntry } from './folderEntries.ts';

const MOST_LISTED = 2_000;
const MOST_SEEN = 50_000;

export type ListPlan = {
  readonly real: string;
  readonly path: WorkspacePath;
  readonly depth: number;
  /** Judges every single entry. For a folder: whether anything in it may be read. */
  readonly mayRead: (path: WorkspacePath, relative: string, kind: 'file' | 'folder') => boolean;
  readonly signal: AbortSignal;
};

export type FolderList = { readonly entries: readonly Listed[]; readonly omitted: number };

type Found = FolderEntry & { readonly relative: string; readonly real: string };

/**
 * What stands in a folder, `depth` levels deep, in the order of a tree. The upper levels go first when there is too
 * much. Rejects with the operating system's error when the folder itself cannot be opened.
 */
export async function listFolder(plan: ListPlan): Promise<FolderList> {
  const found: Found[] = [];
  let level: { readonly real: string; readonly prefix: string }[] = [{ real: plan.real, prefix: '' }];
  for (let depth = 0; depth < plan.depth && level.length > 0; depth += 1) {
    const below: { readonly real: string; readonly prefix: string }[] = [];
    for (const { real, prefix } of level) {
      plan.signal.throwIfAborted();
      if (found.length >= MOST_SEEN) break;
      const entries = await (depth === 0 ? folderEntries(real) : folderEntries(real).catch(() => []));
      for (const entry of entries) {
        const one = { ...entry, relative: prefix + entry.name, real: join(real, entry.name) };
        found.push(one);
        if (entry.kind === 'folder' && isEntered(entry.name))
          below.push({ real: one.real, prefix: `${one.relative}/` });
      }
    }
    level = below;
  }
  const shown = readable(found, plan);
  const entries = await Promise.all(
    shown.slice(0, MOST_LISTED).map(async ({ relative, real, kind }) => ({
      path: childPath(plan.path, relative),
      kind,
      size: kind === 'file' ? await sizeOf(real) : 0,
    })),
  );
  return { entries: inTreeOrder(entries), omitted: Math.max(0, shown.length - MOST_LISTED) };
}

/** A folder is shown when it may be read, and when something below it is shown. */
function readable(found: readonly Found[], { path, mayRead }: ListPlan): readonly Found[] {
  const holders = new Set<string>();
  const shown = found.map((one) => {
    const kind = one.kind === 'folder' ? 'folder' : 'file';
    const isShown = mayRead(childPath(path, one.relative), one.relative, kind);
    if (isShown) for (const folder of foldersAbove(one.relative)) holders.add(folder);
    return isShown;
  });
  return found.filter(({ relative }, index) => shown[index] === true || holders.has(relative));
}

function foldersAbove(relative: string): readonly string[] {
  const names = relative.split('/');
  return names.slice(1).map((_, index) => names.slice(0, index + 1).join('/'));
}

function inTreeOrder(entries: readonly Listed[]): readonly Listed[] {
  const keyed = entries.map((entry) => ({ entry, key: entry.path.replaceAll('/', '\0') }));
  return keyed.sort((one, other) => (one.key < other.key ? -1 : 1)).map(({ entry }) => entry);
}

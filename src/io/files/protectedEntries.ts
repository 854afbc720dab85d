import type { Stats } from 'node:fs';
import { lstat, readdir, realpath } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { protectedInGit, protectedPlaces, type ProtectedPlace } from '../../protocol/sandbox.ts';
import { isEntered } from './folderEntries.ts';
import { isInside } from './locate.ts';

/** What has to be kept in one writable folder, as it stands on the disk now. */
export type ProtectedEntries = {
  readonly readOnly: readonly string[];
  readonly pinned: readonly string[];
  /** To be made before and removed after; their folders exist. */
  readonly absent: readonly Absent[];
  /** Absent and left so; looked for again when the line is over. */
  readonly noticed: readonly string[];
  /** Sentences: what could not be kept. */
  readonly gaps: readonly string[];
  /** A sentence that says why this folder cannot be protected at all. */
  readonly refusal?: string;
};

export type Absent = { readonly path: string; readonly content: string | null };

const LEVELS = 3;
const MOST_FOLDERS = 1_000;
const GIT = '.git';

type Notes = {
  readonly readOnly: Set<string>;
  readonly pinned: Set<string>;
  readonly absent: Absent[];
  readonly noticed: string[];
  readonly gaps: string[];
  refusal?: string;
};

/**
 * Looks at every protected place of a folder and, three levels deep, at those that are there in the folders below.
 * Whatever is found pins the folders on the way to it: a folder that is moved takes the protection with it.
 */
export async function protectedEntries(root: string): Promise<ProtectedEntries> {
  const notes: Notes = { readOnly: new Set(), pinned: new Set(), absent: [], noticed: [], gaps: [] };
  const here = new Set(await readdir(root).catch(() => []));
  for (const place of protectedPlaces) await keep(root, join(root, place.name), place, notes, here);
  await keepGit(root, join(root, GIT), notes, true);
  // A folder that is itself the inside of a repository.
  if (['HEAD', 'objects', 'refs'].every((name) => here.has(name)))
    for (const place of protectedInGit) await keep(root, join(root, place.name), place, notes, here);
  await lookBelow(root, notes);
  return { ...notes, readOnly: [...notes.readOnly], pinned: [...notes.pinned] };
}

async function lookBelow(root: string, notes: Notes): Promise<void> {
  const names = new Map(protectedPlaces.map((place) => [place.name, place]));
  let level = [root];
  let left = MOST_FOLDERS;
  for (let depth = 0; depth <= LEVELS && level.length > 0; depth += 1) {
    if (level.length > left)
      notes.gaps.push(
        `${root} has too many folders: protected names deep inside it were not all looked for.`,
      );
    const looked = level.slice(0, left);
    left -= looked.length;
    const listed = await Promise.all(
      looked.map((one) => readdir(one, { withFileTypes: true }).catch(() => [])),
    );
    const next: string[] = [];
    for (const entry of listed.flat()) {
      const path = join(entry.parentPath, entry.name);
      const place = names.get(entry.name);
      if (place === undefined && entry.name !== GIT) {
        if (entry.isDirectory() && isEntered(entry.name)) next.push(path);
        continue;
      }
      if (depth === 0) continue;
      if (place === undefined) await keepGit(root, path, notes, false);
      else await keep(root, path, { ...place, absent: { kind: 'notice' } }, notes);
      pinTo(root, path, notes);
    }
    level = next;
  }
}

function pinTo(root: string, path: string, { pinned }: Notes): void {
  for (const folder of foldersBetween(root, path)) pinned.add(folder);
}

/** The folders on the way from one folder to a path in it, without both. */
export function foldersBetween(root: string, path: string): readonly string[] {
  const between: string[] = [];
  for (let folder = dirname(path); folder !== root && isInside(folder, root); folder = dirname(folder))
    between.push(folder);
  return between;
}

/** A `.git` file names a folder elsewhere, so the file itself is what must not change. */
async function keepGit(root: string, path: string, notes: Notes, isTop: boolean): Promise<void> {
  const stats = await lstat(path).catch(() => null);
  if (stats?.isDirectory() !== true)
    return keep(root, path, { name: GIT, absent: { kind: isTop ? 'folder' : 'notice' } }, notes);
  notes.pinned.add(path);
  const here = new Set(await readdir(path).catch(() => []));
  // An empty folder is no repository, and becomes none.
  if (!here.has('HEAD')) return void notes.readOnly.add(path);
  for (const place of protectedInGit) await keep(root, join(path, place.name), place, notes, here);
}

async function keep(
  root: string,
  path: string,
  { name, absent }: ProtectedPlace,
  notes: Notes,
  here?: ReadonlySet<string>,
): Promise<void> {
  const stats = here?.has(name) === false ? null : await lstat(path).catch(() => null);
  if (stats === null) {
    if (absent.kind === 'notice') notes.noticed.push(path);
    else notes.absent.push({ path, content: absent.kind === 'folder' ? null : absent.content });
    return;
  }
  const trouble = unkeepable(stats);
  if (trouble === undefined) return void notes.readOnly.add(path);
  if (absent.kind !== 'notice') {
    notes.refusal ??= `${path} ${trouble}, so the sandbox cannot keep it from being changed.`;
    return;
  }
  notes.gaps.push(`${path} ${trouble}: the sandbox does not keep that name from being replaced.`);
  const real = await realpath(path).catch(() => null);
  if (real === null || !isInside(real, root) || real === root || isInside(path, real)) return;
  notes.readOnly.add(real);
  pinTo(root, real, notes);
}

/** A mount covers what a name leads to, never the name of a link itself, and one of the names of a file with several. */
function unkeepable(stats: Stats): string | undefined {
  if (stats.isSymbolicLink()) return 'is a link';
  if (stats.isFile() && stats.nlink > 1) return 'is one of several names of the same file';
  return undefined;
}

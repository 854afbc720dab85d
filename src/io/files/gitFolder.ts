import { lstat, readFile, realpath } from 'node:fs/promises';
import { dirname, isAbsolute, join } from 'node:path';
import { isInside } from './locate.ts';

export type GitFolder = {
  /** Absolute, as git found it. */
  readonly gitDir: string;
  /** `core.worktree`, as it is written. */
  readonly worktree: string | undefined;
  /** Where git was asked. */
  readonly folder: string;
  /** Real folders of the window. */
  readonly roots: readonly string[];
};

/**
 * Whether a repository and the folder it was found from belong together. A `.git` that is a file or a link can name any
 * repository of this machine, and `core.worktree` any folder: its files would be read where nobody looks. A repository
 * outside the workspace counts when it stands around the folder, or names it in turn, as worktrees and submodules do.
 */
export async function knowsItsFolder({ gitDir, worktree, folder, roots }: GitFolder): Promise<boolean> {
  const real = await realpath(gitDir).catch(() => null);
  const here = await realpath(folder).catch(() => null);
  if (real === null || here === null) return false;
  if (worktree !== undefined) {
    const named = await realpath(isAbsolute(worktree) ? worktree : join(real, worktree)).catch(() => null);
    return named !== null && isInside(here, named) && (await hasOwn(named, real));
  }
  if (roots.some((root) => isInside(real, root)) || isInside(here, dirname(real))) return true;
  const back = await readFile(join(real, 'gitdir'), 'utf8').catch(() => null);
  if (back === null) return false;
  const pointer = back.trim();
  return isInside(here, dirname(isAbsolute(pointer) ? pointer : join(real, pointer)));
}

/** Whether the `.git` of a folder is, or names, that repository. */
async function hasOwn(folder: string, gitDir: string): Promise<boolean> {
  const own = join(folder, '.git');
  const stats = await lstat(own).catch(() => null);
  if (stats === null) return false;
  if (!stats.isFile()) return (await realpath(own).catch(() => null)) === gitDir;
  const text = await readFile(own, 'utf8').catch(() => '');
  const named = /^gitdir: (.+)\n?$/.exec(text)?.[1];
  if (named === undefined) return false;
  return (await realpath(isAbsolute(named) ? named : join(folder, named)).catch(() => null)) === gitDir;
}

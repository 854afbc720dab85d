import { readFile } from 'node:fs/promises';
import { dirname, join, relative, sep } from 'node:path';
import { statsOf } from './locate.ts';

const LONGEST_HEAD = 1_024;

/**
 * The path, relative to `root`, of the innermost folder at or above `real` that git takes for a repository's own: a bare
 * one, or one that a `.git` file names. Null where there is none up to the root.
 */
export async function repositoryAbove(real: string, root: string): Promise<string | null> {
  for (let folder = real; ; folder = dirname(folder)) {
    if (await isRepository(folder)) return relative(root, folder).split(sep).join('/');
    if (folder === root || folder === dirname(folder)) return null;
  }
}

/**
 * A `HEAD` that git would accept is enough, so that one which lacks only an empty folder counts: who may write into it
 * could add that. So is any `HEAD` beside `objects` and `refs`, or beside `commondir` as in a linked working tree.
 */
async function isRepository(folder: string): Promise<boolean> {
  const head = await statsOf(join(folder, 'HEAD'));
  if (head === null || head.isDirectory()) return false;
  if (head.isSymbolicLink()) return true;
  if (head.isFile() && head.size <= LONGEST_HEAD) {
    const text = await readFile(join(folder, 'HEAD'), 'latin1').catch(() => 'ref: refs/');
    if (/^ref:\s*refs\/|^[0-9a-f]{40}(?:[0-9a-f]{24})?\s*$/i.test(text)) return true;
  }
  const [objects, refs, common] = await Promise.all(
    ['objects', 'refs', 'commondir'].map((name) => statsOf(join(folder, name))),
  );
  return common !== null || (objects !== null && refs !== null);
}

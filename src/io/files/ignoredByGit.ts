import { readFile } from 'node:fs/promises';
import { join, relative, sep } from 'node:path';
import ignore, { type Ignore } from 'ignore';
import { statsOf } from './locate.ts';

const LARGEST = 65_536n;
const MOST_STARS_IN_SEGMENT = 3;
const MOST_GLOBSTARS = 4;

type Rules = { readonly depth: number; readonly ignore: Ignore };

/**
 * Whether git would ignore the file, by the `.gitignore` files from `root` down and `.git/info/exclude`; git itself is
 * not run, and the user's own list elsewhere is not read. An ignore file that cannot be read, or whose patterns cost
 * too much to match, counts as naming everything: the answer only ever makes somebody ask.
 */
export async function ignoredByGit(real: string, root: string): Promise<boolean> {
  if (real === root) return false;
  const names = relative(root, real).split(sep);
  const rules: Rules[] = [];
  const exclude = await rulesIn(join(root, '.git', 'info', 'exclude'));
  if (exclude === 'unreadable') return true;
  if (exclude !== undefined) rules.push({ depth: 0, ignore: exclude });
  for (const [depth] of names.entries()) {
    const found = await rulesIn(join(root, ...names.slice(0, depth), '.gitignore'));
    if (found === 'unreadable') return true;
    if (found !== undefined) rules.push({ depth, ignore: found });
    const isFolder = depth < names.length - 1;
    // What lies in an ignored folder is ignored, whatever a file deeper down says.
    if (isIgnored(rules, names.slice(0, depth + 1), isFolder)) return true;
  }
  return false;
}

/** The deepest ignore file that has something to say wins. */
function isIgnored(rules: readonly Rules[], names: readonly string[], isFolder: boolean): boolean {
  for (const { depth, ignore: list } of rules.toReversed()) {
    const { ignored, unignored } = list.test(names.slice(depth).join('/') + (isFolder ? '/' : ''));
    if (ignored) return true;
    if (unignored) return false;
  }
  return false;
}

async function rulesIn(file: string): Promise<Ignore | 'unreadable' | undefined> {
  try {
    const stats = await statsOf(file);
    // Git follows no link here either.
    if (stats === null || !stats.isFile()) return undefined;
    if (stats.size > LARGEST) return 'unreadable';
    const text = await readFile(file, 'utf8');
    return text.split(/\r?\n/).some(costsTooMuch)
      ? 'unreadable'
      : ignore({ allowRelativePaths: true }).add(text);
  } catch {
    return 'unreadable';
  }
}

/** The workspace wrote the patterns and the model the path: together they must not hold up the editor. */
function costsTooMuch(pattern: string): boolean {
  if (/^\s*#/.test(pattern)) return false;
  const segments = pattern.split('/');
  const stars = segments.map((segment) => (segment === '**' ? 0 : (segment.match(/\*/g) ?? []).length));
  return (
    stars.some((count) => count > MOST_STARS_IN_SEGMENT) ||
    segments.filter((segment) => segment === '**').length > MOST_GLOBSTARS
  );
}

import { join } from 'node:path';
import { folderEntries } from './folderEntries.ts';

const MOST_SEEN = 20_000;

/**
 * Whether anything below a folder may not be read; links are not followed. `mayRead` judges names relative to the
 * folder. Undefined where there is too much to look through, or a folder cannot be opened.
 */
export async function holdsDeniedBelow(
  real: string,
  mayRead: (below: string, kind: 'file' | 'folder') => boolean,
): Promise<boolean | undefined> {
  let seen = 0;
  const waiting = [''];
  for (let below = waiting.pop(); below !== undefined; below = waiting.pop()) {
    const entries = await folderEntries(join(real, below)).catch(() => undefined);
    if (entries === undefined) return undefined;
    seen += entries.length;
    if (seen > MOST_SEEN) return undefined;
    for (const { name, kind } of entries) {
      const one = below === '' ? name : `${below}/${name}`;
      if (!mayRead(one, kind === 'folder' ? 'folder' : 'file')) return true;
      if (kind === 'folder') waiting.push(one);
    }
  }
  return false;
}

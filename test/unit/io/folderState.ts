import { lstat, readdir, readFile, readlink } from 'node:fs/promises';
import { join } from 'node:path';

/** Everything a person could notice of a folder: names, kinds, bytes, permissions, and when asked for, times. */
export async function folderState(
  dir: string,
  { times }: { times: boolean },
): Promise<Record<string, string>> {
  const state: Record<string, string> = {};
  for (const name of (await readdir(dir, { recursive: true })).sort()) {
    const path = join(dir, name);
    const stats = await lstat(path, { bigint: true });
    const mode = (stats.mode & 0o7777n).toString(8);
    const when = times && !stats.isDirectory() ? ` ${stats.mtimeNs}` : '';
    if (stats.isSymbolicLink()) state[name] = `link ${await readlink(path)}`;
    else if (stats.isDirectory()) state[name] = `folder ${mode}`;
    else state[name] = `file ${mode}${when} ${(await readFile(path)).toString('base64')}`;
  }
  return state;
}

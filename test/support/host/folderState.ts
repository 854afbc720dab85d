import { readdirSync, readFileSync, readlinkSync, statSync } from 'node:fs';
import { join } from 'node:path';

/** Every file below a folder with its text and the time it was last written; equal means nobody touched anything. */
export function folderState(folder: string): Readonly<Record<string, string>> {
  const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) =>
    entry.isFile(),
  );
  const state = files.map(({ parentPath, name }): [string, string] => {
    const path = join(parentPath, name);
    const { mtimeNs } = statSync(path, { bigint: true });
    return [path.slice(folder.length + 1), `${mtimeNs} ${readFileSync(path, 'utf8')}`];
  });
  return Object.fromEntries(state.sort(([one], [other]) => one.localeCompare(other)));
}

/** The command lines of the processes at work in a folder, on Linux. */
export function processesIn(folder: string): string[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap((id) => {
      try {
        if (!`${readlinkSync(`/proc/${id}/cwd`)}/`.startsWith(`${folder}/`)) return [];
        return [readFileSync(`/proc/${id}/cmdline`, 'utf8').replaceAll('\0', ' ').trim()];
      } catch {
        // It ended meanwhile, or is not ours to look at.
        return [];
      }
    });
}

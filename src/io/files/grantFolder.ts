import { mkdir, readdir, readFile, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { grantFile } from '../../protocol/grant.ts';
import type { GrantStore } from '../../protocol/ports.ts';
import { realDisk } from './disk.ts';
import { openFolder } from './openFolder.ts';
import { isAbsent, troubleInWords } from './trouble.ts';

/**
 * Keeps grants in a folder, a file each, so that windows that give and revoke them at once cannot undo one another.
 * A file that cannot be read grants nothing and is named.
 */
export function grantFolder(folder: string): GrantStore {
  const fileOf = (id: string) => join(folder, `${id}.json`);
  return {
    async read() {
      const problems: string[] = [];
      const names = await readdir(folder).catch((error: unknown) => {
        if (!isAbsent(error))
          problems.push(`The kept approvals cannot be read (${troubleInWords(error)}); none of them counts.`);
        return [];
      });
      const grants = [];
      for (const name of names.filter((one) => one.endsWith('.json')).sort()) {
        const read = await readGrant(join(folder, name));
        if (read.kind === 'gone') continue;
        if (read.kind === 'grant' && name === `${read.grant.id}.json`) grants.push(read.grant);
        else
          problems.push(
            `The kept approval ${name} cannot be read, so it does not count; delete ${join(folder, name)}.`,
          );
      }
      return { grants, problems };
    },
    async add(grant) {
      await mkdir(folder, { recursive: true, mode: 0o700 });
      const made = `${fileOf(grant.id)}.tmp`;
      const text = JSON.stringify({ v: 1, grant });
      try {
        await realDisk.writeNew(made, Buffer.from(text), 0o600, null);
        await rename(made, fileOf(grant.id));
      } catch (error) {
        await rm(made, { force: true });
        throw error;
      }
      const opened = await openFolder(folder);
      await opened.sync().finally(() => opened.close());
    },
    remove: (id) => rm(fileOf(id), { force: true }),
  };
}

async function readGrant(path: string) {
  try {
    const parsed = grantFile.safeParse(JSON.parse(await readFile(path, 'utf8')));
    return parsed.success
      ? ({ kind: 'grant', grant: parsed.data.grant } as const)
      : ({ kind: 'broken' } as const);
  } catch (error) {
    return isAbsent(error) ? ({ kind: 'gone' } as const) : ({ kind: 'broken' } as const);
  }
}

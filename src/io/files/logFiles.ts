import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { openLineFile, type LineFile } from './lineFile.ts';
import { isAbsent } from './trouble.ts';

const ENDING = '.jsonl';

/** The audit files of a folder, each named after its session. */
export type LogFiles = {
  /** The one that was written to last at the end; none where there is no such folder. */
  sessions(): Promise<readonly string[]>;
  /** Undefined when there is no such file. Rejects when it cannot be read. */
  open(session: string): Promise<LineFile | undefined>;
};

export function logFiles(folder: string): LogFiles {
  return {
    async sessions() {
      const names = (await unlessAbsent(readdir(folder))) ?? [];
      const found: { session: string; at: number }[] = [];
      for (const name of names.filter((one) => one.endsWith(ENDING))) {
        const looked = await unlessAbsent(stat(join(folder, name)));
        if (looked !== undefined) found.push({ session: name.slice(0, -ENDING.length), at: looked.mtimeMs });
      }
      return found.sort((one, other) => one.at - other.at).map(({ session }) => session);
    },
    open: (session) => unlessAbsent(openLineFile(join(folder, `${session}${ENDING}`))),
  };
}

async function unlessAbsent<Value>(wanted: Promise<Value>): Promise<Value | undefined> {
  try {
    return await wanted;
  } catch (error) {
    if (isAbsent(error)) return undefined;
    throw error;
  }
}

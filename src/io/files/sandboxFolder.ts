import {
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmdirSync,
  unlinkSync,
  writeFileSync,
} from 'node:fs';
import { chmod, lstat, mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { isLive, ownName } from './liveOwner.ts';
import type { Absent } from './protectedEntries.ts';

const STAND_INS = 'standIns.json';

/** Where the sandbox keeps what it needs on the disk, and cleans up after lines whose process was killed. */
export type SandboxFolder = {
  /** A file of the product's own that programs inside are started with. */
  write(name: string, bytes: Uint8Array): Promise<string>;
  openLine(id: string, absent: readonly Absent[]): Promise<SandboxLine>;
};

export type SandboxLine = {
  /** An empty folder for this line alone. */
  readonly temporary: string;
  /** Takes the line's folder and, where no other line needs them, its stand-ins away. */
  close(): Promise<void>;
};

/** `path` lies in the product's own storage, which no sandbox shows. Rejects with the operating system's error. */
export async function openSandboxFolder(path: string): Promise<SandboxFolder> {
  await mkdir(path, { recursive: true, mode: 0o700 });
  await clearLeftBehind(path);
  // Removing a mount point here lifts the mount inside, so a stand-in stays as long as any line of ours needs it.
  const uses = new Map<string, number>();

  return {
    async write(name, bytes) {
      const file = join(path, name);
      await writeFile(file, bytes, { mode: 0o600 });
      return file;
    },

    async openLine(id, absent) {
      const folder = join(path, `${ownName()}-${id}`);
      const temporary = join(folder, 'tmp');
      await mkdir(temporary, { recursive: true, mode: 0o700 });
      await writeFile(join(folder, STAND_INS), JSON.stringify(absent));
      const made: Absent[] = [];
      const close = async () => {
        for (const one of made.splice(0)) {
          const left = (uses.get(one.path) ?? 1) - 1;
          if (left > 0) uses.set(one.path, left);
          else {
            uses.delete(one.path);
            removeStandIn(one);
          }
        }
        await removeTree(folder);
      };
      try {
        for (const one of absent) {
          // Not counted when somebody else made the name meanwhile: then it is theirs, and protected as it is.
          if (!uses.has(one.path) && !makeStandIn(one)) continue;
          uses.set(one.path, (uses.get(one.path) ?? 0) + 1);
          made.push(one);
        }
      } catch (error) {
        await close();
        throw error;
      }
      return { temporary, close };
    },
  };
}

function makeStandIn({ path, content }: Absent): boolean {
  try {
    if (content === null) mkdirSync(path, { mode: 0o755 });
    else writeFileSync(path, content, { flag: 'wx', mode: 0o644 });
    return true;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EEXIST') return false;
    throw error;
  }
}

/** Only what is still exactly as it was made: an empty folder, or a file of the same content. */
function removeStandIn({ path, content }: Absent): void {
  try {
    if (content === null) rmdirSync(path);
    else if (lstatSync(path).isFile() && readFileSync(path, 'utf8') === content) unlinkSync(path);
  } catch {
    // Gone, or somebody put something into it meanwhile: then it is theirs.
  }
}

async function clearLeftBehind(path: string): Promise<void> {
  for (const name of readdirSync(path)) {
    const owner = /^\d+-[^-]+(?=-)/.exec(name)?.[0];
    const folder = join(path, name);
    if (owner === undefined || isLive(owner, 0)) continue;
    const text = await readFile(join(folder, STAND_INS), 'utf8').catch(() => '[]');
    for (const one of parseStandIns(text)) removeStandIn(one);
    await removeTree(folder);
  }
}

function parseStandIns(text: string): readonly Absent[] {
  try {
    return JSON.parse(text) as readonly Absent[];
  } catch {
    return [];
  }
}

/** What ran inside may have taken its own rights to a folder away; nothing of it runs any more. */
async function removeTree(folder: string): Promise<void> {
  try {
    await rm(folder, { recursive: true, force: true });
  } catch {
    await openUp(folder);
    await rm(folder, { recursive: true, force: true }).catch(() => undefined);
  }
}

async function openUp(folder: string): Promise<void> {
  await chmod(folder, 0o700).catch(() => undefined);
  for (const name of await readdir(folder).catch(() => [])) {
    const path = join(folder, name);
    const stats = await lstat(path).catch(() => null);
    if (stats?.isDirectory() === true) await openUp(path);
  }
}

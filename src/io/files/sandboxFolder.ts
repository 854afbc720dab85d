import {
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmdirSync,
  unlinkSync,
  writeFileSync,
} from 'node:fs';
import { chmod, lstat, mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { isLive, ownName } from './liveOwner.ts';
import type { Absent } from './protectedEntries.ts';

const STAND_INS = 'standIns.json';
const OWNED = /^\d+-[^-]+(?=-)/;

/** Where the sandbox keeps what it needs on the disk, and cleans up after lines whose process was killed. */
export type SandboxFolder = {
  /** A file of the product's own that programs inside are started with. */
  write(name: string, bytes: Uint8Array): Promise<string>;
  /**
   * Makes what is absent, and keeps what is there only because another line needs it as long as this line does. The
   * id names the line and nothing before it.
   */
  openLine(id: string, absent: readonly Absent[], kept: readonly string[]): Promise<SandboxLine>;
};

type SandboxLine = {
  /** An empty folder for this line alone. */
  readonly temporary: string;
  /** Takes the line's folder and, where no other line needs them, its stand-ins away. */
  close(): Promise<void>;
};

/** `path` lies in the product's own storage, which no sandbox shows. Rejects with the operating system's error. */
export async function openSandboxFolder(path: string): Promise<SandboxFolder> {
  await mkdir(path, { recursive: true, mode: 0o700 });
  await clearLeftBehind(path);

  return {
    async write(name, bytes) {
      const file = join(path, name);
      // Another window may be starting a program with it: it is never half there.
      await writeFile(`${file}.${ownName()}`, bytes, { mode: 0o600 });
      await rename(`${file}.${ownName()}`, file);
      return file;
    },

    async openLine(id, absent, kept) {
      const name = `${ownName()}-${id}`;
      const folder = join(path, name);
      const temporary = join(folder, 'tmp');
      await mkdir(folder, { mode: 0o700 });
      await mkdir(temporary, { mode: 0o700 });
      const shared = (await standInsOfOthers(path, name)).filter((one) => kept.includes(one.path));
      const needed = [...absent, ...shared];
      await writeFile(join(folder, STAND_INS), JSON.stringify(needed));
      const made = new Set(shared);
      const close = async () => {
        await rm(join(folder, STAND_INS), { force: true });
        // Removing a mount point out here lifts the mount in there, so a stand-in stays while any line needs it.
        const others = new Set((await standInsOfOthers(path, name)).map((one) => one.path));
        for (const one of made) if (!others.has(one.path)) removeStandIn(one);
        made.clear();
        await removeTree(folder);
      };
      try {
        // What somebody else made meanwhile is theirs: protected like ours, and not taken away.
        for (const one of absent) if (makeStandIn(one)) made.add(one);
      } catch (error) {
        await close();
        throw error;
      }
      return { temporary, close };
    },
  };
}

/** What the lines of every window have put into workspaces, this line's own left out. */
async function standInsOfOthers(path: string, own: string): Promise<readonly Absent[]> {
  const names = (await readdir(path).catch(() => [])).filter((name) => name !== own && OWNED.test(name));
  const texts = await Promise.all(
    names.map((name) => readFile(join(path, name, STAND_INS), 'utf8').catch(() => '[]')),
  );
  return texts.flatMap(parseStandIns);
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
    const owner = OWNED.exec(name)?.[0];
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

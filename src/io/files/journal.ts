import { mkdir, readdir, readFile, realpath, rename, rm, stat, unlink } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import type { Disk } from './disk.ts';
import type { EditRecord } from './editUnit.ts';
import { isLive, ownName } from './liveOwner.ts';
import { openFolder } from './openFolder.ts';
import { isAbsent } from './trouble.ts';

/**
 * The journal of one edit: a folder outside the workspace with the bytes before and one record. It is there before
 * the workspace is touched and gone when all is done; whoever finds it later makes all or nothing of it.
 * The folder's name says which process owns it; taking it over is one rename, so only one can.
 */
export type Journal = {
  readonly folder: string;
  keepCopy(name: string, bytes: Uint8Array): Promise<void>;
  readCopy(name: string): Promise<Uint8Array>;
  /** Resolves when the record is on the disk; replaces the one before in one step. */
  write(record: EditRecord): Promise<void>;
  /** From here on only the way back is open, also after a crash. One rename, so that a full disk does not stop it. */
  beginUndo(): Promise<void>;
  /** The record goes first: without it nothing is left to be done, whatever else remains. */
  remove(): Promise<void>;
  /** Keeps it for a person to look at, under a name that no start takes over; gives that name. */
  setAside(): Promise<string>;
};

const RECORD = 'record.json';
const UNDO = 'undo.json';

export async function beginJournal(journalDir: string, id: string, disk: Disk): Promise<Journal> {
  await mkdir(journalDir, { recursive: true, mode: 0o700 });
  const real = await realpath(journalDir);
  const folder = join(real, `${ownName()}-${id}`);
  await disk.makeFolder(folder, 0o700);
  await syncFolder(real);
  return journalIn(folder, disk);
}

export type LeftJournal = {
  readonly journal: Journal;
  /** Null when it was never written, so nothing was touched; undefined when it cannot be read. */
  readonly record: EditRecord | null | undefined;
  /** Undoing had begun. */
  readonly isUndo: boolean;
};

/** Takes over the journals whose owner runs no more. */
export async function takeLeftJournals(
  journalDir: string,
  now: number,
  disk: Disk,
): Promise<readonly LeftJournal[]> {
  const taken: LeftJournal[] = [];
  const names = await namesIn(journalDir);
  const real = names.length === 0 ? journalDir : await realpath(journalDir);
  for (const name of names) {
    const parts = /^(\d+-[0-9x]+)-([A-Za-z0-9_-]+)$/.exec(name);
    if (parts === null) continue;
    const [, owner = '', id = ''] = parts;
    const left = join(real, name);
    if (isLive(owner, await ageOf(left, now))) continue;
    const folder = join(real, `${ownName()}-${id}`);
    try {
      await rename(left, folder);
    } catch (error) {
      if (isAbsent(error)) continue;
      throw error;
    }
    const undo = await readRecord(join(folder, UNDO));
    const record = undo === null ? await readRecord(join(folder, RECORD)) : undo;
    taken.push({ journal: journalIn(folder, disk), record, isUndo: undo !== null });
  }
  return taken;
}

function journalIn(folder: string, disk: Disk): Journal {
  return {
    folder,
    keepCopy: (name, bytes) => disk.writeNew(join(folder, name), bytes, 0o600, null),
    readCopy: (name) => readFile(join(folder, name)),
    async write(record) {
      const next = join(folder, 'next.json');
      await unlink(next).catch(() => undefined);
      await disk.writeNew(next, Buffer.from(JSON.stringify(record)), 0o600, null);
      await disk.rename(next, join(folder, RECORD));
      await syncFolder(folder);
    },
    async beginUndo() {
      await unlessAbsent(disk.rename(join(folder, RECORD), join(folder, UNDO)));
      await syncFolder(folder);
    },
    async remove() {
      await unlessAbsent(disk.unlink(join(folder, RECORD)));
      await unlessAbsent(disk.unlink(join(folder, UNDO)));
      await syncFolder(folder);
      await rm(folder, { recursive: true, force: true });
    },
    async setAside() {
      const aside = join(dirname(folder), `left-${basename(folder)}`);
      await rename(folder, aside);
      return aside;
    },
  };
}

async function readRecord(file: string): Promise<EditRecord | null | undefined> {
  try {
    const record = JSON.parse(await readFile(file, 'utf8')) as Partial<EditRecord>;
    return isRecord(record) ? record : undefined;
  } catch (error) {
    return isAbsent(error) ? null : undefined;
  }
}

function isRecord(read: Partial<EditRecord>): read is EditRecord {
  return read.version === 1 && read.units !== undefined && read.folders !== undefined;
}

async function unlessAbsent(done: Promise<void>): Promise<void> {
  try {
    await done;
  } catch (error) {
    if (!isAbsent(error)) throw error;
  }
}

async function namesIn(journalDir: string): Promise<readonly string[]> {
  try {
    return (await readdir(journalDir)).sort();
  } catch (error) {
    if (isAbsent(error)) return [];
    throw error;
  }
}

async function ageOf(folder: string, now: number): Promise<number> {
  try {
    return now - (await stat(folder)).mtimeMs;
  } catch {
    return 0;
  }
}

async function syncFolder(path: string): Promise<void> {
  const folder = await openFolder(path);
  await folder.sync();
  await folder.close();
}

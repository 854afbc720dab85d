import type { BigIntStats } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { basename, dirname } from 'node:path';
import { digestOf } from '../../protocol/digest.ts';
import type { EditEffect } from '../../protocol/effect.ts';
import type { Outcome } from '../../protocol/outcome.ts';
import { shownPath, type WorkspacePath } from '../../protocol/workspacePath.ts';
import { realDisk, type Disk } from './disk.ts';
import type { EditRecord, EditUnit } from './editUnit.ts';
import { beginJournal, type Journal } from './journal.ts';
import { openFolders, type Folders } from './openFolder.ts';
import { planEdit, type EditLimits, type EditPlan, type PlannedUnit } from './planEdit.ts';
import { clearAway, rollBackUnits } from './rollBack.ts';
import { errorCode, isAbsent, troubleInWords } from './trouble.ts';

export type ApplyPorts = EditLimits & { readonly journalDir: string; readonly disk?: Disk };

/** What the steps share. `begun` counts the steps that may have touched their file. */
type Work = {
  readonly journal: Journal;
  readonly folders: Folders;
  readonly disk: Disk;
  readonly units: PlannedUnit[];
  readonly newFolders: readonly string[];
  begun: number;
};

class ChangedMeanwhile extends Error {
  override readonly name = 'ChangedMeanwhile';
  readonly path: WorkspacePath;
  constructor(path: WorkspacePath) {
    super('A file changed while an edit was being applied.');
    this.path = path;
  }
}

/** Applies an edit: all of it, or nothing and a clause that says why. */
export async function applyEdit(effect: EditEffect, ports: ApplyPorts): Promise<Outcome> {
  const planned = await planEdit(effect, ports);
  if (planned.kind !== 'plan') return planned;
  if (planned.plan.units.length === 0) return APPLIED;
  const disk = ports.disk ?? realDisk;
  const folders = openFolders();
  try {
    return await applyPlan(planned.plan, ports, disk, folders);
  } finally {
    await folders.closeAll();
  }
}

const APPLIED: Outcome = { kind: 'done', done: { kind: 'applied' } };

async function applyPlan(plan: EditPlan, ports: ApplyPorts, disk: Disk, folders: Folders): Promise<Outcome> {
  let journal: Journal;
  try {
    journal = await beginJournal(ports.journalDir, ports.id(), disk);
  } catch (error) {
    return failed(`the journal of the edit cannot be written: ${troubleInWords(error)}`);
  }
  const work: Work = { journal, folders, disk, units: [...plan.units], newFolders: plan.folders, begun: 0 };
  try {
    await keepBefore(work);
    await makeFolders(work);
    await writeTemps(work);
    for (const index of work.units.keys()) await commit(work, index);
    await folders.syncAll();
    for (const { unit } of work.units) await verify(unit, folders);
    await clearAway(work.units.map(({ unit }) => unit).filter(isInPlace), [], folders, disk);
  } catch (error) {
    return afterRollBack(work, error, ports);
  }
  // All is done and verified. Should the journal outlive this, the next start finds every step done and removes it.
  await journal.remove().catch(() => undefined);
  return APPLIED;
}

/** From here on a crash can be undone: the bytes before and the record are on the disk, the workspace is untouched. */
async function keepBefore({ units, newFolders, journal }: Work): Promise<void> {
  for (const { unit, before } of units)
    if (unit.kind !== 'create' && before !== null) await journal.keepCopy(unit.before.copy, before);
  await journal.write(recordOf(units, newFolders));
}

async function makeFolders({ newFolders, folders, disk }: Work): Promise<void> {
  for (const folder of newFolders) {
    const parent = await folders.get(dirname(folder));
    await disk.makeFolder(parent.at(basename(folder)), 0o777);
  }
}

async function writeTemps({ units, folders, disk }: Work): Promise<void> {
  for (const { unit, after } of units) {
    if (after === null || (unit.kind !== 'create' && unit.kind !== 'write')) continue;
    const folder = await folders.get(unit.at.folder);
    const owner = unit.kind === 'write' ? unit.before.owner : null;
    await disk.writeNew(folder.at(unit.temp), after, unit.after.mode, owner);
  }
}

async function commit(work: Work, index: number): Promise<void> {
  const planned = work.units[index];
  if (planned === undefined) return;
  const { unit, seen } = planned;
  const { folders, disk } = work;
  const folder = await folders.get(unit.at.folder);
  const at = folder.at(unit.at.name);
  const temp = folder.at(unit.temp);
  switch (unit.kind) {
    case 'create':
      await expectAbsent(at, unit, disk, null);
      work.begun = index + 1;
      await renameOr(disk, temp, at, async () => {
        await markInPlace(work, index, unit);
        await disk.writeNew(at, planned.after ?? new Uint8Array(), unit.after.mode, null);
      });
      return;
    case 'write': {
      const overwrite = () => disk.overwrite(at, planned.after ?? new Uint8Array(), unit.after.mode);
      await expectSame(at, unit, seen, disk);
      work.begun = index + 1;
      if (unit.inPlace) return overwrite();
      return renameOr(disk, temp, at, async () => {
        await markInPlace(work, index, unit);
        await overwrite();
      });
    }
    case 'remove':
      await expectSame(at, unit, seen, disk);
      work.begun = index + 1;
      return disk.unlink(at);
    case 'move': {
      const from = (await folders.get(unit.from.folder)).at(unit.from.name);
      await expectSame(from, unit, seen, disk);
      await expectAbsent(at, unit, disk, seen);
      work.begun = index + 1;
      return renameOr(disk, from, at, async () => {
        await markInPlace(work, index, unit);
        await disk.writeNew(at, planned.before ?? new Uint8Array(), unit.before.mode, unit.before.owner);
        await disk.setTimes(at, unit.before.times);
        await disk.unlink(from);
      });
    }
  }
}

/** A mount point, a file on another disk or one that is in use cannot be renamed over; it can be written. */
async function renameOr(disk: Disk, from: string, to: string, instead: () => Promise<void>): Promise<void> {
  try {
    await disk.rename(from, to);
  } catch (error) {
    const code = errorCode(error);
    if (code !== 'EXDEV' && code !== 'EBUSY' && code !== 'EPERM') throw error;
    await instead();
  }
}

/** Before anything is written without a rename, the record says so: only then may it be found half written. */
async function markInPlace(
  { units, newFolders, journal }: Work,
  index: number,
  unit: Exclude<EditUnit, { kind: 'remove' }>,
): Promise<void> {
  const planned = units[index];
  if (planned === undefined) return;
  units[index] = { ...planned, unit: { ...unit, inPlace: true } };
  await journal.write(recordOf(units, newFolders));
}

async function expectAbsent(
  at: string,
  unit: EditUnit,
  disk: Disk,
  itself: BigIntStats | null,
): Promise<void> {
  try {
    const stats = await disk.stats(at);
    if (itself !== null && stats.ino === itself.ino && stats.dev === itself.dev && stats.nlink === 1n) return;
  } catch (error) {
    if (isAbsent(error)) return;
    throw error;
  }
  throw new ChangedMeanwhile(unit.at.path);
}

async function expectSame(at: string, unit: EditUnit, seen: BigIntStats | null, disk: Disk): Promise<void> {
  let stats: BigIntStats;
  try {
    stats = await disk.stats(at);
  } catch (error) {
    if (isAbsent(error)) throw new ChangedMeanwhile(unit.at.path);
    throw error;
  }
  const keys = ['dev', 'ino', 'size', 'mtimeNs', 'ctimeNs', 'mode'] as const;
  if (seen === null || keys.some((key) => stats[key] !== seen[key])) throw new ChangedMeanwhile(unit.at.path);
}

function isInPlace(unit: EditUnit): boolean {
  return unit.kind !== 'remove' && unit.inPlace;
}

async function verify(unit: EditUnit, folders: Folders): Promise<void> {
  const at = (await folders.get(unit.at.folder)).at(unit.at.name);
  if (unit.kind === 'remove') return;
  const { digest } = unit.kind === 'move' ? unit.before : unit.after;
  if (digestOf(await readFile(at)) !== digest) throw new ChangedMeanwhile(unit.at.path);
}

async function afterRollBack(work: Work, cause: unknown, ports: ApplyPorts): Promise<Outcome> {
  const { journal, folders, disk, begun, newFolders } = work;
  const units = work.units.map(({ unit }) => unit);
  const outcome = (): Outcome => {
    if (!(cause instanceof ChangedMeanwhile))
      return failed(`the edit could not be written: ${troubleInWords(cause)}`);
    const because = `${shownPath(cause.path, ports.roots)} changed on disk while the edit was being applied`;
    return { kind: 'stale', path: cause.path, because };
  };
  try {
    await journal.beginUndo();
    await rollBackUnits(units.slice(0, begun), journal, folders, disk);
    await clearAway(units, newFolders, folders, disk);
    await folders.syncAll();
    await journal.remove();
  } catch (error) {
    const kept = `the texts before are kept in ${journal.folder}, and the next start of this window puts them back`;
    return failed(`${inWords(cause)}, and undoing it failed as well (${inWords(error)}); ${kept}`);
  }
  return outcome();
}

function inWords(error: unknown): string {
  return error instanceof ChangedMeanwhile ? 'a file changed meanwhile' : troubleInWords(error);
}

function recordOf(units: readonly PlannedUnit[], folders: readonly string[]): EditRecord {
  return { version: 1, units: units.map(({ unit }) => unit), folders };
}

function failed(because: string): Outcome {
  return { kind: 'failed', because };
}

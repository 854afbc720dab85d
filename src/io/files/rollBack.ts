import { dirname, basename } from 'node:path';
import type { Disk } from './disk.ts';
import { backName, type Before, type EditUnit, type Place } from './editUnit.ts';
import type { Journal } from './journal.ts';
import type { Folders } from './openFolder.ts';
import { errorCode, isAbsent } from './trouble.ts';
import { unitState } from './unitState.ts';

/**
 * Puts back what the steps of an edit changed, the last one first: bytes, permissions, owner, times. Steps that were
 * not begun, and files that somebody else has changed since, are not touched. Rejects with the operating system's
 * error; it can be called again.
 */
export async function rollBackUnits(
  units: readonly EditUnit[],
  journal: Journal,
  folders: Folders,
  disk: Disk,
): Promise<void> {
  for (const unit of units.toReversed()) {
    const state = await unitState(unit, journal, folders);
    if (state === 'after' || state === 'between') await rollBackUnit(unit, journal, folders, disk);
  }
}

/** Temporary files go, then the folders that were made for the edit, unless somebody put something into them. */
export async function clearAway(
  units: readonly EditUnit[],
  made: readonly string[],
  folders: Folders,
  disk: Disk,
): Promise<void> {
  for (const unit of units) {
    const places = unit.kind === 'move' ? [unit.from, unit.at] : [unit.at];
    for (const place of places)
      for (const name of [unit.temp, backName(unit.temp)])
        await ignoring(isAbsent, async () => disk.unlink(await pathOf({ ...place, name }, folders)));
  }
  for (const folder of made.toReversed()) {
    const place = { folder: dirname(folder), name: basename(folder) };
    await ignoring(isTaken, async () => disk.removeFolder(await pathOf(place, folders)));
  }
}

async function rollBackUnit(unit: EditUnit, journal: Journal, folders: Folders, disk: Disk): Promise<void> {
  const at = await pathOf(unit.at, folders);
  const back = await pathOf({ ...unit.at, name: backName(unit.temp) }, folders);
  switch (unit.kind) {
    case 'create':
      await disk.unlink(at);
      return;
    case 'write': {
      const bytes = await journal.readCopy(unit.before.copy);
      if (unit.inPlace) {
        await disk.overwrite(at, bytes, unit.before.mode);
        await disk.setTimes(at, unit.before.times);
        return;
      }
      await putBack(unit.before, bytes, back, at, disk);
      return;
    }
    case 'remove':
      await putBack(unit.before, await journal.readCopy(unit.before.copy), back, at, disk);
      return;
    case 'move': {
      const from = await pathOf(unit.from, folders);
      if (!unit.inPlace) {
        await disk.rename(at, from);
        return;
      }
      const name = { ...unit.from, name: backName(unit.temp) };
      const bytes = await journal.readCopy(unit.before.copy);
      await putBack(unit.before, bytes, await pathOf(name, folders), from, disk);
      await disk.unlink(at);
    }
  }
}

async function putBack(
  before: Before,
  bytes: Uint8Array,
  back: string,
  at: string,
  disk: Disk,
): Promise<void> {
  await ignoring(isAbsent, () => disk.unlink(back));
  await disk.writeNew(back, bytes, before.mode, before.owner);
  await disk.setTimes(back, before.times);
  await disk.rename(back, at);
}

async function pathOf(place: Omit<Place, 'path'>, folders: Folders): Promise<string> {
  return (await folders.get(place.folder)).at(place.name);
}

async function ignoring(expected: (error: unknown) => boolean, act: () => Promise<void>): Promise<void> {
  try {
    await act();
  } catch (error) {
    if (!expected(error)) throw error;
  }
}

function isTaken(error: unknown): boolean {
  return isAbsent(error) || errorCode(error) === 'ENOTEMPTY' || errorCode(error) === 'EEXIST';
}

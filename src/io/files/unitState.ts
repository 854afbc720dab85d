import { lstat, readFile } from 'node:fs/promises';
import { digestOf, type Digest } from '../../protocol/digest.ts';
import type { EditUnit, Place } from './editUnit.ts';
import type { Journal } from './journal.ts';
import type { Folders } from './openFolder.ts';
import { isAbsent } from './trouble.ts';

/** How far one step of an edit got. `foreign`: what stands there was put by neither side of the edit. */
export type UnitState = 'before' | 'between' | 'after' | 'foreign';

type Found = { readonly bytes: Uint8Array; readonly digest: Digest; readonly mode: number };

/** Looks at the disk alone, so that the answer is the same after a crash. */
export async function unitState(unit: EditUnit, journal: Journal, folders: Folders): Promise<UnitState> {
  const at = await findFile(unit.at, folders);
  if (at === 'other') return 'foreign';
  switch (unit.kind) {
    case 'create': {
      const temp = await findFile({ ...unit.at, name: unit.temp }, folders);
      if (!unit.inPlace && temp !== null) return 'before';
      if (at === null) return 'before';
      if (at.digest === unit.after.digest) return 'after';
      return unit.inPlace && isMix(at, null, temp) ? 'between' : 'foreign';
    }
    case 'write': {
      const temp = await findFile({ ...unit.at, name: unit.temp }, folders);
      if (!unit.inPlace && temp !== null) return 'before';
      if (at === null) return 'foreign';
      const { before, after } = unit;
      if (before.digest === after.digest && at.digest === before.digest)
        return at.mode === before.mode ? 'before' : 'after';
      if (at.digest === before.digest) return 'before';
      if (at.digest === after.digest) return 'after';
      return unit.inPlace && isMix(at, await journal.readCopy(before.copy), temp) ? 'between' : 'foreign';
    }
    case 'remove':
      if (at === null) return 'after';
      return at.digest === unit.before.digest ? 'before' : 'foreign';
    case 'move': {
      const from = await findFile(unit.from, folders);
      if (from === 'other') return 'foreign';
      if (from === null) return at?.digest === unit.before.digest ? 'after' : 'foreign';
      if (from.digest !== unit.before.digest) return 'foreign';
      if (at === null || !unit.inPlace) return 'before';
      const whole = { bytes: await journal.readCopy(unit.before.copy) };
      return isMix(at, null, whole) ? 'between' : 'foreign';
    }
  }
}

/** A file written in place and cut off: every byte is the new one or the old one. */
function isMix(
  at: Found,
  old: Uint8Array | null,
  fresh: { readonly bytes: Uint8Array } | 'other' | null,
): boolean {
  if (fresh === null || fresh === 'other') return false;
  const { bytes } = at;
  if (bytes.length > Math.max(fresh.bytes.length, old?.length ?? 0)) return false;
  return bytes.every((byte, index) => byte === fresh.bytes[index] || byte === old?.[index]);
}

/** Null when there is nothing; `other` when it is no ordinary file. */
async function findFile(place: Place, folders: Folders): Promise<Found | 'other' | null> {
  try {
    const path = (await folders.get(place.folder)).at(place.name);
    const stats = await lstat(path);
    if (!stats.isFile()) return 'other';
    const bytes = await readFile(path);
    return { bytes, digest: digestOf(bytes), mode: stats.mode & 0o7777 };
  } catch (error) {
    if (isAbsent(error)) return null;
    throw error;
  }
}

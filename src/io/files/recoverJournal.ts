import type { WorkspacePath } from '../../protocol/workspacePath.ts';
import { realDisk, type Disk } from './disk.ts';
import type { EditRecord } from './editUnit.ts';
import { takeLeftJournals, type Journal } from './journal.ts';
import { openFolders } from './openFolder.ts';
import { clearAway, rollBackUnits } from './rollBack.ts';
import { unitState, type UnitState } from './unitState.ts';

/**
 * What became of an edit that a crash cut off. `left`: files that somebody changed since were not touched, or the
 * disk refused; the bytes before are still in `journal`.
 */
export type Recovered =
  | { readonly kind: 'completed' | 'rolledBack'; readonly paths: readonly WorkspacePath[] }
  | {
      readonly kind: 'left';
      readonly paths: readonly WorkspacePath[];
      readonly because: string;
      readonly journal: string;
    };

/** Makes all or nothing of every edit whose process ended in the middle. Journals of running windows are left alone. */
export async function recoverJournal(
  journalDir: string,
  now: number,
  disk: Disk = realDisk,
): Promise<readonly Recovered[]> {
  const recovered: Recovered[] = [];
  for (const { journal, record, isUndo } of await takeLeftJournals(journalDir, now, disk)) {
    if (record === null) {
      // Nothing depends on it; what cannot be removed now is found again by the next start.
      await journal.remove().catch(() => undefined);
      continue;
    }
    if (record === undefined) {
      recovered.push({
        kind: 'left',
        paths: [],
        because: 'its record cannot be read',
        journal: journal.folder,
      });
      continue;
    }
    recovered.push(await settle(record, isUndo, journal, disk));
  }
  return recovered;
}

async function settle(record: EditRecord, isUndo: boolean, journal: Journal, disk: Disk): Promise<Recovered> {
  const paths = record.units.map(({ at }) => at.path);
  const folders = openFolders();
  try {
    const states: UnitState[] = [];
    for (const unit of record.units) states.push(await unitState(unit, journal, folders));
    const completed = !isUndo && isCompleted(states);
    if (!completed) {
      await journal.beginUndo();
      await rollBackUnits(record.units, journal, folders, disk);
    }
    await clearAway(record.units, completed ? [] : record.folders, folders, disk);
    await folders.syncAll();
    const changed = completed ? [] : changedSince(record, states);
    if (changed.length > 0) {
      const because = 'it was changed after the crash, so it was left as it is';
      return { kind: 'left', paths: changed, because, journal: await journal.setAside() };
    }
    await journal.remove();
    return { kind: completed ? 'completed' : 'rolledBack', paths };
  } catch (error) {
    const because = error instanceof Error ? error.message : String(error);
    return { kind: 'left', paths, because, journal: journal.folder };
  } finally {
    await folders.closeAll();
  }
}

function isCompleted(states: readonly UnitState[]): boolean {
  return states.includes('after') && states.every((state) => state === 'after' || state === 'foreign');
}

/** Steps run in order: what lies behind the last one that was done was never begun, and is somebody else's business. */
function changedSince({ units }: EditRecord, states: readonly UnitState[]): readonly WorkspacePath[] {
  const last = Math.max(states.lastIndexOf('after'), states.lastIndexOf('between'));
  const alone = states.every((state) => state === 'foreign');
  const changed = units.filter((_, index) => states[index] === 'foreign' && (alone || index < last));
  return changed.map(({ at }) => at.path);
}

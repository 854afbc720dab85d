import type { CheckpointStep, FileVersion } from '../protocol/checkpoint.ts';
import type { Content, FileEdit } from '../protocol/effect.ts';
import type { WorkspacePath } from '../protocol/workspacePath.ts';

/** What going back means for one file, before anybody has looked at the disk. */
export type PathRestore = {
  readonly path: WorkspacePath;
  /** What stood there before; `session` keeps its text. Null: there was no file. */
  readonly target: { readonly version: FileVersion; readonly session: string } | null;
  /** What the steps to take back left there; two possibilities where a crash left it open. */
  readonly expected: readonly (FileVersion | null)[];
  /** Between these steps somebody else changed it, so that going back takes that away too. */
  readonly changedBetween: boolean;
  /** A step that is not taken back changed it later. */
  readonly changedLater: boolean;
  /** Where the file came from, when these steps renamed it. */
  readonly origin?: WorkspacePath;
};

type Walk = { states?: readonly (FileVersion | null)[]; restore?: PathRestore };

/**
 * Every file that some steps changed, and what it would be without them. `steps` are all that are known, oldest first;
 * `canonical` gives one name to paths that lead to one file.
 */
export function pathRestores(
  steps: readonly CheckpointStep[],
  isTakenBack: (step: CheckpointStep) => boolean,
  canonical: (path: WorkspacePath) => WorkspacePath,
): readonly PathRestore[] {
  const walks = new Map<WorkspacePath, Walk>();
  const origins = new Map<WorkspacePath, WorkspacePath>();
  for (const step of steps) {
    const takenBack = isTakenBack(step);
    for (const { path: named, before, after, from } of step.files) {
      const path = canonical(named);
      const walk = walks.get(path) ?? {};
      walks.set(path, walk);
      const foreign = walk.states !== undefined && !walk.states.some((state) => sameVersion(state, before));
      const states = step.settled ? [after] : [after, before];
      const known = walk.restore;
      if (takenBack) {
        if (from !== undefined) origins.set(path, origins.get(canonical(from)) ?? canonical(from));
        const first = before === null ? null : { version: before, session: step.session };
        walk.restore = {
          path,
          target: known === undefined ? first : known.target,
          expected: states,
          changedBetween: known !== undefined && (known.changedBetween || foreign),
          changedLater: false,
        };
      } else if (known !== undefined) walk.restore = { ...known, changedLater: true };
      walk.states = states;
    }
  }
  return [...walks.values()].flatMap(({ restore }) => {
    if (restore === undefined) return [];
    const origin = origins.get(restore.path);
    return [origin === undefined ? restore : { ...restore, origin }];
  });
}

/** What stands at a path now, and the text that stood there before. */
export type RestoreContents = { readonly now: Content | null; readonly target: Content | null };

export type RestoreEdit = {
  readonly files: readonly FileEdit[];
  /** A sentence for each file in which going back would take away what somebody else did. */
  readonly conflicts: ReadonlyMap<WorkspacePath, string>;
};

/** The edit that takes the files back. Paths without contents are left out; so is what is already as it was. */
export function restoreEdit(
  restores: readonly PathRestore[],
  contents: ReadonlyMap<WorkspacePath, RestoreContents>,
): RestoreEdit {
  const edits = new Map<WorkspacePath, FileEdit>();
  const conflicts = new Map<WorkspacePath, string>();
  for (const restore of restores) {
    const { path } = restore;
    const known = contents.get(path);
    if (known === undefined || sameVersion(known.now, known.target)) continue;
    edits.set(path, { path, before: known.now, after: known.target });
    const conflict = conflictOf(restore, known.now);
    if (conflict !== undefined) conflicts.set(path, conflict);
  }
  for (const { path, origin } of restores) {
    const made = edits.get(path);
    const gone =
      origin === undefined || conflicts.has(path) || conflicts.has(origin) ? undefined : edits.get(origin);
    if (made?.after !== null || gone?.before !== null || gone.path === path) continue;
    edits.delete(gone.path);
    edits.set(path, { path, before: made.before, after: gone.after, to: gone.path });
  }
  return { files: [...edits.values()], conflicts };
}

function conflictOf(restore: PathRestore, now: Content | null): string | undefined {
  const isOurs = restore.expected.some((state) => sameVersion(state, now));
  if (isOurs && !restore.changedBetween) return undefined;
  if (isOurs) return `Between these changes you or a program changed this file as well; ${LOST}`;
  if (restore.changedLater) return `This file was changed again later; ${LOST}`;
  if (now === null)
    return 'You or a program removed this file after the agent changed it; going back brings it back.';
  return `You or a program changed this file after the agent did; ${LOST}`;
}

const LOST = 'going back takes that away too, so it is not chosen unless you choose it.';

function sameVersion(one: FileVersion | null, other: FileVersion | null): boolean {
  return one?.digest === other?.digest && one?.mode === other?.mode;
}

import type { Content, FileEdit } from '../protocol/effect.ts';
import type { WorkspacePath } from '../protocol/workspacePath.ts';

/** Several edits of one answer, as one set: a later edit builds on the earlier ones, though none is on the disk yet. */
export type EditOverlay = {
  /** What stands at a path once the edits so far were applied; undefined where they do not touch it. */
  contentAt(path: WorkspacePath): Content | null | undefined;
  add(edit: FileEdit): void;
  /** The edits as one set, each file once. */
  files(): readonly FileEdit[];
};

export function createEditOverlay(): EditOverlay {
  let entries: readonly FileEdit[] = [];
  return {
    files: () => entries,
    contentAt(path) {
      const here = entries.find((entry) => placeOf(entry) === path);
      if (here !== undefined) return here.after;
      return entries.some((entry) => entry.path === path) ? null : undefined;
    },
    add(edit) {
      const earlier = entries.find((entry) => placeOf(entry) === edit.path);
      if (earlier === undefined) {
        entries = [...entries, edit];
        return;
      }
      const merged = merge(earlier, edit);
      entries = entries.flatMap((entry) =>
        entry !== earlier ? [entry] : merged === undefined ? [] : [merged],
      );
    },
  };
}

function placeOf(edit: FileEdit): WorkspacePath {
  return edit.after === null ? edit.path : (edit.to ?? edit.path);
}

/** Undefined where nothing is left to do: a file created and deleted again. */
function merge(earlier: FileEdit, later: FileEdit): FileEdit | undefined {
  const { path, before } = earlier;
  if (later.after === null) return before === null ? undefined : { path, before, after: null };
  const to = later.to ?? (earlier.after === null ? undefined : earlier.to);
  if (before === null) return { path: to ?? path, before, after: later.after };
  return { path, before, after: later.after, ...(to === undefined || to === path ? {} : { to }) };
}

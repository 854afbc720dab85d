import type { FileChoice, LineDiff } from '../protocol/changeSet.ts';
import { contentOf } from '../protocol/content.ts';
import type { Content, EditEffect, FileEdit } from '../protocol/effect.ts';
import { fileDiffs, type FileDiff } from './fileDiff.ts';
import { unshowable } from './unshowable.ts';
import { withEdits } from './withEdits.ts';

/**
 * The effect as a person accepted it: in each file exactly the accepted hunks, with the person's own text where they
 * typed, everything else as before. Files with nothing accepted are left out, and so is what cannot be shown, and what
 * the person's text made the same as before. Null when nothing is left to do. `diffs` is how it was compared for show.
 */
export function applyChoices(
  effect: EditEffect,
  choices: readonly FileChoice[],
  diffs?: readonly LineDiff[],
): EditEffect | null {
  const files: FileEdit[] = [];
  for (const proposed of fileDiffs(effect, diffs)) {
    const own = choices.filter(({ path }) => path === proposed.edit.path);
    const ids = own.flatMap(({ accepted }) => accepted);
    const diff = withEdits(
      proposed,
      own.flatMap(({ edited }) => edited ?? []),
    );
    const accepted = new Set(diff.parts.map(({ id }) => id).filter((id) => ids.includes(id)));
    if (accepted.size === 0 || unshowable(diff) !== undefined) continue;
    const edit = acceptedEdit(diff, accepted);
    if (changesSomething(edit)) files.push(edit);
  }
  return files.length === 0 ? null : { kind: 'edit', files };
}

function acceptedEdit(diff: FileDiff, accepted: ReadonlySet<string>): FileEdit {
  const { edit, parts } = diff;
  const { before, after } = edit;
  if (before === null || after === null || accepted.size === parts.length) return edit;
  return { ...edit, after: acceptedContent(diff, accepted, before, after) };
}

function changesSomething({ before, after, to }: FileEdit): boolean {
  if (to !== undefined || before === null || after === null) return true;
  return before.digest !== after.digest || before.mode !== after.mode;
}

function acceptedContent(
  { parts, before: oldLines, after: newLines }: FileDiff,
  accepted: ReadonlySet<string>,
  before: Content,
  after: Content,
): Content {
  const kept: (readonly string[])[] = [];
  let at = 0;
  for (const part of parts) {
    if (!accepted.has(part.id)) continue;
    for (const run of part.runs) {
      kept.push(oldLines.slice(at, run.oldStart), newLines.slice(run.newStart, run.newEnd));
      at = run.oldEnd;
    }
  }
  kept.push(oldLines.slice(at));
  const text = kept.flat().join('');
  const properties = parts.some(({ id, kind }) => kind === 'properties' && accepted.has(id));
  const { bom, mode } = properties ? after : before;
  return contentOf(text, { bom, mode });
}

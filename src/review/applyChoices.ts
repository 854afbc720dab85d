import type { FileChoice } from '../protocol/changeSet.ts';
import { contentOf } from '../protocol/content.ts';
import type { Content, EditEffect, FileEdit } from '../protocol/effect.ts';
import { fileDiffs, type FileDiff } from './fileDiff.ts';
import { unshowable } from './unshowable.ts';

/**
 * The effect as a person accepted it: in each file exactly the accepted hunks, everything else as before. Files with
 * nothing accepted are left out, and so is what cannot be shown. Null when nothing is accepted at all.
 */
export function applyChoices(effect: EditEffect, choices: readonly FileChoice[]): EditEffect | null {
  const files: FileEdit[] = [];
  for (const diff of fileDiffs(effect)) {
    const ids = choices.filter(({ path }) => path === diff.edit.path).flatMap(({ accepted }) => accepted);
    const accepted = new Set(diff.parts.map(({ id }) => id).filter((id) => ids.includes(id)));
    if (accepted.size > 0 && unshowable(diff) === undefined) files.push(acceptedEdit(diff, accepted));
  }
  return files.length === 0 ? null : { kind: 'edit', files };
}

function acceptedEdit(diff: FileDiff, accepted: ReadonlySet<string>): FileEdit {
  const { edit, parts } = diff;
  const { before, after } = edit;
  if (before === null || after === null || accepted.size === parts.length) return edit;
  return { ...edit, after: acceptedContent(diff, accepted, before, after) };
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

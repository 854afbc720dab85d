import type { FileChoice, LineDiff } from '../protocol/changeSet.ts';
import type { EditEffect } from '../protocol/effect.ts';
import type { WorkspacePath } from '../protocol/workspacePath.ts';
import { fileDiffs } from '../review/fileDiff.ts';
import { hunkEditDiff } from '../review/hunkEditDiff.ts';

/** What a person wrote in an accepted hunk, as it differs from what the agent proposed. */
export type TheirText = {
  readonly path: WorkspacePath;
  readonly hunk: string;
  readonly diff: readonly string[];
};

/** Text that stood in hunks the person did not accept is not in the file, so it is left out. */
export function theirTexts(
  effect: EditEffect,
  diffs: readonly LineDiff[],
  choices: readonly FileChoice[],
): readonly TheirText[] {
  if (!choices.some(({ edited }) => edited !== undefined)) return [];
  return fileDiffs(effect, diffs).flatMap((diff) => {
    const { path } = diff.edit;
    const own = choices.filter((choice) => choice.path === path);
    return own.flatMap(({ accepted, edited = [] }) =>
      edited
        .filter(({ hunk }) => accepted.includes(hunk))
        .map((edit) => ({ path, hunk: edit.hunk, diff: hunkEditDiff(diff, edit) })),
    );
  });
}

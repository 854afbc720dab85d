import type { HunkEdit } from '../protocol/changeSet.ts';
import { diffLines } from './diffLines.ts';
import { MOST_WORK_A_FILE, type FileDiff } from './fileDiff.ts';
import { splitLines } from './splitLines.ts';

/** What a person changed in the agent's own lines of one hunk: the lines after the change, compared, without context. */
export function hunkEditDiff({ after, parts }: FileDiff, { hunk, text }: HunkEdit): readonly string[] {
  const part = parts.find(({ id }) => id === hunk);
  if (part === undefined) return [];
  const agents = after.slice(part.newStart, part.newEnd);
  const theirs = splitLines(text);
  return diffLines(agents, theirs, MOST_WORK_A_FILE).runs.flatMap((run) => [
    `@@ -${part.newStart + run.oldStart + 1},${run.oldEnd - run.oldStart} +${part.newStart + run.newStart + 1},${run.newEnd - run.newStart} @@`,
    ...agents.slice(run.oldStart, run.oldEnd).map((line) => `-${shown(line)}`),
    ...theirs.slice(run.newStart, run.newEnd).map((line) => `+${shown(line)}`),
  ]);
}

function shown(line: string): string {
  return line.endsWith('\n') ? line.slice(0, -1) : `${line} [no line end]`;
}

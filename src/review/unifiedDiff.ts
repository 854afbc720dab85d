import type { LineDiff } from '../protocol/changeSet.ts';
import type { FileEdit } from '../protocol/effect.ts';
import { relativePath } from '../protocol/workspacePath.ts';
import { fileDiffs, type FileDiff, type Part } from './fileDiff.ts';
import { rawLines } from './hunkLines.ts';

const MOST_CHARACTERS = 200_000;
const SIGNS = { same: ' ', removed: '-', added: '+' } as const;

/**
 * A file's change as a unified diff with git's headers, for the record. At most about 200 000 characters; where it was
 * cut, its last line says how much is missing.
 */
export function unifiedDiff(edit: FileEdit, lines?: LineDiff): string {
  const diff = diffOf(edit, lines);
  const kept: string[] = [];
  let characters = 0;
  let missing = 0;
  for (const line of [...headers(edit), ...diff.parts.flatMap((part) => partLines(diff, part))]) {
    const fits = missing === 0 && characters + line.length <= MOST_CHARACTERS;
    if (fits) kept.push(line);
    else missing += 1;
    characters += line.length;
  }
  if (missing > 0) kept.push(`[${missing} more lines of this diff are not kept here]\n`);
  return kept.join('');
}

/** Added and removed lines, as `unifiedDiff` and the review count them. */
export function lineCounts(edit: FileEdit, lines?: LineDiff): { added: number; removed: number } {
  const { added, removed } = diffOf(edit, lines);
  return { added, removed };
}

function diffOf(edit: FileEdit, lines: LineDiff | undefined): FileDiff {
  const [diff] = fileDiffs({ kind: 'edit', files: [edit] }, lines === undefined ? undefined : [lines]);
  if (diff === undefined) throw new Error('An edit of one file gave no comparison.');
  return diff;
}

function headers({ path, to, before, after }: FileEdit): readonly string[] {
  const oldName = relativePath(path);
  const newName = relativePath(to ?? path);
  const lines = [`diff --git a/${oldName} b/${newName}\n`];
  if (before === null) lines.push(`new file mode ${gitMode(after?.mode ?? 0)}\n`);
  else if (after === null) lines.push(`deleted file mode ${gitMode(before.mode)}\n`);
  else if (before.mode !== after.mode)
    lines.push(`old mode ${gitMode(before.mode)}\n`, `new mode ${gitMode(after.mode)}\n`);
  if (to !== undefined) lines.push(`rename from ${oldName}\n`, `rename to ${newName}\n`);
  if (before?.digest === after?.digest) return lines;
  lines.push(before === null ? '--- /dev/null\n' : `--- a/${oldName}\n`);
  lines.push(after === null ? '+++ /dev/null\n' : `+++ b/${newName}\n`);
  return lines;
}

function gitMode(mode: number): string {
  return `100${(mode & 0o777).toString(8).padStart(3, '0')}`;
}

function partLines(diff: FileDiff, part: Part): readonly string[] {
  if (part.runs.length === 0) return [];
  const old = range(part.oldStart, part.oldEnd);
  const fresh = range(part.newStart, part.newEnd);
  const lines = rawLines(diff, part).map(({ kind, raw }) => SIGNS[kind] + ended(raw));
  return [`@@ -${old} +${fresh} @@\n`, ...lines];
}

function range(start: number, end: number): string {
  return end === start ? `${start},0` : `${start + 1},${end - start}`;
}

function ended(raw: string): string {
  return raw.endsWith('\n') ? raw : `${raw}\n\\ No newline at end of file\n`;
}

import type { Hunk, HunkNote, ReviewFile } from '../protocol/changeSet.ts';
import type { TheirText } from './theirTexts.ts';
import { noteSentence } from './toolResult.ts';

const MOST_LINES = 60;
/** The agent must know what became of its text; only a whole new file is longer. */
const MOST_OF_THEIRS = 400;

export type ReviewedFile = {
  readonly file: ReviewFile;
  readonly name: string;
  /** Ids of the accepted hunks. */
  readonly accepted: readonly string[];
  readonly note: string;
  readonly notes: readonly HunkNote[];
  readonly theirs: readonly TheirText[];
};

/** How one file of a reviewed set came out: what was applied, what the person wrote themselves, what they say of it. */
export function reviewedText(reviewed: ReviewedFile): string {
  const { file, name, accepted, note, notes } = reviewed;
  const said = noteSentence(note);
  const rejected = file.hunks.filter((hunk) => !accepted.includes(hunk.id));
  if (rejected.length === file.hunks.length)
    return `The person rejected the change to ${name}; it is as it was.${said}${notesText(file, notes)}`;
  const more = `${theirText(reviewed)}${notesText(file, notes)}`;
  if (rejected.length === 0) {
    const counts = more === '' ? ` (+${file.added} −${file.removed})` : '';
    return `Applied: ${name}${counts}.${said}${more}`;
  }
  const counted = `${file.hunks.length - rejected.length} of ${file.hunks.length} hunks`;
  const lines = limited(rejected.flatMap(hunkText));
  return `Applied ${counted} to ${name}.${said} Rejected, and not in the file:\n${lines}${more}`;
}

/** What the person says about single hunks of a file, each with the lines it is about. */
export function notesText(file: ReviewFile | undefined, notes: readonly HunkNote[]): string {
  const hunks = file?.hunks ?? [];
  return notes
    .flatMap(({ hunk: id, text }) => {
      const hunk = hunks.find((one) => one.id === id);
      return hunk === undefined
        ? []
        : [`\nAbout this hunk the person says: ${text.trim()}\n${limited(hunkText(hunk))}`];
    })
    .join('');
}

function theirText({ file, theirs }: ReviewedFile): string {
  const own = theirs.filter(({ path }) => path === file.path);
  if (own.length === 0) return '';
  const lines = limited(
    own.flatMap(({ diff }) => diff),
    MOST_OF_THEIRS,
  );
  return `\nThe person edited your text before applying it. The file holds their lines (+) in place of yours (-):\n${lines}`;
}

function hunkText(hunk: Hunk): readonly string[] {
  return [
    `@@ -${hunk.oldStart},${hunk.oldLines} +${hunk.newStart},${hunk.newLines} @@`,
    ...hunk.lines.map((line) => `${{ same: ' ', removed: '-', added: '+' }[line.kind]}${line.text}`),
  ];
}

function limited(lines: readonly string[], most = MOST_LINES): string {
  const shown = lines.slice(0, most).join('\n');
  return lines.length > most ? `${shown}\n[${lines.length - most} more lines]` : shown;
}

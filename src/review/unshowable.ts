import type { FileDiff } from './fileDiff.ts';

const MOST_CHARACTERS = 2_000_000;
export const LONGEST_LINE = 20_000;

/** Why a change cannot be put on a screen for a person to read, in one sentence; what cannot be read cannot be accepted. */
export function unshowable({ parts, before, after }: FileDiff): string | undefined {
  let characters = 0;
  for (const part of parts) {
    const shown = [before.slice(part.oldStart, part.oldEnd), after.slice(part.newStart, part.newEnd)].flat();
    for (const line of shown) {
      if (line.length > LONGEST_LINE)
        return `A line in this change is ${figure(line.length)} characters long, more than can be shown (${figure(LONGEST_LINE)}), so it cannot be accepted here; make this change by hand.`;
      characters += line.length;
    }
  }
  if (characters <= MOST_CHARACTERS) return undefined;
  return `This change is ${figure(characters)} characters long, more than can be shown (${figure(MOST_CHARACTERS)}), so it cannot be accepted here; ask for smaller changes.`;
}

function figure(count: number): string {
  return count.toLocaleString('en-US');
}

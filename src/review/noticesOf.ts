import type { Content, Eol } from '../protocol/effect.ts';
import { relativePath } from '../protocol/workspacePath.ts';
import type { FileDiff } from './fileDiff.ts';
import { hiddenCharacters, type HiddenCharacter } from './hiddenCharacters.ts';
import { rawLines, type RawLine } from './hunkLines.ts';

const MOST_PLACES = 5;
const RIGHT_TO_LEFT = /[\p{Script=Hebrew}\p{Script=Arabic}\p{Script=Syriac}\p{Script=Thaana}\p{Script=Nko}]/u;

/** Sentences about what the lines of a diff don't show by themselves, or show as something else. */
export function noticesOf(diff: FileDiff): readonly string[] {
  const { before, after } = diff.edit;
  const both = before !== null && after !== null ? propertyNotices(before, after) : [];
  const alone = before === null && after !== null ? createdNotices(after) : [];
  const coarse = diff.coarse
    ? [
        'Too much differs to compare line by line: everything between the first and the last difference is shown as removed and added again.',
      ]
    : [];
  return [...nameNotices(diff), ...both, ...alone, ...coarse, ...textNotices(diff)];
}

function nameNotices({ edit }: FileDiff): readonly string[] {
  return [edit.path, ...(edit.to === undefined ? [] : [edit.to])].flatMap((path) => {
    const codes = [...new Set(hiddenCharacters(relativePath(path)).map(({ code }) => code))];
    if (codes.length === 0) return [];
    return [`The name of this file holds characters that are easily taken for others: ${codes.join(', ')}.`];
  });
}

function propertyNotices(before: Content, after: Content): readonly string[] {
  const notices: string[] = [];
  const ends = before.eol !== after.eol && before.eol !== 'none' && after.eol !== 'none';
  if (ends) notices.push(`The line ends change from ${EOL_WORDS[before.eol]} to ${EOL_WORDS[after.eol]}.`);
  if (before.bom !== after.bom)
    notices.push(`The byte order mark at the start of the file is ${after.bom ? 'added' : 'removed'}.`);
  if (before.mode !== after.mode)
    notices.push(
      `The permissions change from ${octal(before.mode)} to ${octal(after.mode)}${executable(before, after)}.`,
    );
  if (isEnded(before.text) && !isEnded(after.text))
    notices.push('The line end after the last line is removed.');
  if (!isEnded(before.text) && isEnded(after.text))
    notices.push('The line end after the last line is added.');
  return notices;
}

function createdNotices(after: Content): readonly string[] {
  const notices: string[] = [];
  if (after.eol === 'mixed') notices.push(`The line ends of the new file are ${EOL_WORDS.mixed}.`);
  if (after.bom) notices.push('The new file starts with a byte order mark.');
  if ((after.mode & 0o111) !== 0) notices.push(`The new file may be executed (${octal(after.mode)}).`);
  return notices;
}

const EOL_WORDS: { readonly [Kind in Eol]: string } = {
  lf: 'LF',
  crlf: 'CRLF',
  mixed: 'mixed (LF and CRLF)',
  none: 'none',
};

function octal(mode: number): string {
  return (mode & 0o7777).toString(8).padStart(3, '0');
}

function executable(before: Content, after: Content): string {
  const gained = (before.mode & 0o111) === 0 && (after.mode & 0o111) !== 0;
  return gained ? ': the file becomes executable' : '';
}

/** An empty file lacks nothing. */
function isEnded(text: string): boolean {
  return text === '' || text.endsWith('\n');
}

type Tally = { readonly places: string[]; count: number };

function textNotices(diff: FileDiff): readonly string[] {
  const tallies = { added: emptyTally(), removed: emptyTally() };
  let rightToLeft: RawLine | undefined;
  for (const part of diff.parts) {
    for (const line of rawLines(diff, part)) {
      if (line.kind === 'same') continue;
      const body = line.raw.replace(/\r?\n$/, '');
      for (const character of hiddenCharacters(body)) addTo(tallies[line.kind], line, character);
      if (rightToLeft === undefined && RIGHT_TO_LEFT.test(body)) rightToLeft = line;
    }
  }
  const notices = [...hiddenNotice('Added', tallies.added), ...hiddenNotice('Removed', tallies.removed)];
  if (rightToLeft !== undefined)
    notices.push(
      `Some lines hold right-to-left letters (first in ${placeOf(rightToLeft)}); all letters are drawn in the order in which the file holds them.`,
    );
  return notices;
}

function emptyTally(): Tally {
  return { places: [], count: 0 };
}

function addTo(tally: Tally, line: RawLine, { code, why }: HiddenCharacter): void {
  tally.count += 1;
  if (tally.count <= MOST_PLACES) tally.places.push(`${code} ${WORDS[why]} in ${placeOf(line)}`);
}

function hiddenNotice(which: 'Added' | 'Removed', { places, count }: Tally): readonly string[] {
  if (count === 0) return [];
  const more = count > places.length ? `, and ${count - places.length} more` : '';
  return [`${which} text holds characters that do not show for what they are: ${places.join(', ')}${more}.`];
}

const WORDS: { readonly [Why in HiddenCharacter['why']]: string } = {
  control: '(control)',
  invisible: '(invisible)',
  direction: '(changes the reading direction)',
  'look-alike': '(looks like a Latin character)',
};

function placeOf(line: RawLine): string {
  switch (line.kind) {
    case 'same':
    case 'added':
      return `line ${line.new}`;
    case 'removed':
      return `old line ${line.old}`;
  }
}

import * as z from 'zod';
import type { Content, LineRange } from '../protocol/effect.ts';
import { shownPath, type Root, type WorkspacePath } from '../protocol/workspacePath.ts';
import { defineTool, invalid, withPath } from './tool.ts';

const MOST_LINES = 2_000;
const MOST_CHARACTERS = 100_000;
const LONGEST_LINE = 2_000;

export const readFile = defineTool({
  name: 'read_file',
  description: 'Read a text file. Gives numbered lines: number, tab, text.',
  schema: z.strictObject({
    path: z.string().min(1),
    first_line: z.int().min(1).optional().describe('From this line, counted from 1.'),
    last_line: z.int().min(1).optional().describe('To this line, included.'),
  }),
  propose({ path, first_line: first, last_line: last }, roots) {
    if (first !== undefined && last !== undefined && last < first)
      return invalid('"last_line" is before "first_line"');
    const wanted = first !== undefined || last !== undefined;
    const range = { first: first ?? 1, last: last ?? Number.MAX_SAFE_INTEGER };
    return withPath(path, roots, (file) => ({
      kind: 'proposed',
      proposal: { kind: 'effect', effect: { kind: 'read', path: file, ...(wanted ? { range } : {}) } },
    }));
  },
  report(done, proposal, roots) {
    if (done.kind !== 'content' || proposal.kind !== 'effect' || proposal.effect.kind !== 'read')
      return 'Done.';
    return numberedLines(proposal.effect.path, done.content, proposal.effect.range, roots);
  },
});

function numberedLines(
  path: WorkspacePath,
  content: Content,
  range: LineRange | undefined,
  roots: readonly Root[],
): string {
  const lines = content.text.split(/\r?\n/);
  if (lines.at(-1) === '') lines.pop();
  const about = `${shownPath(path, roots)}: ${lines.length} lines, ${manner(content)}`;
  if (lines.length === 0) return `${about}. The file is empty.`;
  const first = range?.first ?? 1;
  if (first > lines.length) return `${about}. There is no line ${first}.`;
  const shown: string[] = [];
  let characters = 0;
  const wantedLast = Math.min(range?.last ?? lines.length, lines.length);
  let at = first;
  for (; at <= wantedLast && shown.length < MOST_LINES && characters < MOST_CHARACTERS; at += 1) {
    const line = `${at}\t${cut(lines[at - 1] ?? '')}`;
    characters += line.length;
    shown.push(line);
  }
  const rest =
    at <= wantedLast ? `\n[lines ${at} to ${wantedLast} not shown; read on with first_line ${at}]` : '';
  return `${about}\n${shown.join('\n')}${rest}`;
}

function cut(line: string): string {
  if (line.length <= LONGEST_LINE) return line;
  return `${line.slice(0, LONGEST_LINE)} [line cut here; ${line.length - LONGEST_LINE} characters more]`;
}

function manner(content: Content): string {
  const eol = { lf: 'LF', crlf: 'CRLF', mixed: 'mixed line ends', none: 'no line end' }[content.eol];
  const end = content.text === '' || content.text.endsWith('\n') ? '' : ', no line end at the end';
  return `UTF-8${content.bom ? ' with byte order mark' : ''}, ${eol}${end}`;
}

import * as z from 'zod';
import { shownPath } from '../protocol/workspacePath.ts';
import { defineTool, invalid, withPath } from './tool.ts';

export const searchText = defineTool({
  name: 'search_text',
  description:
    'Find lines that contain a text or match a regular expression. Gives path:line:text. .git and node_modules are searched only when named.',
  schema: z.strictObject({
    pattern: z.string().min(1).max(1000),
    path: z.string().optional().describe('File or folder to look in; the whole workspace when left out.'),
    regex: z.boolean().optional().describe('The pattern is a regular expression; plain text when left out.'),
    case_sensitive: z.boolean().optional().describe('False when left out.'),
    include: z
      .string()
      .max(500)
      .optional()
      .describe('Only files whose path matches this glob, such as **/*.ts.'),
  }),
  propose({ pattern, path = '.', regex = false, case_sensitive: caseSensitive = false, include }, roots) {
    if (pattern.includes('\n'))
      return invalid('"pattern": lines are searched one by one, so it cannot hold a line break');
    const query = { pattern, isRegex: regex, caseSensitive, ...(include === undefined ? {} : { include }) };
    return withPath(path, roots, (place) => ({
      kind: 'proposed',
      proposal: { kind: 'effect', effect: { kind: 'search', path: place, query } },
    }));
  },
  report(done, _proposal, roots) {
    if (done.kind !== 'searched') return 'Done.';
    if (done.matches.length === 0) return 'No matches.';
    const lines = done.matches.map((match) => `${shownPath(match.path, roots)}:${match.line}:${match.text}`);
    if (done.omitted > 0) lines.push(`[more matches not shown; narrow the pattern, the path or include]`);
    return lines.join('\n');
  },
});

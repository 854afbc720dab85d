import * as z from 'zod';
import { shownPath } from '../protocol/workspacePath.ts';
import { defineTool, withPath } from './tool.ts';

export const listFiles = defineTool({
  name: 'list_files',
  description:
    'List files and folders below a folder of the workspace. .git and node_modules are entered only when named.',
  schema: z.strictObject({
    path: z
      .string()
      .optional()
      .describe('Folder, relative to the workspace; the workspace itself when left out.'),
    depth: z.int().min(1).max(10).optional().describe('How many levels; 2 when left out.'),
  }),
  propose: ({ path = '.', depth = 2 }, roots) =>
    withPath(path, roots, (folder) => ({
      kind: 'proposed',
      proposal: { kind: 'effect', effect: { kind: 'list', path: folder, depth } },
    })),
  report(done, _proposal, roots) {
    if (done.kind !== 'listed') return 'Done.';
    if (done.entries.length === 0) return 'The folder is empty, or nothing in it may be read.';
    const lines = done.entries.map((entry) => {
      const mark = entry.kind === 'folder' ? '/' : entry.kind === 'link' ? ' (link, not followed)' : '';
      return `${shownPath(entry.path, roots)}${mark}`;
    });
    if (done.omitted > 0) lines.push(`[${done.omitted} more entries not shown; list a folder below]`);
    return lines.join('\n');
  },
});

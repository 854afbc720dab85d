import * as z from 'zod';
import { defineTool, withPath } from './tool.ts';

export const editFile = defineTool({
  name: 'edit_file',
  description:
    'Propose exact replacements in one file. Each `old` must occur exactly once in the file as it is now; copy it from read_file without the line numbers. Several files: several calls in one answer; they are reviewed together.',
  schema: z.strictObject({
    path: z.string().min(1),
    replacements: z
      .array(z.strictObject({ old: z.string().min(1), new: z.string() }))
      .min(1)
      .max(100),
  }),
  propose: ({ path, replacements }, roots) =>
    withPath(path, roots, (file) => ({
      kind: 'proposed',
      proposal: { kind: 'change', change: { kind: 'replace', path: file, replacements } },
    })),
});

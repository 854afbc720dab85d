import * as z from 'zod';
import { defineTool, withPath } from './tool.ts';

export const writeFile = defineTool({
  name: 'write_file',
  description:
    'Propose a new file, or the whole new text of an existing one. Prefer edit_file for existing files.',
  schema: z.strictObject({ path: z.string().min(1), content: z.string() }),
  propose: ({ path, content }, roots) =>
    withPath(path, roots, (file) => ({
      kind: 'proposed',
      proposal: { kind: 'change', change: { kind: 'write', path: file, text: content } },
    })),
});

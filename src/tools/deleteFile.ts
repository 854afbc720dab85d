import * as z from 'zod';
import { defineTool, withPath } from './tool.ts';

export const deleteFile = defineTool({
  name: 'delete_file',
  description: 'Propose deleting one text file.',
  schema: z.strictObject({ path: z.string().min(1) }),
  propose: ({ path }, roots) =>
    withPath(path, roots, (file) => ({
      kind: 'proposed',
      proposal: { kind: 'change', change: { kind: 'delete', path: file } },
    })),
});

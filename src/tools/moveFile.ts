import * as z from 'zod';
import { defineTool, withPath } from './tool.ts';

export const moveFile = defineTool({
  name: 'move_file',
  description: 'Propose renaming or moving one file. The new path must not exist.',
  schema: z.strictObject({ path: z.string().min(1), to: z.string().min(1) }),
  propose: ({ path, to }, roots) =>
    withPath(path, roots, (from) =>
      withPath(to, roots, (target) => ({
        kind: 'proposed',
        proposal: { kind: 'change', change: { kind: 'move', path: from, to: target } },
      })),
    ),
});

import * as z from 'zod';
import { defineTool } from './tool.ts';

export const updatePlan = defineTool({
  name: 'update_plan',
  description: 'Show the person your plan for a longer task, whole each time.',
  schema: z.strictObject({
    steps: z
      .array(
        z.strictObject({ text: z.string().min(1).max(200), state: z.enum(['waiting', 'active', 'done']) }),
      )
      .max(30),
  }),
  propose: ({ steps }) => ({
    kind: 'proposed',
    proposal: { kind: 'effect', effect: { kind: 'plan', steps } },
  }),
  report: () => 'The plan is shown.',
});

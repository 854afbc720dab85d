import * as z from 'zod';
import { defineTool } from './tool.ts';

export const askUser = defineTool({
  name: 'ask_user',
  description: 'Ask the person one question when you cannot go on without the answer.',
  schema: z.strictObject({
    question: z.string().min(1).max(4_000),
    options: z.array(z.string().min(1).max(200)).max(8).optional(),
  }),
  propose: ({ question, options = [] }) => ({
    kind: 'proposed',
    proposal: { kind: 'effect', effect: { kind: 'question', text: question, options } },
  }),
});

import * as z from 'zod';
import { defineTool } from './tool.ts';

const MOST_LINES = 1_000;

/** Offered together with commands: what they print is kept whole, and told only in part. */
export const readOutput = defineTool({
  name: 'read_output',
  description: 'Read more of what a command printed, or what one in the background has printed by now.',
  schema: z.strictObject({
    output: z
      .string()
      .regex(/^o[0-9]{1,6}$/)
      .describe('Its name, such as o3.'),
    first_line: z.int().min(1).optional().describe('From this line, counted from 1.'),
    lines: z.int().min(1).max(MOST_LINES).optional().describe('How many; 200 when left out.'),
  }),
  propose: ({ output, first_line: first = 1, lines: count = 200 }) => ({
    kind: 'proposed',
    proposal: { kind: 'effect', effect: { kind: 'output', output, first, count } },
  }),
  report(done) {
    if (done.kind !== 'output') return 'Done.';
    const { text, first, last, lines } = done.part;
    if (lines === 0) return 'It has printed nothing so far.';
    if (last < first) return `It has ${lines} lines; there is no line ${first}.`;
    const rest = last < lines ? `\n[lines ${last + 1} to ${lines} not shown]` : '';
    return `Lines ${first} to ${last} of ${lines}:\n${text.replace(/\n$/, '')}${rest}`;
  },
});

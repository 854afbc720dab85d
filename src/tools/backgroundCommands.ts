import * as z from 'zod';
import type { BackgroundCommand } from '../protocol/outcome.ts';
import { defineTool, invalid } from './tool.ts';

/** Offered together with commands. What is stopped is only what the agent itself started. */
export const backgroundCommands = defineTool({
  name: 'background_commands',
  description: 'List the commands you started in the background, or stop one of them.',
  schema: z.strictObject({
    do: z.enum(['list', 'stop']),
    command: z
      .string()
      .regex(/^o[0-9]{1,6}$/)
      .optional()
      .describe('Which one to stop, such as o3.'),
  }),
  propose({ do: what, command }) {
    if (what === 'list')
      return {
        kind: 'proposed',
        proposal: { kind: 'effect', effect: { kind: 'background', act: { do: 'list' } } },
      };
    if (command === undefined) return invalid('"command": say which one is to be stopped');
    const act = { do: 'stop' as const, command };
    return { kind: 'proposed', proposal: { kind: 'effect', effect: { kind: 'background', act } } };
  },
  report(done) {
    if (done.kind !== 'background') return 'Done.';
    if (done.commands.length === 0) return 'No command was started in the background.';
    return done.commands.map(listed).join('\n');
  },
});

function listed({ command, text, ms, end, lines }: BackgroundCommand): string {
  const printed = `${lines} lines printed, read_output ${command}`;
  const seconds = (ms / 1_000).toFixed(0);
  const state = end === null ? `running for ${seconds} s` : `${endInWords(end)} after ${seconds} s`;
  return `${command}: ${JSON.stringify(text)} ${state}; ${printed}`;
}

function endInWords(end: NonNullable<BackgroundCommand['end']>): string {
  switch (end.kind) {
    case 'exit':
      return `ended with status ${end.code}`;
    case 'signal':
      return `ended by signal ${end.signal}`;
    case 'timeout':
    case 'stopped':
      return 'stopped';
  }
}

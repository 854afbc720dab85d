import * as z from 'zod';
import { defineTool, withPath } from './tool.ts';

/** Offered to the model only while commands are enabled. */
export function runCommand(defaultTimeoutSeconds: number) {
  return defineTool({
    name: 'run_command',
    description:
      'Propose a command line. Plain lines (programs, quotes, &&, ||, ;, |, redirects, cd, patterns of file names) are run without a shell; anything else needs one and is always asked. Commands run in a sandbox: they write only in the workspace and /tmp, and have no network unless asked for. No input can be typed.',
    schema: z.strictObject({
      command: z.string().min(1),
      folder: z.string().optional().describe('Where to run it; the workspace when left out.'),
      timeout_seconds: z.int().min(1).max(600).optional(),
      background: z
        .boolean()
        .optional()
        .describe(
          'For what runs on, such as a server: it keeps running; read_output and background_commands follow it.',
        ),
      network: z
        .boolean()
        .optional()
        .describe('It needs the network, which commands do not have by themselves; the person is asked.'),
      outside_sandbox: z
        .boolean()
        .optional()
        .describe('Only after the sandbox was what stopped it: run without; the person is asked.'),
    }),
    propose: (
      {
        command,
        folder = '.',
        timeout_seconds: seconds = defaultTimeoutSeconds,
        background = false,
        network = false,
        outside_sandbox: outside = false,
      },
      roots,
    ) =>
      withPath(folder, roots, (place) => ({
        kind: 'proposed',
        proposal: {
          kind: 'command',
          text: command,
          folder: place,
          timeoutMs: seconds * 1_000,
          ...(background ? { background } : {}),
          ...(network ? { network } : {}),
          ...(outside ? { outside } : {}),
        },
      })),
  });
}

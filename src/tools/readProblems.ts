import * as z from 'zod';
import { shownPath } from '../protocol/workspacePath.ts';
import { defineTool, withPath } from './tool.ts';

export const readProblems = defineTool({
  name: 'read_problems',
  description: 'The errors and warnings the editor shows (compilers, linters), for one file or all.',
  schema: z.strictObject({ path: z.string().optional() }),
  propose({ path }, roots) {
    if (path === undefined)
      return { kind: 'proposed', proposal: { kind: 'effect', effect: { kind: 'problems' } } };
    return withPath(path, roots, (file) => ({
      kind: 'proposed',
      proposal: { kind: 'effect', effect: { kind: 'problems', path: file } },
    }));
  },
  report(done, _proposal, roots) {
    if (done.kind !== 'problems') return 'Done.';
    if (done.problems.length === 0) return 'No problems.';
    return done.problems
      .map(
        ({ path, line, severity, message, source }) =>
          `${shownPath(path, roots)}:${line}: ${severity}: ${message} (${source})`,
      )
      .join('\n');
  },
});

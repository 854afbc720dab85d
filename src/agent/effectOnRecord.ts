import type { LineDiff } from '../protocol/changeSet.ts';
import type { Effect } from '../protocol/effect.ts';
import type { EffectOnRecord } from '../protocol/record.ts';
import { lineCounts, unifiedDiff } from '../review/unifiedDiff.ts';

/**
 * An effect as the record keeps it: contents by digest, edits with their diff. Secrets are taken out of every text.
 * `diffs` is how the files of an edit were compared.
 */
export function effectOnRecord(
  effect: Effect,
  redact: (text: string) => string,
  diffs: readonly LineDiff[] = [],
): EffectOnRecord {
  switch (effect.kind) {
    case 'list':
      return { kind: 'list', path: effect.path, depth: effect.depth };
    case 'search':
      return {
        kind: 'search',
        path: effect.path,
        query: { ...effect.query, pattern: redact(effect.query.pattern) },
      };
    case 'read':
      return effect.range === undefined
        ? { kind: 'read', path: effect.path }
        : { kind: 'read', path: effect.path, lines: [effect.range.first, effect.range.last] };
    case 'problems':
      return effect.path === undefined ? { kind: 'problems' } : { kind: 'problems', path: effect.path };
    case 'edit':
      return {
        kind: 'edit',
        files: effect.files.map((file, at) => ({
          path: file.path,
          ...(file.to === undefined ? {} : { to: file.to }),
          before: file.before?.digest ?? null,
          after: file.after?.digest ?? null,
          ...lineCounts(file, diffs[at]),
          diff: redact(unifiedDiff(file, diffs[at])),
        })),
      };
    case 'command':
      return {
        kind: 'command',
        text: redact(effect.line.text),
        folder: effect.folder,
        timeoutMs: effect.timeoutMs,
        ...(effect.background === undefined ? {} : { background: effect.background }),
        ...(effect.line.kind === 'plain' ? { steps: stepsOnRecord(effect.line.steps, redact) } : {}),
      };
    case 'output':
      return { kind: 'output', output: effect.output, first: effect.first, count: effect.count };
    case 'background':
      return { kind: 'background', ...effect.act };
    case 'plan':
      return {
        kind: 'plan',
        steps: effect.steps.map((step) => ({ text: redact(step.text), state: step.state })),
      };
    case 'question':
      return { kind: 'question', text: redact(effect.text), options: effect.options.map(redact) };
  }
}

type PlainSteps = Extract<Extract<Effect, { kind: 'command' }>['line'], { kind: 'plain' }>['steps'];

function stepsOnRecord(steps: PlainSteps, redact: (text: string) => string) {
  return steps.map((step) => ({
    when: step.when,
    argv: step.pipeline.map((command) => command.argv.map(redact)),
  }));
}

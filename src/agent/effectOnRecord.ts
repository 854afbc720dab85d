import type { LineDiff } from '../protocol/changeSet.ts';
import type { Redirect } from '../protocol/command.ts';
import type { LineUse, NamedCode } from '../protocol/commandUse.ts';
import type { Effect } from '../protocol/effect.ts';
import type { EffectOnRecord } from '../protocol/record.ts';
import type { WhatIf } from '../protocol/whatIf.ts';
import { lineCounts, unifiedDiff } from '../review/unifiedDiff.ts';

/**
 * An effect as the record keeps it: contents by digest, edits with their diff. Secrets are taken out of every text.
 * `diffs` is how the files of an edit were compared, `use` what a command was understood to do.
 */
export function effectOnRecord(
  effect: Effect,
  redact: (text: string) => string,
  diffs: readonly LineDiff[] = [],
  use?: LineUse,
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
        ...(effect.confined === undefined ? {} : { confined: effect.confined }),
        ...(effect.line.kind === 'plain' ? { steps: stepsOnRecord(effect.line.steps, redact) } : {}),
        ...(use === undefined ? {} : useOnRecord(use, redact)),
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
  return steps.map((step) => {
    const files = step.pipeline.map(({ redirects }) => redirects.flatMap((one) => fileOnRecord(one, redact)));
    return {
      when: step.when,
      argv: step.pipeline.map((command) => command.argv.map(redact)),
      ...(step.folder === '' ? {} : { folder: redact(step.folder) }),
      ...(files.every((one) => one.length === 0) ? {} : { files }),
    };
  });
}

/** As it would be written in a line; redirects that name no file are in the text alone. */
function fileOnRecord(redirect: Redirect, redact: (text: string) => string): readonly string[] {
  if (!('file' in redirect)) return [];
  const sign = redirect.fd === 0 ? '<' : `${redirect.fd}${redirect.append ? '>>' : '>'}`;
  return [`${sign} ${redact(redirect.file)}`];
}

const MOST_ON_RECORD = 200;

/** Lists that are empty are left out; `…` stands for what is more than anybody reads. */
function useOnRecord(use: LineUse, redact: (text: string) => string) {
  const list = (name: string, once: readonly string[]) => {
    const kept = once.length > MOST_ON_RECORD ? [...once.slice(0, MOST_ON_RECORD), '…'] : once;
    return kept.length === 0 ? {} : { [name]: kept.map(redact) };
  };
  const { reads, writes, network, executes } = namesInUse(use);
  return {
    understood: use.understood,
    ...list('reads', reads),
    ...list('writes', writes),
    ...list('network', network),
    ...list('executes', executes),
  };
}

/** What a command would touch, each name once and as the record has it. */
export function namesInUse({ commands }: LineUse): Pick<WhatIf, 'reads' | 'writes' | 'network' | 'executes'> {
  const once = (words: readonly string[]) => [...new Set(words)];
  const named = (isWrite: boolean) =>
    commands
      .flatMap((one) => one.paths)
      .filter(({ use }) => (use === 'write') === isWrite)
      .map(({ path, absolute, below }) => `${path ?? absolute}${below === true ? '/**' : ''}`);
  return {
    reads: once(named(false)),
    writes: once(named(true)),
    network: once(commands.flatMap(({ network }) => network)),
    executes: once(commands.flatMap(({ code }) => code.map(codeOnRecord))),
  };
}

function codeOnRecord(code: NamedCode): string {
  if (code.kind === 'workspace') return `workspace (${code.because})`;
  return code.kind === 'file' ? code.path : `${code.path}#${code.entry}`;
}

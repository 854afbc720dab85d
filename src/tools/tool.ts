import * as z from 'zod';
import type { Json } from '../protocol/canonicalJson.ts';
import type { ToolDefinition } from '../protocol/message.ts';
import type { Done } from '../protocol/outcome.ts';
import type { Proposal } from '../protocol/proposal.ts';
import { parseWorkspacePath, type Root, type WorkspacePath } from '../protocol/workspacePath.ts';

export type Proposed = { readonly kind: 'proposed'; readonly proposal: Proposal } | Invalid;
export type Invalid = { readonly kind: 'invalid'; readonly because: string };

/** What the model may ask for. A tool reads arguments and makes a proposal; it can do nothing itself. */
export type Tool = {
  readonly name: string;
  readonly definition: ToolDefinition;
  propose(args: string, roots: readonly Root[]): Proposed;
  /** What the model is told once the effect was performed. Changes and commands are told by the gate. */
  report(done: Done, proposal: Proposal, roots: readonly Root[]): string;
};

type ToolSource<Schema extends z.ZodObject> = {
  readonly name: string;
  readonly description: string;
  readonly schema: Schema;
  propose(args: z.output<Schema>, roots: readonly Root[]): Proposed;
  report?(done: Done, proposal: Proposal, roots: readonly Root[]): string;
};

export function defineTool<Schema extends z.ZodObject>(source: ToolSource<Schema>): Tool {
  const { $schema: _, ...parameters } = z.toJSONSchema(source.schema, { io: 'input' });
  return {
    name: source.name,
    definition: {
      type: 'function',
      function: { name: source.name, description: source.description, parameters: parameters as Json },
    },
    propose(args, roots) {
      const json = parseJson(args);
      if (json === undefined) {
        return invalid(
          `the arguments are not whole JSON (they end with ${JSON.stringify(args.slice(-40))}); send the call again, complete`,
        );
      }
      const parsed = source.schema.safeParse(json);
      if (!parsed.success) return invalid(issueSentence(parsed.error));
      return source.propose(parsed.data, roots);
    },
    report: (done, proposal, roots) => source.report?.(done, proposal, roots) ?? 'Done.',
  };
}

export function invalid(because: string): Invalid {
  return { kind: 'invalid', because };
}

/** Parses a path argument and goes on with it, or says in one sentence why it cannot be. */
export function withPath(
  raw: string,
  roots: readonly Root[],
  next: (path: WorkspacePath) => Proposed,
): Proposed {
  const parsed = parseWorkspacePath(raw, roots);
  if (parsed.kind === 'refused')
    return invalid(`the path ${JSON.stringify(raw)} cannot be used: ${parsed.because}`);
  return next(parsed.path);
}

function parseJson(text: string): unknown {
  try {
    // Some servers send no arguments at all where every argument is optional.
    return JSON.parse(text.trim() === '' ? '{}' : text);
  } catch {
    return undefined;
  }
}

function issueSentence(error: z.ZodError): string {
  const issue = error.issues[0];
  if (issue === undefined) return 'the arguments do not fit';
  const where = issue.path.length === 0 ? 'the arguments' : `"${issue.path.join('.')}"`;
  return `${where}: ${issue.message}`;
}

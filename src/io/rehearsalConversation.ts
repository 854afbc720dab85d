import type { Message, WireToolCall } from '../protocol/message.ts';
import type { Window } from '../protocol/window.ts';
import { member } from './modelFailure.ts';

/** One tool call of the script and what it was told. */
export type Told = {
  readonly name: string;
  readonly path: string;
  /** Of a plan: the step that was under way, from 1; one more than there are when all were done. */
  readonly step: number;
  readonly result: string;
};

/** What the script looks at: nothing but what stands in the window. */
export type Conversation = {
  /** Messages of the person so far. */
  readonly turn: number;
  /** The calls since the person's last message, one list for each answer. */
  readonly rounds: readonly (readonly Told[])[];
  readonly offered: ReadonlySet<string>;
};

export type Verdict =
  | { readonly kind: 'applied'; readonly note: string }
  | { readonly kind: 'applied in part'; readonly note: string }
  | { readonly kind: 'rejected'; readonly note: string }
  | { readonly kind: 'refused'; readonly rule: string; readonly because: string }
  | { readonly kind: 'not done'; readonly because: string }
  | { readonly kind: 'told' };

export function conversationOf(window: Window): Conversation {
  const messages = window.messages.map(({ value }) => value).filter((value) => 'role' in value);
  const last = messages.findLastIndex(({ role }) => role === 'user');
  const results = new Map<string, string>();
  for (const message of messages)
    if (message.role === 'tool') results.set(message.tool_call_id, message.content);
  return {
    turn: messages.filter(({ role }) => role === 'user').length,
    rounds: messages.slice(last + 1).flatMap((message) => roundOf(message, results)),
    offered: new Set(window.tools.flatMap(({ value }) => ('function' in value ? [value.function.name] : []))),
  };
}

/** What became of a proposal, from the words the gate uses. */
export function verdictOf(result: string): Verdict {
  const note =
    /The person says: ([\s\S]*?)(?: Rejected, and not in the file:|$)/.exec(result)?.[1]?.trim() ?? '';
  if (/^Applied \d+ of \d+ hunks/.test(result)) return { kind: 'applied in part', note };
  if (result.startsWith('Applied')) return { kind: 'applied', note };
  if (result.startsWith('The person rejected')) return { kind: 'rejected', note };
  const refused = /^Refused by rule (\S+): ([\s\S]*?)\. Nothing was done/.exec(result);
  if (refused !== null) return { kind: 'refused', rule: refused[1] ?? '', because: refused[2] ?? '' };
  const undone = /^Nothing was done: ([\s\S]*?)\.?$/.exec(result);
  if (undone !== null) return { kind: 'not done', because: undone[1] ?? '' };
  if (result.startsWith('The person stopped')) return { kind: 'not done', because: 'the turn was stopped' };
  return { kind: 'told' };
}

/** The text of a file as read_file shows it: numbered lines under one line about the file. */
export function textRead(result: string): string {
  const lines = result.split('\n').flatMap((line) => /^\d+\t(.*)$/.exec(line)?.[1] ?? []);
  return lines.map((line) => `${line}\n`).join('');
}

function roundOf(message: Message, results: ReadonlyMap<string, string>): Told[][] {
  if (message.role !== 'assistant' || message.tool_calls === undefined) return [];
  return [message.tool_calls.map((call) => told(call, results.get(call.id) ?? ''))];
}

function told({ function: { name, arguments: args } }: WireToolCall, result: string): Told {
  const { path, steps } = writtenArguments(args);
  const done = Array.isArray(steps) ? steps.filter((step) => member(step, 'state') === 'done').length : -1;
  return { name, path: typeof path === 'string' ? path : '', step: done + 1, result };
}

function writtenArguments(text: string): { readonly path?: unknown; readonly steps?: unknown } {
  try {
    return JSON.parse(text) as { path?: unknown; steps?: unknown };
  } catch {
    // The script writes whole JSON; this is what another model wrote before the person chose Rehearsal.
    return {};
  }
}

import type { ToolCall } from '../protocol/message.ts';
import type { ModelEvent, ModelReply, Usage } from '../protocol/model.ts';
import { member } from './modelFailure.ts';

/** Puts a reply together from the chunks of a stream, whatever dialect the server speaks. */
export type StreamReply = {
  /** What one chunk adds to what a person sees. Unknown parts are passed over. */
  add(chunk: unknown): readonly ModelEvent[];
  /** Whether the server said that the reply is whole. */
  finished(): boolean;
  /** Whether any chunk looked like one of chat completions. */
  begun(): boolean;
  /** Why what came cannot be a reply. */
  problem(): string | undefined;
  /** The last calls to be named, and the reply. */
  end(): { readonly events: readonly ModelEvent[]; readonly reply: ModelReply };
};

type Draft = { index: number | undefined; id: string; name: string; arguments: string; announced: boolean };

/** `idPrefix` makes the ids of calls that came without one; it must differ from window to window. */
export function streamReply(idPrefix: string, longest: number): StreamReply {
  const drafts: Draft[] = [];
  let text = '';
  let size = 0;
  let finish = '';
  let usage: Usage | undefined;
  let begun = false;

  function addCall(part: unknown, position: number): ModelEvent[] {
    const id = stringOf(member(part, 'id'));
    const name = stringOf(member(member(part, 'function'), 'name'));
    const args = argumentsOf(member(member(part, 'function'), 'arguments'));
    const index = numberOf(member(part, 'index'));
    const events: ModelEvent[] = [];
    let draft = draftFor(drafts, { index, id, name, position, whole: args !== '' });
    if (draft === undefined) {
      events.push(...announce(drafts));
      draft = { index, id: '', name: '', arguments: '', announced: false };
      drafts.push(draft);
    }
    if (draft.id === '') draft.id = id;
    // Some servers say the whole name with every piece; others say it in pieces before any argument.
    if (draft.arguments === '' && name !== draft.name) draft.name += name;
    draft.arguments += args;
    size += name.length + args.length;
    if (draft.arguments !== '') events.push(...announce([draft]));
    return events;
  }

  function add(chunk: unknown): readonly ModelEvent[] {
    usage = usageOf(member(chunk, 'usage')) ?? usage;
    const choices = member(chunk, 'choices');
    if (!Array.isArray(choices)) return [];
    begun = true;
    const choice: unknown = choices.find((one) => (numberOf(member(one, 'index')) ?? 0) === 0);
    if (choice === undefined) return [];
    const delta = member(choice, 'delta');
    const events: ModelEvent[] = [];
    const said = stringOf(member(delta, 'content')) + stringOf(member(delta, 'refusal'));
    if (said !== '') {
      text += said;
      size += said.length;
      events.push({ kind: 'text', text: said });
    }
    const parts = member(delta, 'tool_calls');
    if (Array.isArray(parts)) parts.forEach((part, position) => events.push(...addCall(part, position)));
    finish = stringOf(member(choice, 'finish_reason')) || finish;
    return events;
  }

  return {
    add,
    finished: () => finish !== '',
    begun: () => begun,
    problem() {
      if (size > longest) return 'wrote a reply that is too long to be kept';
      if (finish !== '' && drafts.some((draft) => draft.name === ''))
        return 'called a tool without naming it';
      return undefined;
    },
    end() {
      const reply = { text, calls: callsOf(drafts, idPrefix), finish };
      return { events: announce(drafts), reply: usage === undefined ? reply : { ...reply, usage } };
    },
  };
}

type Piece = {
  readonly index: number | undefined;
  readonly id: string;
  readonly name: string;
  readonly position: number;
  readonly whole: boolean;
};

/** The call that a piece belongs to; undefined when it begins a new one. */
function draftFor(drafts: readonly Draft[], piece: Piece): Draft | undefined {
  const named = piece.id === '' ? undefined : drafts.find((draft) => draft.id === piece.id);
  if (named !== undefined) return named;
  const draft =
    piece.index === undefined ? drafts.at(-1) : drafts.findLast((one) => one.index === piece.index);
  if (draft === undefined) return undefined;
  // Some servers give every call the same index, or none: another id, or a name where a whole call stands, is another.
  if (piece.id !== '' && draft.id !== '') return undefined;
  if (piece.name !== '' && piece.whole && isWhole(draft.arguments)) return undefined;
  if (piece.index === undefined && piece.name !== '' && (draft.arguments !== '' || piece.position > 0))
    return undefined;
  return draft;
}

function announce(drafts: readonly Draft[]): ModelEvent[] {
  const fresh = drafts.filter((draft) => !draft.announced && draft.name !== '');
  return fresh.map((draft) => {
    draft.announced = true;
    return { kind: 'call', name: draft.name };
  });
}

function callsOf(drafts: readonly Draft[], idPrefix: string): ToolCall[] {
  const taken = new Set<string>();
  return drafts.map((draft, at) => {
    const id = draft.id === '' || taken.has(draft.id) ? `${idPrefix}_${at + 1}` : draft.id;
    taken.add(id);
    return { id, name: draft.name, arguments: draft.arguments };
  });
}

function usageOf(usage: unknown): Usage | undefined {
  const input = numberOf(member(usage, 'prompt_tokens'));
  const output = numberOf(member(usage, 'completion_tokens'));
  if (input === undefined || output === undefined) return undefined;
  const cached = numberOf(member(member(usage, 'prompt_tokens_details'), 'cached_tokens')) ?? 0;
  return { input, output, cached };
}

function argumentsOf(value: unknown): string {
  if (typeof value === 'object' && value !== null) return JSON.stringify(value);
  return stringOf(value);
}

function isWhole(json: string): boolean {
  if (!json.trimEnd().endsWith('}')) return false;
  try {
    JSON.parse(json);
    return true;
  } catch {
    return false;
  }
}

function stringOf(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

function numberOf(value: unknown): number | undefined {
  return typeof value === 'number' && Number.isFinite(value) && value >= 0 ? value : undefined;
}

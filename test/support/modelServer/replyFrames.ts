import type { Dialect, FramesStep, ReplyStep } from './modelScript.ts';
import type { Random } from './seededRandom.ts';

type Json = Record<string, unknown>;

/** What a reply sounds like in a dialect: the bytes of its event stream. `id` is unique on the server. */
export function replyBytes(step: ReplyStep, dialect: Dialect, id: number, random: Random): Buffer {
  const chunk = (choices: Json[], more: Json = {}): Json => ({
    id: `chatcmpl-${id}`,
    object: 'chat.completion.chunk',
    created: 1_700_000_000,
    model: 'scripted',
    choices,
    ...more,
  });
  const delta = (content: Json): Json => chunk([{ index: 0, delta: content, finish_reason: null }]);
  const calls = step.calls ?? [];
  const text = (step.text ?? '').repeat(step.repeat ?? 1);
  const amount = step.usage ?? { input: 100, output: 10 };

  const frames: Json[] = [];
  if (dialect === 'azure-like') frames.push(chunk([], { prompt_filter_results: [{ prompt_index: 0 }] }));
  if (dialect !== 'ollama-like') frames.push(delta({ role: 'assistant', content: null }));
  for (const piece of pieces(step.reasoning ?? '', random)) frames.push(delta({ reasoning_content: piece }));
  for (const piece of pieces(text, random)) frames.push(delta({ content: piece }));
  calls.forEach((call, index) => {
    const args = typeof call.arguments === 'string' ? call.arguments : JSON.stringify(call.arguments);
    frames.push(...callDeltas({ index, id: call.id, name: call.name, args }, dialect, id, random).map(delta));
  });
  if (step.finish !== false) {
    const usual = calls.length > 0 && dialect !== 'vllm-like' ? 'tool_calls' : 'stop';
    frames.push(chunk([{ index: 0, delta: {}, finish_reason: step.finish ?? usual }]));
  }
  if (amount !== false) {
    const counted = {
      prompt_tokens: amount.input,
      completion_tokens: amount.output,
      total_tokens: amount.input + amount.output,
      ...(amount.cached === undefined ? {} : { prompt_tokens_details: { cached_tokens: amount.cached } }),
    };
    frames.push(chunk([], { usage: counted }));
  }
  const lines = frames.map((frame) => JSON.stringify(frame));
  if (step.done !== false) lines.push('[DONE]');
  return eventBytes(lines, dialect === 'crlf' ? '\r\n' : '\n');
}

/** Frames as the script wrote them. */
export function writtenBytes(step: FramesStep): Buffer {
  const lines = step.frames.map((frame) => (typeof frame === 'string' ? frame : JSON.stringify(frame)));
  return eventBytes(lines, '\n');
}

export function eventBytes(lines: readonly string[], eol: '\n' | '\r\n'): Buffer {
  const events = lines.map((line) => (line.startsWith(':') ? line : `data: ${line}`) + eol + eol);
  return Buffer.from(events.join(''), 'utf8');
}

type Call = {
  readonly index: number;
  readonly id: string | undefined;
  readonly name: string;
  readonly args: string;
};

function callDeltas(call: Call, dialect: Dialect, reply: number, random: Random): Json[] {
  const { index, name, args } = call;
  const piece = (part: Json): Json => ({ tool_calls: [part] });
  if (dialect === 'ollama-like') {
    const id = call.id === undefined ? {} : { id: call.id };
    return [piece({ ...id, type: 'function', function: { name, arguments: args } })];
  }
  const id = call.id ?? `call_r${reply}n${index}`;
  return [
    piece({ index, id, type: 'function', function: { name, arguments: '' } }),
    ...pieces(args, random).map((part) => piece({ index, function: { arguments: part } })),
  ];
}

function pieces(text: string, random: Random): string[] {
  const letters = Array.from(text);
  const longest = letters.length > 100_000 ? 20_000 : 12;
  const parts: string[] = [];
  for (let at = 0; at < letters.length;) {
    const size = random(1, longest);
    parts.push(letters.slice(at, at + size).join(''));
    at += size;
  }
  return parts;
}

import type { Decision } from '../protocol/decision.ts';
import type { Origin, ToolCall } from '../protocol/message.ts';
import type { CommandEnd, Done } from '../protocol/outcome.ts';

/** What the model is told about one of its calls. */
export type ToolResult = { readonly call: ToolCall; readonly text: string; readonly origin: Origin };

export function deniedText({ rule, because }: Decision): string {
  return `Refused by rule ${rule}: ${because}. Nothing was done. Do not try to reach the same end another way.`;
}

export function invalidText(because: string): string {
  return `Nothing was done: ${because}.`;
}

export const STOPPED_TEXT = 'The person stopped the turn before this was done. Nothing was done.';

export const LIMIT_TEXT =
  'A limit was reached and the person ended the turn before this was done. Nothing was done.';

export function rejectedText(what: string, note: string): string {
  return `The person rejected ${what}. Nothing was changed or run.${noteSentence(note)}`;
}

export function noteSentence(note: string): string {
  return note.trim() === '' ? '' : ` The person says: ${note.trim()}`;
}

export function ranText({ end, output, ms, kept, confined }: Extract<Done, { kind: 'ran' }>): string {
  const more =
    kept === undefined
      ? ''
      : `; ${kept.whole ? 'the whole' : 'the beginning'} is ${kept.output}, ${kept.lines} lines: read_output`;
  const missing =
    output.omittedBytes === 0 ? '' : `\n[${output.omittedBytes} bytes of output not shown here${more}]\n`;
  const printed = `${output.head}${missing}${output.tail}`;
  const why = confined === undefined ? '' : `\n[${confined}]`;
  return `${endSentence(end)} after ${(ms / 1000).toFixed(1)} s.\n${printed === '' ? '[no output]' : printed}${why}`;
}

export function startedText({ command, output }: Extract<Done, { kind: 'started' }>): string {
  const printed = `${output.head}${output.tail}`;
  const soFar = printed === '' ? 'It has printed nothing yet.' : `So far:\n${printed}`;
  return `It runs in the background as ${command}; read_output ${command} reads what it prints, background_commands stops it. ${soFar}`;
}

function endSentence(end: CommandEnd): string {
  switch (end.kind) {
    case 'exit':
      return `Exit status ${end.code}`;
    case 'signal':
      return `Ended by signal ${end.signal}`;
    case 'timeout':
      return 'Stopped at the time limit, with everything it started,';
    case 'stopped':
      return 'Stopped by the person, with everything it started,';
  }
}

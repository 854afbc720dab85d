import type { CommandLine } from '../protocol/command.ts';
import { readPlainLine } from './command/plainLine.ts';
import { grammarSteps, grammarView } from './command/grammarView.ts';
import { parseShell } from './command/shellSyntax.ts';
import { unseenCharacters } from './textCheck.ts';

export type ParsedLine =
  | { readonly kind: 'line'; readonly line: CommandLine }
  | { readonly kind: 'refused'; readonly because: string };

const MAX_BYTES = 8 * 1024;
const MAX_COMMANDS = 32;

/**
 * Reads a command line as a model wrote it. `plain` needs two readings that agree: our own scanner, which knows only
 * the plain part of the language, and the grammar of the shell. Whatever else is readable is `shell`, at best asked.
 * Refused is what a person could not judge by looking at it. Never throws.
 */
export function parseCommandLine(text: string): ParsedLine {
  if (text.length > MAX_BYTES || Buffer.byteLength(text) > MAX_BYTES)
    return refused('the command line is longer than 8 KiB; split it up');
  const unseen = unseenCharacters(text);
  if (unseen !== undefined) return refused(`the command line was refused: ${unseen}`);
  const parsed = parseShell(text);
  if (parsed.kind === 'unreadable') return shell(text, 'syntax that cannot be read');
  const view = grammarView(parsed.script, MAX_COMMANDS);
  if (view.commands > MAX_COMMANDS)
    return refused(`the command line holds more than ${MAX_COMMANDS} commands; split it up`);
  const plain = readPlainLine(text);
  if (plain.kind === 'other') return shell(text, plain.because);
  if (!parsed.whole) return shell(text, 'syntax that cannot be read');
  if (view.odd !== undefined) return shell(text, view.odd);
  const second = grammarSteps(parsed.script);
  if (second === undefined || JSON.stringify(second) !== JSON.stringify(plain.steps))
    return shell(text, 'words that can be read in two ways');
  return { kind: 'line', line: { kind: 'plain', text, steps: plain.steps } };
}

function shell(text: string, because: string): ParsedLine {
  return { kind: 'line', line: { kind: 'shell', text, because } };
}

function refused(because: string): ParsedLine {
  return { kind: 'refused', because };
}

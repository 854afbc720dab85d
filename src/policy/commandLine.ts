import type { CommandLine, CommandStep, Expansion, SimpleCommand, WordPattern } from '../protocol/command.ts';
import { differsFromProgram } from './command/builtinPrograms.ts';
import { grammarSteps, grammarView } from './command/grammarView.ts';
import { readPlainLine } from './command/plainLine.ts';
import type { PlainCommand, PlainStep, PlainWord } from './command/plainStep.ts';
import { parseShell } from './command/shellSyntax.ts';
import { stepFolders } from './command/stepFolders.ts';
import { unseenCharacters } from './textCheck.ts';

export type ParsedLine =
  | { readonly kind: 'line'; readonly line: CommandLine }
  | { readonly kind: 'refused'; readonly because: string };

const MAX_BYTES = 8 * 1024;
const MAX_COMMANDS = 32;
const MAX_NAMES = 1_000;

/**
 * Reads a command line as a model wrote it. `plain` needs two readings that agree: our own scanner, which knows only
 * the plain part of the language, and the grammar of the shell. Whatever else is readable is `shell`, at best asked.
 * Refused is what a person could not judge by looking at it. Words with patterns are plain only together with what
 * they stood for; expansions of other words are left out. Never throws.
 */
export function parseCommandLine(text: string, expansions: readonly Expansion[] = []): ParsedLine {
  return withExpansions(text, readLine(text), expansions);
}

/** The same in two steps, for whoever looks up what the patterns stand for in between: the text is read once. */
export function readCommandLine(text: string): {
  /** The words that stand for names of files, each once a step; none where the line is not plain anyway. */
  readonly patterns: readonly WordPattern[];
  parsed(expansions: readonly Expansion[]): ParsedLine;
} {
  const read = readLine(text);
  return {
    patterns: read.kind === 'plain' ? patternsIn(read) : [],
    parsed: (expansions) => withExpansions(text, read, expansions),
  };
}

function withExpansions(text: string, read: ReadLine, expansions: readonly Expansion[]): ParsedLine {
  if (read.kind === 'refused') return read;
  if (read.kind === 'shell') return shell(text, read.because);
  const used = expansionsOf(patternsIn(read), expansions);
  if (used === undefined) return shell(text, 'a file name pattern or a home folder (~)');
  const names = used.reduce((sum, { words }) => sum + words.length, 0);
  if (names > MAX_NAMES)
    return refused(`the patterns of the command line stand for more than ${MAX_NAMES} names; narrow them`);
  for (const { pattern, words } of used) {
    const unseen = unseenCharacters(words.join('\n'));
    if (unseen !== undefined) return refused(`${pattern} stands for a name that was refused: ${unseen}`);
  }
  const [first, ...rest] = read.steps.map((step, index) =>
    expandStep(step, index, read.folders[index] ?? '', used),
  );
  if (first === undefined) return shell(text, 'nothing to run');
  const steps = [first, ...rest] as const;
  const other = steps.flatMap(({ pipeline }) => pipeline).find(({ argv }) => differsFromProgram(argv));
  if (other !== undefined) return shell(text, `"${other.argv[0]}" in a form that only a shell understands`);
  const line: CommandLine = { kind: 'plain', text, steps };
  return { kind: 'line', line: used.length === 0 ? line : { ...line, expansions: used } };
}

type ReadLine =
  | { readonly kind: 'plain'; readonly steps: readonly PlainStep[]; readonly folders: readonly string[] }
  | { readonly kind: 'shell'; readonly because: string }
  | { readonly kind: 'refused'; readonly because: string };

function readLine(text: string): ReadLine {
  if (text.length > MAX_BYTES || Buffer.byteLength(text) > MAX_BYTES)
    return { kind: 'refused', because: 'the command line is longer than 8 KiB; split it up' };
  const unseen = unseenCharacters(text);
  if (unseen !== undefined) return { kind: 'refused', because: `the command line was refused: ${unseen}` };
  const parsed = parseShell(text);
  if (parsed.kind === 'unreadable') return { kind: 'shell', because: 'syntax that cannot be read' };
  const view = grammarView(parsed.script, MAX_COMMANDS);
  if (view.commands > MAX_COMMANDS)
    return {
      kind: 'refused',
      because: `the command line holds more than ${MAX_COMMANDS} commands; split it up`,
    };
  const plain = readPlainLine(text);
  if (plain.kind === 'other') return { kind: 'shell', because: plain.because };
  if (!parsed.whole) return { kind: 'shell', because: 'syntax that cannot be read' };
  if (view.odd !== undefined) return { kind: 'shell', because: view.odd };
  const second = grammarSteps(parsed.script);
  if (second === undefined || JSON.stringify(second) !== JSON.stringify(plain.steps))
    return { kind: 'shell', because: 'words that can be read in two ways' };
  const at = stepFolders(plain.steps);
  if (at.kind === 'unclear') return { kind: 'shell', because: at.because };
  return { kind: 'plain', steps: plain.steps, folders: at.folders };
}

function patternsIn({ steps, folders }: Extract<ReadLine, { kind: 'plain' }>): readonly WordPattern[] {
  const found = new Map<string, WordPattern>();
  for (const [index, { pipeline }] of steps.entries())
    for (const { raw, parts } of pipeline.flatMap(({ words }) => words)) {
      if (parts === undefined) continue;
      const folder = folders[index] ?? '';
      found.set(JSON.stringify([index, raw]), { step: index, folder, pattern: raw, parts });
    }
  return [...found.values()];
}

/** One for each pattern, in their order; undefined where one is missing. */
function expansionsOf(
  patterns: readonly WordPattern[],
  given: readonly Expansion[],
): readonly Expansion[] | undefined {
  const used: Expansion[] = [];
  for (const pattern of patterns) {
    const words = wordsFor(given, pattern.step, pattern.pattern);
    if (words === undefined || words.length === 0) return undefined;
    used.push({ ...pattern, words });
  }
  return used;
}

function wordsFor(given: readonly Expansion[], step: number, raw: string): readonly string[] | undefined {
  return given.find((one) => one.step === step && one.pattern === raw)?.words;
}

function expandStep(
  { when, pipeline }: PlainStep,
  index: number,
  folder: string,
  used: readonly Expansion[],
): CommandStep {
  const wordsOf = ({ value, raw, parts }: PlainWord): readonly string[] =>
    parts === undefined ? [value] : (wordsFor(used, index, raw) ?? [value]);
  const expanded = ({ words: [name, ...args], redirects }: PlainCommand): SimpleCommand => ({
    argv: [name.value, ...args.flatMap(wordsOf)],
    redirects,
  });
  const [first, ...rest] = pipeline;
  return { when, folder, pipeline: [expanded(first), ...rest.map(expanded)] };
}

function shell(text: string, because: string): ParsedLine {
  return { kind: 'line', line: { kind: 'shell', text, because } };
}

function refused(because: string): ParsedLine {
  return { kind: 'refused', because };
}

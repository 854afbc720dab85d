import {
  childrenOf,
  parseShell,
  type ParsedScript,
  type SyntaxNode,
  type Word,
  type WordPart,
} from './shellSyntax.ts';
import { NEXT, SPLIT, UNKNOWN } from './marks.ts';

/** What a word is read against; `run` reads a nested script and gives back what it would print. */
export type WordReader = {
  readonly values: (name: string) => readonly string[] | undefined;
  /** Which of several values of a variable to take. */
  readonly choice: number;
  readonly run: (script: ParsedScript) => string;
  /** Keeps what a process substitution prints and gives back the name it has as a file. */
  readonly keep: (output: string) => string;
  /** Called when a word stands for more than is looked through. */
  readonly giveUp: () => void;
};

const MAX_BRACED = 512;
const MAX_FIELDS = 256;

/** The fields a word turns into, as far as can be told; what cannot be told is marked. */
export function decodeWord(word: Word, reader: WordReader): readonly string[] {
  if (word.parts?.some((part) => part.type === 'BraceExpansion') === true) {
    const alternatives = expandBraces(word.text);
    if (alternatives !== undefined) return alternatives.flatMap((text) => readAlternative(text, reader));
    reader.giveUp();
  }
  return fieldsOf(word, reader);
}

/** An alternative without quotes and expansions is its own text. */
function readAlternative(text: string, reader: WordReader): readonly string[] {
  if (/^[\w./,:=@%+~*?-]+$/.test(text)) return [text];
  return reparsed(text).flatMap((word) => fieldsOf(word, reader));
}

/** The text of a here-document. */
export function decodeParts(parts: readonly WordPart[], reader: WordReader): string {
  return parts
    .map((part) => partText(part, reader))
    .join('')
    .replaceAll(SPLIT, ' ')
    .replaceAll(NEXT, ' ');
}

/** The text of a word whose fields do not matter: a redirect's target, an assignment's value. */
export function decodeText(word: Word, reader: WordReader): string {
  return textOf(word, reader).replaceAll(SPLIT, ' ').replaceAll(NEXT, ' ');
}

function fieldsOf(word: Word, reader: WordReader): readonly string[] {
  const text = textOf(word, reader);
  if (!text.includes(SPLIT) && !text.includes(NEXT) && text !== '') return [text];
  const fields = text
    .split(SPLIT)
    .flatMap((field) => field.split(NEXT))
    .filter((field) => field !== '');
  return fields.length === 0 && /^(?:''|"")+$/.test(word.text) ? [''] : fields;
}

function textOf(word: Word, reader: WordReader): string {
  if (word.parts === undefined) return word.value;
  return word.parts.map((part) => partText(part, reader)).join('');
}

function partText(part: WordPart, reader: WordReader): string {
  switch (part.type) {
    case 'Literal':
    case 'SingleQuoted':
    case 'AnsiCQuoted':
      return part.value;
    case 'DoubleQuoted':
    case 'LocaleString':
      return part.parts
        .map((child) => partText(child, reader))
        .join('')
        .replaceAll(SPLIT, ' ');
    case 'SimpleExpansion':
      return split(valueOf(part.text.slice(1), reader), reader);
    case 'ParameterExpansion':
      return split(parameterText(part, reader), reader);
    case 'CommandExpansion':
      return split(part.script === undefined ? UNKNOWN : reader.run(part.script).replace(/\n+$/, ''), reader);
    case 'ProcessSubstitution':
      return part.script === undefined ? UNKNOWN : reader.keep(reader.run(part.script));
    case 'ArithmeticExpansion':
      runNested(part, reader);
      return /^\$\(\(\s*(\d+)\s*\)\)$/.exec(part.text)?.[1] ?? UNKNOWN;
    case 'Glob':
    case 'ExtendedGlob':
    case 'BraceExpansion':
      runNested(part, reader);
      return part.text;
  }
}

function parameterText(part: Extract<WordPart, { type: 'ParameterExpansion' }>, reader: WordReader): string {
  const value = valueOf(part.parameter, reader);
  const { operation } = part;
  if (part.index !== undefined) runNested(part.index, reader);
  if (part.prefix === '!') return valueOf(value, reader);
  if (part.prefix === '#') return UNKNOWN;
  if (operation === undefined) return value;
  if (operation.type === 'Default') {
    const operand = decodeText(operation.operand, reader);
    if (operation.operator.endsWith('+')) return operand;
    return value === UNKNOWN ? operand : value;
  }
  if (operation.type === 'Slice') return slice(part, operation, reader);
  runNested(operation, reader);
  if (value === UNKNOWN) return UNKNOWN;
  if (operation.type === 'Replace') {
    const pattern = decodeText(operation.pattern, reader);
    const replacement = decodeText(operation.replacement, reader);
    return operation.operator === '//'
      ? value.replaceAll(pattern, replacement)
      : value.replace(pattern, replacement);
  }
  if (operation.type === 'CaseModification') return value.toLowerCase();
  return operation.type === 'Remove'
    ? UNKNOWN + value.replaceAll(decodeText(operation.operand, reader), '')
    : value;
}

/** Stand-ins with the right first characters: people slice a "/" out of these. */
const TYPICAL: ReadonlyMap<string, string> = new Map([
  ['HOME', '/home/user'],
  ['PWD', '/workspace'],
  ['OLDPWD', '/workspace'],
  ['PATH', '/usr/local/bin:/usr/bin:/bin'],
  ['SHELL', '/bin/bash'],
  ['BASH', '/bin/bash'],
]);

function slice(
  part: Extract<WordPart, { type: 'ParameterExpansion' }>,
  operation: { readonly offset: Word; readonly length: Word | undefined },
  reader: WordReader,
): string {
  runNested(operation.offset, reader);
  if (operation.length !== undefined) runNested(operation.length, reader);
  const value = TYPICAL.get(part.parameter) ?? valueOf(part.parameter, reader);
  const offset = Number(operation.offset.text.trim());
  const length = operation.length === undefined ? value.length : Number(operation.length.text.trim());
  if (!Number.isInteger(offset) || !Number.isInteger(length)) return UNKNOWN;
  const rest = value.slice(offset);
  return length < 0 ? rest.slice(0, length) : rest.slice(0, length);
}

/** `~` and `.` stand for the home and the folder of the command, wherever they are. */
function valueOf(name: string, reader: WordReader): string {
  const values = reader.values(name);
  if (values !== undefined && values.length > 0)
    return values[Math.min(reader.choice, values.length - 1)] ?? UNKNOWN;
  if (name === 'HOME') return '~';
  if (name === 'PWD') return '.';
  if (name === 'IFS') return ' ';
  if (name === 'PPID') return '$PPID';
  if (name === 'TMPDIR') return '/tmp';
  if (name === '0') return '$0';
  return TYPICAL.get(name) ?? UNKNOWN;
}

/** Splits at blanks, and at whatever else the line made a separator. */
function split(text: string, reader: WordReader): string {
  const blanks = text.replace(/[ \t\n]+/g, SPLIT);
  const own = reader.values('IFS')?.join('') ?? '';
  return own === '' ? blanks : Array.from(blanks, (char) => (own.includes(char) ? SPLIT : char)).join('');
}

/** Scripts that hide in indices, arithmetic, patterns and operands run as well. */
function runNested(node: SyntaxNode, reader: WordReader): void {
  for (const child of childrenOf(node)) {
    if (child.type === 'Script') reader.run(child);
    else runNested(child, reader);
  }
}

function reparsed(text: string): readonly Word[] {
  const parsed = parseShell(text);
  if (parsed.kind === 'unreadable') return [];
  const command = parsed.script.commands[0]?.command;
  if (command?.type !== 'Command') return [];
  const words = command.args.filter((arg) => arg.type === 'Word');
  return command.name === undefined ? words : [command.name, ...words];
}

/** Braces are expanded on the text as written, before anything else, as bash does; undefined when there are too many. */
function expandBraces(text: string): readonly string[] | undefined {
  if (text.length > MAX_BRACED) return undefined;
  const open = [text];
  const done: string[] = [];
  while (open.length > 0) {
    const next = open.pop() ?? '';
    const group = innermostGroup(next);
    if (group === undefined) done.push(next);
    else
      for (const item of group.items.toReversed())
        open.push(next.slice(0, group.start) + item + next.slice(group.end));
    if (done.length + open.length > MAX_FIELDS) return undefined;
  }
  return done;
}

function innermostGroup(text: string): { start: number; end: number; items: readonly string[] } | undefined {
  const match = /\{([^{}]*,[^{}]*|[^{}.,]+\.\.[^{}.,]+(?:\.\.[^{}]*)?)\}/.exec(text);
  if (match === null) return undefined;
  const inside = match[1] ?? '';
  const items = inside.includes(',') ? inside.split(',') : rangeOf(inside);
  return { start: match.index, end: match.index + match[0].length, items };
}

function rangeOf(text: string): readonly string[] {
  const [from = '', to = ''] = text.split('..');
  const numeric = /^-?\d+$/.test(from) && /^-?\d+$/.test(to);
  const first = numeric ? Number(from) : (from.codePointAt(0) ?? 0);
  const last = numeric ? Number(to) : (to.codePointAt(0) ?? 0);
  const step = first <= last ? 1 : -1;
  const count = Math.min(Math.abs(last - first) + 1, numeric ? 8 : 128);
  return Array.from({ length: count }, (_, index) => {
    const value = first + index * step;
    return numeric ? String(value) : String.fromCodePoint(Math.max(value, 1));
  });
}

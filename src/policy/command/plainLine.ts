import type { PatternPart, Redirect } from '../../protocol/command.ts';
import { patternOf, setAt, type PlainCommand, type PlainStep, type PlainWord } from './plainStep.ts';

/**
 * The plain part of the shell language, read by a scanner of our own: words of literals, quotes and patterns of file
 * names, `&&` `||` `;` `|` and newline, and redirects to and from files or between the two outputs. What it does not
 * know is not plain; the shell grammar must agree with it before a line counts as plain.
 */
export type PlainReading =
  | { readonly kind: 'plain'; readonly steps: readonly [PlainStep, ...PlainStep[]] }
  | { readonly kind: 'other'; readonly because: string };

type Token =
  | ({ readonly kind: 'word' } & PlainWord)
  | { readonly kind: 'redirect'; readonly redirects: readonly Redirect[] }
  | { readonly kind: 'operator'; readonly text: '&&' | '||' | ';' | '|' | '\n' };

type Scan = { readonly token: Token; readonly end: number };

/** Thrown inside this file only, caught by readPlainLine. */
class NotPlain extends Error {}

export function readPlainLine(text: string): PlainReading {
  try {
    return { kind: 'plain', steps: stepsOf(tokensOf(text)) };
  } catch (error) {
    if (error instanceof NotPlain) return { kind: 'other', because: error.message };
    throw error;
  }
}

function tokensOf(text: string): Token[] {
  const tokens: Token[] = [];
  let at = 0;
  while (at < text.length) {
    const char = text[at];
    if (char === ' ' || char === '\t') at += 1;
    else if (char === '\\' && text[at + 1] === '\n') at = continued(text, at);
    else if (char === '#') at = endOfComment(text, at);
    else {
      const { token, end } = tokenAt(text, at);
      tokens.push(token);
      at = end;
    }
  }
  return tokens;
}

/** A continued line is plain only between words: elsewhere it can join characters into another operator. */
function continued(text: string, at: number): number {
  if (at > 0 && !/[ \t\n]/.test(text[at - 1] ?? '')) throw new NotPlain('a line continued inside a word');
  return at + 2;
}

function endOfComment(text: string, at: number): number {
  const end = text.indexOf('\n', at);
  return end === -1 ? text.length : end;
}

const OPERATORS = ['&&', '||', '|', ';', '\n'] as const;

function tokenAt(text: string, at: number): Scan {
  const redirect = redirectAt(text, at);
  if (redirect !== undefined) return redirect;
  if (text.startsWith('|&', at)) throw new NotPlain('a pipe of both outputs (|&)');
  if (text.startsWith(';;', at) || text.startsWith(';&', at)) throw new NotPlain('a double semicolon');
  const operator = OPERATORS.find((candidate) => text.startsWith(candidate, at));
  if (operator !== undefined)
    return { token: { kind: 'operator', text: operator }, end: at + operator.length };
  if (text[at] === '&') throw new NotPlain('a command in the background (&)');
  return wordAt(text, at);
}

const END_OF_WORD = /(?=[ \t\n;|&<>()]|$)/y;
const BETWEEN_OUTPUTS = /([12]?)>&([12])/y;
/** Of both outputs, of one, of the input; what else a redirection may look like is not plain. */
const TO_FILE = /(?:(&>>?|>&)|([12]?)(>>?)(?![>&|(])|0?(<)(?![<>&(]))[ \t]*/y;

function redirectAt(text: string, at: number): Scan | undefined {
  BETWEEN_OUTPUTS.lastIndex = at;
  const between = BETWEEN_OUTPUTS.exec(text);
  if (between !== null && endsWord(text, at + between[0].length)) {
    const [whole, from, to] = between;
    const redirect: Redirect = { fd: from === '2' ? 2 : 1, to: to === '2' ? 'stderr' : 'stdout' };
    return { token: { kind: 'redirect', redirects: [redirect] }, end: at + whole.length };
  }
  TO_FILE.lastIndex = at;
  const match = TO_FILE.exec(text);
  if (match !== null) {
    const start = at + match[0].length;
    const { token, end } = targetAt(text, start);
    return { token: { kind: 'redirect', redirects: redirectsTo(token, match) }, end };
  }
  if (/[<>]/.test(text[at] ?? '') || text.startsWith('&>', at) || /^[0-9]+[<>]/.test(text.slice(at, at + 12)))
    throw new NotPlain('a redirection of an unusual kind');
  return undefined;
}

function endsWord(text: string, at: number): boolean {
  END_OF_WORD.lastIndex = at;
  return END_OF_WORD.test(text);
}

function targetAt(text: string, start: number): { readonly token: PlainWord; readonly end: number } {
  if (endsWord(text, start) || text.startsWith('\\\n', start) || text[start] === '#')
    throw new NotPlain('a redirection without a file');
  const { token, end } = wordAt(text, start);
  if (token.kind !== 'word') throw new NotPlain('a redirection without a file');
  if (token.parts !== undefined) throw new NotPlain('a file name pattern after a redirection');
  return { token, end };
}

function redirectsTo({ value, raw }: PlainWord, match: RegExpExecArray): readonly Redirect[] {
  const [, both, from, operator = '', input] = match;
  const file = fileTarget(value);
  if (input !== undefined) return [file === null ? { fd: 0, from: 'null' } : { fd: 0, from: 'file', file }];
  // Bash takes a number, however it is quoted, for a stream.
  if (both === '>&' && raw !== '/dev/null') throw new NotPlain('a redirection of an unusual kind');
  if (both !== undefined)
    return file === null
      ? [
          { fd: 1, to: 'null' },
          { fd: 2, to: 'null' },
        ]
      : [
          { fd: 1, to: 'file', file, append: both === '&>>' },
          { fd: 2, to: 'stdout' },
        ];
  const fd = from === '2' ? 2 : 1;
  return [file === null ? { fd, to: 'null' } : { fd, to: 'file', file, append: operator === '>>' }];
}

/** Null for /dev/null. Bash itself acts on other names in /dev. */
function fileTarget(value: string): string | null {
  if (value === '/dev/null') return null;
  if (/^\/+dev(?:\/|$)/.test(value)) throw new NotPlain('a redirection to or from a device');
  if (value === '' || value.endsWith('/')) throw new NotPlain('a redirection without a file');
  return value;
}

/** Letters of every script, digits, and the punctuation that no shell gives a meaning inside a word. */
const LITERAL = /[\p{L}\p{M}\p{N}_@%+=:,./^!~#\]-]/u;

function wordAt(text: string, start: number): Scan {
  const parts: PatternPart[] = [];
  let value = '';
  let at = start;
  const take = (literal: string): void => {
    value += literal;
    parts.push({ kind: 'text', text: literal });
  };
  while (at < text.length && !/[ \t\n;|&<>()]/.test(text[at] ?? '')) {
    const char = String.fromCodePoint(text.codePointAt(at) ?? 0);
    if (char === "'") {
      const close = text.indexOf("'", at + 1);
      if (close === -1) throw new NotPlain('a quote that is not closed');
      take(text.slice(at + 1, close));
      at = close + 1;
    } else if (char === '"') {
      const quoted = doubleQuoted(text, at);
      take(quoted.value);
      at = quoted.end;
    } else if (char === '\\') {
      const escaped = text.codePointAt(at + 1);
      if (escaped === undefined) throw new NotPlain('a backslash at the end');
      if (escaped === 10) throw new NotPlain('a line continued inside a word');
      const literal = String.fromCodePoint(escaped);
      take(literal);
      at += 1 + literal.length;
    } else {
      const { part, length } = unquotedAt(text, start, at, char);
      value += text.slice(at, at + length);
      parts.push(part);
      at += length;
    }
  }
  if (text[at] === '(' || text[at] === ')') throw new NotPlain('a parenthesis');
  if (/[<>]/.test(text[at] ?? '') && /^[0-9]+$/.test(text.slice(start, at)))
    throw new NotPlain('a redirection of a numbered stream');
  const pattern = patternOf(parts);
  const raw = text.slice(start, at);
  if (pattern === undefined) return { token: { kind: 'word', value, raw }, end: at };
  // Which of several slashes a shell keeps is its own affair.
  if (value.includes('//')) throw new NotPlain('a file name pattern with two slashes in a row');
  return { token: { kind: 'word', value, raw, parts: pattern }, end: at };
}

type Unquoted = { readonly part: PatternPart; readonly length: number };

function unquotedAt(text: string, start: number, at: number, char: string): Unquoted {
  const next = text[at + char.length] ?? '';
  const wordEnds = next === '' || /[ \t\n;|&<>()]/.test(next);
  const literal = (found: string): Unquoted => ({
    part: { kind: 'text', text: found },
    length: found.length,
  });
  if (char === '{') return literal(bracesAt(text, at));
  if (char === '[') {
    if (at === start && wordEnds) return literal(char);
    const set = setAt(text.slice(at, at + 256));
    if (set === undefined) throw new NotPlain('a file name pattern of an unusual kind');
    return set;
  }
  if (char === '*') return { part: { kind: 'many' }, length: 1 };
  if (char === '?') return { part: { kind: 'one' }, length: 1 };
  if (char === '$') {
    if (wordEnds) return literal(char);
    throw new NotPlain('an expansion ($)');
  }
  if (char === '`') throw new NotPlain('a command substitution');
  if (char === '~' && (at === start || /[=:]/.test(text[at - 1] ?? ''))) {
    if (at === start && (wordEnds || next === '/')) return { part: { kind: 'home' }, length: 1 };
    throw new NotPlain('a home folder (~) of an unusual kind');
  }
  if (!LITERAL.test(char)) throw new NotPlain(`the character ${char}`);
  return literal(char);
}

/** `{}` and the reflog forms of git (`@{1}`, `@{upstream}`) are literal; other braces may expand. */
function bracesAt(text: string, at: number): string {
  const match = /^\{[A-Za-z0-9-]*\}/.exec(text.slice(at, at + 40));
  const literal = match?.[0];
  if (literal === '{}' || (literal !== undefined && text[at - 1] === '@')) return literal;
  throw new NotPlain('braces');
}

function doubleQuoted(text: string, start: number): { readonly value: string; readonly end: number } {
  let value = '';
  let at = start + 1;
  while (at < text.length) {
    const char = text[at] ?? '';
    const next = text[at + 1] ?? '';
    if (char === '"') return { value, end: at + 1 };
    if (char === '`') throw new NotPlain('a command substitution');
    if (char === '$' && next !== '"' && next !== ' ') throw new NotPlain('an expansion ($)');
    if (char === '\\' && next === '\n') throw new NotPlain('a line continued inside a word');
    if (char === '\\' && /["$`\\]/.test(next)) {
      value += next;
      at += 2;
    } else {
      value += char;
      at += 1;
    }
  }
  throw new NotPlain('a quote that is not closed');
}

/** What a shell acts on itself; as the first word these are never a program. */
const RESERVED = new Set(
  (
    'if then else elif fi do done case esac while until for in function select time coproc { } ! [[ ]] ' +
    'export source . : eval exec trap alias unalias set unset shopt ulimit umask read readarray mapfile declare ' +
    'typeset local readonly let shift getopts hash bind builtin command enable caller complete compgen compopt dirs ' +
    'pushd popd disown fg bg jobs wait suspend times type history fc help logout return break continue exit'
  ).split(' '),
);

function stepsOf(tokens: readonly Token[]): [PlainStep, ...PlainStep[]] {
  const steps: PlainStep[] = [];
  let pipeline: PlainCommand[] = [];
  let words: PlainWord[] = [];
  let redirects: Redirect[] = [];
  let when: PlainStep['when'] = 'always';
  let pending: '&&' | '||' | '|' | undefined;

  const endCommand = (): boolean => {
    const empty = words.length === 0 && redirects.length === 0;
    if (!empty) {
      pipeline.push({ words: wordsOf(words), redirects });
      pending = undefined;
    }
    words = [];
    redirects = [];
    return !empty;
  };
  const endStep = (): void => {
    const [first, ...rest] = pipeline;
    if (first === undefined) return;
    steps.push({ when, pipeline: [first, ...rest] });
    pipeline = [];
  };

  for (const token of tokens) {
    if (token.kind === 'word') words.push(wordOf(token));
    else if (token.kind === 'redirect') redirects.push(...token.redirects);
    else if (token.text === '\n') {
      if (!endCommand() && pending !== undefined) continue;
      endStep();
      when = 'always';
    } else {
      if (!endCommand()) throw new NotPlain('an operator with no command before it');
      if (token.text === '|') pending = '|';
      else {
        endStep();
        when = token.text === '&&' ? 'afterSuccess' : token.text === '||' ? 'afterFailure' : 'always';
        pending = token.text === ';' ? undefined : token.text;
      }
    }
  }
  endCommand();
  if (pending !== undefined) throw new NotPlain('an operator with no command after it');
  endStep();
  const [first, ...rest] = steps;
  if (first === undefined) throw new NotPlain('nothing to run');
  return [first, ...rest];
}

function wordOf({ value, raw, parts }: PlainWord): PlainWord {
  return parts === undefined ? { value, raw } : { value, raw, parts };
}

function wordsOf([first, ...rest]: readonly PlainWord[]): [PlainWord, ...PlainWord[]] {
  if (first === undefined) throw new NotPlain('a redirection without a command');
  if (first.parts !== undefined) throw new NotPlain('a file name pattern in the place of a command');
  if (first.value === '') throw new NotPlain('an empty command name');
  if (RESERVED.has(first.value)) throw new NotPlain(`"${first.value}", which only a shell understands`);
  if (/^[A-Za-z_][A-Za-z0-9_]*(?:\[.*\])?\+?=/s.test(first.raw)) throw new NotPlain('an assignment');
  // Bash takes %name for a job, quoted or not.
  if (/^[!%~]/.test(first.value)) throw new NotPlain('an unusual command name');
  return [first, ...rest];
}

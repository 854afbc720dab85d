import type { SearchQuery } from '../protocol/effect.ts';

/**
 * A pattern in two spellings that mean exactly the same, whichever engine searches: `rust` for ripgrep, `js` for a
 * RegExp with the flag v. Both look at one line without its line end.
 */
export type SearchPattern =
  | { readonly kind: 'pattern'; readonly rust: string; readonly js: string }
  | { readonly kind: 'refused'; readonly because: string };

const WORD = '\\p{Alphabetic}\\p{M}\\p{Nd}\\p{Pc}\\p{Join_Control}';
const SPACE =
  '\\u{9}\\u{b}\\u{c}\\u{20}\\u{85}\\u{a0}\\u{1680}\\u{2000}-\\u{200a}\\u{2028}\\u{2029}\\u{202f}\\u{205f}\\u{3000}';
const LINE_END = '\\u{a}\\u{d}';

/** What stands inside the brackets of a class; a class never holds a line end, so CRLF files match like others. */
const CLASSES: { readonly [letter: string]: string | undefined } = {
  d: '[\\p{Nd}]',
  D: `[^\\p{Nd}${LINE_END}]`,
  w: `[${WORD}]`,
  W: `[^${WORD}${LINE_END}]`,
  s: `[${SPACE}]`,
  S: `[^${SPACE}${LINE_END}]`,
};

const CONTROLS: { readonly [letter: string]: string | undefined } = { t: '\t', f: '\f', v: '\v' };

type Scanner = { readonly text: string; at: number };
type Spelling = { readonly rust: string; readonly js: string };

class NotUnderstood extends Error {
  override readonly name = 'NotUnderstood';
}

/** Literal texts are spelled as patterns too. */
export function searchPattern({ pattern, isRegex }: SearchQuery): SearchPattern {
  if (!isRegex) {
    const text = Array.from(pattern, literal).join('');
    return { kind: 'pattern', rust: text, js: text };
  }
  try {
    const scanner: Scanner = { text: pattern, at: 0 };
    const spelling = alternatives(scanner, 0);
    if (scanner.at < pattern.length) throw new NotUnderstood('a ")" closes nothing');
    return { kind: 'pattern', ...spelling };
  } catch (error) {
    if (!(error instanceof NotUnderstood)) throw error;
    return { kind: 'refused', because: `the pattern is not understood: ${error.message}` };
  }
}

function alternatives(scanner: Scanner, depth: number): Spelling {
  if (depth > 50) throw new NotUnderstood('its groups lie deeper than 50');
  let rust = '';
  let js = '';
  while (scanner.at < scanner.text.length && peek(scanner) !== ')') {
    if (take(scanner, '|')) {
      rust += '|';
      js += '|';
      continue;
    }
    const piece = atom(scanner, depth);
    const times = quantifier(scanner);
    if (times !== '' && piece.isAnchor) throw new NotUnderstood('an anchor cannot be repeated');
    rust += piece.rust + times;
    js += piece.js + times;
  }
  return { rust, js };
}

function atom(scanner: Scanner, depth: number): Spelling & { readonly isAnchor?: true } {
  const char = next(scanner);
  switch (char) {
    case '.':
      return same(`[^${LINE_END}]`);
    case '^':
      return { ...same('^'), isAnchor: true };
    case '$':
      return { rust: '(?:\\u{d}?$)', js: '$', isAnchor: true };
    case '(':
      return group(scanner, depth);
    case '[':
      return same(charClass(scanner));
    case '\\':
      return escape(scanner);
    case '*':
    case '+':
    case '?':
      throw new NotUnderstood(`there is nothing before "${char}" that could be repeated`);
    default:
      return same(literal(char));
  }
}

function group(scanner: Scanner, depth: number): Spelling {
  if (take(scanner, '?') && !take(scanner, ':')) {
    const named = /^P?<[A-Za-z_][A-Za-z0-9_]*>/.exec(scanner.text.slice(scanner.at));
    if (named === null) throw new NotUnderstood('look-around and flags inside the pattern are not available');
    scanner.at += named[0].length;
  }
  const inside = alternatives(scanner, depth + 1);
  if (!take(scanner, ')')) throw new NotUnderstood('a "(" is not closed');
  return { rust: `(?:${inside.rust})`, js: `(?:${inside.js})` };
}

function escape(scanner: Scanner): Spelling & { readonly isAnchor?: true } {
  const char = next(scanner);
  const known = CLASSES[char];
  if (known !== undefined) return same(known);
  const before = `(?<=[${WORD}])`;
  const behind = `(?=[${WORD}])`;
  const noneBefore = `(?<![${WORD}])`;
  const noneBehind = `(?![${WORD}])`;
  if (char === 'b')
    return { rust: '\\b', js: `(?:${before}${noneBehind}|${noneBefore}${behind})`, isAnchor: true };
  if (char === 'B')
    return { rust: '\\B', js: `(?:${before}${behind}|${noneBefore}${noneBehind})`, isAnchor: true };
  return same(literal(escapedCharacter(scanner, char)));
}

/** The one character an escape stands for. */
function escapedCharacter(scanner: Scanner, char: string): string {
  const control = CONTROLS[char];
  if (control !== undefined) return control;
  if (char === 'n' || char === 'r')
    throw new NotUnderstood('lines are searched one by one, so line ends never match');
  if (char === 'x' || char === 'u') {
    const digits =
      char === 'x'
        ? /^(?:\{([0-9A-Fa-f]{1,6})\}|([0-9A-Fa-f]{2}))/
        : /^(?:\{([0-9A-Fa-f]{1,6})\}|([0-9A-Fa-f]{4}))/;
    const found = digits.exec(scanner.text.slice(scanner.at));
    const code = Number.parseInt(found?.[1] ?? found?.[2] ?? '', 16);
    if (found === null || code > 0x10ffff || (code >= 0xd800 && code < 0xe000))
      throw new NotUnderstood(`"\\${char}" is not followed by the number of a character`);
    scanner.at += found[0].length;
    return String.fromCodePoint(code);
  }
  if (/[\p{L}\p{N}]/u.test(char)) throw new NotUnderstood(`"\\${char}" is not available`);
  return char;
}

function charClass(scanner: Scanner): string {
  const negated = take(scanner, '^');
  let inside = '';
  let isFirst = true;
  for (;;) {
    if (scanner.at >= scanner.text.length) throw new NotUnderstood('a "[" is not closed');
    if (!isFirst && take(scanner, ']')) break;
    isFirst = false;
    const from = classMember(scanner);
    if (from.isSet || peek(scanner) !== '-' || scanner.text[scanner.at + 1] === ']') {
      inside += from.isSet ? from.spelled : literal(from.char);
      continue;
    }
    next(scanner);
    const to = classMember(scanner);
    if (to.isSet || (to.char.codePointAt(0) ?? 0) < (from.char.codePointAt(0) ?? 0))
      throw new NotUnderstood('a range in brackets does not go up');
    inside += `${literal(from.char)}-${literal(to.char)}`;
  }
  return negated ? `[^${inside}${LINE_END}]` : `[${inside}]`;
}

type ClassMember =
  { readonly isSet: true; readonly spelled: string } | { readonly isSet: false; readonly char: string };

function classMember(scanner: Scanner): ClassMember {
  const char = next(scanner);
  if (char === '[') throw new NotUnderstood('a "[" inside brackets must be written "\\["');
  if ((char === '&' || char === '-' || char === '~') && peek(scanner) === char)
    throw new NotUnderstood(`"${char}${char}" inside brackets is not available`);
  if (char !== '\\') return { isSet: false, char };
  const letter = next(scanner);
  const spelled = CLASSES[letter];
  if (spelled !== undefined) return { isSet: true, spelled };
  return { isSet: false, char: escapedCharacter(scanner, letter) };
}

/** A brace that opens no number is a brace: people search for code. */
function quantifier(scanner: Scanner): string {
  const found = /^(?:[*+?]|\{(\d{1,4})(?:,(\d{0,4}))?\})\??/.exec(scanner.text.slice(scanner.at));
  if (found === null) return '';
  const [whole, least, most] = found;
  if (Math.max(Number(least ?? 0), Number(most ?? 0)) > 1000)
    throw new NotUnderstood('nothing can be repeated more than 1000 times');
  if (least !== undefined && most !== undefined && most !== '' && Number(most) < Number(least))
    throw new NotUnderstood(`"${whole}" asks for at least more than at most`);
  scanner.at += whole.length;
  if (/^[*+?]/.test(scanner.text.slice(scanner.at)))
    throw new NotUnderstood('something is repeated twice over; put it into brackets');
  return whole;
}

function literal(char: string): string {
  return `\\u{${(char.codePointAt(0) ?? 0).toString(16)}}`;
}

function same(text: string): Spelling {
  return { rust: text, js: text };
}

function peek({ text, at }: Scanner): string {
  return text[at] ?? '';
}

function take(scanner: Scanner, char: string): boolean {
  if (peek(scanner) !== char) return false;
  scanner.at += 1;
  return true;
}

function next(scanner: Scanner): string {
  const code = scanner.text.codePointAt(scanner.at);
  if (code === undefined) throw new NotUnderstood('it ends too early');
  const char = String.fromCodePoint(code);
  scanner.at += char.length;
  return char;
}

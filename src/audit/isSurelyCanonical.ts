const QUOTE = 0x22;
const COMMA = 0x2c;
const MINUS = 0x2d;
const ZERO = 0x30;
const NINE = 0x39;
const COLON = 0x3a;
const BACKSLASH = 0x5c;
const OPEN_LIST = 0x5b;
const CLOSE_LIST = 0x5d;
const OPEN_OBJECT = 0x7b;
const CLOSE_OBJECT = 0x7d;

/** A backslash behind which canonical JSON could not go on so. An escaped one may pass for the beginning of an escape. */
const ODD_ESCAPE = /\\(?!["\\bfnrt]|u00(?:0[0-7be-f]|1[0-9a-f]))/;
/** Integers that every reader takes for the same number. */
const MOST_DIGITS = 15;
const MOST_NESTED = 64;

/**
 * Whether a text that is JSON is surely canonical, told without writing it anew. False says nothing: what is rare
 * (fractions, names beyond ASCII, deep nesting) is left to whoever writes the value anew and compares.
 */
export function isSurelyCanonical(text: string): boolean {
  return valueEnd(text, 0, 0) === text.length;
}

/** Where the value ends that begins at `at`; -1 when it is not surely canonical. */
function valueEnd(text: string, at: number, depth: number): number {
  const first = text.charCodeAt(at);
  if (first === QUOTE) return stringEnd(text, at + 1);
  if (first === OPEN_OBJECT) return depth === MOST_NESTED ? -1 : objectEnd(text, at + 1, depth + 1);
  if (first === OPEN_LIST) return depth === MOST_NESTED ? -1 : listEnd(text, at + 1, depth + 1);
  if (first === MINUS || (first >= ZERO && first <= NINE)) return integerEnd(text, at);
  for (const word of ['true', 'false', 'null']) if (text.startsWith(word, at)) return at + word.length;
  return -1;
}

/** `at` is behind the opening quote. That the text is JSON rules out raw controls and escapes that are none. */
function stringEnd(text: string, at: number): number {
  let quote = text.indexOf('"', at);
  while (isEscaped(text, quote, at)) quote = text.indexOf('"', quote + 1);
  if (quote === -1) return -1;
  const escape = text.indexOf('\\', at);
  const odd = escape !== -1 && escape < quote && ODD_ESCAPE.test(text.slice(escape, quote));
  return odd ? -1 : quote + 1;
}

/** Whether an odd number of backslashes stands before a character. */
function isEscaped(text: string, at: number, from: number): boolean {
  let before = at - 1;
  while (before >= from && text.charCodeAt(before) === BACKSLASH) before -= 1;
  return (at - before) % 2 === 0;
}

function listEnd(text: string, at: number, depth: number): number {
  if (text.charCodeAt(at) === CLOSE_LIST) return at + 1;
  for (let next = at; ; next += 1) {
    next = valueEnd(text, next, depth);
    if (next === -1) return -1;
    const code = text.charCodeAt(next);
    if (code === CLOSE_LIST) return next + 1;
    if (code !== COMMA) return -1;
  }
}

function objectEnd(text: string, at: number, depth: number): number {
  if (text.charCodeAt(at) === CLOSE_OBJECT) return at + 1;
  let before: string | undefined;
  for (let next = at; ; next += 1) {
    const nameEnd = text.indexOf('"', next + 1);
    if (text.charCodeAt(next) !== QUOTE || nameEnd === -1) return -1;
    const name = text.slice(next + 1, nameEnd);
    if (!isPlain(name) || (before !== undefined && before >= name)) return -1;
    before = name;
    if (text.charCodeAt(nameEnd + 1) !== COLON) return -1;
    next = valueEnd(text, nameEnd + 2, depth);
    if (next === -1) return -1;
    const code = text.charCodeAt(next);
    if (code === CLOSE_OBJECT) return next + 1;
    if (code !== COMMA) return -1;
  }
}

/** Printable ASCII that needs no escape: its order is the same whatever it is compared by. */
function isPlain(name: string): boolean {
  for (let at = 0; at < name.length; at += 1) {
    const code = name.charCodeAt(at);
    if (code < 0x20 || code > 0x7e || code === BACKSLASH) return false;
  }
  return true;
}

function integerEnd(text: string, at: number): number {
  const start = text.charCodeAt(at) === MINUS ? at + 1 : at;
  let next = start;
  for (; next < text.length; next += 1) {
    const code = text.charCodeAt(next);
    if (code < ZERO || code > NINE) break;
  }
  const digits = next - start;
  if (digits === 0 || digits > MOST_DIGITS) return -1;
  if (text.charCodeAt(start) === ZERO && (digits > 1 || start > at)) return -1;
  const after = text.charCodeAt(next);
  // A fraction or an exponent goes on here; whoever reads the value finds it.
  return after === 0x2e || after === 0x45 || after === 0x65 ? -1 : next;
}

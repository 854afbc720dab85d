import type { Match } from './textMatcher.ts';

/** In small letters. */
export const BLOCK_LITERALS = [
  '-----begin ',
  '-----end ',
  'private-lines:',
  'kind: secret',
  '"kind": "secret"',
];

const PRIVATE_HEADER = /-----(?:BEGIN|END) (?:[A-Z0-9]{1,12} ){0,4}PRIVATE KEY(?: BLOCK)?-----/y;
const MOST = 32_768;
const LINE_END = /\\{0,3}\\r\\{0,3}\\n|\\{0,3}\\n|\r?\n|\r/g;
const BASE64 = /[A-Za-z0-9+/=]/;

/** What was found, and up to where the text was examined. */
export type Block = {
  readonly kind: 'private-key' | 'kubernetes-secret';
  readonly found: readonly Match[];
  readonly end: number;
};
type Found = Omit<Block, 'kind'>;

/** What stands in the block whose literal stands at `at`. */
export function blockAt(text: string, at: number): Block {
  const first = text[at];
  if (first === '-') return { kind: 'private-key', ...privateKeyAt(text, at) };
  if (first === 'p' || first === 'P') return { kind: 'private-key', ...puttyKeyAt(text, at) };
  return { kind: 'kubernetes-secret', ...kubernetesSecretAt(text, at) };
}

/**
 * The lines of a private key, each by itself: line numbers stay what they were, and each can be put back by itself.
 * Works through prefixes on each line (numbers, diff signs, quotes), on keys written with `\n`, and on halves of keys.
 */
function privateKeyAt(text: string, at: number): Found {
  PRIVATE_HEADER.lastIndex = at;
  const header = PRIVATE_HEADER.exec(text)?.[0];
  if (header === undefined) return { found: [], end: at + 1 };
  if (header.startsWith('-----END')) return { found: linesBefore(text, at), end: at + header.length };
  const start = at + header.length;
  const next = text.indexOf('-----BEGIN', start);
  const most = Math.min(text.length, start + MOST, next === -1 ? text.length : next);
  const end = text.slice(start, most).indexOf('-----END');
  const stop = end === -1 ? most : start + end;
  const found: Match[] = [];
  for (const line of linesOf(text, start, stop)) {
    const run = runAtEnd(text, line);
    // Half a key: it goes on for as long as its lines look like one.
    const over = end === -1 && found.length > 0 && (run === undefined || run.to - run.from < 16);
    if (over) return { found, end: line.to };
    if (run !== undefined) found.push(run);
  }
  return { found, end: stop };
}

/** The last lines of a key whose beginning is not in the text; where it is, these were found from there. */
function linesBefore(text: string, end: number): readonly Match[] {
  const from = Math.max(0, end - MOST);
  const marker = text.slice(from, end).lastIndexOf('-----');
  const lines = [...linesOf(text, marker === -1 ? from : from + marker + 5, end)].reverse();
  const found: Match[] = [];
  for (const line of lines) {
    const run = runAtEnd(text, line);
    if (run === undefined && found.length === 0) continue;
    if (run === undefined || (found.length > 0 && run.to - run.from < 16)) return found;
    found.push(run);
  }
  return found;
}

/** The private lines of a PuTTY key. */
function puttyKeyAt(text: string, at: number): Found {
  const count = /private-lines:[ \t]{0,4}(\d{1,3})(?=[\r\n\\])/iy;
  count.lastIndex = at;
  const said = count.exec(text)?.[1];
  if (said === undefined) return { found: [], end: at + 1 };
  const end = Math.min(text.length, at + MOST);
  const found: Match[] = [];
  for (const line of linesOf(text, count.lastIndex, end)) {
    const run = runAtEnd(text, line);
    if (run !== undefined) found.push(run);
    if (found.length === Number(said)) return { found, end: line.to };
  }
  return { found, end };
}

const DATA = /^(?:\d+\t|[+-](?=\s))?\s*\\{0,3}"?(?:string)?data\\{0,3}"?\s*:/i;
const INDENT = /^(?:\d+\t|[+-](?=\s))?(\s*)/;
const ENTRY = /^[^:]{1,260}:\s{0,4}\\{0,3}["']?((?!<)[^\s"'\\,|>]{4,8000})\\{0,3}["']?,?\s{0,8}$/;

/** The values under `data` and `stringData` of the Kubernetes secret in whose document the literal stands. */
function kubernetesSecretAt(text: string, at: number): Found {
  if (/^(?:"kind": "secret"|kind: secret(?![a-z]))/i.exec(text.slice(at, at + 20)) === null)
    return { found: [], end: at + 1 };
  const back = Math.max(0, at - MOST);
  const before = text.slice(back, at).lastIndexOf('\n---');
  const from = before === -1 ? back : back + before;
  const most = Math.min(text.length, at + MOST);
  const after = text.slice(at, most).indexOf('\n---');
  const to = after === -1 ? most : at + after;
  const found: Match[] = [];
  let inside: number | undefined;
  for (const line of linesOf(text, from, to)) {
    const words = text.slice(line.from, line.to);
    const indent = INDENT.exec(words)?.[1]?.length ?? 0;
    if (DATA.test(words)) {
      inside = indent;
      continue;
    }
    if (words.trim() === '') continue;
    if (inside !== undefined && indent <= inside) inside = undefined;
    const secret = inside === undefined ? undefined : ENTRY.exec(words)?.[1];
    if (secret === undefined) continue;
    const start = line.from + words.lastIndexOf(secret);
    found.push({ from: start, to: start + secret.length });
  }
  return { found, end: to };
}

/** From where on a text holds a block that has not come to its end before its last word. */
export function unfinishedBlock(text: string, lastWord: number): number | undefined {
  const begin = text.lastIndexOf('-----BEGIN');
  if (begin !== -1 && !endedBefore(text, begin, lastWord)) {
    const header = /^-----BEGIN(?: [A-Z0-9]*){0,6}(?:-{0,5}$|-----)/.exec(
      text.slice(begin, begin + 100),
    )?.[0];
    const other = header?.endsWith('-----') === true && !/PRIVATE KEY(?: BLOCK)?-----$/.test(header);
    if (header !== undefined && !other) return begin;
  }
  const lower = text.toLowerCase();
  const putty = lower.lastIndexOf('private-lines:');
  if (putty !== -1 && lower.indexOf('private-mac:', putty) === -1) return putty;
  const document = Math.max(lower.lastIndexOf('apiversion:'), lower.lastIndexOf('"apiversion"'));
  const closed = document !== -1 && /\n(?:---|```|\r?\n)/.test(text.slice(document));
  return document === -1 || closed ? undefined : document;
}

function endedBefore(text: string, begin: number, lastWord: number): boolean {
  const end = text.indexOf('-----END', begin);
  const closed = end === -1 ? -1 : text.indexOf('-----', end + '-----END'.length);
  return closed !== -1 && closed < lastWord;
}

function* linesOf(text: string, from: number, to: number): Generator<Match> {
  let start = from;
  for (const end of text.slice(from, to).matchAll(LINE_END)) {
    yield { from: start, to: from + end.index };
    start = from + end.index + end[0].length;
  }
  yield { from: start, to };
}

/** The base64 letters a line ends with, whatever quotes, commas and joining signs follow them. */
function runAtEnd(text: string, line: Match): Match | undefined {
  let to = line.to;
  while (to > line.from && /[\s"'`,;\\]/.test(text[to - 1] ?? '')) to -= 1;
  // In `"…" +` the sign joins two texts; no key line ends with white space and a plus.
  while (to > line.from + 1 && text[to - 1] === '+' && /\s/.test(text[to - 2] ?? '')) {
    to -= 1;
    while (to > line.from && /[\s"'`,;\\]/.test(text[to - 1] ?? '')) to -= 1;
  }
  let from = to;
  while (from > line.from && BASE64.test(text[from - 1] ?? '')) from -= 1;
  // The letter of an escape: `2\\tMII…`.
  if (from < to && from > line.from && text[from - 1] === '\\') from += 1;
  // The sign of an added line.
  while (from < to && text[from] === '+') from += 1;
  // The number of a line that has nothing on it.
  if (text[to] === '\t' && /^\d+$/.test(text.slice(from, to))) return undefined;
  return from === to ? undefined : { from, to };
}

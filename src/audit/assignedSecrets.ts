import { entropyOf, isStandIn } from './isRandom.ts';
import { isGuessable } from './isGuessable.ts';
import { isSecretName } from './secretsOf.ts';
import type { Match } from './textMatcher.ts';

/** In small letters. Every name that stands for a secret holds one of them; most names that hold one do not. */
export const ASSIGNED_LITERALS = [
  ...['passw', 'passphrase', 'pwd', 'secret', 'token', 'credential', 'creds', 'auth', 'cookie'],
  ...['apikey', 'api_key', 'api-key', 'accesskey', 'access_key', 'access-key', 'privatekey', 'private_key'],
  ...['private-key', 'signingkey', 'signing_key', 'encryptionkey', 'encryption_key', 'encryption-key'],
  ...['masterkey', 'master_key', 'accountkey', 'account_key', 'sharedkey', 'shared_key', 'servicekey'],
  ...['service_key', 'deploykey', 'deploy_key', 'licensekey', 'license_key', 'hmackey', 'hmac_key'],
];

const LONGEST_NAME = 64;
const SHORTEST_WORD_ON_AVERAGE = 3.3;
const WORD_EDGE = /[^A-Za-z]+|(?<=[a-z])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])/;
const NAME = /[A-Za-z0-9_.-]/;
/** What may stand between a name and its value; in JSON texts inside JSON texts quotes have backslashes before them. */
const GIVES = /\\{0,3}["'`]?\]?\??[ \t]{0,8}(?::=|=>|===?|[=:]|(?=>))[ \t]{0,8}/y;
const OPTION = /[ \t]{1,4}(?=[^\s-])/y;
const CALL = /\\{0,3}["'`]?[ \t]{0,2}[(,][ \t]{0,4}(?=\\{0,3}["'`])/y;
const QUOTED = /(\\{0,3})(["'`])((?:[^"'`\\\r\n]|\\\\|\\(?=[^"'`\\nrt])){6,256})\1\2/y;
const MARKED_UP = />([^\s<>"'`\\]{6,256})(?=<\/)/y;
const BARE = /((?:[^\s"'`<>(){}[\],;&|=\\]|\\\\){6,256}={0,2})(?=$|\s|[&,;|"'`<]|\\[nrt"])/y;
/** Of what is still coming, everything that could belong to one assignment. */
const UNFINISHED =
  /^\\{0,3}["'`]?\]?\??[ \t]{0,8}(?:(?::=?|=>?|===?|[=(,>])[ \t]{0,8}(?:[^\s"'`]{0,300}|\\{0,3}["'`][^"'`\r\n]{0,260}(?:["'`]\S{0,300})?))?$|^[ \t]{1,4}\S{0,300}$/;

/** The values that the name before them, at a place where a literal stands, and their own randomness give away. */
export function assignedSecretAt(
  text: string,
  at: number,
): { readonly nameEnd: number; readonly value?: Match } {
  const [start, end] = nameAround(text, at);
  const name = text.slice(start, end).replace(/^-+/, '');
  if (end - start > LONGEST_NAME || !isSecretName(name)) return { nameEnd: end };
  const value = valueAfter(text, end, { option: text.startsWith('--', start), name });
  return value === undefined ? { nameEnd: end } : { nameEnd: end, value };
}

/** Where the name stands that `text` may be about to give a value to; undefined when it is not. */
export function unfinishedAssignment(text: string, at: number): number | undefined {
  const [start, end] = nameAround(text, at);
  return UNFINISHED.test(text.slice(end, end + 700)) && text.length - end < 700 ? start : undefined;
}

function nameAround(text: string, at: number): readonly [start: number, end: number] {
  let start = at;
  while (start > 0 && at - start <= LONGEST_NAME && NAME.test(text[start - 1] ?? '')) start -= 1;
  // The letter of an escape, as in `\\nPASSWORD=…` within a JSON text, is no part of the name.
  if (text[start - 1] === '\\' && start < at && /[nrt]/.test(text[start] ?? '')) start += 1;
  let end = at;
  while (end < text.length && end - at <= LONGEST_NAME && NAME.test(text[end] ?? '')) end += 1;
  return [start, end];
}

function valueAfter(
  text: string,
  end: number,
  { option, name }: { option: boolean; name: string },
): Match | undefined {
  const given = endOf(GIVES, text, end) ?? (option ? endOf(OPTION, text, end) : undefined);
  const from = given ?? endOf(CALL, text, end);
  if (from === undefined) return undefined;
  const quoted = groupAt(QUOTED, text, from, 3);
  if (quoted !== undefined) return looksSecret(quoted.value, name, 'quoted') ? quoted.at : undefined;
  if (given === undefined) return undefined;
  const marked = groupAt(MARKED_UP, text, from, 1);
  if (marked !== undefined) return looksSecret(marked.value, name, 'quoted') ? marked.at : undefined;
  const bare = groupAt(BARE, text, from, 1);
  return bare !== undefined && looksSecret(bare.value, name, 'bare') ? bare.at : undefined;
}

function endOf(pattern: RegExp, text: string, at: number): number | undefined {
  pattern.lastIndex = at;
  return pattern.test(text) ? pattern.lastIndex : undefined;
}

function groupAt(pattern: RegExp, text: string, at: number, group: number) {
  pattern.lastIndex = at;
  const match = pattern.exec(text);
  const value = match?.[group];
  if (match === null || value === undefined) return undefined;
  const before = group === 3 ? (match[1]?.length ?? 0) + 1 : match[0].length - value.length;
  const from = at + before;
  return { value, at: { from, to: from + value.length } };
}

/**
 * Whether a value is more likely generated or thought up as a password than written as part of a program. Words alone
 * are left alone: too many of them are names and sentences.
 */
function looksSecret(value: string, name: string, how: 'quoted' | 'bare'): boolean {
  if (value.length < 8 || isGuessable(value) || isStandIn(value)) return false;
  if (!/[A-Za-z]/.test(value)) return false;
  const inProgram = how === 'bare' && name !== name.toUpperCase();
  if (
    !/\d/.test(value) &&
    ((inProgram && /^[\w$#?.]*$/.test(value)) || isMadeOfWords(value) || /\s/.test(value))
  )
    return false;
  if (/\$\{|\{\{|%[({]|<[a-z%]|:\/\/|^[$%@#]\w+$|^\$|process\.env|\bos\.environ/.test(value)) return false;
  if (/\s/.test(value) && value.split(/\s+/).length > 4) return false;
  const password = /pass|pwd/i.test(name);
  if (isIdentifier(value) || (inProgram && isExpression(value))) return false;
  if (inProgram && !password && value.length < 12) return false;
  return entropyOf(value) >= (password || value.length <= 16 ? 2.5 : 3);
}

/** Words joined as programs join them, with a number or two: `utf8Token`, `my-app-v2`, `sha256`. */
function isIdentifier(value: string): boolean {
  if (/[^\w.:/@ -]/.test(value)) return false;
  const digits = value.replace(/\D/g, '').length;
  return digits <= 3 && digits * 5 <= value.length && isMadeOfWords(value);
}

/** What stands bare after a name in a program is most often another name: `X509Credential`, `options2?.auth`. */
function isExpression(value: string): boolean {
  const numbers = value.match(/\d+/g)?.length ?? 0;
  return /^[A-Za-z_$#][\w$#?.]*$/.test(value) && numbers <= 2 && isMadeOfWords(value);
}

/** Random letters fall into shorter pieces, or into pieces nobody can say. */
function isMadeOfWords(value: string): boolean {
  const words = value.split(WORD_EDGE).filter((word) => word !== '');
  const letters = words.join('').length;
  return letters >= words.length * SHORTEST_WORD_ON_AVERAGE && words.every(isWord);
}

function isWord(word: string): boolean {
  if (/[b-df-hj-np-tv-xz]{6}/i.test(word)) return false;
  return (
    word.length <= 2 ||
    /^[A-Z]{1,5}$/.test(word) ||
    /^[A-Z]?[a-z]*[aeiouy][a-z]*$|^[A-Z]*[AEIOUY][A-Z]*$/.test(word)
  );
}

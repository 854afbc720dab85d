import { createHmac } from 'node:crypto';
import type { Redactor } from '../protocol/ports.ts';
import { beginningAtEnd, secretFinder, type Finding } from './findSecrets.ts';
import { isGuessable } from './isGuessable.ts';
import type { Secret } from './secretsOf.ts';
import { textMatcher, type Match } from './textMatcher.ts';

export type RedactorOptions = {
  readonly secrets: readonly Secret[];
  /** Secret and of this session alone: without it nobody can test a guess against a placeholder's tag. */
  readonly key: Uint8Array;
};

export type SessionRedactor = Redactor & {
  /** Secrets that became known; they are redacted from here on, and what was redacted before can still be restored. */
  also(secrets: readonly Secret[]): void;
  /** From where on a text that goes on could hold a secret that is not whole yet; its length when nowhere. */
  unfinished(text: string): number;
};

const SHORTEST = 8;
/** What stands in every placeholder cannot be a secret: it would be found again in what replaced it. */
const PLACEHOLDER_WORDS = '<redacted:several:secret.base64url-';
const PLACEHOLDER = /<redacted:[a-z0-9.-]+:[a-z2-7]{8}>/g;
/** Values found by rules that are looked for by themselves from then on; beyond that, rules alone must do. */
const MOST_LEARNED = 2_000;
/** What is replaced may bring out what stood beside it, so a text is looked at until nothing more is found in it. */
const MOST_LOOKS = 6;

/** Exact values come before everything the rules say. */
const KNOWN = -2;

/**
 * Replaces secrets by `<redacted:kind:tag>`: the known values with the forms they take in URLs, in JSON and in base64,
 * then whatever rules take for a secret, which counts as a known value from then on. Known values that are too short or
 * too common to be told from ordinary text are left alone.
 */
export function createRedactor({ secrets, key }: RedactorOptions): SessionRedactor {
  const finder = secretFinder();
  const texts = new Map<string, string>();
  const values = new Map<string, string>();
  const tags = new Map<string, string>();
  const known = new Set<string>();
  let learned = 0;
  let matches: ((text: string) => Iterable<Match>) | undefined;
  let withSpaces: readonly string[] = [];

  function add(text: string, placeholder: string): void {
    if (texts.has(text)) return;
    texts.set(text, placeholder);
    values.set(placeholder, text);
    matches = undefined;
  }

  function also(more: readonly Secret[]): void {
    const fresh = more.filter(({ name, value }) => !known.has(`${name}=${value}`));
    for (const { name, value } of fresh) known.add(`${name}=${value}`);
    for (const [text, placeholder] of placeholders(fresh, key)) add(text, placeholder);
  }

  /** The tables over the known texts, made anew only when there are more of them. */
  function exact(): (text: string) => Iterable<Match> {
    if (matches !== undefined) return matches;
    const all = [...texts.keys()].filter((text) => text.length >= SHORTEST);
    withSpaces = all.filter((text) => /\s/.test(text));
    matches = all.length === 0 ? () => [] : textMatcher(all, SHORTEST);
    return matches;
  }

  function placeholderOf(covered: string, kind: string): string {
    const tag = tags.get(covered) ?? tagOf(key, covered);
    tags.set(covered, tag);
    const made = texts.get(covered) ?? `<redacted:${kind}:${tag}>`;
    values.set(made, covered);
    if (texts.has(covered) || covered.length < SHORTEST || isGuessable(covered)) return made;
    if (learned >= MOST_LEARNED) return made;
    learned += 1;
    add(covered, made);
    return made;
  }

  function look(text: string): string {
    const found: Finding[] = [...finder.find(text)];
    for (const match of exact()(text)) found.push({ ...match, kind: 'several', rank: KNOWN });
    if (found.length === 0) return text;
    const parts: string[] = [];
    let done = 0;
    for (const { from, to, kind } of merged(apartFrom(ownPlaceholders(text, values), inOrder(found)))) {
      parts.push(text.slice(done, from), placeholderOf(text.slice(from, to), kind));
      done = to;
    }
    return done === 0 ? text : parts.join('') + text.slice(done);
  }

  also(secrets);
  return {
    also,
    redact(text) {
      let before = text;
      for (let looks = 0; looks < MOST_LOOKS; looks += 1) {
        const after = look(before);
        if (after === before) return after;
        before = after;
      }
      return before;
    },
    unfinished(text) {
      const matches = [...exact()(text)].reverse();
      let open = finder.unfinished(text);
      for (const sought of withSpaces) open = Math.min(open, text.length - beginningAtEnd(text, sought));
      for (const { from, to } of matches) if (from < open && open < to) open = from;
      return open;
    },
    restore(text, before) {
      let refused: string | undefined;
      const restored = text.replace(PLACEHOLDER, (placeholder) => {
        const value = values.get(placeholder);
        if (value === undefined) return placeholder;
        if (before.includes(value)) return value;
        refused ??= placeholder;
        return placeholder;
      });
      if (refused === undefined) return { kind: 'restored', text: restored };
      return {
        kind: 'refused',
        because: `The text holds ${refused}, which stands for a secret that was not in this file before, so nothing was changed; leave such placeholders where they stood.`,
      };
    },
  };
}

/** Where placeholders stand that this session made. What they replaced is gone; they are never replaced themselves. */
function ownPlaceholders(text: string, values: ReadonlyMap<string, string>): readonly Match[] {
  const own: Match[] = [];
  for (const { 0: placeholder, index } of text.matchAll(PLACEHOLDER))
    if (values.has(placeholder)) own.push({ from: index, to: index + placeholder.length });
  return own;
}

function inOrder(found: readonly Finding[]): readonly Finding[] {
  return [...found].sort((one, other) => one.from - other.from || other.to - one.to || one.rank - other.rank);
}

/** The findings that touch none of the places. Both come in order. */
function* apartFrom(places: readonly Match[], found: readonly Finding[]): Generator<Finding> {
  let at = 0;
  for (const finding of found) {
    while ((places[at]?.to ?? Number.POSITIVE_INFINITY) <= finding.from) at += 1;
    if ((places[at]?.from ?? Number.POSITIVE_INFINITY) >= finding.to) yield finding;
  }
}

/** Every text to be replaced, with what replaces it. Each form has a placeholder of its own, so that it can come back exactly. */
function placeholders(secrets: readonly Secret[], key: Uint8Array): Map<string, string> {
  const found = new Map<string, string>();
  const taken = secrets
    .map(({ name, value }) => ({ name, value: value.trim() }))
    .filter(({ value }) => !isGuessable(value) && !PLACEHOLDER_WORDS.includes(value));
  const values = taken.map(({ value }) => value);
  for (const { name, value } of taken) {
    const kind = kindOf(name, values);
    const tag = tagOf(key, value);
    const lines = value.split(/\r?\n/).map((line) => line.trim());
    // A value of several lines stands in files line by line; what tells lines by number must not lose any.
    for (const line of lines.length > 1 ? lines.filter(isSecretLine) : [])
      found.set(line, `<redacted:${kind}:${tagOf(key, line)}>`);
    for (const [form, text] of formsOf(value))
      if (text.length >= SHORTEST && !found.has(text)) found.set(text, `<redacted:${kind}${form}:${tag}>`);
  }
  return found;
}

function isSecretLine(line: string): boolean {
  return line.length >= 2 * SHORTEST && !isGuessable(line) && !line.startsWith('-----');
}

function formsOf(value: string): (readonly [form: string, text: string])[] {
  const bytes = Buffer.from(value, 'utf8');
  const whole: [string, string][] = /[\r\n]/.test(value) ? [] : [['', value]];
  return [
    ...whole,
    ['.json', JSON.stringify(value).slice(1, -1)],
    ['.url', percentEncoded(value)],
    ['.url-lower', percentEncoded(value).replace(/%../g, (byte) => byte.toLowerCase())],
    ['.form', percentEncoded(value).replaceAll('%20', '+')],
    ...[0, 1, 2].flatMap((offset) => {
      const text = base64Within(bytes, offset);
      const forUrls = text.replaceAll('+', '-').replaceAll('/', '_');
      return [[`.base64-${offset}`, text] as const, [`.base64url-${offset}`, forUrls] as const];
    }),
  ];
}

/** The characters that do not depend on what stands around the value, when it begins `offset` bytes into a group of three. */
function base64Within(bytes: Uint8Array, offset: number): string {
  const text = Buffer.concat([Buffer.alloc(offset), bytes])
    .toString('base64')
    .replace(/=+$/, '');
  const first = Math.ceil((offset * 8) / 6);
  const last = Math.floor(((offset + bytes.length) * 8) / 6);
  return text.slice(first, last);
}

function percentEncoded(value: string): string {
  return encodeURIComponent(value.toWellFormed());
}

/** The name of a secret, unless it gives one away. */
function kindOf(name: string, values: readonly string[]): string {
  const slug = name
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-+|-+$/g, '')
    .slice(0, 40);
  const telling = slug === '' || values.some((value) => `<redacted:${slug}.base64url-`.includes(value));
  return telling ? 'secret' : slug;
}

/** 40 bits in the letters of base32: enough to tell secrets apart, worth nothing without the key. */
function tagOf(key: Uint8Array, value: string): string {
  const letters = 'abcdefghijklmnopqrstuvwxyz234567';
  const digest = createHmac('sha256', key).update(value).digest();
  let bits = digest.readUIntBE(0, 5);
  let tag = '';
  for (let at = 0; at < 8; at += 1) {
    tag = `${letters[bits % 32]}${tag}`;
    bits = Math.floor(bits / 32);
  }
  return tag;
}

/** Findings in order; those that overlap become one, of the kind that covers it all and knows most about it; else it is several. */
function* merged(found: Iterable<Finding>): Generator<Match & { readonly kind: string }> {
  let current: Finding | undefined;
  for (const next of found) {
    if (current === undefined || next.from >= current.to) {
      if (current !== undefined) yield current;
      current = next;
    } else if (next.to > current.to) {
      current = { from: current.from, to: next.to, kind: 'several', rank: KNOWN };
    }
  }
  if (current !== undefined) yield current;
}

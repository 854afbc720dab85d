import { createHmac } from 'node:crypto';
import type { Redactor } from '../protocol/ports.ts';
import { isGuessable } from './isGuessable.ts';
import type { Secret } from './secretsOf.ts';
import { textMatcher, type Match } from './textMatcher.ts';

export type RedactorOptions = {
  readonly secrets: readonly Secret[];
  /** Secret and of this session alone: without it nobody can test a guess against a placeholder's tag. */
  readonly key: Uint8Array;
};

const SHORTEST = 8;
/** What stands in every placeholder cannot be a secret: it would be found again in what replaced it. */
const PLACEHOLDER_WORDS = '<redacted:several:secret.base64url-';
const PLACEHOLDER = /<redacted:[a-z0-9.-]+:[a-z2-7]{8}>/g;

/**
 * Replaces the secrets, and the forms they take in URLs, in JSON and in base64, by `<redacted:kind:tag>`. Values that
 * are too short or too common to be told from ordinary text are left alone. Without secrets it does nothing at all.
 */
export function createRedactor({ secrets, key }: RedactorOptions): Redactor {
  const texts = placeholders(secrets, key);
  const values = new Map([...texts].map(([text, placeholder]) => [placeholder, text]));
  if (texts.size === 0) return { redact: (text) => text, restore: (text) => ({ kind: 'restored', text }) };
  const matches = textMatcher([...texts.keys()], SHORTEST);

  /** Secrets that overlap one another become one placeholder, which stands for all of the text they cover. */
  function placeholderOf(covered: string): string {
    const known = texts.get(covered);
    if (known !== undefined) return known;
    const made = `<redacted:several:${tagOf(key, covered)}>`;
    texts.set(covered, made);
    values.set(made, covered);
    return made;
  }

  return {
    redact(text) {
      const parts: string[] = [];
      let done = 0;
      for (const { from, to } of merged(matches(text))) {
        parts.push(text.slice(done, from), placeholderOf(text.slice(from, to)));
        done = to;
      }
      return done === 0 ? text : parts.join('') + text.slice(done);
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
    for (const [form, text] of formsOf(value))
      if (text.length >= SHORTEST && !found.has(text)) found.set(text, `<redacted:${kind}${form}:${tag}>`);
  }
  return found;
}

function formsOf(value: string): (readonly [form: string, text: string])[] {
  const bytes = Buffer.from(value, 'utf8');
  return [
    ['', value],
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

/** Matches that overlap become one. */
function* merged(matches: Iterable<Match>): Generator<Match> {
  let current: Match | undefined;
  for (const match of matches) {
    if (current !== undefined && match.from < current.to) {
      current = { from: current.from, to: Math.max(current.to, match.to) };
      continue;
    }
    if (current !== undefined) yield current;
    current = match;
  }
  if (current !== undefined) yield current;
}

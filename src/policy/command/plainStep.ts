import type { CommandStep, PatternPart, Redirect } from '../../protocol/command.ts';

/** A word after quote removal. `parts` only where it holds a pattern; `value` then has the pattern's own characters. */
export type PlainWord = {
  readonly value: string;
  /** As written, quotes included. */
  readonly raw: string;
  readonly parts?: readonly PatternPart[];
};

export type PlainCommand = {
  readonly words: readonly [PlainWord, ...PlainWord[]];
  readonly redirects: readonly Redirect[];
};

/** A step as it stands in the text: patterns not yet expanded, folders not yet told. */
export type PlainStep = {
  readonly when: CommandStep['when'];
  readonly pipeline: readonly [PlainCommand, ...PlainCommand[]];
};

/** Joins texts that follow each other; undefined where there is nothing but text. */
export function patternOf(parts: readonly PatternPart[]): readonly PatternPart[] | undefined {
  if (parts.every(({ kind }) => kind === 'text')) return undefined;
  const joined: PatternPart[] = [];
  for (const part of parts) {
    const last = joined.at(-1);
    if (part.kind === 'text' && last?.kind === 'text')
      joined.splice(-1, 1, { kind: 'text', text: last.text + part.text });
    else if (part.kind !== 'text' || part.text !== '') joined.push(part);
  }
  return joined;
}

const SET = /^\[([!^]?)([A-Za-z0-9_.,@%+=~-]+)\]/;

/**
 * Reads `[…]` where it is made of ASCII letters, digits, ranges of them, and signs that mean nothing else there;
 * `length` counts the brackets. Undefined for anything else, classes such as `[:alpha:]` and quotes included.
 */
export function setAt(text: string): { readonly part: PatternPart; readonly length: number } | undefined {
  const match = SET.exec(text);
  if (match === null) return undefined;
  const [whole, except, inside = ''] = match;
  const ranges: (readonly [string, string])[] = [];
  for (let at = 0; at < inside.length;) {
    const first = inside[at] ?? '';
    const last = inside[at + 2];
    if (first !== '-' && inside[at + 1] === '-' && last !== undefined) {
      if (!isRange(first, last)) return undefined;
      ranges.push([first, last]);
      at += 3;
    } else {
      if (first === '-' && at > 0 && at < inside.length - 1) return undefined;
      ranges.push([first, first]);
      at += 1;
    }
  }
  return { part: { kind: 'set', written: whole, except: except !== '', ranges }, length: whole.length };
}

function isRange(first: string, last: string): boolean {
  return [/^[a-z]+$/, /^[A-Z]+$/, /^[0-9]+$/].some((kind) => kind.test(first + last)) && first <= last;
}

import type { Change, CodeWord, InnerCommand, PathWord, Positionals, Role, RoleName } from './programSpec.ts';

/** What a command would do by its specification, with paths as they are written. */
export type Match = {
  readonly paths: readonly PathWord[];
  readonly network: readonly string[];
  readonly code: readonly CodeWord[];
  readonly inner: readonly InnerCommand[];
  readonly unclear: readonly string[];
  readonly rule?: string;
};

type Placed = { readonly role: Role; readonly word: string; readonly place: 'flag' | 'word' };

/** Collects while the words are read; what a later word changes replaces what an earlier one said. */
export type Reading = {
  readonly name: string;
  readonly placed: Placed[];
  readonly paths: PathWord[];
  readonly network: string[];
  readonly code: CodeWord[];
  readonly inner: InnerCommand[];
  readonly unclear: string[];
  positionals: Positionals;
  dropsFirst: boolean;
  dropsLast: boolean;
  below: boolean;
  bare: Change | undefined;
  afterDashes: boolean;
  entriesOf: string | undefined;
  adds: string | undefined;
  rule: string | undefined;
  asks: boolean;
};

export function newReading(name: string): Reading {
  return {
    name,
    placed: [],
    paths: [],
    network: [],
    code: [],
    inner: [],
    unclear: [],
    positionals: {},
    dropsFirst: false,
    dropsLast: false,
    below: false,
    bare: undefined,
    afterDashes: false,
    entriesOf: undefined,
    adds: undefined,
    rule: undefined,
    asks: false,
  };
}

/** Later changes replace the single values of earlier ones and add to their lists. */
export function change(reading: Reading, more: Change | undefined): void {
  if (more === undefined) return;
  if (more.positionals !== undefined) reading.positionals = more.positionals;
  if (more.drops === 'first') reading.dropsFirst = true;
  if (more.drops === 'last') reading.dropsLast = true;
  if (more.below === true) reading.below = true;
  if (more.bare !== undefined) reading.bare = more.bare;
  if (more.afterDashes !== undefined) reading.afterDashes = true;
  if (more.entriesOf !== undefined) reading.entriesOf = more.entriesOf;
  if (more.adds !== undefined) reading.adds = more.adds;
  if (more.rule !== undefined) reading.rule = more.rule;
  if (more.asks === true) reading.asks = true;
  if (more.unclear !== undefined) reading.unclear.push(more.unclear);
  reading.paths.push(...(more.paths ?? []));
  reading.network.push(...(more.network ?? []));
  reading.code.push(...(more.code ?? []));
  reading.inner.push(...(more.inner ?? []));
}

export function nameOf(role: Role | undefined): RoleName | undefined {
  return typeof role === 'object' ? role.as : role;
}

/** A word of a command line as it stands in a sentence. */
export function inQuotes(word: string): string {
  const short = word.length > 80 ? `${word.slice(0, 80)}…` : word;
  return `\`${short}\``;
}

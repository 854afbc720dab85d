import { change, inQuotes, nameOf, newReading, type Match, type Reading } from './matchReading.ts';
import type { Flag, Role, Spec } from './programSpec.ts';
import { settleMatch } from './settleMatch.ts';

/** Reads the words of a command by the specification of its program. Pure; does not look at the disk. */
export function matchProgram(spec: Spec, argv: readonly string[]): Match {
  const [name = '', ...args] = argv;
  const reading = newReading(name);
  readLevel(spec, args, reading, flagTable(spec));
  return settleMatch(reading);
}

type FlagTable = ReadonlyMap<string, Flag>;

const tables = new WeakMap<Spec, FlagTable>();

function flagTable(spec: Spec): FlagTable {
  const before = tables.get(spec);
  if (before !== undefined) return before;
  const table = new Map<string, Flag>();
  for (const [spellings, flag] of Object.entries(spec.flags ?? {}))
    for (const spelling of spellings.split(' ')) table.set(spelling, flag);
  tables.set(spec, table);
  return table;
}

const commands = new WeakMap<Spec, ReadonlyMap<string, Spec>>();

function subcommandsOf(spec: Spec): ReadonlyMap<string, Spec> {
  const before = commands.get(spec);
  if (before !== undefined) return before;
  const table = new Map<string, Spec>();
  for (const [names, one] of Object.entries(spec.subcommands ?? {}))
    for (const name of names.split(' ')) table.set(name, one);
  commands.set(spec, table);
  return table;
}

function readLevel(spec: Spec, args: readonly string[], reading: Reading, flags: FlagTable): void {
  change(reading, spec);
  if (spec.anyArguments === true) return;
  if (spec.read !== undefined) {
    change(reading, spec.read(args));
    return;
  }
  const words = readFlags(spec, args, reading, flags);
  if (spec.subcommands === undefined) {
    placeWords(words, reading);
    return;
  }
  const [first] = words.words;
  if (first === undefined) {
    placeWords(words, reading);
    return;
  }
  const next = subcommandsOf(spec).get(first.word);
  if (next === undefined) {
    reading.unclear.push(`${inQuotes(first.word)} of ${reading.name} is not known`);
    return;
  }
  reading.positionals = {};
  reading.bare = undefined;
  reading.rule = undefined;
  const own = flagTable(next);
  const table = spec.inherited === true ? new Map([...flags, ...own]) : own;
  readLevel(next, args.slice(first.index + 1), reading, table);
}

type Word = { readonly word: string; readonly index: number; readonly afterDashes: boolean };
type Words = { readonly words: readonly Word[]; readonly args: readonly string[] };

/** Takes the flags with their values; gives back the other words. A subcommand ends this level. */
function readFlags(spec: Spec, args: readonly string[], reading: Reading, flags: FlagTable): Words {
  const words: Word[] = [];
  let at = 0;
  let dashes = false;
  let counted = 0;
  if (spec.dashless === true && /^[A-Za-z]+$/.test(args[0] ?? '')) at = readBundle(args, reading, flags);
  while (at < args.length) {
    const word = args[at] ?? '';
    const isWord = dashes || !word.startsWith('-') || word === '-';
    if (!isWord && word === '--') {
      dashes = true;
      at += 1;
      continue;
    }
    if (!isWord) {
      at = readFlag(spec, args, at, reading, flags);
      continue;
    }
    words.push({ word, index: at, afterDashes: dashes });
    if (spec.subcommands !== undefined) break;
    const isCounted = !isAssignment(word, reading);
    const ends = isCounted && endsFlags(counted, reading, dashes);
    if (isCounted) counted += 1;
    if (ends || (spec.flagsFirst === true && isCounted)) {
      for (let rest = at + 1; rest < args.length; rest += 1)
        words.push({ word: args[rest] ?? '', index: rest, afterDashes: dashes });
      break;
    }
    at += 1;
  }
  return { words, args };
}

/** Whether what follows belongs to another command or to code; `before` words stand before this one. */
function endsFlags(before: number, reading: Reading, dashes: boolean): boolean {
  if (dashes && reading.afterDashes) return true;
  const { first = [], rest } = reading.positionals;
  const index = before + (reading.dropsFirst ? 1 : 0);
  const role = nameOf(index < first.length ? first[index] : rest);
  return role === 'command' || role === 'arguments';
}

function isAssignment(word: string, { positionals }: Reading): boolean {
  return positionals.assigned !== undefined && /^[A-Za-z_][A-Za-z0-9_]*=/.test(word);
}

function readBundle(args: readonly string[], reading: Reading, flags: FlagTable): number {
  let at = 1;
  for (const letter of args[0] ?? '') {
    const flag = flags.get(`-${letter}`);
    if (flag === undefined) unknownFlag(letter, reading);
    else at += giveValue(flag, undefined, args[at], reading);
  }
  return at;
}

/** Reads the flag at `at`; gives back where the next word is. */
function readFlag(
  spec: Spec,
  args: readonly string[],
  at: number,
  reading: Reading,
  flags: FlagTable,
): number {
  const word = args[at] ?? '';
  const next = args[at + 1];
  const equals = word.indexOf('=');
  const name = equals === -1 ? word : word.slice(0, equals);
  const isWhole = word.startsWith('--') || spec.style === 'long';
  const whole = flags.get(isWhole ? name : word);
  if (whole !== undefined) {
    if (typeof whole === 'object' && 'values' in whole) {
      change(reading, whole.then);
      for (const [index, role] of whole.values.entries())
        place(role, undefined, args[at + 1 + index], reading);
      return at + 1 + whole.values.length;
    }
    const value = isWhole && equals !== -1 ? word.slice(equals + 1) : undefined;
    if (value !== undefined && !takesValue(whole)) {
      reading.unclear.push(`${inQuotes(name)} of ${reading.name} takes no value`);
      return at + 1;
    }
    return at + 1 + giveValue(whole, value, next, reading);
  }
  if (!isWhole) {
    const end = readLetters(word, next, reading, flags);
    if (end !== undefined) return at + end;
  }
  for (const [shape, flag] of spec.shapes ?? []) {
    const found = shape.exec(word);
    if (found !== null) return at + 1 + giveValue(flag, found[1], next, reading);
  }
  unknownFlag(isWhole ? name : word, reading);
  return at + 1;
}

/** A bundle of letters, the last of which may take a value. Undefined where one of them is not known. */
function readLetters(
  word: string,
  next: string | undefined,
  reading: Reading,
  flags: FlagTable,
): number | undefined {
  const found: { readonly flag: Flag; readonly value: string | undefined }[] = [];
  for (let index = 1; index < word.length; index += 1) {
    const flag = flags.get(`-${word[index] ?? ''}`);
    if (flag === undefined) return undefined;
    const rest = word.slice(index + 1);
    const takes = takesValue(flag) && rest !== '';
    found.push({ flag, value: takes ? rest : undefined });
    if (takes) break;
  }
  return found.reduce((end, { flag, value }) => end + giveValue(flag, value, next, reading), 1);
}

function takesValue(flag: Flag): boolean {
  if (flag === true) return false;
  if (typeof flag === 'string' || 'as' in flag) return true;
  return flag.value !== undefined || flag.attached !== undefined;
}

/** Gives back how many of the following words the flag took. */
function giveValue(
  flag: Flag,
  attached: string | undefined,
  next: string | undefined,
  reading: Reading,
): number {
  if (flag === true) return 0;
  if (typeof flag === 'string' || 'as' in flag) return place(flag, attached, next, reading);
  change(reading, flag.then);
  if (flag.value !== undefined) return place(flag.value, attached, next, reading);
  if (flag.attached !== undefined && attached !== undefined)
    reading.placed.push({ role: flag.attached, word: attached, place: 'flag' });
  return 0;
}

function place(role: Role, attached: string | undefined, next: string | undefined, reading: Reading): number {
  const word = attached ?? next;
  if (word === undefined) reading.unclear.push(`the last flag of ${reading.name} has no value`);
  else reading.placed.push({ role, word, place: 'flag' });
  return attached === undefined ? 1 : 0;
}

function unknownFlag(flag: string, reading: Reading): void {
  reading.unclear.push(`${inQuotes(flag)} of ${reading.name} is not known`);
}

/** Gives the words that are no flags their roles, by what all flags together have made of them. */
function placeWords({ words, args }: Words, reading: Reading): void {
  const { first: firsts = [], rest, last, assigned } = reading.positionals;
  const first = reading.dropsFirst ? firsts.slice(1) : firsts;
  const counted: Word[] = [];
  for (const one of words) {
    if (one.afterDashes && reading.afterDashes) break;
    if (assigned !== undefined && counted.length === 0 && isAssignment(one.word, reading))
      reading.placed.push({ role: assigned, word: one.word, place: 'word' });
    else counted.push(one);
  }
  const hasLast = last !== undefined && !reading.dropsLast && counted.length > 1;
  const alone = last !== undefined && !reading.dropsLast && counted.length === 1;
  let isBare = true;
  for (const [index, { word, index: at }] of counted.entries()) {
    if (hasLast && index === counted.length - 1) {
      reading.placed.push({ role: last, word, place: 'word' });
      continue;
    }
    const role = first[index] ?? rest;
    if (index >= first.length || rest === undefined || nameOf(rest) === 'arguments') isBare = false;
    if (role === undefined) {
      reading.unclear.push(`what ${reading.name} does with ${inQuotes(word)} is not known`);
      continue;
    }
    const name = nameOf(role);
    if (name === 'arguments') break;
    if (name === 'command') {
      const more = reading.adds === undefined ? {} : { more: reading.adds };
      reading.inner.push({ argv: args.slice(at), ...more });
      break;
    }
    reading.placed.push({ role, word, place: 'word' });
    if (alone) reading.placed.push({ role: last, word, place: 'word' });
  }
  if (isBare) change(reading, reading.bare);
}

import { lstat, readdir, realpath, stat } from 'node:fs/promises';
import type { PatternPart, WordPattern } from '../../protocol/command.ts';
import { partAsWritten } from '../../protocol/partAsWritten.ts';
import { matchName } from '../matchName.ts';
import { openFolder } from './openFolder.ts';

export type ExpandSurroundings = {
  /** The real path of the folder that the pattern is seen from. */
  readonly dir: string;
  readonly home: string | undefined;
  /** Whether the policy lets the agent look into a folder; `seen` is its path as the pattern has it. */
  readonly mayEnter: (seen: string, real: string) => boolean;
};

const MOST_NAMES = 1_001;
const MOST_ENTRIES = 100_000;

/** A folder the pattern has led to so far: what stands in the word before the next name, and where that is. */
type Reached = { readonly seen: string; readonly real: string };

/**
 * The names a word with a pattern stands for, as bash finds and sorts them: by bytes, names with a dot in front only
 * where the pattern has it, the word itself without its quotes where there are none. More than 1 000 names are cut
 * off at 1 001. Undefined where that cannot be told: a folder that may not be entered, a name that is no text, far too
 * much to look through.
 */
export async function expandPattern(
  { parts }: WordPattern,
  surroundings: ExpandSurroundings,
): Promise<readonly string[] | undefined> {
  const { home } = surroundings;
  if (home === undefined && parts.some(({ kind }) => kind === 'home')) return undefined;
  const known = parts.map((part): PatternPart => (part.kind === 'home' ? text(home ?? '') : part));
  const literal = known.map(partAsWritten).join('');
  if (known.every(({ kind }) => kind === 'text')) return [literal];
  const found = await namesOf(segmentsOf(known), surroundings);
  if (found === undefined) return undefined;
  if (found.length === 0) return [literal];
  const bytes = found.map((name) => ({ name, bytes: Buffer.from(name) }));
  return bytes
    .sort((one, other) => Buffer.compare(one.bytes, other.bytes))
    .map(({ name }) => name)
    .slice(0, MOST_NAMES);
}

async function namesOf(
  segments: readonly (readonly PatternPart[])[],
  { dir, mayEnter }: ExpandSurroundings,
): Promise<readonly string[] | undefined> {
  let reached: readonly Reached[] = [{ seen: '', real: dir }];
  let isGuessing = false;
  let entries = 0;
  for (const [index, segment] of segments.entries()) {
    const isLast = index === segments.length - 1;
    const isPattern = segment.some(({ kind }) => kind !== 'text');
    const next: Reached[] = [];
    for (const { seen, real } of reached) {
      if (segment.length === 0) {
        next.push(index === 0 ? { seen: '/', real: '/' } : { seen, real });
        continue;
      }
      if (isPattern && !mayEnter(seen, real)) {
        if (!isGuessing) return undefined;
        continue;
      }
      const names = isPattern ? await entriesOf(real) : [segment.map(partAsWritten).join('')];
      entries += names.length;
      if (entries > MOST_ENTRIES) return undefined;
      for (const name of names) {
        if (isPattern && !matchName(segment, name)) continue;
        if (name.includes('\ufffd')) return undefined;
        const there = `${real === '/' ? '' : real}/${name}`;
        if (isLast) {
          if (isPattern || (await exists(there))) next.push({ seen: seen + name, real: there });
          continue;
        }
        const below = await folderAt(there);
        if (below !== undefined) next.push({ seen: `${seen}${name}/`, real: below });
      }
    }
    reached = next;
    isGuessing ||= isPattern;
  }
  return reached.map(({ seen }) => seen);
}

/** Without `.` and `..`; a folder that cannot be read holds nothing. */
async function entriesOf(real: string): Promise<readonly string[]> {
  const folder = await openFolder(real).catch(() => undefined);
  if (folder === undefined) return [];
  try {
    return await readdir(folder.at('.'));
  } catch {
    return [];
  } finally {
    await folder.close();
  }
}

async function exists(path: string): Promise<boolean> {
  return lstat(path).then(
    () => true,
    () => false,
  );
}

async function folderAt(path: string): Promise<string | undefined> {
  try {
    return (await stat(path)).isDirectory() ? await realpath(path) : undefined;
  } catch {
    return undefined;
  }
}

function segmentsOf(parts: readonly PatternPart[]): readonly (readonly PatternPart[])[] {
  const segments: PatternPart[][] = [[]];
  for (const part of parts) {
    const [first = '', ...more] = part.kind === 'text' ? part.text.split('/') : [];
    if (part.kind !== 'text') segments.at(-1)?.push(part);
    else if (first !== '') segments.at(-1)?.push(text(first));
    for (const piece of more) segments.push(piece === '' ? [] : [text(piece)]);
  }
  return segments;
}

function text(of: string): PatternPart {
  return { kind: 'text', text: of };
}

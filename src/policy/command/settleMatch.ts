import { change, inQuotes, nameOf, type Match, type Reading } from './matchReading.ts';
import type { CodeWord, InnerCommand, PathUse, PathWord, RoleName } from './programSpec.ts';

const PATHS: ReadonlyMap<RoleName, PathUse> = new Map<RoleName, PathUse>([
  ['read', { use: 'read' }],
  ['readBelow', { use: 'read', below: true }],
  ['enter', { use: 'enter' }],
  ['folder', { use: 'enter' }],
  ['folderOfWords', { use: 'enter' }],
  ['write', { use: 'write' }],
  ['writeBelow', { use: 'write', below: true }],
  ['output', { use: 'write' }],
  ['destination', { use: 'write' }],
]);

/** Turns words with roles into what the command would do. */
export function settleMatch(reading: Reading): Match {
  for (const { role, word } of reading.placed)
    if (typeof role === 'object') change(reading, role.check(word));
  const named = reading.placed.map(({ role, word, place: where }) => ({ name: nameOf(role), word, where }));
  const folders = named.filter(({ name }) => name === 'folder').map(({ word }) => word);
  const ofWords = named.filter(({ name }) => name === 'folderOfWords').map(({ word }) => word);
  const base = steps(folders).at(-1);
  const wordBase = steps([...folders, ...ofWords]).at(-1);
  const entriesFile = named.findLast(({ name }) => name === 'entriesFile')?.word ?? reading.entriesOf;
  const paths: PathWord[] = reading.paths.map((path) => seenFrom(path, base));
  const sources: PathWord[] = [];
  const destinations: PathWord[] = [];
  const code: CodeWord[] = reading.code.map((one) => seenFrom(one, base));
  for (const { name, word, where } of named) {
    const from = where === 'word' ? wordBase : base;
    const use = name === undefined ? undefined : PATHS.get(name);
    if (use !== undefined && !(word === '-' && (name === 'read' || name === 'output'))) {
      const path = seenFrom<PathWord>({ word, ...use, ...belowOf(use, reading.below) }, from);
      if (name !== 'folder' && name !== 'folderOfWords') paths.push(path);
      if (name === 'destination') destinations.push(path);
      else if (where === 'word') sources.push(path);
    }
    if (name === 'host') reading.network.push(word);
    if (name === 'url') reading.network.push(hostOf(word));
    if (name === 'script') code.push(seenFrom<CodeWord>({ kind: 'file', word }, from));
    if (name === 'entry') {
      if (entriesFile === undefined)
        reading.unclear.push(`where ${reading.name} finds ${inQuotes(word)} is not known`);
      else code.push(seenFrom<CodeWord>({ kind: 'entry', word: entriesFile, entry: word }, base));
    }
    if (name === 'number' && !/^[+-]?[0-9][0-9.]*[A-Za-z]*$/.test(word))
      reading.unclear.push(`${inQuotes(word)}, where ${reading.name} takes a number, is not known`);
    if (name === 'code') reading.unclear.push(`code is given to ${reading.name} on its command line`);
  }
  for (const folder of steps([...folders, ...ofWords])) paths.push({ use: 'enter', word: folder });
  for (const destination of destinations)
    for (const source of sources) {
      const last = source.word.split('/').findLast((part) => part !== '' && part !== '.');
      if (last !== undefined && last !== '..')
        paths.push({ ...destination, word: `${destination.word.replace(/\/+$/, '')}/${last}` });
    }
  const inner = reading.inner.map((one) => seenFrom(one, base));
  const { network, unclear } = reading;
  const writes = paths.some(({ use }) => use === 'write');
  const isCovered = !reading.asks && !writes && network.length + code.length + unclear.length === 0;
  const rule = isCovered && reading.rule !== undefined ? { rule: reading.rule } : {};
  return { paths, network, code, inner, unclear, ...rule };
}

function belowOf({ use }: PathUse, below: boolean): { below?: true } {
  return below && use !== 'enter' ? { below: true } : {};
}

/** Where each folder leads that is named after another one. */
function steps(folders: readonly string[]): readonly string[] {
  const found: string[] = [];
  for (const folder of folders) {
    const before = found.at(-1);
    found.push(before === undefined || folder.startsWith('/') ? folder : `${before}/${folder}`);
  }
  return found;
}

function seenFrom<Seen extends PathWord | CodeWord | InnerCommand>(
  seen: Seen,
  from: string | undefined,
): Seen {
  if (from === undefined || ('kind' in seen && seen.kind === 'workspace')) return seen;
  return 'from' in seen ? seen : { ...seen, from };
}

/** The host of an address; `*` where it cannot be told, so that it is still known to reach out. */
function hostOf(url: string): string {
  const found =
    /^(?:[a-z][a-z0-9+.-]*:\/\/)?(?:[^/?#@]*@)?(\[[0-9a-fA-F:.]+\]|[A-Za-z0-9.-]+)(?::[0-9]+)?(?:[/?#:]|$)/i.exec(
      url,
    );
  return found?.[1]?.toLowerCase() ?? '*';
}

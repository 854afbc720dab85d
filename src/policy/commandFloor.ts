import type { CommandLine } from '../protocol/command.ts';
import { shellIn, type GivenCode } from './command/codeGiven.ts';
import { deletionHit } from './command/floorDeletion.ts';
import { floorNames, programHit, writeHit, type FloorHit } from './command/floorRules.ts';
import { known } from './command/marks.ts';
import { couldMatch, isPattern } from './command/namePattern.ts';
import { vectorsInText } from './command/rawScan.ts';
import {
  isNearOwn,
  isOwn,
  precious,
  resolve,
  startLocation,
  type Location,
  type Surroundings,
} from './command/target.ts';
import { walkLine, walkVector, type Site } from './command/walk.ts';

export type { FloorHit };

/** Part of the policy's digest; to be raised whenever a rule here changes. */
export const floorVersion = 1;

/** Where a command would run. `folder` is relative to the first root; roots and own folders are absolute. */
export type CommandPlace = Surroundings & { readonly folder: string };

const NOWHERE: CommandPlace = { folder: '', roots: [], ownFolders: [] };
const MAX_LENGTH = 16 * 1024;

/**
 * What is refused whoever asks and whatever is approved. Looks at everything in the text that could run, and at the
 * vectors that will. Says the first rule that is hit, in words; nothing when none is.
 */
export function floorHit(
  text: string,
  line: CommandLine,
  place: CommandPlace = NOWHERE,
): FloorHit | undefined {
  if (text.length > MAX_LENGTH)
    return { rule: 'floor.not-understood', because: 'the command line is too long to be looked through' };
  const at = startLocation(place.folder, place);
  let hit: FloorHit | undefined = rawHit(text, place);
  const judged = new Set<string>();
  const visit = (site: Site): void => {
    if (site.kind === 'run') judged.add(JSON.stringify(site.argv));
    hit ??= siteHit(site, place);
  };
  if (hit === undefined) walkLine(text, at, visit);
  if (line.kind === 'shell') return hit;
  for (const { argv } of line.steps.flatMap(({ pipeline }) => pipeline))
    if (!judged.has(JSON.stringify(argv))) walkVector(argv, at, visit);
  return hit;
}

/** What no reading is needed for. */
function rawHit(text: string, place: CommandPlace): FloorHit | undefined {
  if (/\/dev\/(?:tcp|udp)\//.test(text))
    return {
      rule: 'floor.network-device',
      because: 'it would open a network connection from the shell itself',
    };
  if (/\$\{?0\}?["']?\s*[|&]\s*(?:\.\/)?["']?\$\{?0\b/.test(text))
    return { rule: 'floor.fork-bomb', because: 'it would start itself without end' };
  if (place.ownFolders.some((folder) => folder !== '' && text.toLowerCase().includes(folder.toLowerCase())))
    return { rule: 'floor.own-folders', because: 'it names a folder that belongs to Warrant itself' };
  return undefined;
}

function siteHit(site: Site, place: CommandPlace): FloorHit | undefined {
  switch (site.kind) {
    case 'run':
      return runHit(site, place);
    case 'writes':
      return writesHit(site.writes, site.at, place);
    case 'code':
      return codeHit(site.code, site.at, place);
    case 'assigned':
      return assignedHit(site.name, site.value);
    case 'forkBomb':
      return { rule: 'floor.fork-bomb', because: `the function ${site.name} would start itself without end` };
    case 'ranDownload':
      return { rule: 'floor.run-download', because: 'it would run what it gets from the network, unseen' };
    case 'ranHidden':
      return { rule: 'floor.run-hidden', because: 'it would run text that is decoded on the way, unseen' };
    case 'tooDeep':
      return {
        rule: 'floor.not-understood',
        because: 'commands are wrapped in commands more than four deep',
      };
    case 'tooMuch':
      return { rule: 'floor.not-understood', because: 'it would start more than can be looked through' };
    case 'unreadable':
      return scannedHit(site.text, place);
  }
}

function runHit(site: Extract<Site, { kind: 'run' }>, place: CommandPlace): FloorHit | undefined {
  const { argv, written, at } = site;
  const own = ownHit(argv, at, place);
  if (own !== undefined) return own;
  for (const candidate of candidatesOf(argv)) {
    const hit = programHit(candidate, at) ?? deletionHit(candidate, written, site.input, at, place);
    if (hit !== undefined) return hit;
  }
  return writesHit(site.writes, at, place) ?? networkHit(argv);
}

/** A pattern in the place of a program stands for every program that the floor knows and that it could match. */
function candidatesOf(argv: readonly string[]): readonly (readonly string[])[] {
  const [word = '', ...args] = argv;
  const name = known(word).split('/').at(-1) ?? '';
  if (!isPattern(name) || name === '[' || name === '[[') return [argv];
  return floorNames.filter((one) => couldMatch(name, one)).map((one) => [one, ...args]);
}

function writesHit(writes: readonly string[], at: Location, place: CommandPlace): FloorHit | undefined {
  const special = networkHit(writes) ?? ownHit(writes, at, place);
  if (special !== undefined) return special;
  for (const path of writes.map(known)) {
    const hit = writeHit(path, at);
    if (hit !== undefined) return hit;
  }
  return undefined;
}

/** What makes a word more than a path below the folder it stands in. */
const LEADS_AWAY = /(?:^|[^\w.-])[/\\]|^[/\\]|\.\.|[~:%$=]|^-/;

function ownHit(words: readonly string[], at: Location, place: CommandPlace): FloorHit | undefined {
  if (place.ownFolders.length === 0) return undefined;
  const near = isNearOwn(at, place);
  const suspects = words.filter((word) => near || LEADS_AWAY.test(word));
  const paths = suspects
    .flatMap((word) => [word, ...word.split(/[=:,]|^-[A-Za-z]/)])
    .filter((path) => known(path) !== '');
  const folders = words.filter((_, index) =>
    /^(?:-C|--directory|--chdir|--cwd|--prefix)$/.test(words[index - 1] ?? ''),
  );
  const inFolders = folders.some((folder) =>
    words.some((word) => isOwn(resolve(resolve(at, folder), word), place)),
  );
  if (!inFolders && !paths.some((path) => isOwn(resolve(at, path), place))) return undefined;
  return { rule: 'floor.own-folders', because: 'it touches a folder that belongs to Warrant itself' };
}

function networkHit(words: readonly string[]): FloorHit | undefined {
  if (!words.some((word) => /\/dev\/+(?:tcp|udp)\//.test(known(word)))) return undefined;
  return {
    rule: 'floor.network-device',
    because: 'it would open a network connection from the shell itself',
  };
}

function assignedHit(name: string, value: string): FloorHit | undefined {
  const hides =
    /^HIST(?:FILE|SIZE|FILESIZE|CONTROL|IGNORE)$/.test(name) &&
    /^(?:|0|\/dev\/null|-1|\*|ignore.*)$/.test(known(value));
  return hides
    ? { rule: 'floor.traces', because: 'it would keep commands out of the shell’s history' }
    : undefined;
}

const DELETES =
  /rmtree|rmSync|rmdirSync|\brm_rf?\b|rm_r\b|remove_tree|removeSync|emptyDir|rimraf|\.rm\b|promises\.rm|RemoveAll|deleteRecursive/;

/** Code that deletes a folder by its own means, or that multiplies without end. */
function codeHit(code: GivenCode, at: Location, place: CommandPlace): FloorHit | undefined {
  if (code.how === 'file') return undefined;
  if (code.language === 'osascript' && /shut\s*down|restart|log\s*out/i.test(code.text))
    return { rule: 'floor.power', because: 'it would stop or restart this machine' };
  if (/\bfork\b/.test(code.text) && /while|until|for\s*\(\s*;;|loop/.test(code.text))
    return { rule: 'floor.fork-bomb', because: 'it would start itself without end' };
  if (!DELETES.test(code.text)) return undefined;
  for (const literal of shellIn(code)) {
    const what =
      literal === '' || /\s/.test(literal) ? undefined : precious(resolve(at, literal), place, true);
    if (what !== undefined) return { rule: 'floor.delete', because: `it would delete ${what}` };
  }
  return undefined;
}

/** Where the grammar gave up, whatever looks like a command is judged as one. */
function scannedHit(text: string, place: CommandPlace): FloorHit | undefined {
  const at = startLocation(place.folder, place);
  for (const argv of vectorsInText(text)) {
    const hit = programHit(argv, at) ?? deletionHit(argv, argv, '', at, place);
    if (hit !== undefined) return hit;
  }
  return undefined;
}

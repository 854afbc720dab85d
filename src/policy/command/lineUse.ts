import type { CommandLine, Redirect, SimpleCommand } from '../../protocol/command.ts';
import type { CommandUse, LineUse, NamedCode, NamedPath } from '../../protocol/commandUse.ts';
import {
  pathInRoot,
  relativePath,
  rootName,
  type Root,
  type WorkspacePath,
} from '../../protocol/workspacePath.ts';
import { matchProgram } from './matchProgram.ts';
import { known } from './marks.ts';
import { inQuotes, type Match } from './matchReading.ts';
import { specOf } from './programFamilies.ts';
import type { CodeWord, InnerCommand, PathWord } from './programSpec.ts';
import { startLocation } from './target.ts';
import { walkLine } from './walk.ts';

/** Where a line would run. Folders of roots are absolute. */
export type LinePlace = { readonly folder: WorkspacePath; readonly roots: readonly Root[] };

const MAX_DEPTH = 4;
const MAX_COMMANDS = 256;
const SYSTEM_FOLDERS = /^\/(?:usr\/(?:local\/)?)?s?bin\/(?=[^/]+$)|^\/opt\/homebrew\/bin\/(?=[^/]+$)/;

type Walk = {
  readonly place: LinePlace;
  /** Absolute folder that the command runs in, and as it is seen from the folder of the line. */
  readonly at: string;
  readonly folder: string;
  readonly found: CommandUse[];
};

/**
 * What a line would do, by the specifications of its programs; wrapped commands are looked through. Pure and lexical:
 * whoever knows the disk follows the links. A line that needs a shell is never understood: its commands are those that
 * can be made out, so that what must be refused is.
 */
export function lineUse(line: CommandLine, place: LinePlace): LineUse {
  const start = folderOf(place);
  const found: CommandUse[] = [];
  if (line.kind === 'shell') {
    lookLoosely(line.text, { place, at: start, folder: '', found });
    return { commands: found.map(({ rule: _, ...use }) => use), understood: false };
  }
  for (const step of line.steps) {
    const at = step.folder === '' ? start : resolveFrom(start, step.folder);
    const walk: Walk = { place, at, folder: step.folder, found };
    for (const command of step.pipeline) lookAt(command, walk);
  }
  return { commands: found, understood: found.every(({ unclear }) => unclear.length === 0) };
}

function lookAt({ argv, redirects }: SimpleCommand, walk: Walk): void {
  const entered = walk.folder === '' ? [] : [named({ use: 'enter', word: walk.folder }, walk, walk.at)];
  const paths = [...entered, ...redirects.flatMap((one) => redirected(one, walk))];
  lookAtVector({ argv }, { paths, unclear: [], depth: 0 }, walk);
}

const MAX_LOOSE = 16 * 1024;

/** Words that hold anything unknown, and paths that climb after a `cd`, are left out: they would lead anywhere. */
function lookLoosely(text: string, walk: Walk): void {
  if (text.length > MAX_LOOSE) return;
  const start = startLocation('', { roots: [walk.at], ownFolders: [] });
  walkLine(text, start, (site) => {
    if (site.kind !== 'run' && site.kind !== 'writes') return;
    const hasMoved = site.at.names.join('/') !== start.names.join('/');
    const isSure = (word: string) =>
      known(word) === word &&
      word !== '' &&
      !word.startsWith('/dev/fd/') &&
      !(hasMoved && word.includes('..'));
    const written = site.writes.filter(isSure).map((word) => named({ use: 'write', word }, walk));
    const argv = site.kind === 'run' ? site.argv.filter(isSure).map(inSomeHome) : [];
    if (argv.length === 0 && written.length === 0) return;
    lookAtVector({ argv }, { paths: written, unclear: [], depth: MAX_DEPTH }, walk);
  });
}

/** Whose home it is matters to nobody: it is outside, and what must not be read in one is known by its name. */
function inSomeHome(word: string): string {
  return /^~[^/]*(?:\/|$)/.test(word) ? `/home/${word}` : word;
}

function redirected(redirect: Redirect, walk: Walk): readonly NamedPath[] {
  if ('from' in redirect && redirect.from === 'file')
    return [named({ use: 'read', word: redirect.file }, walk)];
  if ('to' in redirect && redirect.to === 'file') return [named({ use: 'write', word: redirect.file }, walk)];
  return [];
}

/** What the commands around this one add to it. */
type Around = {
  readonly paths: readonly NamedPath[];
  readonly unclear: readonly string[];
  readonly depth: number;
};

function lookAtVector(command: InnerCommand, around: Around, walk: Walk): void {
  if (walk.found.length > MAX_COMMANDS) return;
  const { argv, more } = command;
  const inner: Walk =
    command.from === undefined
      ? walk
      : { ...walk, at: resolveFrom(walk.at, command.from), folder: below(walk.folder, command.from) };
  const match =
    walk.found.length === MAX_COMMANDS
      ? only({ unclear: ['it starts more commands than can be looked through'] })
      : matched(argv, around.depth, inner);
  const unclear = [...around.unclear, ...match.unclear];
  if (more !== undefined && !takesAnything(argv))
    unclear.push(`${more} become arguments of ${argv[0] ?? 'a command'}, and nobody knows them yet`);
  const paths = match.paths.map((path) =>
    named(command.below === true && path.use !== 'enter' ? { ...path, below: true } : path, inner),
  );
  unclear.push(...match.paths.filter(climbsBack).map(climbing));
  const isWrapper = match.inner.length > 0 && paths.length + match.network.length + match.code.length === 0;
  const passed: Around = { paths: [], unclear: [], depth: around.depth + 1 };
  if (isWrapper) {
    const [first, ...rest] = match.inner;
    if (first !== undefined) lookAtVector(first, { ...passed, paths: around.paths, unclear }, inner);
    for (const one of rest) lookAtVector(one, passed, inner);
    return;
  }
  walk.found.push(settled(argv, eachOnce([...around.paths, ...paths]), match, unclear, inner));
  for (const one of match.inner) lookAtVector(one, passed, inner);
}

function settled(
  argv: readonly string[],
  paths: readonly NamedPath[],
  match: Match,
  unclear: string[],
  walk: Walk,
): CommandUse {
  const code = match.code.flatMap((one) => {
    const namedCode = codeOf(one, walk);
    if (namedCode === undefined) unclear.push(`it would run code outside the workspace, ${wordOf(one)}`);
    return namedCode === undefined ? [] : [namedCode];
  });
  const isCovered = unclear.length === 0 && !paths.some(({ use }) => use === 'write');
  return {
    argv,
    folder: walk.folder,
    paths,
    network: match.network,
    code,
    unclear: [...new Set(unclear)],
    ...(isCovered && match.rule !== undefined ? { rule: match.rule } : {}),
  };
}

/** One path named often is one path; the first spelling stands for all. */
function eachOnce(paths: readonly NamedPath[]): readonly NamedPath[] {
  const seen = new Map<string, NamedPath>();
  for (const path of paths) {
    const key = `${path.use} ${path.below === true ? 'below' : ''} ${path.absolute}`;
    if (!seen.has(key)) seen.set(key, path);
  }
  return [...seen.values()];
}

function matched(argv: readonly string[], depth: number, walk: Walk): Match {
  const [word = ''] = argv;
  if (depth > MAX_DEPTH) return only({ unclear: ['commands are wrapped in commands more than four deep'] });
  const name = word.replace(SYSTEM_FOLDERS, '');
  const spec = specOf(name);
  if (spec !== undefined) return matchProgram(spec, [name, ...argv.slice(1)]);
  if (!name.includes('/')) return only({ unclear: [`the program ${inQuotes(name)} is not known`] });
  // A program of the workspace: what it does is what its file says.
  return only(
    inRoots(resolveFrom(walk.at, name), walk.place) === null
      ? { unclear: [`the program ${inQuotes(name)} is not known`] }
      : { code: [{ kind: 'file', word: name }] },
  );
}

function only(part: Partial<Match>): Match {
  return { paths: [], network: [], code: [], inner: [], unclear: [], ...part };
}

function takesAnything([word = '']: readonly string[]): boolean {
  return specOf(word.replace(SYSTEM_FOLDERS, ''))?.anyArguments === true;
}

function named({ use, word, from, below: deep }: PathWord, walk: Walk, absolute?: string): NamedPath {
  const leads = absolute ?? resolveFrom(from === undefined ? walk.at : resolveFrom(walk.at, from), word);
  return {
    use,
    word,
    path: inRoots(leads, walk.place),
    absolute: leads,
    ...(deep === true ? { below: true } : {}),
  };
}

/** After a name that may be a link, `..` leads where only the disk knows. At the start it leads out of a known folder. */
function climbsBack({ word, from }: PathWord): boolean {
  return /(?:^|\/)(?!\.{1,2}(?:\/|$))[^/]+\/+(?:.*\/)?\.\.(?:\/|$)/.test(
    from === undefined || word.startsWith('/') ? word : `${from}/${word}`,
  );
}

function climbing({ word }: PathWord): string {
  return `where ${inQuotes(word)} leads is not known, because ".." may climb out of a link`;
}

function codeOf(code: CodeWord, walk: Walk): NamedCode | undefined {
  if (code.kind === 'workspace') return code;
  const at = code.from === undefined ? walk.at : resolveFrom(walk.at, code.from);
  const path = inRoots(resolveFrom(at, code.word), walk.place);
  if (path === null) return undefined;
  return code.kind === 'file' ? { kind: 'file', path } : { kind: 'entry', path, entry: code.entry };
}

function wordOf(code: CodeWord): string {
  return code.kind === 'workspace' ? code.because : inQuotes(code.word);
}

function below(folder: string, word: string): string {
  return folder === '' || word.startsWith('/') ? word : `${folder}/${word}`;
}

function folderOf({ folder, roots }: LinePlace): string {
  const root = roots.find(({ name }) => name === rootName(folder));
  return resolveFrom(slashed(root?.dir ?? '/'), relativePath(folder));
}

/** Absolute, without `.`, `..` and empty names; `..` is taken back lexically. */
function resolveFrom(at: string, word: string): string {
  const path = isWindows(at) ? slashed(word) : word;
  const isAbsolute = path.startsWith('/') || isWindows(path);
  const names: string[] = [];
  for (const name of (isAbsolute ? path : `${at}/${path}`).split('/')) {
    if (name === '' || name === '.') continue;
    if (name === '..') names.pop();
    else names.push(name);
  }
  const whole = names.join('/');
  return isWindows(`${whole}/`) ? whole : `/${whole}`;
}

function isWindows(path: string): boolean {
  return /^[A-Za-z]:[\\/]/.test(path);
}

function slashed(path: string): string {
  return isWindows(path) ? path.replaceAll('\\', '/') : path;
}

/** The path in the innermost root that holds it; null outside of all. */
function inRoots(absolute: string, { roots }: LinePlace): WorkspacePath | null {
  let best: { readonly root: Root; readonly dir: string } | undefined;
  for (const root of roots) {
    const dir = slashed(root.dir).replace(/\/+$/, '');
    const isInside = absolute === dir || absolute.startsWith(`${dir}/`);
    if (isInside && (best === undefined || dir.length > best.dir.length)) best = { root, dir };
  }
  return best === undefined ? null : pathInRoot(best.root, absolute.slice(best.dir.length + 1));
}

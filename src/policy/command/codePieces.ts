import type { NamedCode } from '../../protocol/commandUse.ts';
import {
  childPath,
  pathInRoot,
  relativePath,
  rootName,
  type WorkspacePath,
} from '../../protocol/workspacePath.ts';
import { parseCommandLine } from '../commandLine.ts';
import { lineUse } from './lineUse.ts';

/** What an entry of a file comes to: the words that would be run, and the files that these name. */
export type CodePieces = { readonly words: string; readonly files: readonly WorkspacePath[] };

const MOST_FILES = 64;

/**
 * The pieces of a script of package.json or of a target of a Makefile, from the text of the file: null where there is
 * no such text or it cannot be told. A script is followed one step: its own words, the scripts that it starts, and the
 * files that any of them name. A Makefile counts whole, with those that take its place. Pure.
 */
export function codePieces(
  code: Extract<NamedCode, { kind: 'entry' }>,
  text: string | null,
): CodePieces | null {
  const folder = folderOf(code.path);
  if (!relativePath(code.path).endsWith('package.json'))
    return { words: text ?? '', files: ['GNUmakefile', 'makefile'].map((name) => childPath(folder, name)) };
  const scripts = text === null ? undefined : scriptsOf(text);
  if (scripts === undefined) return null;
  const own = scripts.get(code.entry);
  if (own === undefined) return { words: 'null', files: [] };
  const started = entriesIn(own, code.path).map((entry) => [entry, scripts.get(entry) ?? null] as const);
  const files = new Set(
    [own, ...started.map(([, words]) => words ?? '')].flatMap((words) => filesIn(words, folder)),
  );
  return { words: JSON.stringify([own, started]), files: [...files].slice(0, MOST_FILES) };
}

function scriptsOf(text: string): ReadonlyMap<string, string> | undefined {
  try {
    const parsed: unknown = JSON.parse(text);
    const scripts: unknown =
      typeof parsed === 'object' && parsed !== null && 'scripts' in parsed ? parsed.scripts : {};
    if (typeof scripts !== 'object' || scripts === null) return undefined;
    const entries: [string, unknown][] = Object.entries(scripts);
    return new Map(entries.filter((one): one is [string, string] => typeof one[1] === 'string'));
  } catch {
    return undefined;
  }
}

/** The scripts of the same file that a script starts; none where its words need a shell. */
function entriesIn(words: string, manifest: WorkspacePath): readonly string[] {
  const parsed = parseCommandLine(words);
  if (parsed.kind === 'refused') return [];
  const root = { name: rootName(manifest), dir: '/' };
  const { commands } = lineUse(parsed.line, { folder: folderOf(manifest), roots: [root] });
  const named = commands.flatMap(({ code }) => code);
  return [
    ...new Set(named.flatMap((one) => (one.kind === 'entry' && one.path === manifest ? [one.entry] : []))),
  ];
}

/** Every word that could be the name of a file in the folder of the script: whether it is one, the disk tells. */
function filesIn(words: string, folder: WorkspacePath): readonly WorkspacePath[] {
  const found: WorkspacePath[] = [];
  for (const word of words.split(/[\s'"`;|&()<>=,]+/)) {
    const names: string[] = [];
    let isInside = word !== '' && !word.startsWith('-') && !word.startsWith('/');
    for (const name of word.split('/')) {
      if (name === '' || name === '.') continue;
      if (name === '..') isInside = isInside && names.pop() !== undefined;
      else names.push(name);
    }
    if (isInside && names.length > 0) found.push(names.reduce(childPath, folder));
  }
  return found;
}

function folderOf(path: WorkspacePath): WorkspacePath {
  const relative = relativePath(path);
  return pathInRoot(
    { name: rootName(path), dir: '/' },
    relative.slice(0, Math.max(0, relative.lastIndexOf('/'))),
  );
}

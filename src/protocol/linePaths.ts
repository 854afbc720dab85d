import type { CommandLine } from './command.ts';
import { pathInRoot, relativePath, rootName, type Root, type WorkspacePath } from './workspacePath.ts';

/** As `cd` reads a path: by its text, so that `..` takes the last name away. Empty for the folder of the line. */
export function joinFolder(folder: string, word: string): string {
  const isAbsolute = word.startsWith('/') || folder.startsWith('/');
  const names: string[] = [];
  for (const name of (word.startsWith('/') ? word : `${folder}/${word}`).split('/')) {
    if (name === '' || name === '.') continue;
    if (name !== '..') names.push(name);
    else if (names.length > 0 && names.at(-1) !== '..') names.pop();
    else if (!isAbsolute) names.push(name);
  }
  return (isAbsolute ? '/' : '') + names.join('/');
}

/** A path of a command line as seen from a folder, by its text; null where it leads outside every folder of the window. */
export function pathSeenFrom(
  folder: WorkspacePath,
  word: string,
  roots: readonly Root[],
): WorkspacePath | null {
  const own = roots.find(({ name }) => name === rootName(folder));
  if (own === undefined) return null;
  const dirOf = (root: Root) => root.dir.replaceAll('\\', '/').replace(/\/+$/, '');
  const drive = /^[A-Za-z]:/.exec(dirOf(own))?.[0] ?? '';
  const start = `${dirOf(own).slice(drive.length)}/${relativePath(folder)}`;
  const absolute = drive + joinFolder(start, word);
  const home = [own, ...roots].find((root) => `${absolute}/`.startsWith(`${dirOf(root)}/`));
  if (home === undefined) return null;
  return pathInRoot(home, absolute.slice(dirOf(home).length).replace(/^\//, ''));
}

/** The places a line itself goes to: folders it runs in or changes to, files it reads from or writes to. */
export function pathsOfLine(
  line: CommandLine,
  folder: WorkspacePath,
  roots: readonly Root[],
): { readonly paths: readonly WorkspacePath[]; readonly outside: readonly string[] } {
  const paths = new Set<WorkspacePath>();
  const outside = new Set<string>();
  for (const word of line.kind === 'plain' ? wordsOf(line) : []) {
    const path = pathSeenFrom(folder, word, roots);
    if (path === null) outside.add(word);
    else paths.add(path);
  }
  return { paths: [...paths], outside: [...outside] };
}

function wordsOf({ steps }: Extract<CommandLine, { kind: 'plain' }>): readonly string[] {
  return steps.flatMap(({ folder, pipeline }) => [
    ...(folder === '' ? [] : [folder]),
    ...pipeline.flatMap(({ argv: [name, target], redirects }) => [
      ...(name === 'cd' && target !== undefined ? [joinFolder(folder, target)] : []),
      ...redirects.flatMap((redirect) => ('file' in redirect ? [joinFolder(folder, redirect.file)] : [])),
    ]),
  ]);
}

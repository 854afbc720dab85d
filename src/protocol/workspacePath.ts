import type { Brand } from './brand.ts';

/** `<root name>:<path relative to it, with slashes>`; the root itself is `<root name>:`. */
export type WorkspacePath = Brand<'WorkspacePath'>;

/** One folder of the window. Names are unique in a window and hold no colon or slash. */
export type Root = { readonly name: string; readonly dir: string };

export type ParsedPath = { kind: 'path'; path: WorkspacePath } | { kind: 'refused'; because: string };

/**
 * Reads a path as a model or a setting wrote it: relative to the first root, `root:relative`, or absolute inside a root.
 * Lexical only: symlinks are resolved where the disk is known, in io/files.
 */
export function parseWorkspacePath(raw: string, roots: readonly Root[]): ParsedPath {
  const first = roots[0];
  if (first === undefined) return refused('no folder is open in this window');
  const trouble = troubleIn(raw);
  if (trouble !== undefined) return refused(trouble);
  const slashed = raw.replaceAll('\\', '/');
  const named = roots.find((root) => slashed === `${root.name}:` || slashed.startsWith(`${root.name}:`));
  if (named !== undefined) return inRoot(named, slashed.slice(named.name.length + 1));
  if (/^[A-Za-z][A-Za-z0-9+.-]+:/.test(slashed))
    return refused('it is a URI or names a folder that is not open; give a path relative to the workspace');
  if (!isAbsolute(slashed)) return inRoot(first, slashed);
  const home = roots.find((root) => isInside(slashed, root.dir.replaceAll('\\', '/')));
  if (home === undefined) return refused('it is outside the workspace');
  return inRoot(home, slashed.slice(home.dir.length).replace(/^\/+/, ''));
}

export function rootName(path: WorkspacePath): string {
  return path.slice(0, path.indexOf(':'));
}

/** Relative to its root, slashes, no leading slash; empty for the root itself. */
export function relativePath(path: WorkspacePath): string {
  return path.slice(path.indexOf(':') + 1);
}

/** How people and models read it: the root is named only where there are several. */
export function shownPath(path: WorkspacePath, roots: readonly Root[]): string {
  if (roots.length > 1) return path;
  return relativePath(path) === '' ? '.' : relativePath(path);
}

/** A path below another one; `name` is one or more plain segments that came from the disk. */
export function childPath(parent: WorkspacePath, name: string): WorkspacePath {
  return (relativePath(parent) === '' ? `${parent}${name}` : `${parent}/${name}`) as WorkspacePath;
}

/** For names that came from the disk; nothing a model wrote may pass here. */
export function pathInRoot(root: Root, relative: string): WorkspacePath {
  return `${root.name}:${relative}` as WorkspacePath;
}

/** For paths that were kept as text: whether it is written as one, with a root and a name in it. */
export function isWorkspacePath(text: string): text is WorkspacePath {
  return /^[^:/\\]+:[^:/\\]/.test(text);
}

/** Spaces before the first dot do not make it another name there. */
const WINDOWS_DEVICE = /^(con|prn|aux|nul|com[0-9¹²³]|lpt[0-9¹²³]|conin\$|conout\$) *(\.|$)/i;

function troubleIn(raw: string): string | undefined {
  if (raw.length > 4096) return 'it is longer than 4096 characters';
  if (/[\u0000-\u001f\u007f-\u009f\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff]/u.test(raw))
    return 'it holds control or invisible characters';
  if (/^[\\/]{2}/.test(raw)) return 'network and device paths are not allowed';
  if (/^~/.test(raw)) return 'it starts with ~; give a path relative to the workspace';
  return undefined;
}

function inRoot(root: Root, rest: string): ParsedPath {
  const segments: string[] = [];
  for (const segment of rest.split('/')) {
    if (segment === '' || segment === '.') continue;
    if (segment === '..') return refused('it climbs with "..", which is not allowed');
    if (segment.includes(':')) return refused('a name in it holds a colon');
    if (WINDOWS_DEVICE.test(segment)) return refused('a name in it is a device on Windows');
    if (/[. ]$/.test(segment)) return refused('a name in it ends with a dot or a space');
    segments.push(segment);
  }
  return { kind: 'path', path: pathInRoot(root, segments.join('/')) };
}

function isAbsolute(slashed: string): boolean {
  return slashed.startsWith('/') || /^[A-Za-z]:\//.test(slashed);
}

function isInside(path: string, dir: string): boolean {
  return path === dir || path.startsWith(dir.endsWith('/') ? dir : `${dir}/`);
}

function refused(because: string): ParsedPath {
  return { kind: 'refused', because };
}

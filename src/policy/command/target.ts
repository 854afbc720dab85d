import { foldPath } from '../foldPath.ts';
import { known } from './marks.ts';
import { couldMatch, isPattern, matchesAll } from './namePattern.ts';

/** Where a path of a command line leads: names from the file system's root, folded. */
export type Location = { readonly names: readonly string[]; readonly certain: boolean };

export type Surroundings = {
  /** Absolute workspace folders; the first one holds the folder that the command runs in. */
  readonly roots: readonly string[];
  readonly ownFolders: readonly string[];
};

/** Stands for a workspace folder, a home or a folder whose real place is not known. */
const SOMEWHERE = '\u0003somewhere';
const HOME = ['home', '\u0003home'];

export function startLocation(folder: string, { roots }: Surroundings): Location {
  const root = roots[0] === undefined ? [SOMEWHERE] : namesOf(roots[0]);
  return { names: join(root, foldPath(folder)), certain: true };
}

/** Where `cd` leads; a folder that cannot be told makes everything relative to it uncertain. */
export function moved(from: Location, to: string | undefined): Location {
  if (to === undefined || to === '') return { names: HOME, certain: true };
  if (to === '-' || known(to) !== to || isPattern(to))
    return { names: [SOMEWHERE, SOMEWHERE], certain: false };
  return resolve(from, to);
}

/** Reads a path as written in a command line, marks and all; unknown parts count as empty. */
export function resolve(from: Location, written: string): Location {
  const path = known(written)
    .replaceAll('\\', '/')
    .replace(/^file:\/\//, '');
  const home = /^(?:~[^/]*|%userprofile%|%homepath%|\$env:(?:userprofile|home)|\$home)(?=\/|$)/i.exec(
    path,
  )?.[0];
  if (home !== undefined) return { names: join(HOME, path.slice(home.length)), certain: true };
  const system = /^(?:%systemroot%|%windir%|\$env:(?:systemroot|windir))(?=\/|$)/i.exec(path)?.[0];
  if (system !== undefined)
    return { names: join(['c:', 'windows'], path.slice(system.length)), certain: true };
  if (/^%systemdrive%|^\$env:systemdrive/i.test(path)) return { names: ['c:'], certain: true };
  if (path.startsWith('/') || /^[A-Za-z]:/.test(path)) return { names: namesOf(path), certain: true };
  return { names: join(from.names, path), certain: from.certain };
}

function namesOf(absolute: string): readonly string[] {
  const drive = /^[A-Za-z]:/.exec(absolute)?.[0];
  if (drive === undefined) return join([], absolute);
  return [drive.toLowerCase(), ...join([], absolute.slice(2))];
}

function join(base: readonly string[], path: string): readonly string[] {
  const names = [...base];
  for (const name of foldPath(path).split('/')) {
    if (name === '' || name === '.') continue;
    if (name === '..') names.pop();
    else names.push(name);
  }
  return names;
}

const SYSTEM_TOP = new Set(
  (
    'bin boot dev etc home lib lib32 lib64 libx32 media mnt nix opt proc root run sbin srv sys usr var ' +
    'system library applications users volumes private cores network'
  ).split(' '),
);
const SYSTEM_TREES = new Set('bin boot dev etc lib lib32 lib64 libx32 proc sbin sys usr system'.split(' '));
const VCS = ['.git', '.hg', '.svn', '.jj', 'git~1'];

/** Says, in words, what would be lost if this were deleted with everything in it; undefined for ordinary files. */
export function precious(at: Location, surroundings: Surroundings, recursive: boolean): string | undefined {
  const { names } = at;
  const last = names.at(-1);
  if (last === undefined) return 'the root of the file system';
  if (matchesAll(last) || last === '**')
    return precious({ ...at, names: names.slice(0, -1) }, surroundings, recursive);
  if (!at.certain && names.length <= 2) return 'a folder that cannot be told';
  if (VCS.some((name) => couldMatch(last, name))) return 'the version control folder';
  if (recursive && names.some((name) => VCS.includes(name))) return 'the version control folder';
  const onDrive = names[0]?.endsWith(':') === true ? preciousOnDrive(names) : undefined;
  if (onDrive !== undefined) return onDrive;
  if (names.length === 1 && (isPattern(last) || SYSTEM_TOP.has(last) || last === SOMEWHERE))
    return last === SOMEWHERE ? 'the workspace folder' : 'a system folder';
  if (SYSTEM_TREES.has(names[0] ?? '') && !isUnder(names, surroundings.roots)) return 'a system folder';
  if (isPattern(names[0] ?? '')) return 'a system folder';
  if (names.length === 2 && (names[0] === 'home' || names[0] === 'users')) return 'a home folder';
  if (surroundings.roots.some((root) => covers(names, namesOf(root)))) return 'the workspace folder';
  const owned = surroundings.ownFolders.map(namesOf);
  if (owned.some((own) => covers(names, own) || covers(names, homeForm(own)))) return 'Warrant’s own files';
  return undefined;
}

function preciousOnDrive(names: readonly string[]): string | undefined {
  const [, top] = names;
  if (top === undefined) return 'the root of a drive';
  if (isPattern(top) || /^(?:windows|program files.*|programdata|users|boot|perflogs)$/.test(top))
    return top === 'users' && names.length > 3 ? undefined : 'a system or home folder';
  return undefined;
}

/** Whether deleting the first, read as patterns, would take the second along. */
function covers(names: readonly string[], other: readonly string[]): boolean {
  return names.length <= other.length && names.every((name, index) => couldMatch(name, other[index] ?? ''));
}

function isUnder(names: readonly string[], roots: readonly string[]): boolean {
  return roots.some((root) => {
    const other = namesOf(root);
    return names.length > other.length && covers(other, names);
  });
}

/** Whether a path is, or lies in, one of the product's own folders; patterns count when they could be. */
export function isOwn(at: Location, { ownFolders }: Surroundings): boolean {
  return ownFolders.some((own) => {
    const folder = namesOf(own);
    return [folder, homeForm(folder)].some(
      (form) =>
        at.names.length >= form.length &&
        form.every((name, index) => couldMatch(at.names[index] ?? '', name)),
    );
  });
}

/** Whether a bare name, without any slash, could be one of the product's own folders or lie in one. */
export function isNearOwn(at: Location, { ownFolders }: Surroundings): boolean {
  return ownFolders.some((own) => {
    const folder = namesOf(own);
    return [folder, homeForm(folder)].some((form) => covers(at.names, form) || covers(form, at.names));
  });
}

/** The same folder as it is reached through `~`. */
function homeForm(names: readonly string[]): readonly string[] {
  if (names[0] === 'root') return [...HOME, ...names.slice(1)];
  return names[0] === 'home' || names[0] === 'users' ? [...HOME, ...names.slice(2)] : names;
}

/** Whether a path is directly in a home folder. */
export function isInHome({ names }: Location): boolean {
  return names.length === 3 && (names[0] === 'home' || names[0] === 'users');
}

/** Whether a path is inside version control's own folder. */
export function inVcs(at: Location): boolean {
  return at.names.some((name) => VCS.includes(name));
}

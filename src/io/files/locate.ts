import type { BigIntStats } from 'node:fs';
import { lstat, readlink, realpath } from 'node:fs/promises';
import { dirname, isAbsolute, join, relative, resolve, sep } from 'node:path';
import {
  pathInRoot,
  relativePath,
  rootName,
  type Root,
  type WorkspacePath,
} from '../../protocol/workspacePath.ts';
import { isAbsent } from './trouble.ts';

/** A folder of the window and where it really is. */
export type RealRoot = Root & { readonly real: string };

/** Where a path of the workspace leads, links followed; `real` is null when that is outside every folder of the window. */
export type Location = {
  readonly path: WorkspacePath;
  readonly literal: string;
  readonly realAbsolute: string;
  readonly real: WorkspacePath | null;
};

const MOST_LINKS = 40;

/** Rejects with the operating system's error when a folder of the window cannot be found. */
export function realRoots(roots: readonly Root[]): Promise<readonly RealRoot[]> {
  return Promise.all(roots.map(async (root) => ({ ...root, real: await realpath(root.dir) })));
}

function literalAbsolute(path: WorkspacePath, roots: readonly Root[]): string {
  const root = roots.find(({ name }) => name === rootName(path));
  if (root === undefined) throw new Error('A path names a folder that is not open in this window.');
  return join(root.dir, ...relativePath(path).split('/'));
}

export async function locate(path: WorkspacePath, roots: readonly RealRoot[]): Promise<Location> {
  const literal = literalAbsolute(path, roots);
  const realAbsolute = await realOf(literal);
  return { path, literal, realAbsolute, real: workspacePathOf(realAbsolute, roots, rootName(path)) };
}

/** The root a real path lies in, the innermost where one holds another; undefined when it is outside of all. */
export function homeOf(realAbsolute: string, roots: readonly RealRoot[]): RealRoot | undefined {
  const homes = roots.filter((root) => isInside(realAbsolute, root.real));
  return homes.toSorted((one, other) => other.real.length - one.real.length)[0];
}

/** Null when it is outside every folder of the window. A folder inside another one: the root of `preferred` goes first. */
export function workspacePathOf(
  real: string,
  roots: readonly RealRoot[],
  preferred: string,
): WorkspacePath | null {
  const homes = roots.filter((root) => isInside(real, root.real));
  const home = homes.find(({ name }) => name === preferred) ?? homes[0];
  if (home === undefined) return null;
  return pathInRoot(home, relative(home.real, real).split(sep).join('/'));
}

export function isInside(path: string, folder: string): boolean {
  const rest = relative(folder, path);
  return rest === '' || (rest !== '..' && !rest.startsWith(`..${sep}`) && !isAbsolute(rest));
}

/** Of what does not exist: the real path of the deepest folder that does, plus the rest; dangling links are followed. */
export async function realOf(absolute: string, links = 0): Promise<string> {
  try {
    return await realpath(absolute);
  } catch (error) {
    if (!isAbsent(error)) throw error;
  }
  const parent = dirname(absolute);
  if (parent === absolute) return absolute;
  const link = await linkTarget(absolute);
  if (link !== null) {
    if (links >= MOST_LINKS) throw Object.assign(new Error('links lead in a circle'), { code: 'ELOOP' });
    return realOf(resolve(await realOf(parent, links + 1), link), links + 1);
  }
  return join(await realOf(parent, links), absolute.slice(parent.length));
}

export async function linkTarget(absolute: string): Promise<string | null> {
  try {
    return await readlink(absolute);
  } catch {
    return null;
  }
}

/** Of the thing itself, links not followed; null when there is nothing. */
export async function statsOf(real: string): Promise<BigIntStats | null> {
  try {
    return await lstat(real, { bigint: true });
  } catch (error) {
    if (isAbsent(error)) return null;
    throw error;
  }
}

import { constants } from 'node:fs';
import { access, realpath, stat } from 'node:fs/promises';
import { basename, dirname, isAbsolute, join, resolve } from 'node:path';
import { joinFolder, pathSeenFrom } from '../../protocol/linePaths.ts';
import type { Root, WorkspacePath } from '../../protocol/workspacePath.ts';
import { linkTarget, realOf } from './locate.ts';
import { shellTrouble } from './shellTrouble.ts';
import { isAbsent } from './trouble.ts';

/** A place a line goes to while it runs, or why it cannot be used, in the words of a shell. */
export type Place =
  { readonly kind: 'at'; readonly real: string } | { readonly kind: 'trouble'; readonly because: string };

export type LinePlaces = {
  /** Where `cd` leads from a folder of the line, given as steps have it. */
  folder(from: string, word: string): Promise<Place>;
  /** Where a redirect leads from a folder of the line. */
  file(from: string, file: string): Promise<Place>;
};

/** Of a step: a pattern that no longer stands for the names it was allowed with. */
export type ChangedIn = (step: number) => Promise<string | undefined>;

export type LineSurroundings = {
  readonly folder: WorkspacePath;
  /** The real path of `folder`. */
  readonly cwd: string;
  readonly roots: readonly Root[];
  /** Where a path led when the policy looked at it; undefined when it never did. */
  readonly judgedAt: (path: WorkspacePath) => string | undefined;
};

const ELSEWHERE = 'it leads somewhere else than when it was allowed';

/** Finds places as a shell would, and knows only those that are where the policy saw them. */
export function linePlaces({ folder: start, cwd, roots, judgedAt }: LineSurroundings): LinePlaces {
  const checked = (seen: string, real: string): Place => {
    const path = pathSeenFrom(start, seen, roots);
    const before = path === null ? undefined : judgedAt(path);
    return before === real ? { kind: 'at', real } : trouble(ELSEWHERE);
  };

  async function folder(from: string, word: string): Promise<Place> {
    // `cd none/..` fails although its text says "here".
    for (const { index } of word.matchAll(/(?<=^|\/)\.\.(?=\/|$)/g)) {
      const because = await folderTrouble(resolve(cwd, joinFolder(from, word.slice(0, index))));
      if (because !== undefined) return trouble(because);
    }
    const seen = joinFolder(from, word);
    const literal = resolve(cwd, seen);
    const because = await folderTrouble(literal);
    if (because !== undefined) return trouble(because);
    return checked(seen, await realpath(literal));
  }

  async function file(from: string, name: string): Promise<Place> {
    const inFolder = await realpath(resolve(cwd, from));
    // Not joined: `..` behind a link leads where the operating system says.
    const real = await realOfRaw(isAbsolute(name) ? name : `${inFolder}/${name}`);
    return checked(joinFolder(from, name), real);
  }

  const caught = (look: typeof folder) => async (from: string, word: string) => {
    try {
      return await look(from, word);
    } catch (error) {
      return trouble(shellTrouble(error));
    }
  };
  return { folder: caught(folder), file: caught(file) };
}

async function realOfRaw(raw: string): Promise<string> {
  try {
    return await realpath(raw);
  } catch (error) {
    if (!isAbsent(error)) throw error;
  }
  const parent = await realpath(dirname(raw));
  const absent = join(parent, basename(raw));
  const link = await linkTarget(absent);
  return link === null ? absent : realOf(resolve(parent, link));
}

async function folderTrouble(path: string): Promise<string | undefined> {
  try {
    if (!(await stat(path)).isDirectory()) return 'Not a directory';
    await access(path, constants.X_OK);
    return undefined;
  } catch (error) {
    return shellTrouble(error);
  }
}

function trouble(because: string): Place {
  return { kind: 'trouble', because };
}

import { createHash } from 'node:crypto';
import { constants, createReadStream, readdirSync, readFileSync } from 'node:fs';
import { access, realpath, stat } from 'node:fs/promises';
import { delimiter, isAbsolute, join, resolve } from 'node:path';
import { pid as ownPid, platform } from 'node:process';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { parseDigest, type Digest } from '../../protocol/digest.ts';
import { isInside } from './locate.ts';

/**
 * The folders programs are looked for in: absolute, existing, outside every folder of the window by real path, and
 * not writable by everybody. Whoever can put a program on the PATH can have it run.
 */
export async function programFolders(
  path: string,
  realRootDirs: readonly string[],
): Promise<readonly string[]> {
  const kept: string[] = [];
  for (const entry of path.split(delimiter)) {
    if (!isAbsolute(entry) || kept.includes(`${entry}\0`)) continue;
    const real = await realpath(entry).catch(() => null);
    if (real === null || realRootDirs.some((root) => isInside(real, root))) continue;
    const stats = await stat(real).catch(() => null);
    if (stats === null || !stats.isDirectory()) continue;
    if (platform !== 'win32' && (stats.mode & 0o002) !== 0) continue;
    kept.push(entry);
  }
  return kept;
}

/**
 * The real path of a program as the operating system would find it; null when there is none. A word with a slash
 * names its file even where that cannot be run: trying it then says why.
 */
export async function findProgram(
  word: string,
  folders: readonly string[],
  cwd: string,
): Promise<string | null> {
  const withFolder = word.includes('/') || (platform === 'win32' && word.includes('\\'));
  const candidates = withFolder
    ? // Not joined: `..` behind a link leads where the operating system says.
      [isAbsolute(word) ? word : `${cwd}/${word}`]
    : folders.map((dir) => join(dir, word));
  for (const candidate of candidates.flatMap(spellings)) {
    const real = await realpath(candidate).catch(() => null);
    if (real !== null && (await isProgram(real, withFolder))) return real;
  }
  return null;
}

/** The real path of a folder as `cd` would find it; as it is written where there is none. */
export async function realFolder(cwd: string, folder: string): Promise<string> {
  const literal = resolve(cwd, folder);
  return realpath(literal).catch(() => literal);
}

/** Only what Windows starts by itself: a .cmd or .bat would need a shell. */
function spellings(candidate: string): readonly string[] {
  return platform === 'win32' ? [candidate, `${candidate}.exe`, `${candidate}.com`] : [candidate];
}

async function isProgram(real: string, isNamed: boolean): Promise<boolean> {
  const stats = await stat(real).catch(() => null);
  if (stats === null || !stats.isFile()) return false;
  if (platform === 'win32') return /\.(exe|com)$/i.test(real);
  if (isNamed) return true;
  if ((stats.mode & 0o111) === 0) return false;
  return access(real, constants.X_OK).then(
    () => true,
    () => false,
  );
}

/** SHA-256 of a program's file; known ones are not read again while size, times and identity stay the same. */
export type DigestProgram = (real: string) => Promise<Digest>;

export function digestPrograms(): DigestProgram {
  const known = new Map<string, { readonly identity: string; readonly digest: Promise<Digest> }>();
  return async (real) => {
    const { dev, ino, size, mtimeNs, ctimeNs } = await stat(real, { bigint: true });
    const identity = [dev, ino, size, mtimeNs, ctimeNs].join(' ');
    const before = known.get(real);
    if (before?.identity === identity) return before.digest;
    const digest = digestOfFile(real);
    known.set(real, { identity, digest });
    // A look that failed says nothing about the next one.
    digest.catch(() => known.delete(real));
    return digest;
  };
}

async function digestOfFile(path: string): Promise<Digest> {
  const hash = createHash('sha256');
  for await (const chunk of createReadStream(path, { highWaterMark: 1_048_576 }))
    hash.update(chunk as Buffer);
  const digest = parseDigest(hash.digest('base64url'));
  if (digest === undefined) throw new Error('A SHA-256 did not look like one.');
  return digest;
}

/**
 * Processes of ours whose environment holds this entry, on Linux: also those that left their group and their parent
 * to go on in the background. Elsewhere nothing is found. Read synchronously, some at a time: the kernel answers from
 * memory, and a thread hop for each costs five times as much.
 */
export async function processesMarked(entry: string): Promise<readonly number[]> {
  if (platform !== 'linux') return [];
  const ids = readdirSync('/proc').map(Number);
  const marked: number[] = [];
  for (const [index, id] of ids.entries()) {
    if (id > 1 && id !== ownPid && holdsEntry(id, `${entry}\0`)) marked.push(id);
    if (index % 64 === 63) await nextTurn();
  }
  return marked;
}

function holdsEntry(id: number, entry: string): boolean {
  try {
    return readFileSync(`/proc/${id}/environ`).includes(entry);
  } catch {
    // It has ended, or it belongs to somebody else and is none of ours.
    return false;
  }
}

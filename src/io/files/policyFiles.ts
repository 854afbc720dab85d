import { constants, type Stats } from 'node:fs';
import { lstat, open, realpath } from 'node:fs/promises';
import { dirname, join, sep } from 'node:path';
import { platform } from 'node:process';
import type { PolicyFile } from '../../protocol/policyFile.ts';
import { NO_LINKS, NO_WAIT } from './openFlags.ts';
import { errorCode, troubleInWords } from './trouble.ts';

/** A machine-wide policy and the users who may write it; root alone where none are named. */
export type ManagedPlace = { readonly path: string; readonly administrators?: readonly number[] };

const MAX_BYTES = 1_048_576;
const ROOT = 0;
/** Groups whose members administer the machine: root or wheel, and on macOS admin. */
const ADMIN_GROUPS: readonly number[] = platform === 'darwin' ? [0, 80] : [0];

/**
 * Where the machine-wide policy stands. On Windows the folder is named outright as well: an environment variable is
 * what whoever starts the editor says it is.
 */
export function managedPlaces(environment: {
  readonly [name: string]: string | undefined;
}): readonly ManagedPlace[] {
  if (platform === 'darwin') return [{ path: '/Library/Application Support/Warrant/policy.json' }];
  if (platform !== 'win32') return [{ path: '/etc/warrant/policy.json' }];
  const folders = new Set(['C:\\ProgramData', environment['ProgramData'] ?? 'C:\\ProgramData']);
  return [...folders].map((folder) => ({ path: join(folder, 'Warrant', 'policy.json') }));
}

/**
 * Undefined where there is no such file. One that anybody but an administrator could have written, or could have put
 * there, is unusable: it says nothing about who wants what it says. Windows does not tell owners this way, so there the
 * permissions of the folder are all that guards it.
 */
export async function readManagedPolicy({
  path,
  administrators = [ROOT],
}: ManagedPlace): Promise<PolicyFile | undefined> {
  return readPolicy(path, async () => {
    if (platform === 'win32') return undefined;
    return troubleWithOwners(path, administrators);
  });
}

/** A policy to try out, wherever it stands and whoever wrote it; undefined where there is no such file. */
export async function readPolicyToTry(path: string): Promise<PolicyFile | undefined> {
  return readPolicy(path, () => Promise.resolve(undefined));
}

/** The policy that a workspace folder brings along; a link is not followed. */
export async function readWorkspacePolicy(dir: string): Promise<PolicyFile | undefined> {
  const path = join(dir, '.warrant', 'policy.json');
  return readPolicy(path, async () => {
    const wanted = join(await realpath(dir), '.warrant', 'policy.json');
    return (await realpath(path)) === wanted ? undefined : 'it is behind a link';
  });
}

async function readPolicy(
  path: string,
  trouble: () => Promise<string | undefined>,
): Promise<PolicyFile | undefined> {
  const unusable = (because: string): PolicyFile => ({ source: path, found: { kind: 'unusable', because } });
  try {
    await lstat(path);
  } catch (error) {
    return errorCode(error) === 'ENOENT' ? undefined : unusable(troubleInWords(error));
  }
  try {
    const because = await trouble();
    if (because !== undefined) return unusable(because);
    const bytes = await readAll(await realpath(path));
    if (bytes === undefined) return unusable('it is no ordinary file of at most 1 MiB');
    return {
      source: path,
      found: { kind: 'text', text: new TextDecoder('utf-8', { fatal: true }).decode(bytes) },
    };
  } catch (error) {
    if (error instanceof TypeError) return unusable('it is not UTF-8 text');
    return unusable(troubleInWords(error));
  }
}

async function readAll(real: string): Promise<Uint8Array | undefined> {
  const handle = await open(real, constants.O_RDONLY | NO_LINKS | NO_WAIT);
  try {
    const stats = await handle.stat();
    if (!stats.isFile() || stats.size > MAX_BYTES) return undefined;
    const bytes = new Uint8Array(MAX_BYTES + 1);
    let length = 0;
    for (;;) {
      const { bytesRead } = await handle.read(bytes, length, bytes.length - length, length);
      if (bytesRead === 0) return bytes.subarray(0, length);
      length += bytesRead;
      if (length > MAX_BYTES) return undefined;
    }
  } finally {
    await handle.close();
  }
}

/** The file, and every folder above it, by its name and by its real one. */
async function troubleWithOwners(
  path: string,
  administrators: readonly number[],
): Promise<string | undefined> {
  const places = new Set([...chainOf(path), ...chainOf(await realpath(path))]);
  for (const place of places) {
    const stats = await lstat(place);
    if (!administrators.includes(stats.uid) && stats.uid !== ROOT)
      return `${place} belongs to neither root nor an administrator`;
    if (isOpenToOthers(stats)) return `others may write ${place}`;
  }
  return undefined;
}

/** In a folder with the sticky bit others may add names, but not replace those that are there. */
function isOpenToOthers(stats: Stats): boolean {
  if (stats.isSymbolicLink()) return false;
  if (stats.isDirectory() && (stats.mode & 0o1000) !== 0) return false;
  if ((stats.mode & 0o002) !== 0) return true;
  return (stats.mode & 0o020) !== 0 && !ADMIN_GROUPS.includes(stats.gid);
}

function chainOf(path: string): readonly string[] {
  const places = [path];
  for (let place = dirname(path); ; place = dirname(place)) {
    places.push(place);
    if (place === dirname(place) || place === sep) return places;
  }
}

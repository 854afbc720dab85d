import { lstat, readdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { checkpointLine, type CheckpointLine, type CheckpointStep } from '../../protocol/checkpoint.ts';
import { isLive } from './liveOwner.ts';
import { isAbsent } from './trouble.ts';

/** One folder a session: a file of lines, and the texts before, each under the digest of its bytes. */
export const STEPS_FILE = 'steps.jsonl';
export const TEXTS_FOLDER = 'texts';

export type CheckpointLimits = { readonly sessions: number; readonly bytes: number };

/** A session without edits keeps nothing and does not count. */
export const CHECKPOINT_LIMITS: CheckpointLimits = { sessions: 100, bytes: 500_000_000 };

/** The steps of all sessions, oldest first; those that changed nothing are left out, and so is what cannot be read. */
export async function readSteps(folder: string): Promise<readonly CheckpointStep[]> {
  const steps: CheckpointStep[] = [];
  for (const session of await sessionsIn(folder)) steps.push(...(await stepsOf(folder, session)));
  return steps.sort((one, other) => one.at - other.at);
}

/**
 * Removes the sessions that were written to longest ago until no more than the limits are left. Sessions of processes
 * that still run are never removed. Rejects with the operating system's error.
 */
export async function pruneCheckpoints(folder: string, now: number, limits: CheckpointLimits): Promise<void> {
  const found: { session: string; bytes: number; written: number }[] = [];
  for (const session of await sessionsIn(folder))
    found.push({ session, ...(await sizeOf(join(folder, session))) });
  found.sort((one, other) => other.written - one.written);
  let bytes = 0;
  for (const [place, one] of found.entries()) {
    bytes += one.bytes;
    if (place < limits.sessions && bytes <= limits.bytes) continue;
    if (await isInUse(folder, one.session, now - one.written)) continue;
    // The lines go first: without them nobody looks for the texts, should this be cut off.
    await rm(join(folder, one.session, STEPS_FILE), { force: true });
    await rm(join(folder, one.session), { recursive: true, force: true });
  }
}

async function stepsOf(folder: string, session: string): Promise<readonly CheckpointStep[]> {
  const lines = await linesOf(folder, session);
  const ends = new Map(lines.flatMap((line) => (line.kind === 'ended' ? [[line.id, line.outcome]] : [])));
  return lines.flatMap((line): readonly CheckpointStep[] => {
    if (line.kind !== 'begun') return [];
    const { id, at, cause, files } = line;
    const end = ends.get(id);
    if (end === 'stale' || end === 'failed') return [];
    return [{ id, session, at, cause, files, settled: end !== undefined }];
  });
}

/** A last line that a crash cut off is not a line. */
async function linesOf(folder: string, session: string): Promise<readonly CheckpointLine[]> {
  let text: string;
  try {
    text = await readFile(join(folder, session, STEPS_FILE), 'utf8');
  } catch (error) {
    if (isAbsent(error)) return [];
    throw error;
  }
  return text.split('\n').flatMap((line) => {
    const parsed = checkpointLine.safeParse(parsedJson(line));
    return parsed.success ? [parsed.data] : [];
  });
}

function parsedJson(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}

async function isInUse(folder: string, session: string, ageMs: number): Promise<boolean> {
  const owner = (await linesOf(folder, session)).findLast((line) => line.kind === 'opened');
  // Between making its folder and writing its first line a session has no owner yet.
  return owner === undefined ? ageMs < 600_000 : isLive(owner.owner, ageMs);
}

async function sessionsIn(folder: string): Promise<readonly string[]> {
  try {
    const entries = await readdir(folder, { withFileTypes: true });
    return entries.filter((entry) => entry.isDirectory()).map(({ name }) => name);
  } catch (error) {
    if (isAbsent(error)) return [];
    throw error;
  }
}

async function sizeOf(session: string): Promise<{ readonly bytes: number; readonly written: number }> {
  let bytes = 0;
  let written = (await lstat(session)).mtimeMs;
  for (const name of await readdir(session, { recursive: true })) {
    const stats = await lstat(join(session, name));
    if (!stats.isFile()) continue;
    bytes += stats.size;
    written = Math.max(written, stats.mtimeMs);
  }
  return { bytes, written };
}

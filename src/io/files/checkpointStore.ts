import { createHmac } from 'node:crypto';
import { mkdir, realpath } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import {
  turnKey,
  type CheckpointLine,
  type FileStep,
  type FileVersion,
  type StepCause,
} from '../../protocol/checkpoint.ts';
import { contentBytes } from '../../protocol/content.ts';
import { digestOf, type Digest } from '../../protocol/digest.ts';
import type { Content, FileEdit } from '../../protocol/effect.ts';
import type { Checkpoints, Clock, Kept } from '../../protocol/ports.ts';
import type { WorkspacePath } from '../../protocol/workspacePath.ts';
import { openAppendFile, type AppendFile } from './appendFile.ts';
import { readSteps, STEPS_FILE, TEXTS_FOLDER } from './checkpointFolder.ts';
import { realDisk, type Disk } from './disk.ts';
import { ownName } from './liveOwner.ts';
import { openFolder } from './openFolder.ts';
import { decodeContent, readBytes } from './readContent.ts';
import { errorCode, troubleInWords } from './trouble.ts';

export type CheckpointStoreOptions = {
  /** Outside every folder of the window; shared by the sessions of one workspace. */
  readonly folder: string;
  readonly session: string;
  readonly clock: Pick<Clock, 'now' | 'id'>;
  readonly disk?: Disk;
};

/** Texts written at the same time: the disk syncs several for little more than one. */
const AT_ONCE = 8;

export type CheckpointStore = Checkpoints & { close(): Promise<void> };

/** Keeps the steps of one session in a folder of its own, made with the first edit; reads those of all. */
export function createCheckpointStore(options: CheckpointStoreOptions): CheckpointStore {
  const { folder, session, clock, disk = realDisk } = options;
  const own = join(folder, session);
  /** Never given away: who has the audit log alone cannot test guesses against its digests. */
  const key = clock.id();
  const kept = new Set<Digest>();
  /** What the agent itself wrote in this turn: no moment that can be gone back to needs it. */
  const ownTexts = new Map<WorkspacePath, { readonly turn: string; readonly digest: Digest }>();
  let file: AppendFile | undefined;
  let latest = 0;

  async function opened(): Promise<AppendFile> {
    if (file !== undefined) return file;
    await mkdir(join(own, TEXTS_FOLDER), { recursive: true, mode: 0o700 });
    file = await openAppendFile(join(own, STEPS_FILE));
    await file.append(lineOf({ kind: 'opened', v: 1, owner: ownName(), key }));
    const real = await realpath(folder);
    for (const parent of [real, dirname(real)]) await syncFolder(parent);
    return file;
  }

  async function keepText(content: Content): Promise<void> {
    if (kept.has(content.digest)) return;
    const bytes = contentBytes(content);
    if (digestOf(bytes) !== content.digest)
      throw new Error('The text before an edit does not have its digest.');
    const temp = join(own, TEXTS_FOLDER, `${clock.id()}.tmp`);
    await disk.writeNew(temp, bytes, 0o600, null);
    await disk.rename(temp, join(own, TEXTS_FOLDER, content.digest));
    kept.add(content.digest);
  }

  async function keep(cause: StepCause, files: readonly FileEdit[]): Promise<Kept> {
    const id = clock.id();
    const turn = cause.kind === 'turn' ? turnKey(session, cause.turn) : '';
    const steps = files.flatMap(fileSteps);
    const log = await opened();
    const texts = new Map<Digest, Content>();
    for (const { path, before } of files) {
      const mine = ownTexts.get(path);
      if (before === null || (mine?.turn === turn && mine.digest === before.digest)) continue;
      texts.set(before.digest, before);
    }
    const waiting = [...texts.values()];
    while (waiting.length > 0) await Promise.all(waiting.splice(0, AT_ONCE).map(keepText));
    await syncFolder(await realpath(join(own, TEXTS_FOLDER)));
    latest = Math.max(latest, clock.now());
    await log.append(lineOf({ kind: 'begun', id, at: latest, cause, files: steps }));
    await log.sync();
    for (const { path, after } of steps) {
      if (after === null || turn === '') ownTexts.delete(path);
      else ownTexts.set(path, { turn, digest: after.digest });
    }
    const keyed = (one: FileVersion | null) => (one === null ? null : keyedDigest(key, one.digest));
    const named = steps.map(({ path, before, after }) => ({
      path,
      before: keyed(before),
      after: keyed(after),
    }));
    return { kind: 'kept', step: id, files: named };
  }

  return {
    async keep(cause, files) {
      try {
        return await keep(cause, files);
      } catch (error) {
        const because = wordsFor(error);
        // What failed once fails for ever in an append file; the next edit begins with a fresh one.
        await file?.close().catch(() => undefined);
        file = undefined;
        return { kind: 'failed', because };
      }
    },
    async ended(id, outcome) {
      await file?.append(lineOf({ kind: 'ended', id, outcome })).catch(() => undefined);
    },
    steps: () => readSteps(folder),
    async content(of, { digest, mode }) {
      const at = join(await realpath(folder), of, TEXTS_FOLDER, digest);
      const read = await readBytes(at, Number.MAX_SAFE_INTEGER);
      if (read.kind !== 'bytes' || digestOf(read.bytes) !== digest) return undefined;
      const decoded = decodeContent(read.bytes, mode);
      return decoded.kind === 'content' ? decoded.content : undefined;
    },
    async close() {
      await file?.close();
      file = undefined;
    },
  };
}

/** A rename takes a file away at one path and makes one at another. */
function fileSteps({ path, before, after, to }: FileEdit): readonly FileStep[] {
  if (to === undefined || to === path) return [{ path, before: versionOf(before), after: versionOf(after) }];
  return [
    { path, before: versionOf(before), after: null },
    { path: to, before: null, after: versionOf(after), from: path },
  ];
}

function versionOf(content: Content | null): FileVersion | null {
  return content === null ? null : { digest: content.digest, mode: content.mode };
}

function lineOf(line: CheckpointLine): string {
  return `${JSON.stringify(line)}\n`;
}

function keyedDigest(key: string, digest: Digest): string {
  return createHmac('sha256', key).update(digest).digest('base64url');
}

async function syncFolder(real: string): Promise<void> {
  const folder = await openFolder(real);
  await folder.sync();
  await folder.close();
}

/** An append file says some of its troubles in words of its own. */
function wordsFor(error: unknown): string {
  if (errorCode(error) !== undefined || !(error instanceof Error)) return troubleInWords(error);
  return error.message;
}

import { Worker } from 'node:worker_threads';
import type { LineDiff } from '../protocol/changeSet.ts';
import type { EditEffect } from '../protocol/effect.ts';
import { effectDigest } from '../protocol/effectDigest.ts';
import type { CompareLines } from '../protocol/ports.ts';

export type CompareInWorkerOptions = {
  /** The built worker. */
  readonly program: string;
  /** For edits so small that a thread costs more than the comparison. */
  readonly here: (effect: EditEffect) => readonly LineDiff[];
  /** When the worker did not answer: nothing that costs anything is compared, and the person is told so. */
  readonly givenUp: (effect: EditEffect) => readonly LineDiff[];
  readonly smallCharacters?: number;
  readonly longestMs?: number;
};

const SMALL_CHARACTERS = 40_000;
const LONGEST_MS = 10_000;
/** An edit is compared when it is judged, shown and done; between them others may come. */
const KEPT = 8;

/** The editor's process is shared with everything else in it, so what may take long is compared on another thread. */
export function compareInWorker(options: CompareInWorkerOptions): CompareLines {
  const { program, here, givenUp } = options;
  const { smallCharacters = SMALL_CHARACTERS, longestMs = LONGEST_MS } = options;
  const kept = new Map<string, Promise<readonly LineDiff[]>>();
  return (effect) => {
    if (charactersOf(effect) <= smallCharacters) return Promise.resolve(here(effect));
    const key = effectDigest(effect);
    const known = kept.get(key);
    if (known !== undefined) return known;
    const diffs = compareOnThread(program, effect, longestMs).then((found) => found ?? givenUp(effect));
    kept.set(key, diffs);
    const [oldest] = kept.keys();
    if (kept.size > KEPT && oldest !== undefined) kept.delete(oldest);
    return diffs;
  };
}

/** Undefined when the thread could not be had, failed, or took too long. */
function compareOnThread(
  program: string,
  effect: EditEffect,
  longestMs: number,
): Promise<readonly LineDiff[] | undefined> {
  return new Promise((resolve) => {
    const worker = new Worker(program, { env: {}, resourceLimits: { maxOldGenerationSizeMb: 512 } });
    const end = (found: readonly LineDiff[] | undefined) => {
      clearTimeout(timer);
      resolve(found);
      void worker.terminate();
    };
    const timer = setTimeout(() => end(undefined), longestMs);
    worker.once('message', (found: readonly LineDiff[]) => end(found));
    worker.once('error', () => end(undefined));
    worker.once('exit', () => end(undefined));
    worker.postMessage(effect);
  });
}

function charactersOf({ files }: EditEffect): number {
  return files.reduce(
    (sum, { before, after }) => sum + (before?.text.length ?? 0) + (after?.text.length ?? 0),
    0,
  );
}

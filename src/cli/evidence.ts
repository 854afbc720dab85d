import { verifyChain, type BadLine, type FoundRecord, type SoundLog } from '../audit/auditReader.ts';
import { judgeCompleteness, type Completeness } from '../audit/judgeCompleteness.ts';
import type { LogIndex } from '../audit/logIndex.ts';
import { checkpointsIn, parsePublicKey, type Checkpoint } from '../audit/signedNote.ts';
import { openLineFile, type LineFile } from '../io/files/lineFile.ts';
import type { Given } from './command.ts';

/** The options by which an auditor hands in what was kept elsewhere. */
export const EVIDENCE = ['key', 'checkpoint', 'epoch-key'] as const;

export type Judged =
  | {
      readonly kind: 'sound';
      readonly log: SoundLog;
      readonly completeness: Exclude<Completeness, BadLine | { kind: 'unusable' }>;
      /** The public key that was given. */
      readonly key: string | undefined;
    }
  | BadLine
  | { readonly kind: 'unusable'; readonly because: string };

type Held = {
  readonly key: string | undefined;
  readonly epochKey: string | undefined;
  readonly checkpoints: readonly Checkpoint[] | undefined;
};

/** Verifies a whole log with whatever an auditor holds of it; `because` is a sentence when something cannot be used. */
export async function judgeLog(
  file: LineFile,
  { options }: Given,
  visit?: (found: FoundRecord, index: LogIndex) => void,
): Promise<Judged> {
  const held = await heldIn(options);
  if ('because' in held) return { kind: 'unusable', because: held.because };
  const { key, epochKey, checkpoints } = held;
  const log = await verifyChain(file, {
    epochKey: epochKey === undefined ? undefined : Buffer.from(epochKey, 'base64url'),
    rootsAt: (checkpoints ?? []).map(({ size }) => size),
    ...(visit === undefined ? {} : { visit }),
  });
  if (log.kind === 'empty')
    return { kind: 'unusable', because: 'The file is empty; it is not an audit log.' };
  if (log.kind === 'bad') return log;
  const judged = judgeCompleteness(log, { key, checkpoints, authenticated: epochKey !== undefined });
  if (judged.kind === 'bad' || judged.kind === 'unusable') return judged;
  return { kind: 'sound', log, completeness: judged, key };
}

async function heldIn(options: Given['options']): Promise<Held | { readonly because: string }> {
  const givenKey = options.get('key');
  const key = givenKey === undefined ? undefined : parsePublicKey(await textOf(givenKey));
  if (givenKey !== undefined && key === undefined)
    return { because: '--key is neither a public key nor a file with one.' };
  const givenEpochKey = options.get('epoch-key');
  const epochKey = givenEpochKey === undefined ? undefined : (await textOf(givenEpochKey)).trim();
  if (epochKey !== undefined && !/^[A-Za-z0-9_-]{43}$/.test(epochKey))
    return { because: '--epoch-key is neither the key of an epoch nor a file with one.' };
  const path = options.get('checkpoint');
  const notes = path === undefined ? undefined : await readText(path);
  const checkpoints = notes === undefined ? undefined : checkpointsIn(notes);
  if (path !== undefined && (checkpoints ?? []).length === 0)
    return { because: '--checkpoint is not a file with a checkpoint in it.' };
  return { key, epochKey, checkpoints };
}

/** A key as it was given, or what the file holds that was given in its place. */
async function textOf(given: string): Promise<string> {
  return parsePublicKey(given) === undefined ? ((await readText(given)) ?? '') : given;
}

/** The beginning of a small file; undefined when it cannot be read. */
async function readText(path: string): Promise<string | undefined> {
  try {
    const file = await openLineFile(path);
    try {
      return Buffer.from(await file.read(0, 1 << 20)).toString('utf8');
    } finally {
      await file.close();
    }
  } catch {
    return undefined;
  }
}

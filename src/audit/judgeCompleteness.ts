import type { BadLine, SoundLog } from './auditReader.ts';
import { isCheckpointOf, originOf, type Checkpoint } from './signedNote.ts';

/** What an auditor holds besides the log. */
export type Evidence = {
  /** The public key that seals should be of. */
  readonly key: string | undefined;
  /** Checkpoints that were kept elsewhere, of this log or of others; undefined when none were given. */
  readonly checkpoints: readonly Checkpoint[] | undefined;
  /** Whether every MAC was checked, from the first epoch's key on. */
  readonly authenticated: boolean;
};

/** `because` is a sentence, or for a bad line a clause as always. */
export type Completeness =
  | { readonly kind: 'complete'; readonly because: string }
  | { readonly kind: 'unknown'; readonly because: string }
  | { readonly kind: 'unusable'; readonly because: string }
  | BadLine;

/** What can be said about the end of a log that is sound by itself. */
export function judgeCompleteness(
  log: SoundLog,
  { key, checkpoints, authenticated }: Evidence,
): Completeness {
  const [first] = log.seals.keys;
  const keys = log.seals.keys.map(({ publicKey }) => publicKey);
  if (key !== undefined && first !== undefined && !keys.includes(key))
    return {
      kind: 'bad',
      line: first.line,
      because: `it is sealed with the key ${first.publicKey}, not with the one given`,
    };
  let agreed = 0;
  if (checkpoints !== undefined) {
    const own = checkpoints.filter(({ origin }) => origin === originOf(log.session));
    if (own.length === 0)
      return {
        kind: 'unusable',
        because: `No checkpoint of session ${log.session} was found among those given.`,
      };
    const compared = compareAll(log, own, key === undefined ? keys : [...keys, key]);
    if (typeof compared !== 'number') return compared;
    agreed = compared;
  }
  const { closedAt } = log.seals;
  if (log.closed && agreed >= closedAt)
    return {
      kind: 'complete',
      because: `A checkpoint of ${agreed} records, kept elsewhere, covers the end of the session.`,
    };
  if (log.closed && authenticated)
    return {
      kind: 'complete',
      because: 'Every record was made with the key of its epoch, and so was the end of the session.',
    };
  return { kind: 'unknown', because: whyUnknown(log, agreed, authenticated) };
}

/** The largest size up to which log and checkpoints agree, or why they do not. */
function compareAll(
  { records, seals }: SoundLog,
  checkpoints: readonly Checkpoint[],
  keys: readonly string[],
): number | Completeness {
  let agreed = 0;
  for (const checkpoint of checkpoints.toSorted((one, other) => one.size - other.size)) {
    const { size, root } = checkpoint;
    const signed = keys.some((key) => isCheckpointOf(checkpoint, key));
    const doubt = signed
      ? ''
      : ' (or the checkpoint is not genuine: it is signed by no key that is known here)';
    if (size > records)
      return {
        kind: 'bad',
        line: records + 1,
        because: `it is missing, with all lines after it up to ${size}, which a checkpoint says were there${doubt}`,
      };
    if (seals.roots.get(size) !== root)
      return {
        kind: 'bad',
        line: size,
        because: `the records up to it are not those of a checkpoint of ${size} records: something between lines ${agreed + 1} and ${size} was changed${doubt}`,
      };
    if (!signed)
      return {
        kind: 'unusable',
        because: `The checkpoint of ${size} records is signed by no key that is known here; give the public key with --key.`,
      };
    agreed = size;
  }
  return agreed;
}

function whyUnknown({ closed }: SoundLog, agreed: number, authenticated: boolean): string {
  const end = closed
    ? 'The session was closed in order.'
    : 'The session was not closed: it is still open, it crashed, or its end was cut off.';
  if (agreed > 0)
    return `${end} A checkpoint covers the first ${agreed} records; of what came after, nothing is known.`;
  if (authenticated)
    return `${end} Every record was made with the key of its epoch; whether there were more, nothing says.`;
  return `${end} Nothing that was kept elsewhere was given, so an end that was cut off or written anew cannot be told.`;
}

import * as z from 'zod';
import { parseDigest, type Digest } from './digest.ts';
import { isWorkspacePath, type WorkspacePath } from './workspacePath.ts';

const path = z.custom<WorkspacePath>((value) => typeof value === 'string' && isWorkspacePath(value));
const digest = z.custom<Digest>((value) => typeof value === 'string' && parseDigest(value) !== undefined);
const version = z.strictObject({ digest, mode: z.int().nonnegative() });
const id = z.string().min(1);

/** What one step did to one path; null is no file. A rename is two of these, and the new one says where it came from. */
const fileStep = z.strictObject({
  path,
  before: version.nullable(),
  after: version.nullable(),
  from: path.exactOptional(),
});

/** Why a step was taken: in a turn of the agent, or because a person went back (to before a step) or forth again. */
const stepCause = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('turn'), turn: z.int().positive(), prompt: z.string() }),
  z.strictObject({ kind: z.literal('undo'), turn: id }),
  z.strictObject({ kind: z.literal('restore'), to: id }),
  z.strictObject({ kind: z.literal('redo'), of: id }),
]);

/** A line of a session's checkpoint file. `owner` names the process that writes it, `key` is that of the digests on the record. */
export const checkpointLine = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('opened'), v: z.literal(1), owner: z.string(), key: z.string() }),
  z.strictObject({
    kind: z.literal('begun'),
    id,
    at: z.int().nonnegative(),
    cause: stepCause,
    files: z.array(fileStep),
  }),
  z.strictObject({ kind: z.literal('ended'), id, outcome: z.enum(['done', 'stale', 'failed']) }),
]);
export type CheckpointLine = z.infer<typeof checkpointLine>;

/** A text file as it stood on disk, by the digest of its bytes. */
export type FileVersion = z.infer<typeof version>;
export type FileStep = z.infer<typeof fileStep>;
export type StepCause = z.infer<typeof stepCause>;

/** One applied edit. `at` is in milliseconds since 1970. */
export type CheckpointStep = {
  readonly id: string;
  readonly session: string;
  readonly at: number;
  readonly cause: StepCause;
  readonly files: readonly FileStep[];
  /** False where the process ended in the middle: whether the edit was applied only the disk can tell. */
  readonly settled: boolean;
};

/** Names a turn over all sessions. */
export function turnKey(session: string, turn: number): string {
  return `${session} ${turn}`;
}

/** What a person asks for. Without `turn` it is the last one that stands. */
export type RestoreWish =
  | { readonly kind: 'undo'; readonly turn?: string }
  | { readonly kind: 'redo' }
  | { readonly kind: 'restore'; readonly to: string };

/** A moment the files can be taken back to: just before step `to`. */
export type RestorePoint = {
  readonly to: string;
  readonly at: number;
  readonly of:
    | { readonly kind: 'turn'; readonly prompt: string; readonly undone: boolean }
    | { readonly kind: 'undo' | 'redo' | 'restore' };
  readonly paths: readonly WorkspacePath[];
};

/** `left` are sentences about files that were not among what was shown, and why. */
export type RestoreEnd =
  | { readonly kind: 'done'; readonly files: number; readonly left: readonly string[] }
  | { readonly kind: 'nothing'; readonly because: string; readonly left: readonly string[] }
  | { readonly kind: 'rejected' }
  | { readonly kind: 'failed'; readonly because: string };

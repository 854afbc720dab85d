import type { EditEffect } from '../protocol/effect.ts';
import type { AuditLog, Checkpoints } from '../protocol/ports.ts';
import type { StepCause } from '../protocol/checkpoint.ts';

export type KeepPorts = {
  readonly audit: AuditLog;
  readonly checkpoints: Checkpoints;
  readonly cause: () => StepCause;
};

/** Keeps what an edit is about to take away and puts that on the record; without it the edit must not happen. */
export async function keepBefore(
  { audit, checkpoints, cause }: KeepPorts,
  calls: readonly string[],
  effect: EditEffect,
): Promise<
  { readonly kind: 'kept'; readonly step: string } | { readonly kind: 'failed'; readonly because: string }
> {
  const why = cause();
  const kept = await checkpoints.keep(why, effect.files);
  if (kept.kind === 'failed')
    return { kind: 'failed', because: `the text before the edit cannot be kept: ${kept.because}` };
  const files = kept.files.map((file) => ({ ...file }));
  const data = { calls: [...calls], step: kept.step, because: why.kind, files };
  await audit.record({ kind: 'checkpointed', data });
  return { kind: 'kept', step: kept.step };
}

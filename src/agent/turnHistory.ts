import { turnKey, type CheckpointStep, type RestorePoint, type StepCause } from '../protocol/checkpoint.ts';
import type { WorkspacePath } from '../protocol/workspacePath.ts';

/** What can be undone, redone and gone back to. */
export type TurnHistory = {
  /** Oldest first. */
  readonly points: readonly RestorePoint[];
  /** The turns that stand, by their keys, in the order in which undo takes them back. */
  readonly undo: readonly string[];
  /** The steps that redo takes back, in its order. */
  readonly redo: readonly string[];
};

/** `done` are turns that stand, `back` steps that went back and can be taken back themselves, newest last. */
type Standing = { readonly done: readonly string[]; readonly back: readonly string[] };

const NOTHING: Standing = { done: [], back: [] };

/** Replays what was done, undone and redone; `steps` oldest first. */
export function turnHistory(steps: readonly CheckpointStep[]): TurnHistory {
  const points = new Map<string, { step: CheckpointStep; paths: Set<WorkspacePath> }>();
  const standingBefore = new Map<string, Standing>();
  let standing = NOTHING;
  for (const step of steps) {
    const key = groupOf(step);
    const point = points.get(key) ?? { step, paths: new Set() };
    points.set(key, point);
    for (const { path } of step.files) point.paths.add(path);
    standingBefore.set(step.id, standing);
    standing = after(standing, step, standingBefore);
  }
  return {
    points: [...points].map(([key, { step, paths }]) => ({
      to: step.id,
      at: step.at,
      of: pointOf(step.cause, !standing.done.includes(key)),
      paths: [...paths],
    })),
    undo: standing.done.toReversed(),
    redo: standing.back.toReversed(),
  };
}

/** Steps of one turn belong together; going back and forth are steps of their own. */
export function groupOf({ cause, session, id }: CheckpointStep): string {
  return cause.kind === 'turn' ? turnKey(session, cause.turn) : id;
}

function after(
  standing: Standing,
  step: CheckpointStep,
  standingBefore: ReadonlyMap<string, Standing>,
): Standing {
  const { done, back } = standing;
  switch (step.cause.kind) {
    case 'turn': {
      const key = groupOf(step);
      // A new change ends what could be redone, as in every editor.
      return { done: [...done.filter((one) => one !== key), key], back: [] };
    }
    case 'undo': {
      const { turn } = step.cause;
      return { done: done.filter((one) => one !== turn), back: [...back, step.id] };
    }
    case 'restore':
      return { done: standingBefore.get(step.cause.to)?.done ?? done, back: [...back, step.id] };
    case 'redo': {
      const { of } = step.cause;
      return { done: standingBefore.get(of)?.done ?? done, back: back.filter((one) => one !== of) };
    }
  }
}

function pointOf(cause: StepCause, undone: boolean): RestorePoint['of'] {
  return cause.kind === 'turn' ? { kind: 'turn', prompt: cause.prompt, undone } : { kind: cause.kind };
}

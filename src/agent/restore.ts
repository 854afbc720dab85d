import type { EditCard } from '../protocol/approval.ts';
import type { LineDiff } from '../protocol/changeSet.ts';
import type { CheckpointStep, RestoreEnd, RestoreWish, StepCause } from '../protocol/checkpoint.ts';
import type { Decision } from '../protocol/decision.ts';
import { digestOfJson } from '../protocol/digest.ts';
import type { Content, EditEffect } from '../protocol/effect.ts';
import { effectDigest } from '../protocol/effectDigest.ts';
import type { Workspace } from '../protocol/ports.ts';
import { shownPath, type WorkspacePath } from '../protocol/workspacePath.ts';
import { personRestore } from '../policy/personRestore.ts';
import { applyChoices } from '../review/applyChoices.ts';
import { changeSetOf } from '../review/changeSetOf.ts';
import {
  pathRestores,
  restoreEdit,
  type PathRestore,
  type RestoreContents,
  type RestoreEdit,
} from '../review/restorePlan.ts';
import { loadBefore } from './editGate.ts';
import { createEditOverlay } from './editOverlay.ts';
import { pathsOf, type Judge } from './judged.ts';
import { createRoad, type Road, type RoadPorts } from './road.ts';
import { theirTexts } from './theirTexts.ts';
import { groupOf, turnHistory } from './turnHistory.ts';

export type RestorePorts = Omit<RoadPorts, 'cause'> & { readonly workspace: Workspace };

/** The steps to take back, and how to say it after "you asked". */
type Chosen = {
  readonly cause: StepCause;
  readonly isTakenBack: (step: CheckpointStep) => boolean;
  readonly says: string;
};

type Restoring = RestorePorts & {
  readonly call: string;
  readonly road: Road;
  readonly signal: AbortSignal;
  readonly judge: () => Judge;
};

/**
 * Takes files back to earlier texts, on the road every edit takes: shown first, accepted by file or hunk, judged,
 * kept, applied all or nothing, recorded. When a file changed meanwhile, all is looked at and asked anew.
 */
export async function runRestore(
  ports: RestorePorts,
  call: string,
  wish: RestoreWish,
  signal: AbortSignal,
): Promise<RestoreEnd> {
  const steps = await ports.checkpoints.steps();
  let end: RestoreEnd = { kind: 'nothing', because: NOTHING_LEFT[wish.kind], left: [] };
  // A turn that left everything as it was, or never came to applying, must not bar the way to the one before it.
  for (const chosen of choose(wish, steps)) {
    end = await restoreChosen(ports, call, steps, chosen, signal);
    if (end.kind !== 'nothing' || end.left.length > 0) return end;
  }
  return end;
}

const NOTHING_LEFT: { readonly [Kind in RestoreWish['kind']]: string } = {
  undo: 'No turn of the agent that changed a file is left to undo.',
  redo: 'Nothing that was undone is left to redo.',
  restore: 'What stood there then is not kept any more, so nothing was changed.',
};

async function restoreChosen(
  ports: RestorePorts,
  call: string,
  steps: readonly CheckpointStep[],
  chosen: Chosen,
  signal: AbortSignal,
): Promise<RestoreEnd> {
  const judge = () => asPerson(ports.judge(), chosen.says);
  const road = createRoad({ ...ports, judge, cause: () => chosen.cause });
  const restoring: Restoring = { ...ports, call, road, signal, judge };
  let again: string | undefined;
  for (;;) {
    signal.throwIfAborted();
    const { edit, left } = await draftRestore(restoring, steps, chosen.isTakenBack);
    if (edit.files.length === 0)
      return {
        kind: 'nothing',
        because: 'The files are already as they were then, so nothing was changed.',
        left,
      };
    const effect: EditEffect = { kind: 'edit', files: edit.files };
    const { decision } = await road.judge(call, 'restore', effect);
    if (decision.verdict === 'deny') return { kind: 'failed', because: decision.because };
    const diffs = await ports.compare(effect);
    const card = restoreCard(ports, effect, diffs, edit, decision, again);
    const { choice } = await road.ask(card, [call], signal);
    if (choice.kind !== 'accept') return { kind: 'rejected' };
    const accepted = applyChoices(effect, choice.files, diffs);
    if (accepted === null) return { kind: 'rejected' };
    const now = await road.judgeAgain([call], accepted);
    if (now.decision.verdict === 'deny') return { kind: 'failed', because: now.decision.because };
    const theirs = theirTexts(effect, diffs, choice.files);
    const outcome = await road.perform([call], accepted, [], signal, theirs);
    if (outcome.kind === 'done') return { kind: 'done', files: accepted.files.length, left };
    if (outcome.kind === 'failed') return outcome;
    again = outcome.because;
  }
}

/** What a wish may come to, the first that changes something. */
function choose(wish: RestoreWish, steps: readonly CheckpointStep[]): readonly Chosen[] {
  const history = turnHistory(steps);
  switch (wish.kind) {
    case 'undo':
      return (wish.turn === undefined ? history.undo : [wish.turn]).flatMap((turn) => {
        const first = steps.find((step) => groupOf(step) === turn);
        if (first === undefined) return [];
        const isTakenBack = (step: CheckpointStep) => groupOf(step) === turn;
        return [{ cause: { kind: 'undo', turn }, isTakenBack, says: `to undo ${inWords(first)}` }];
      });
    case 'redo':
      return history.redo.flatMap((of) => {
        const back = steps.find(({ id }) => id === of);
        if (back === undefined) return [];
        const isTakenBack = ({ id }: CheckpointStep) => id === of;
        return [
          { cause: { kind: 'redo', of }, isTakenBack, says: `to redo what ${inWords(back)} took back` },
        ];
      });
    case 'restore': {
      const at = steps.findIndex(({ id }) => id === wish.to);
      const first = steps[at];
      if (first === undefined) return [];
      const since = new Set(steps.slice(at));
      const isTakenBack = (step: CheckpointStep) => since.has(step);
      return [
        {
          cause: { kind: 'restore', to: first.id },
          isTakenBack,
          says: `to go back to before ${inWords(first)}`,
        },
      ];
    }
  }
}

function inWords({ cause, at }: CheckpointStep): string {
  const when = `${new Date(at).toISOString().slice(0, 16).replace('T', ' ')} UTC`;
  switch (cause.kind) {
    case 'turn': {
      const line = cause.prompt.replace(/\s+/g, ' ').trim();
      return `the turn “${line.length > 60 ? `${line.slice(0, 60)}…` : line}” of ${when}`;
    }
    case 'undo':
      return `the undo of ${when}`;
    case 'redo':
      return `the redo of ${when}`;
    case 'restore':
      return `the restore of ${when}`;
  }
}

/** What the rules say of an edit, as the person's own: see policy/personRestore. */
function asPerson(judge: Judge, says: string): Judge {
  return {
    decide: (effect, facts) => personRestore(judge.decide(effect, facts), says),
    decideRead: (facts) => judge.decideRead(facts),
    useOf: (effect) => judge.useOf(effect),
  };
}

type Draft = { readonly edit: RestoreEdit; readonly left: readonly string[] };

/** One file that cannot be had must not keep the others back: it is left out, with the reason, also on the record. */
async function draftRestore(
  restoring: Restoring,
  steps: readonly CheckpointStep[],
  isTakenBack: (step: CheckpointStep) => boolean,
): Promise<Draft> {
  const left: string[] = [];
  const leave = async (path: WorkspacePath, rule: string, because: string) => {
    left.push(`${shownPath(path, restoring.workspace.roots)}: ${because}.`);
    await restoring.road.refuse(`${restoring.call}.${left.length}`, 'restore', rule, because);
  };
  const restores = pathRestores(steps, isTakenBack, await canonicalPaths(restoring, steps));
  const contents = new Map<WorkspacePath, RestoreContents>();
  for (const restore of restores) {
    const found = await contentsOf(restoring, restore);
    if (found.kind === 'left') await leave(restore.path, found.rule, found.because);
    else contents.set(restore.path, found);
  }
  const whole = restoreEdit(restores, contents);
  const files = [];
  for (const file of whole.files) {
    const decision = await judgeAlone(restoring, { kind: 'edit', files: [file] });
    if (decision.verdict === 'deny') await leave(file.path, decision.rule, decision.because);
    else files.push(file);
  }
  return { edit: { ...whole, files }, left };
}

/** Two ways of naming one file, through a link, are one file. */
async function canonicalPaths(
  { world }: Restoring,
  steps: readonly CheckpointStep[],
): Promise<(path: WorkspacePath) => WorkspacePath> {
  const names = new Map<WorkspacePath, WorkspacePath>();
  const paths = new Set(steps.flatMap(({ files }) => files.map(({ path }) => path)));
  for (const path of paths) names.set(path, (await world.pathFacts(path)).real ?? path);
  return (path) => names.get(path) ?? path;
}

type Left = { readonly kind: 'left'; readonly rule: string; readonly because: string };

async function contentsOf(
  restoring: Restoring,
  { path, target }: PathRestore,
): Promise<({ readonly kind: 'contents' } & RestoreContents) | Left> {
  const now = await loadBefore(restoring, path, createEditOverlay());
  if (now.kind === 'denied') return { kind: 'left', rule: now.decision.rule, because: now.decision.because };
  if (now.kind === 'unreadable') return { kind: 'left', rule: 'restore.unreadable', because: now.because };
  if (target === null) return { kind: 'contents', now: now.content, target: null };
  const kept: Content | undefined = await restoring.checkpoints.content(target.session, target.version);
  if (kept === undefined)
    return { kind: 'left', rule: 'restore.lost', because: 'its text of then is not kept, or not intact' };
  return { kind: 'contents', now: now.content, target: kept };
}

async function judgeAlone({ world, judge }: Restoring, effect: EditEffect): Promise<Decision> {
  const paths = await Promise.all(pathsOf(effect, []).map((path) => world.pathFacts(path)));
  return judge().decide(effect, { paths, executables: [] });
}

function restoreCard(
  { clock }: RestorePorts,
  effect: EditEffect,
  diffs: readonly LineDiff[],
  { conflicts }: RestoreEdit,
  why: Decision,
  again: string | undefined,
): EditCard {
  const changeSet = changeSetOf(effect, diffs);
  const files = changeSet.files.map((file) => {
    const conflict = conflicts.get(file.path);
    if (conflict === undefined) return file;
    return { ...file, notices: [conflict, ...file.notices], unchosen: true as const };
  });
  return {
    kind: 'edit',
    id: clock.id(),
    digest: digestOfJson({ effect: effectDigest(effect), again: again ?? '' }),
    effect,
    changeSet: { ...changeSet, files },
    why,
    claim: '',
    ...(again === undefined ? {} : { again }),
  };
}

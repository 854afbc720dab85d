import type { EditCard } from '../protocol/approval.ts';
import type { ChangeSet, LineDiff } from '../protocol/changeSet.ts';
import type { Decision } from '../protocol/decision.ts';
import { digestOfJson } from '../protocol/digest.ts';
import type { Content, EditEffect, FileEdit } from '../protocol/effect.ts';
import { effectDigest } from '../protocol/effectDigest.ts';
import type { PathFacts } from '../protocol/facts.ts';
import type { Outcome, Problem } from '../protocol/outcome.ts';
import type { Change, Replacement } from '../protocol/proposal.ts';
import { shownPath, type WorkspacePath } from '../protocol/workspacePath.ts';
import { applyChoices } from '../review/applyChoices.ts';
import { changeSetOf } from '../review/changeSetOf.ts';
import { applyChange } from '../tools/applyChange.ts';
import { createEditOverlay, type EditOverlay } from './editOverlay.ts';
import type { EditCall, GateContext } from './gateContext.ts';
import { notesText, reviewedText } from './reviewedText.ts';
import { freshProblemsText } from './freshProblemsText.ts';
import { theirTexts, type TheirText } from './theirTexts.ts';
import { deniedText, invalidText, noteSentence, rejectedText, type ToolResult } from './toolResult.ts';

type Draft = {
  readonly kind: 'draft';
  readonly call: EditCall;
  readonly decision: Decision;
  /** What a person must see beside the lines: where a link leads, why the file is asked in any case. */
  readonly notices: readonly string[];
};
type Refused = { readonly kind: 'refused'; readonly call: EditCall; readonly text: string };

/**
 * Takes the edits of one answer down the road together: each is judged alone, what may be done is shown as one set,
 * and what was accepted is applied all or nothing. When a file changed meanwhile, all is drafted and asked anew.
 */
export async function runEdits(
  context: GateContext,
  calls: readonly EditCall[],
): Promise<readonly ToolResult[]> {
  let again: string | undefined;
  for (;;) {
    const overlay = createEditOverlay();
    const drafts: (Draft | Refused)[] = [];
    for (const call of calls) drafts.push(await draft(context, call, overlay, again));
    const effect: EditEffect = { kind: 'edit', files: overlay.files() };
    const reviewed = await review(context, drafts, effect, again);
    if (reviewed.kind === 'results') return reviewed.results;
    again = reviewed.because;
  }
}

type Reviewed =
  | { readonly kind: 'results'; readonly results: readonly ToolResult[] }
  | { readonly kind: 'again'; readonly because: string };

async function review(
  context: GateContext,
  drafts: readonly (Draft | Refused)[],
  effect: EditEffect,
  again: string | undefined,
): Promise<Reviewed> {
  const { road, signal } = context;
  const open = drafts.filter((one) => one.kind === 'draft');
  const ids = open.map(({ call }) => call.id);
  const tell = (textOf: (draft: Draft) => string): Reviewed => ({
    kind: 'results',
    results: resultsOf(drafts, textOf),
  });
  if (effect.files.length === 0)
    return tell(() => invalidText('taken together, the edits of this answer change nothing'));
  // Where even an edit allowed by rule found its file changed, a person decides; a loop without one could run forever.
  const asking = open.find(({ decision }) => decision.verdict === 'ask' || again !== undefined);
  if (asking === undefined) {
    const { outcome, problems } = await applied(context, ids, effect, []);
    if (outcome.kind === 'stale') return { kind: 'again', because: outcome.because };
    if (outcome.kind === 'failed') return tell(() => invalidText(outcome.because));
    return tell(({ call }) => `Applied: ${names(context, call)}.${problemsText(context, call, problems)}`);
  }

  const diffs = await context.compare(effect);
  const card = editCard(context, effect, diffs, open, asking.decision, again);
  const { choice } = await road.ask(card, ids, signal);
  const { changeSet } = card;
  const accepted = choice.kind === 'accept' ? applyChoices(effect, choice.files, diffs) : null;
  if (choice.kind !== 'accept' || accepted === null) {
    const { note, notes = [] } = choice.kind === 'accept' || choice.kind === 'reject' ? choice : { note: '' };
    return tell(({ call }) => {
      const file = changeSet.files.find((one) => touches(one, call.change));
      return `${rejectedText(`the change to ${names(context, call)}`, note)}${notesText(file, notes)}`;
    });
  }
  const theirs = theirTexts(effect, diffs, choice.files);
  // Rules, trust and links may have changed while the person was reading.
  const now = await road.judgeAgain(ids, accepted);
  if (now.decision.verdict === 'deny') return tell(() => deniedText(now.decision));
  const { outcome, problems } = await applied(context, ids, accepted, theirs);
  if (outcome.kind === 'stale') return { kind: 'again', because: outcome.because };
  if (outcome.kind === 'failed') return tell(() => invalidText(outcome.because));
  return tell(({ call }) => {
    const file = changeSet.files.find((one) => touches(one, call.change));
    if (file === undefined) return `Applied.${noteSentence(choice.note)}`;
    const hunks = choice.files.find(({ path }) => path === file.path)?.accepted ?? [];
    const { note, notes = [] } = choice;
    const text = reviewedText({ file, name: names(context, call), accepted: hunks, note, notes, theirs });
    return `${text}${problemsText(context, call, problems)}`;
  });
}

type Applied = { readonly outcome: Outcome; readonly problems: readonly Problem[] };

/** Performs the edit and, where there is an editor, waits a moment for what it finds wrong because of it. */
async function applied(
  context: GateContext,
  calls: readonly string[],
  effect: EditEffect,
  theirs: readonly TheirText[],
): Promise<Applied> {
  const { road, signal, problemWatch } = context;
  const watched = problemWatch?.watch(await readablePaths(context, effect));
  try {
    const outcome = await road.perform(calls, effect, [], signal, theirs);
    if (outcome.kind !== 'done' || watched === undefined) return { outcome, problems: [] };
    // The edit is done: whoever stops now must still learn that, so the wait ends without an error.
    return { outcome, problems: await watched.fresh(signal).catch(() => []) };
  } finally {
    watched?.end();
  }
}

/** Problems quote the text they are about, so they are told of files the model may read and of no others. */
async function readablePaths(
  { world, judge }: GateContext,
  effect: EditEffect,
): Promise<readonly WorkspacePath[]> {
  const paths = effect.files.flatMap(({ path, to, after }) => (after === null ? [] : [to ?? path]));
  const facts = await Promise.all(paths.map((path) => world.pathFacts(path)));
  return paths.filter((_, at) => {
    const known = facts[at];
    return known !== undefined && judge().decideRead(known).verdict === 'allow';
  });
}

function problemsText(context: GateContext, { change }: EditCall, problems: readonly Problem[]): string {
  const own = problems.filter(({ path }) => touches({ path }, change));
  return freshProblemsText(own, context.workspace.roots);
}

async function draft(
  context: GateContext,
  call: EditCall,
  overlay: EditOverlay,
  again: string | undefined,
): Promise<Draft | Refused> {
  const { road } = context;
  const { change } = call;
  const tool = call.call.name;
  const refuse = async (rule: string, why: string, text?: string): Promise<Refused> => {
    const because = again === undefined ? why : `${again}; ${why}`;
    await road.refuse(call.id, tool, rule, because);
    return { kind: 'refused', call, text: text ?? invalidText(because) };
  };
  const before = await loadBefore(context, change.path, overlay);
  if (before.kind === 'denied')
    return refuse(before.decision.rule, before.decision.because, deniedText(before.decision));
  if (before.kind === 'unreadable') return refuse('edit.unreadable', before.because);
  if (change.kind === 'move' && (await occupied(context, change.to, overlay))) {
    return refuse('edit.occupied', `${shownPath(change.to, context.workspace.roots)} already exists`);
  }
  const restored = withSecrets(context, change, before.content);
  if (restored.kind === 'refused') return refuse('edit.placeholder', restored.because);
  const applied = applyChange(restored.change, before.content);
  if (applied.kind === 'invalid') return refuse('edit.invalid', applied.because);
  const { decision, facts } = await road.judge(call.id, tool, { kind: 'edit', files: [applied.edit] });
  if (decision.verdict === 'deny') return { kind: 'refused', call, text: deniedText(decision) };
  overlay.add(applied.edit);
  return { kind: 'draft', call, decision, notices: noticesOf(context, decision, facts.paths) };
}

type Before =
  | { readonly kind: 'content'; readonly content: Content | null }
  | { readonly kind: 'denied'; readonly decision: Decision }
  | { readonly kind: 'unreadable'; readonly because: string };

/** The text before is loaded only once the policy has allowed reading that path. */
export async function loadBefore(
  context: Pick<GateContext, 'world' | 'judge' | 'issue' | 'live' | 'signal'>,
  path: WorkspacePath,
  overlay: EditOverlay,
): Promise<Before> {
  const known = overlay.contentAt(path);
  if (known !== undefined) return { kind: 'content', content: known };
  const facts = await context.world.pathFacts(path);
  const decision = context.judge().decideRead(facts);
  if (decision.verdict !== 'allow') return { kind: 'denied', decision };
  const trouble = notAFile(facts);
  if (trouble !== undefined) return { kind: 'unreadable', because: trouble };
  if (facts.state === 'absent') return { kind: 'content', content: null };
  const effect = { kind: 'read', path } as const;
  const outcome = await context.world.perform(
    effect,
    context.issue(effect, []),
    context.live,
    context.signal,
  );
  if (outcome.kind !== 'done') return { kind: 'unreadable', because: outcome.because };
  if (outcome.done.kind !== 'content') throw new Error('Reading a file gave something else.');
  return { kind: 'content', content: outcome.done.content };
}

function notAFile({ state }: PathFacts): string | undefined {
  if (state === 'folder') return 'it is a folder';
  return state === 'other' ? 'it is not an ordinary file' : undefined;
}

async function occupied(context: GateContext, to: WorkspacePath, overlay: EditOverlay): Promise<boolean> {
  const known = overlay.contentAt(to);
  if (known !== undefined) return known !== null;
  return (await context.world.pathFacts(to)).state !== 'absent';
}

/** The model only ever saw placeholders for secrets; what goes into the file must be the real text. */
function withSecrets(
  { redactor }: GateContext,
  change: Change,
  content: Content | null,
): { kind: 'restored'; change: Change } | { kind: 'refused'; because: string } {
  const before = content?.text ?? '';
  if (change.kind === 'write') {
    const text = redactor.restore(change.text, before);
    return text.kind === 'refused' ? text : { kind: 'restored', change: { ...change, text: text.text } };
  }
  if (change.kind !== 'replace') return { kind: 'restored', change };
  const replacements: Replacement[] = [];
  for (const replacement of change.replacements) {
    const old = redactor.restore(replacement.old, before);
    if (old.kind === 'refused') return old;
    const fresh = redactor.restore(replacement.new, before);
    if (fresh.kind === 'refused') return fresh;
    replacements.push({ old: old.text, new: fresh.text });
  }
  return { kind: 'restored', change: { ...change, replacements } };
}

function noticesOf(context: GateContext, decision: Decision, facts: readonly PathFacts[]): readonly string[] {
  const { roots } = context.workspace;
  const links = facts
    .filter(({ path, real }) => real !== null && real !== path)
    .map(
      ({ path, realAbsolute }) =>
        `${shownPath(path, roots)} is reached through a link; what changes is ${realAbsolute}`,
    );
  const isOrdinary = decision.verdict === 'allow' || decision.rule === 'edits.ask';
  return isOrdinary ? links : [...links, decision.because];
}

function editCard(
  context: GateContext,
  effect: EditEffect,
  diffs: readonly LineDiff[],
  drafts: readonly Draft[],
  why: Decision,
  again: string | undefined,
): EditCard {
  const changeSet = withNotices(changeSetOf(effect, diffs), drafts);
  return {
    kind: 'edit',
    id: context.clock.id(),
    digest: digestOfJson({ effect: effectDigest(effect), again: again ?? '' }),
    effect,
    changeSet,
    why,
    claim: context.claim,
    ...(again === undefined ? {} : { again }),
  };
}

function withNotices(changeSet: ChangeSet, drafts: readonly Draft[]): ChangeSet {
  const files = changeSet.files.map((file) => {
    const own = drafts.filter(({ call }) => touches(file, call.change)).flatMap(({ notices }) => notices);
    return own.length === 0 ? file : { ...file, notices: [...new Set([...own, ...file.notices])] };
  });
  return { ...changeSet, files };
}

function touches(file: Pick<FileEdit, 'path' | 'to'>, change: Change): boolean {
  return (
    file.path === change.path || file.to === change.path || (change.kind === 'move' && file.to === change.to)
  );
}

function names(context: GateContext, { change }: EditCall): string {
  const { roots } = context.workspace;
  const name = shownPath(change.path, roots);
  return change.kind === 'move' ? `${name} → ${shownPath(change.to, roots)}` : name;
}

function resultsOf(
  drafts: readonly (Draft | Refused)[],
  textOf: (draft: Draft) => string,
): readonly ToolResult[] {
  return drafts.map((one) => ({
    call: one.call.call,
    origin: 'tool' as const,
    text: one.kind === 'refused' ? one.text : textOf(one),
  }));
}

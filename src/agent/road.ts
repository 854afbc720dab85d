import type { Answer, Card } from '../protocol/approval.ts';
import type { StepCause } from '../protocol/checkpoint.ts';
import { digestOfJson } from '../protocol/digest.ts';
import type { LineUse } from '../protocol/commandUse.ts';
import type { Effect } from '../protocol/effect.ts';
import { effectDigest } from '../protocol/effectDigest.ts';
import type { ExecutableFacts } from '../protocol/facts.ts';
import type { Done, Outcome } from '../protocol/outcome.ts';
import type {
  Approver,
  AuditLog,
  Checkpoints,
  Clock,
  CompareLines,
  LiveOutput,
  Redactor,
  Watcher,
  Workspace,
  World,
} from '../protocol/ports.ts';
import { editsIn, shownDigest } from '../protocol/shownDigest.ts';
import type { IssueWarrant } from '../protocol/warrant.ts';
import { commandEndOnRecord } from './commandEndOnRecord.ts';
import { effectOnRecord } from './effectOnRecord.ts';
import type { TheirText } from './theirTexts.ts';
import { keepBefore } from './keepBefore.ts';
import type { Judge } from './judged.ts';
import { judgement, type Judged } from './judgement.ts';

export type RoadPorts = {
  readonly audit: AuditLog;
  readonly world: World;
  readonly approver: Approver;
  readonly redactor: Redactor;
  readonly clock: Clock;
  readonly watcher: Watcher;
  readonly issue: IssueWarrant;
  /** Read anew at each use: settings and trust may change while a turn runs. */
  readonly judge: () => Judge;
  readonly live: LiveOutput;
  readonly checkpoints: Checkpoints;
  readonly workspace: Workspace;
  readonly compare: CompareLines;
  /** What the edits performed now are part of. */
  readonly cause: () => StepCause;
};

/** The stretches every effect travels, in this order. Each leaves its record before the next begins. */
export type Road = {
  /** Facts, then the policy's verdict. Records the proposal and the decision. */
  judge(call: string, tool: string, effect: Effect): Promise<Judged>;
  /** The same look once more, after a person answered; on the record only where it now says no. */
  judgeAgain(calls: readonly string[], effect: Effect): Promise<Judged>;
  /** A call that never became an effect is on the record too. */
  refuse(call: string, tool: string, rule: string, because: string): Promise<void>;
  ask(card: Card, calls: readonly string[], signal: AbortSignal): Promise<Answer>;
  /**
   * Issues the warrant, performs, records the outcome; an effect that changes the world has its intent synced first,
   * and what an edit takes away is kept before that. `theirs` is what in it the person wrote.
   */
  perform(
    calls: readonly string[],
    effect: Effect,
    executables: readonly ExecutableFacts[],
    signal: AbortSignal,
    theirs?: readonly TheirText[],
  ): Promise<Outcome>;
};

/** `use` is there for commands that could be judged. */
export function createRoad(ports: RoadPorts): Road {
  const { audit, world, redactor, clock } = ports;
  const redact = (text: string) => redactor.redact(text);
  const onRecord = async (effect: Effect, use?: LineUse) =>
    effectOnRecord(effect, redact, effect.kind === 'edit' ? await ports.compare(effect) : [], use);
  return {
    async judge(call, tool, effect) {
      const judged = await judgement(ports, ports.judge(), effect);
      const digest = effectDigest(effect);
      const { verdict, rule, because } = judged.decision;
      const what = await onRecord(effect, judged.use);
      await Promise.all([
        audit.record({
          kind: 'proposed',
          data: { call, tool, effect: digest, what },
        }),
        audit.record({ kind: 'decided', data: { calls: [call], effect: digest, verdict, rule, because } }),
      ]);
      return judged;
    },

    async judgeAgain(calls, effect) {
      const judged = await judgement(ports, ports.judge(), effect);
      const { verdict, rule, because } = judged.decision;
      if (verdict === 'deny') {
        const data = { calls: [...calls], effect: effectDigest(effect), verdict, rule, because };
        await audit.record({ kind: 'decided', data });
      }
      return judged;
    },

    async refuse(call, tool, rule, because) {
      const what = { kind: 'invalid' as const, because: redact(because) };
      const effect = digestOfJson(what);
      await Promise.all([
        audit.record({ kind: 'proposed', data: { call, tool: tool.slice(0, 100), effect, what } }),
        audit.record({
          kind: 'decided',
          data: { calls: [call], effect, verdict: 'deny', rule, because: what.because },
        }),
      ]);
    },

    async ask(card, calls, signal) {
      signal.throwIfAborted();
      ports.watcher.state({ kind: 'waiting', card: card.id });
      const trouble: unknown[] = [];
      const shown = () => {
        const what = card.kind === 'question' || card.kind === 'limit' ? { what: redact(card.text) } : {};
        const record = { card: card.id, kind: card.kind, digest: card.digest, calls: [...calls], ...what };
        audit.record({ kind: 'shown', data: record }).catch((error: unknown) => trouble.push(error));
      };
      const answer = await ports.approver.ask(card, signal, shown);
      if (answer.card !== card.id || answer.digest !== shownDigest(card.digest, editsIn(answer.choice)))
        throw new Error('An answer came for a card that was not asked.');
      await audit.record({ kind: 'answered', data: answerOnRecord(card, answer, redact) });
      if (trouble.length > 0) throw trouble[0];
      return answer;
    },

    async perform(calls, effect, executables, signal, theirs = []) {
      signal.throwIfAborted();
      const warrant = ports.issue(effect, executables);
      const base = { calls: [...calls], effect: warrant.effect };
      const kept = effect.kind === 'edit' ? await keepBefore(ports, calls, effect) : undefined;
      if (kept?.kind === 'failed') {
        const because = redact(kept.because);
        await audit.record({ kind: 'performed', data: { ...base, outcome: 'failed', because } });
        return kept;
      }
      if (effect.kind === 'edit' || effect.kind === 'command') {
        ports.watcher.state({
          kind: 'working',
          doing: effect.kind === 'edit' ? 'applying the edit' : 'running a command',
        });
        const typed = theirs.map(({ path, hunk, diff }) => ({ path, hunk, diff: redact(diff.join('\n')) }));
        const intent = {
          ...base,
          warrant: warrant.id,
          what: await onRecord(effect),
          ...(typed.length === 0 ? {} : { theirs: typed }),
        };
        await audit.recordDurably({ kind: 'performing', data: intent });
      }
      const started = clock.now();
      const outcome = await world.perform(effect, warrant, ports.live, signal);
      if (kept !== undefined) await ports.checkpoints.ended(kept.step, outcome.kind);
      const because = outcome.kind === 'done' ? {} : { because: redact(outcome.because) };
      const detail = outcome.kind === 'done' ? { detail: detailOf(outcome.done, clock.now() - started) } : {};
      await audit.record({
        kind: 'performed',
        data: { ...base, outcome: outcome.kind, ...because, ...detail },
      });
      return outcome;
    },
  };
}

function answerOnRecord(card: Card, answer: Answer, redact: (text: string) => string) {
  const { choice, how, ms } = answer;
  const base = { card: card.id, digest: card.digest, choice: choice.kind, how, ms };
  if (choice.kind === 'text') return { ...base, note: redact(choice.text) };
  const notes =
    'notes' in choice
      ? { notes: (choice.notes ?? []).map(({ hunk, text }) => ({ hunk, text: redact(text) })) }
      : {};
  const lasts =
    choice.kind === 'allow' && choice.scope !== undefined && choice.scope !== 'once'
      ? { scope: choice.scope }
      : {};
  const noted = {
    ...base,
    ...(choice.note === '' ? {} : { note: redact(choice.note) }),
    ...lasts,
    ...notes,
  };
  if (choice.kind !== 'accept' || card.kind !== 'edit') return noted;
  const files = card.changeSet.files.map((file) => {
    const chosen = choice.files.find(({ path }) => path === file.path);
    return {
      path: file.path,
      accepted: chosen?.accepted.length ?? 0,
      of: file.hunks.length,
      ...(chosen?.edited === undefined ? {} : { edited: chosen.edited.map(({ hunk }) => hunk) }),
    };
  });
  return { ...noted, ...(answer.digest === card.digest ? {} : { page: answer.digest }), files };
}

function detailOf(done: Done, ms: number): Record<string, string | number | boolean> {
  switch (done.kind) {
    case 'listed':
      return { entries: done.entries.length, omitted: done.omitted };
    case 'searched':
      return { matches: done.matches.length, omitted: done.omitted, by: done.by };
    case 'content':
      return { bytes: Buffer.byteLength(done.content.text) };
    case 'problems':
      return { problems: done.problems.length };
    case 'ran':
      return { ...commandEndOnRecord(done.end), ms: done.ms, omittedBytes: done.output.omittedBytes };
    case 'started':
      return { command: done.command };
    case 'output':
      return { first: done.part.first, last: done.part.last, lines: done.part.lines };
    case 'background':
      return { commands: done.commands.length };
    case 'applied':
      return { ms };
    case 'noted':
      return {};
  }
}

import type { Card } from '../protocol/approval.ts';
import { digestOfJson, type Digest } from '../protocol/digest.ts';
import type { CommandEffect, Effect } from '../protocol/effect.ts';
import { effectDigest } from '../protocol/effectDigest.ts';
import type { GrantScope } from '../protocol/grant.ts';
import type { Done } from '../protocol/outcome.ts';
import type { Proposal } from '../protocol/proposal.ts';
import type { Tool } from '../tools/tool.ts';
import { runEdits } from './editGate.ts';
import type { EditCall, GateCall, GateContext, GatePorts } from './gateContext.ts';
import type { Judged } from './judgement.ts';
import { commandEffect, readCommand, type CommandProposal } from './readCommand.ts';
import { createRoad, type Road } from './road.ts';
import {
  deniedText,
  invalidText,
  ranText,
  startedText,
  rejectedText,
  STOPPED_TEXT,
  noteSentence,
  type ToolResult,
} from './toolResult.ts';
import { withoutSecrets } from './withoutSecrets.ts';

export type Gate = {
  /** Runs the calls of one answer in order; every call gets a result. Rejects only when the record cannot be kept. */
  run(calls: readonly GateCall[], claim: string, signal: AbortSignal): Promise<readonly ToolResult[]>;
  readonly road: Road;
};

type ReadCall =
  | (GateCall & { readonly kind: 'proposed'; readonly tool: Tool; readonly proposal: Proposal })
  | (GateCall & { readonly kind: 'invalid'; readonly because: string });

export function createGate(ports: GatePorts): Gate {
  const road = createRoad(ports);
  return {
    road,
    async run(calls, claim, signal) {
      const context: GateContext = { ...ports, road, claim, signal };
      const results: ToolResult[] = [];
      const waiting = calls.map((call) => readCall(ports, call));
      while (waiting.length > 0) {
        const edits = leadingEdits(waiting);
        const taken = waiting.splice(0, Math.max(1, edits.length));
        results.push(...(await untilStopped(context, taken, edits)));
      }
      return results;
    },
  };
}

async function untilStopped(
  context: GateContext,
  taken: readonly ReadCall[],
  edits: readonly EditCall[],
): Promise<readonly ToolResult[]> {
  const [first] = taken;
  if (first === undefined) return [];
  try {
    context.signal.throwIfAborted();
    await context.refresh();
    return edits.length > 0 ? await runEdits(context, edits) : [await runOne(context, first)];
  } catch (error) {
    if (!context.signal.aborted || error !== context.signal.reason) throw error;
    return taken.map(({ call }) => ({ call, text: STOPPED_TEXT, origin: 'tool' }));
  }
}

function readCall(ports: GatePorts, { id, call }: GateCall): ReadCall {
  const tools = ports.tools();
  const tool = tools.find(({ name }) => name === call.name);
  if (tool === undefined) {
    const names = tools.map(({ name }) => name).join(', ');
    return {
      id,
      call,
      kind: 'invalid',
      because: `there is no tool ${JSON.stringify(call.name.slice(0, 100))}; there are ${names}`,
    };
  }
  const proposed = tool.propose(call.arguments, ports.workspace.roots);
  if (proposed.kind === 'invalid') return { id, call, ...proposed };
  return { id, call, kind: 'proposed', tool, proposal: proposed.proposal };
}

/** Edits that follow each other in one answer belong together: they are shown, accepted and applied as one set. */
function leadingEdits(calls: readonly ReadCall[]): readonly EditCall[] {
  const edits: EditCall[] = [];
  for (const read of calls) {
    if (read.kind !== 'proposed' || read.proposal.kind !== 'change') return edits;
    edits.push({ id: read.id, call: read.call, change: read.proposal.change });
  }
  return edits;
}

async function runOne(context: GateContext, read: ReadCall): Promise<ToolResult> {
  const { id, call } = read;
  if (read.kind === 'invalid') {
    await context.road.refuse(id, call.name, 'call.invalid', read.because);
    return { call, origin: 'tool', text: invalidText(read.because) };
  }
  const { proposal, tool } = read;
  switch (proposal.kind) {
    case 'change':
      throw new Error('An edit took the road of single effects.');
    case 'command':
      return { call, origin: 'tool', text: await runCommand(context, id, proposal) };
    case 'effect':
      return {
        call,
        origin: proposal.effect.kind === 'question' ? 'user' : 'workspace',
        text: await runEffect(context, id, tool, proposal, proposal.effect),
      };
  }
}

async function runEffect(
  context: GateContext,
  id: string,
  tool: Tool,
  proposal: Proposal,
  effect: Effect,
): Promise<string> {
  const { road, signal } = context;
  const { decision } = await road.judge(id, tool.name, effect);
  if (decision.verdict === 'deny') return deniedText(decision);
  if (decision.verdict === 'ask') {
    const text = `Allow ${tool.name}? ${decision.because}`;
    const answer = await road.ask(limitCard(context, text, ['Allow', 'Refuse']), [id], signal);
    if (answer.choice.kind !== 'text' || answer.choice.text !== 'Allow') return rejectedText('this', '');
  }
  if (effect.kind === 'question') return question(context, id, effect);
  const outcome = await road.perform([id], effect, [], signal);
  if (outcome.kind !== 'done') return invalidText(outcome.because);
  const done = withoutSecrets(outcome.done, (text) => context.redactor.redact(text));
  return context.redactor.redact(tool.report(done, proposal, context.workspace.roots));
}

async function question(
  context: GateContext,
  id: string,
  effect: Extract<Effect, { kind: 'question' }>,
): Promise<string> {
  const { text, options } = effect;
  const card: Card = {
    kind: 'question',
    id: context.clock.id(),
    digest: digestOfJson({ text, options }),
    text,
    options,
  };
  const { choice } = await context.road.ask(card, [id], context.signal);
  if (choice.kind !== 'text')
    return `The person did not answer.${choice.kind === 'reject' ? noteSentence(choice.note) : ''}`;
  await context.road.perform([id], effect, [], context.signal);
  return `The person answers: ${context.redactor.redact(choice.text)}`;
}

async function runCommand(context: GateContext, id: string, proposal: CommandProposal): Promise<string> {
  const { road, signal } = context;
  const parsed = await readCommand(context, proposal);
  const placeholder = context.redactor.restore(proposal.text, '');
  if (parsed.kind === 'refused' || placeholder.kind === 'refused') {
    const because =
      parsed.kind === 'refused' ? parsed.because : placeholder.kind === 'refused' ? placeholder.because : '';
    await road.refuse(id, 'run_command', 'commands.text', because);
    return invalidText(because);
  }
  let effect = await commandEffect(context, parsed.line, proposal);
  let judged = await road.judge(id, 'run_command', effect);
  let again: string | undefined;
  for (;;) {
    if (judged.decision.verdict === 'deny') return deniedText(judged.decision);
    if (judged.decision.verdict === 'ask') {
      const { choice } = await road.ask(commandCard(context, effect, judged, again), [id], signal);
      if (choice.kind !== 'allow')
        return rejectedText('the command', choice.kind === 'reject' ? choice.note : '');
      const now = await road.judgeAgain([id], effect);
      again = whatChanged(judged, now);
      judged = now;
      if (again !== undefined) continue;
      const { scope = 'once' } = choice;
      if (scope !== 'once' && scopesOf(context, effect, judged).includes(scope))
        await context.grants.keep(id, effect, judged.facts, scope);
    }
    const outcome = await road.perform([id], effect, judged.facts.executables, signal);
    if (outcome.kind === 'done') return ranReport(context, outcome.done);
    if (outcome.kind === 'failed') return invalidText(outcome.because);
    again = outcome.because;
    // What its patterns stand for may be what changed.
    const anew = await readCommand(context, proposal);
    if (anew.kind === 'line') effect = await commandEffect(context, anew.line, proposal);
    judged = await road.judge(id, 'run_command', effect);
  }
}

function ranReport({ redactor }: GateContext, ran: Done): string {
  const redact = (text: string) => redactor.redact(text);
  const done = withoutSecrets(ran, redact);
  if (done.kind === 'ran') return redact(ranText(done));
  return done.kind === 'started' ? redact(startedText(done)) : 'Done.';
}

/** An approval holds for the programs and the folder that were shown; anything else is asked again. */
function whatChanged(shown: Judged, now: Judged): string | undefined {
  if (now.decision.verdict === 'deny') return now.decision.because;
  const key = ({ facts }: Judged): Digest =>
    digestOfJson({
      executables: facts.executables,
      paths: facts.paths,
      code: facts.code,
      sandbox: facts.sandbox,
    });
  return key(shown) === key(now)
    ? undefined
    : 'the program, the folder or the code behind it changed after you were shown this';
}

function commandCard(
  context: GateContext,
  effect: CommandEffect,
  judged: Judged,
  again: string | undefined,
): Card {
  const { executables, code } = judged.facts;
  const scopes = scopesOf(context, effect, judged);
  const confined = confinedBy(effect, judged);
  return {
    kind: 'command',
    id: context.clock.id(),
    digest: digestOfJson({ effect: effectDigest(effect), executables, code, scopes, confined }),
    effect,
    use: judged.use ?? { commands: [], understood: false },
    executables,
    ...(confined === undefined ? {} : { confined }),
    ...(scopes.length === 0 ? {} : { scopes }),
    why: judged.decision,
    claim: context.claim,
    ...(again === undefined ? {} : { again }),
  };
}

function confinedBy(
  { confined }: CommandEffect,
  { facts: { sandbox } }: Judged,
): Extract<Card, { kind: 'command' }>['confined'] {
  if (sandbox === undefined) return undefined;
  if (sandbox.kind === 'none') return { kind: 'out', because: sandbox.because };
  if (confined === undefined)
    return { kind: 'out', because: 'The agent asks to run it without the sandbox.' };
  return { kind: 'in', by: sandbox.by, network: confined.network ? 'all' : 'off' };
}

function scopesOf(
  { grants }: GateContext,
  effect: CommandEffect,
  { facts, decision }: Judged,
): readonly GrantScope[] {
  return grants.scopes(effect, facts, decision);
}

/** A question of ours, not the model's. */
export function limitCard(ports: Pick<GatePorts, 'clock'>, text: string, options: readonly string[]): Card {
  return { kind: 'limit', id: ports.clock.id(), digest: digestOfJson({ text, options }), text, options };
}

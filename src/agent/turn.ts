import { itemOf } from '../context/item.ts';
import type { ContextWindow } from '../context/contextWindow.ts';
import type { TokenGauge } from '../context/tokenGauge.ts';
import type { Message, WireToolCall } from '../protocol/message.ts';
import type { ModelReply } from '../protocol/model.ts';
import { askModel, type AskModelPorts } from './askModel.ts';
import { limitCard, type Gate } from './gate.ts';
import type { TurnLimits } from './limits.ts';
import type { Reached } from './reached.ts';
import { LIMIT_TEXT, type ToolResult } from './toolResult.ts';

export type TurnPorts = Omit<AskModelPorts, 'replyItem'> & {
  readonly gate: Gate;
  readonly context: ContextWindow;
  readonly gauge: TokenGauge;
  readonly limits: TurnLimits;
  /** Number of this turn in its session, from 1; ids of calls on the record begin with it. */
  readonly turn: number;
};

export type TurnEnd = {
  readonly ended: 'done' | 'stopped' | 'failed' | 'limit';
  readonly because?: string;
};

/** From the person's message, which stands in the context already, to the end of the agent's work on it. */
export async function runTurn(ports: TurnPorts, signal: AbortSignal): Promise<TurnEnd> {
  const { context, gauge, limits } = ports;
  for (let step = 1; ; step += 1) {
    const full = () => limits.beforeRequest(gauge.tokens(context.bytes()));
    const refused = await firstRefused(ports, full, signal);
    if (refused !== undefined) return limitEnd(refused, signal);
    const window = context.window(step === 1 ? 'turn' : 'tool');
    const replyItem = (reply: ModelReply) => itemOf(assistantMessage(reply, ports.redact), 'assistant');
    const asked = await askModel({ ...ports, replyItem }, window, signal);
    if (asked.kind === 'failed') {
      if (asked.failure.kind === 'stopped') return { ended: 'stopped' };
      return { ended: 'failed', because: asked.failure.because };
    }
    const { reply, item } = asked;
    if (reply.usage !== undefined) gauge.learn(window.body.length, reply.usage.input);
    context.append(item);
    if (reply.calls.length === 0) return endOf(reply);
    const tooMany = await firstRefused(ports, () => limits.beforeCalls(reply.calls), signal);
    const results =
      tooMany === undefined
        ? await answerCalls(ports, reply, step, signal)
        : await refuseCalls(ports, reply, step, tooMany.question);
    for (const { call, text, origin } of results) {
      // What the model wrote comes back in some of these: wrong arguments, names of tools that do not exist.
      const content = ports.redact(text);
      context.append(itemOf({ role: 'tool', tool_call_id: ports.redact(call.id), content }, origin));
    }
    if (signal.aborted) return { ended: 'stopped' };
    if (tooMany !== undefined) return limitEnd(tooMany, signal);
    const circling = limits.afterReply(reply.calls);
    if (circling !== undefined && !(await goOn(ports, circling, signal))) return limitEnd(circling, signal);
  }
}

/** Asks about one limit after the other until none is reached; the one at which the person, or Stop, ended it. */
async function firstRefused(
  ports: TurnPorts,
  check: () => Reached | undefined,
  signal: AbortSignal,
): Promise<Reached | undefined> {
  for (let reached = check(); reached !== undefined; reached = check())
    if (!(await goOn(ports, reached, signal))) return reached;
  return undefined;
}

/** Calls that a limit kept from being looked at are on the record as refused, and the next window has an answer to each. */
async function refuseCalls(
  { gate, turn }: TurnPorts,
  reply: ModelReply,
  step: number,
  because: string,
): Promise<readonly ToolResult[]> {
  for (const [index, call] of reply.calls.entries())
    await gate.road.refuse(`${turn}.${step}.${index + 1}`, call.name, 'limits', because);
  return reply.calls.map((call) => ({ call, text: LIMIT_TEXT, origin: 'tool' }));
}

function answerCalls(
  { gate, turn, redact }: TurnPorts,
  reply: ModelReply,
  step: number,
  signal: AbortSignal,
): Promise<readonly ToolResult[]> {
  const calls = reply.calls.map((call, index) => ({ id: `${turn}.${step}.${index + 1}`, call }));
  return gate.run(calls, redact(reply.text), signal);
}

async function goOn(ports: TurnPorts, reached: Reached, signal: AbortSignal): Promise<boolean> {
  if (signal.aborted) return false;
  try {
    const card = limitCard(ports, reached.question, reached.options);
    const { choice } = await ports.gate.road.ask(card, [], signal);
    if (choice.kind !== 'text' || choice.text !== reached.options[0]) return false;
    reached.extend();
    return true;
  } catch (error) {
    if (error !== undefined && error === signal.reason) return false;
    throw error;
  }
}

function limitEnd(reached: Reached, signal: AbortSignal): TurnEnd {
  return signal.aborted ? { ended: 'stopped' } : { ended: 'limit', because: reached.question };
}

function endOf(reply: ModelReply): TurnEnd {
  if (reply.finish === 'length')
    return { ended: 'done', because: 'The model reached its output limit; the answer may be cut.' };
  if (reply.finish === 'content_filter')
    return { ended: 'done', because: 'The endpoint’s content filter ended the answer.' };
  return { ended: 'done' };
}

function assistantMessage(reply: ModelReply, redact: (text: string) => string): Message {
  // What one part gives away by what stands around it must not stand bare in another.
  for (const text of [reply.text, ...reply.calls.map((call) => call.arguments)]) redact(text);
  const content = reply.text === '' && reply.calls.length > 0 ? null : redact(reply.text);
  if (reply.calls.length === 0) return { role: 'assistant', content };
  const calls = reply.calls.map((call): WireToolCall => ({
    id: redact(call.id),
    type: 'function',
    function: { name: redact(call.name), arguments: redact(call.arguments) },
  }));
  return { role: 'assistant', content, tool_calls: calls };
}

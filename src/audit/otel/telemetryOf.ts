import type { Json } from '../../protocol/canonicalJson.ts';
import type { AuditRecord } from '../../protocol/record.ts';
import { genAiContent } from './genAiMessages.ts';
import { attributesOf, nanos, spanId, traceId, type LogRecord, type Said, type Span } from './otlp.ts';
import { usageMetrics } from './usageMetrics.ts';

export type Telemetry =
  { readonly kind: 'span'; readonly span: Span } | { readonly kind: 'event'; readonly event: LogRecord };

type Body = { readonly [name: string]: Json | undefined };
type RecordOf<Kind extends AuditRecord['kind']> = Extract<AuditRecord, { kind: Kind }>;
/** `id` is what its span goes by: the record that began it, and below zero the turn that this began as well. */
type Open = {
  readonly id: number;
  readonly from: AuditRecord;
  to: string;
  said: Said;
  error?: string | undefined;
};

/**
 * Turns the records of a session, in order and one by one, into spans and events after OpenTelemetry's GenAI
 * conventions; what these have no name for stands under `warrant.`. A turn is a trace: `invoke_agent`, and in it `chat`
 * and `execute_tool`. Contents are told only when `content` is set; then windows come with the request body they stand
 * for. Nothing is kept but what is still going on.
 */
export function telemetryOf({ session, content }: { readonly session: string; readonly content: boolean }) {
  const metrics = usageMetrics();
  const tools = new Map<string, Open>();
  const cards = new Map<string, readonly string[]>();
  const chats = new Map<number, { window: RecordOf<'window'>; body: Body | undefined }>();
  let turn: Open | undefined;
  let turns = 0;
  let began = '';
  let last = '';

  function spanOf(open: Open, name: string, kind: Span['kind'], parent: Open | undefined): Telemetry {
    const span: Span = {
      traceId: traceId(session, turns),
      spanId: spanId(session, open.id),
      ...(parent === undefined ? {} : { parentSpanId: spanId(session, parent.id) }),
      name,
      kind,
      startTimeUnixNano: nanos(open.from.time),
      // The clock of a machine may go back; a span must not.
      endTimeUnixNano: nanos(open.to < open.from.time ? open.from.time : open.to),
      attributes: attributesOf({
        'gen_ai.conversation.id': session,
        'warrant.record.seq': open.from.seq,
        'warrant.record.hash': open.from.hash,
        ...open.said,
        'error.type': open.error,
      }),
      status: open.error === undefined ? {} : { code: 2 },
    };
    return { kind: 'span', span };
  }

  /** What was proposed and led to nothing more ends with the last that was said of it. */
  function endTools(): Telemetry[] {
    const ended = [...tools.values()].map((open) => toolSpan(open));
    tools.clear();
    cards.clear();
    return ended;
  }

  function toolSpan(open: Open): Telemetry {
    return spanOf(open, `execute_tool ${nameOf(open)}`, 1, turn);
  }

  function endTurn(): Telemetry[] {
    const ended = endTools();
    if (turn !== undefined) ended.push(spanOf({ ...turn, to: last }, 'invoke_agent warrant', 1, undefined));
    turn = undefined;
    return ended;
  }

  function beginTurn(window: RecordOf<'window'>): Telemetry[] {
    const ended = endTurn();
    turns += 1;
    const said = {
      'gen_ai.operation.name': 'invoke_agent',
      'gen_ai.agent.name': 'warrant',
      'warrant.turn': turns,
    };
    turn = { id: -window.seq, from: window, to: window.time, said };
    return ended;
  }

  function answered({ data, time, seq }: RecordOf<'response'>): Telemetry[] {
    const asked = chats.get(data.window);
    if (asked === undefined) return [];
    chats.delete(data.window);
    const { window, body } = asked;
    const common = { ...requestSaid(window), ...serverSaid(window.data.endpoint) };
    const error = data.failed?.kind;
    const said = {
      ...common,
      'gen_ai.response.finish_reasons': data.finish === undefined ? undefined : [data.finish],
      'gen_ai.usage.input_tokens': data.usage?.input,
      'gen_ai.usage.output_tokens': data.usage?.output,
      'gen_ai.usage.cache_read.input_tokens': data.usage?.cached,
      'http.response.status_code': data.failed?.status,
      'warrant.response.seq': seq,
    };
    const measured = { ...common, 'error.type': error };
    metrics.seconds(measured, data.ms / 1_000);
    if (data.usage !== undefined) {
      metrics.tokens({ ...common, 'gen_ai.token.type': 'input' }, data.usage.input);
      metrics.tokens({ ...common, 'gen_ai.token.type': 'output' }, data.usage.output);
    }
    const own = windowSaid(window);
    const open = { id: window.seq, from: window, to: time, said: { ...said, ...own }, error };
    const told = body === undefined ? {} : genAiContent(body, data.message, data.finish);
    const event: LogRecord = {
      timeUnixNano: nanos(time),
      severityNumber: error === undefined ? 9 : 17,
      eventName: 'gen_ai.client.inference.operation.details',
      attributes: attributesOf({
        'gen_ai.conversation.id': session,
        ...said,
        ...own,
        'error.type': error,
        ...told,
      }),
      traceId: traceId(session, turns),
      spanId: spanId(session, window.seq),
    };
    return [spanOf(open, `chat ${window.data.model}`, 3, turn), { kind: 'event', event }];
  }

  function add(calls: readonly string[], time: string, said: Said, error?: string): void {
    for (const call of calls) {
      const open = tools.get(call);
      if (open !== undefined) tools.set(call, { ...open, to: time, said: { ...open.said, ...said }, error });
    }
  }

  function noted(record: AuditRecord, severityNumber: LogRecord['severityNumber'], said: Said): Telemetry[] {
    const place =
      turn === undefined ? {} : { traceId: traceId(session, turns), spanId: spanId(session, turn.id) };
    const own = {
      'gen_ai.conversation.id': session,
      'warrant.record.seq': record.seq,
      'warrant.record.hash': record.hash,
    };
    const event: LogRecord = {
      timeUnixNano: nanos(record.time),
      severityNumber,
      eventName: `warrant.${record.kind}`,
      attributes: attributesOf({ ...own, ...said }),
      ...place,
    };
    return [{ kind: 'event', event }];
  }

  /** What is over with this record. `body` is the request a window stands for, where contents are told. */
  function next(record: AuditRecord, body?: Body): readonly Telemetry[] {
    if (began === '') began = record.time;
    const told = mapped(record, body);
    last = record.time;
    return told;
  }

  function mapped(record: AuditRecord, body: Body | undefined): readonly Telemetry[] {
    switch (record.kind) {
      case 'window': {
        const ended = record.data.reason === 'turn' || turn === undefined ? beginTurn(record) : endTools();
        chats.clear();
        chats.set(record.data.n, { window: record, body: content ? body : undefined });
        return ended;
      }
      case 'response':
        return answered(record);
      case 'proposed': {
        const { call, tool, effect, what } = record.data;
        const said = {
          'gen_ai.operation.name': 'execute_tool',
          'gen_ai.tool.name': tool,
          'gen_ai.tool.type': 'function',
          'gen_ai.tool.call.id': call,
          'warrant.effect.kind': what.kind,
          'warrant.effect.digest': effect,
          'warrant.effect': content ? (what as Json) : undefined,
        };
        tools.set(call, { id: record.seq, from: record, to: record.time, said });
        return [];
      }
      case 'decided': {
        const { calls, verdict, rule, because } = record.data;
        const said = {
          'warrant.decision.verdict': verdict,
          'warrant.decision.rule': rule,
          'warrant.decision.because': content ? because : undefined,
        };
        add(calls, record.time, said, verdict === 'deny' ? 'denied' : undefined);
        return [];
      }
      case 'shown':
        cards.set(record.data.card, record.data.calls);
        return [];
      case 'answered': {
        const { card, choice, how, ms } = record.data;
        const said = {
          'warrant.approval.choice': choice,
          'warrant.approval.how': how,
          'warrant.approval.ms': ms,
        };
        add(cards.get(card) ?? [], record.time, said);
        return [];
      }
      case 'performing':
        add(record.data.calls, record.time, { 'warrant.warrant': record.data.warrant });
        return [];
      case 'performed': {
        const { calls, outcome } = record.data;
        add(calls, record.time, { 'warrant.outcome': outcome }, outcome === 'done' ? undefined : outcome);
        const ended = calls.flatMap((call) => tools.get(call) ?? []).map((open) => toolSpan(open));
        for (const call of calls) tools.delete(call);
        return ended;
      }
      case 'turn':
        last = record.time;
        if (turn !== undefined) {
          const failed = record.data.ended === 'failed' ? 'failed' : undefined;
          turn = { ...turn, said: { ...turn.said, 'warrant.turn.ended': record.data.ended }, error: failed };
        }
        return endTurn();
      case 'alert': {
        const { rule, severity, because } = record.data;
        const said = { 'warrant.alert.rule': rule, 'warrant.alert.severity': severity };
        return noted(record, severity === 'high' ? 17 : 13, {
          ...said,
          'warrant.because': content ? because : undefined,
        });
      }
      case 'gap':
        return noted(record, 13, { 'warrant.because': content ? record.data.because : undefined });
      case 'trust.changed':
        return noted(record, 13, { 'warrant.trusted': record.data.trusted });
      case 'policy.changed':
        return noted(record, 13, { 'warrant.policy': record.data.policy });
      case 'key.rotated':
        return noted(record, 9, { 'warrant.key': record.data.to });
      case 'background.ended':
        return noted(record, 9, { 'warrant.background': record.data.command });
      case 'sealed':
        return noted(record, 9, { 'warrant.key': record.data.key, 'warrant.checkpoint': record.data.note });
      case 'session.opened': {
        const { trusted, policy, model } = record.data;
        return noted(record, 9, {
          'warrant.trusted': trusted,
          'warrant.policy': policy,
          'gen_ai.request.model': model,
        });
      }
      case 'session.closed':
        return [...endTurn(), ...noted(record, 9, { 'warrant.windows': record.data.windows })];
      case 'item':
      case 'granted':
      case 'grant.revoked':
      case 'checkpointed':
        return [];
    }
  }

  return {
    next,
    /** What never came to an end on the record. */
    end: (): readonly Telemetry[] => endTurn(),
    histograms: () => metrics.histograms(began, last),
  };
}

function requestSaid({ data }: RecordOf<'window'>): Said {
  return { 'gen_ai.operation.name': 'chat', 'gen_ai.request.model': data.model };
}

function windowSaid({ data }: RecordOf<'window'>): Said {
  const { temperature, top_p: topP, max_tokens: most } = data.parameters ?? {};
  return {
    'gen_ai.request.temperature': numberOf(temperature),
    'gen_ai.request.top_p': numberOf(topP),
    'gen_ai.request.max_tokens': numberOf(most),
    'warrant.window': data.n,
    'warrant.window.reason': data.reason,
    'warrant.window.bytes': data.bytes,
    'warrant.window.body': data.body,
    'warrant.window.messages': data.keep + data.append.length,
  };
}

function nameOf({ said }: Open): string {
  const name = said['gen_ai.tool.name'];
  return typeof name === 'string' ? name : '';
}

function numberOf(value: Json | undefined): number | undefined {
  return typeof value === 'number' ? value : undefined;
}

/** Who answered is known by address alone: many endpoints speak this protocol. */
function serverSaid(endpoint: string): Said {
  if (!URL.canParse(endpoint)) return { 'gen_ai.provider.name': endpoint };
  const { hostname, port, protocol } = new URL(endpoint);
  return {
    'gen_ai.provider.name': hostname === 'api.openai.com' ? 'openai' : hostname || endpoint,
    'server.address': hostname || undefined,
    'server.port': hostname === '' ? undefined : Number(port || (protocol === 'http:' ? 80 : 443)),
  };
}

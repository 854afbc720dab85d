import * as z from 'zod';
import { beforeAll, describe, expect, it } from 'vitest';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { bundled } from '../../support/bundled.ts';
import { richSession } from '../../support/richSession.ts';

// The messages of opentelemetry-proto as OTLP/JSON writes them, as far as they are used; nothing else may stand there.
const whole = z.string().regex(/^\d{1,20}$/);
const signed = z.string().regex(/^-?\d{1,19}$/);
const traceId = z.string().regex(/^(?!0+$)[0-9a-f]{32}$/);
const spanId = z.string().regex(/^(?!0+$)[0-9a-f]{16}$/);
const value: z.ZodType = z.lazy(() =>
  z.union([
    z.strictObject({ stringValue: z.string() }),
    z.strictObject({ boolValue: z.boolean() }),
    z.strictObject({ intValue: signed }),
    z.strictObject({ doubleValue: z.number() }),
    z.strictObject({ arrayValue: z.strictObject({ values: z.array(value) }) }),
    z.strictObject({ kvlistValue: z.strictObject({ values: attributes }) }),
  ]),
);
const attributes = z
  .array(z.strictObject({ key: z.string().min(1), value }))
  .refine((all) => new Set(all.map(({ key }) => key)).size === all.length, 'a key stands twice');
const resource = z.strictObject({ attributes });
const scope = z.strictObject({ name: z.string() });
const span = z
  .strictObject({
    traceId,
    spanId,
    parentSpanId: spanId.optional(),
    name: z.string().min(1),
    kind: z.union([z.literal(1), z.literal(3)]),
    startTimeUnixNano: whole,
    endTimeUnixNano: whole,
    attributes,
    status: z.strictObject({ code: z.literal(2).optional(), message: z.string().optional() }),
  })
  .refine(({ startTimeUnixNano, endTimeUnixNano }) => BigInt(startTimeUnixNano) <= BigInt(endTimeUnixNano));
const logRecord = z.strictObject({
  timeUnixNano: whole,
  severityNumber: z.union([z.literal(9), z.literal(13), z.literal(17)]),
  eventName: z.string().min(1),
  attributes,
  traceId: traceId.optional(),
  spanId: spanId.optional(),
});
const point = z
  .strictObject({
    attributes,
    startTimeUnixNano: whole,
    timeUnixNano: whole,
    count: whole,
    sum: z.number(),
    min: z.number(),
    max: z.number(),
    bucketCounts: z.array(whole),
    explicitBounds: z.array(z.number()),
  })
  .refine(
    ({ bucketCounts, explicitBounds, count }) =>
      bucketCounts.length === explicitBounds.length + 1 &&
      bucketCounts.reduce((sum, one) => sum + Number(one), 0) === Number(count),
  );
const metric = z.strictObject({
  name: z.string(),
  description: z.string(),
  unit: z.string(),
  histogram: z.strictObject({ aggregationTemporality: z.literal(2), dataPoints: z.array(point).nonempty() }),
});
const signals = z.union([
  z.strictObject({
    resourceSpans: z.tuple([
      z.strictObject({
        resource,
        scopeSpans: z.tuple([z.strictObject({ scope, spans: z.array(span).nonempty() })]),
      }),
    ]),
  }),
  z.strictObject({
    resourceLogs: z.tuple([
      z.strictObject({
        resource,
        scopeLogs: z.tuple([z.strictObject({ scope, logRecords: z.array(logRecord).nonempty() })]),
      }),
    ]),
  }),
  z.strictObject({
    resourceMetrics: z.tuple([
      z.strictObject({
        resource,
        scopeMetrics: z.tuple([z.strictObject({ scope, metrics: z.array(metric).nonempty() })]),
      }),
    ]),
  }),
]);

type Said = { readonly key: string; readonly value: Readonly<Record<string, unknown>> };
type Span = z.infer<typeof span> & { attributes: readonly Said[] };

const folder = mkdtempSync(join(tmpdir(), 'warrant-otel-'));
const file = join(folder, 'session.jsonl');
let program = '';
let out = '';
let told = '';
let spans: readonly Span[] = [];

beforeAll(async () => {
  program = bundled('src/cli.ts');
  writeFileSync(file, (await richSession(40)).file.text());
  out = run('export', file, '--otel').out;
  told = run('export', '--otel', '--content', file).out;
  spans = spansIn(out);
});

function run(...args: string[]) {
  const { status, stdout, stderr } = spawnSync(process.execPath, [program, ...args], {
    encoding: 'utf8',
    maxBuffer: 1 << 28,
  });
  return { status, out: stdout, err: stderr };
}

const linesIn = (text: string) =>
  text
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as z.infer<typeof signals>);
const spansIn = (text: string) =>
  linesIn(text).flatMap((line) =>
    'resourceSpans' in line ? (line.resourceSpans[0].scopeSpans[0].spans as readonly Span[]) : [],
  );
const eventsIn = (text: string) =>
  linesIn(text).flatMap((line) =>
    'resourceLogs' in line ? line.resourceLogs[0].scopeLogs[0].logRecords : [],
  );
const said = ({ attributes: all }: { attributes: readonly unknown[] }, key: string): unknown =>
  Object.values((all as readonly Said[]).find((one) => one.key === key)?.value ?? {})[0];
const called = (name: string) => spans.filter((one) => said(one, 'gen_ai.operation.name') === name);

describe('export --otel', () => {
  it('writes nothing but OTLP, one export request a line, with and without contents', () => {
    for (const line of [...linesIn(out), ...linesIn(told)])
      expect(signals.safeParse(line).error).toBeUndefined();
  });

  it('makes each turn a trace: an agent, its inferences and its tool calls', () => {
    expect(called('invoke_agent')).toHaveLength(5);
    expect(called('chat')).toHaveLength(40);
    expect(called('execute_tool')).toHaveLength(40);
    const agents = new Map(called('invoke_agent').map((one) => [one.spanId, one]));
    for (const one of [...called('chat'), ...called('execute_tool')]) {
      const parent = agents.get(one.parentSpanId ?? '');
      expect(parent?.traceId).toBe(one.traceId);
      expect(BigInt(parent!.startTimeUnixNano) <= BigInt(one.startTimeUnixNano)).toBe(true);
      expect(BigInt(parent!.endTimeUnixNano) >= BigInt(one.endTimeUnixNano)).toBe(true);
    }
    expect(new Set(spans.map((one) => one.spanId)).size).toBe(spans.length);
    expect(new Set(spans.map((one) => said(one, 'gen_ai.conversation.id')))).toEqual(
      new Set(['sample-session']),
    );
  });

  it('tells verdict, approval and outcome of every tool call, and what failed as an error', () => {
    const tools = called('execute_tool');
    for (const one of tools) expect(said(one, 'warrant.decision.verdict')).toMatch(/^(allow|ask|deny)$/);
    const denied = tools.filter((one) => said(one, 'warrant.decision.verdict') === 'deny');
    expect(denied.length).toBeGreaterThan(0);
    for (const one of denied) expect([one.status.code, said(one, 'error.type')]).toEqual([2, 'denied']);
    expect(tools.some((one) => said(one, 'warrant.approval.choice') === 'accept')).toBe(true);
    expect(tools.some((one) => said(one, 'warrant.outcome') === 'done')).toBe(true);
  });

  it('sums usage and durations up', () => {
    const metrics = linesIn(out).flatMap((line) =>
      'resourceMetrics' in line ? line.resourceMetrics[0].scopeMetrics[0].metrics : [],
    );
    expect(metrics.map(({ name }) => name)).toEqual([
      'gen_ai.client.token.usage',
      'gen_ai.client.operation.duration',
    ]);
    const input = metrics[0]!.histogram.dataPoints.find((one) => said(one, 'gen_ai.token.type') === 'input');
    expect(input?.count).toBe('40');
    expect(input?.sum).toBe(
      called('chat').reduce((sum, one) => sum + Number(said(one, 'gen_ai.usage.input_tokens')), 0),
    );
  });

  it('holds contents only when asked for them, and then those that were sent', () => {
    for (const words of ['You are supervised', 'make the tests pass', 'src/file', 'npm test', 'says so'])
      expect({ words, out: out.includes(words), told: told.includes(words) }).toEqual({
        words,
        out: false,
        told: true,
      });
    const event = eventsIn(told).find(
      ({ eventName }) => eventName === 'gen_ai.client.inference.operation.details',
    )!;
    const messages = said(event, 'gen_ai.input.messages') as { values: unknown[] };
    expect(JSON.stringify(messages.values[0])).toContain('Please make the tests pass.');
    expect(said(event, 'gen_ai.system_instructions')).toBeDefined();
    expect(said(event, 'gen_ai.output.messages')).toBeDefined();
    expect(said(event, 'gen_ai.tool.definitions')).toBeDefined();
  });

  it('is the same each time, so that what was exported twice is one trace', () => {
    expect(run('export', file, '--otel').out).toBe(out);
  });

  it('needs to know what to write', () => {
    expect(run('export', file)).toMatchObject({
      status: 2,
      err: expect.stringContaining('--otel') as string,
    });
  });
});

import { readRecords, rebuildWindow, verifyChain, type SoundLog } from '../audit/auditReader.ts';
import { attributesOf, type KeyValue } from '../audit/otel/otlp.ts';
import { telemetryOf, type Telemetry } from '../audit/otel/telemetryOf.ts';
import type { Json } from '../protocol/canonicalJson.ts';
import type { AuditRecord } from '../protocol/record.ts';
import type { LineFile } from '../io/files/lineFile.ts';
import type { Command } from './command.ts';
import { broken, DONE, say, unusable } from './terminal.ts';

/** Spans or events in one line. */
const BATCH = 256;

/**
 * A session as OTLP/JSON, one export request a line, as collectors read it from files. Only of a log that is sound;
 * contents only with --content.
 */
export const exported: Command = {
  numbers: 0,
  options: [],
  switches: ['otel', 'content'],
  async run(file, { options }) {
    if (!options.has('otel')) return unusable('export needs to know what to write: --otel is all there is.');
    const log = await verifyChain(file);
    if (log.kind === 'bad') return broken(log);
    if (log.kind === 'empty') return unusable('The file is empty; it is not an audit log.');
    const content = options.has('content');
    const telemetry = telemetryOf({ session: log.session, content });
    const resource = { attributes: attributesOf(await resourceOf(file)) };
    let waiting: Telemetry[] = [];
    for await (const found of readRecords(file.lines())) {
      if (found.kind === 'bad') throw new Error('it changed while it was read');
      waiting.push(
        ...telemetry.next(found.record, content ? await bodyOf(file, log, found.record) : undefined),
      );
      if (waiting.length >= BATCH || (content && waiting.length > 0)) {
        await saySignals(resource, waiting);
        waiting = [];
      }
      if (found.record.seq === log.records) break;
    }
    await saySignals(resource, [...waiting, ...telemetry.end()]);
    const metrics = telemetry.histograms();
    if (metrics.length > 0)
      await say(
        `${JSON.stringify({ resourceMetrics: [{ resource, scopeMetrics: [{ scope: SCOPE, metrics }] }] })}\n`,
      );
    return DONE;
  },
};

const SCOPE = { name: 'warrant.audit' };

async function saySignals(
  resource: { attributes: readonly KeyValue[] },
  all: readonly Telemetry[],
): Promise<void> {
  const spans = all.flatMap((one) => (one.kind === 'span' ? [one.span] : []));
  const logRecords = all.flatMap((one) => (one.kind === 'event' ? [one.event] : []));
  if (spans.length > 0)
    await say(
      `${JSON.stringify({ resourceSpans: [{ resource, scopeSpans: [{ scope: SCOPE, spans }] }] })}\n`,
    );
  if (logRecords.length > 0)
    await say(
      `${JSON.stringify({ resourceLogs: [{ resource, scopeLogs: [{ scope: SCOPE, logRecords }] }] })}\n`,
    );
}

async function resourceOf(file: LineFile): Promise<{ [name: string]: string }> {
  for await (const found of readRecords(file.lines())) {
    if (found.kind === 'bad' || found.record.kind !== 'session.opened') break;
    return { 'service.name': 'warrant', 'service.version': found.record.data.version };
  }
  return { 'service.name': 'warrant' };
}

async function bodyOf(
  file: LineFile,
  log: SoundLog,
  record: AuditRecord,
): Promise<{ [name: string]: Json } | undefined> {
  if (record.kind !== 'window') return undefined;
  const found = await rebuildWindow(file, log.index, record.data.n);
  if (found.kind !== 'body') throw new Error('it changed while it was read');
  return JSON.parse(found.body) as { [name: string]: Json };
}

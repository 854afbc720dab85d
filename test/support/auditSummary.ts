import type { AuditRecord } from '../../src/protocol/record.ts';

/** Words that differ from run to run, or say nothing a reader of an expectation wants to know. */
const LEFT_OUT = new Set([
  'ms',
  'digest',
  'effect',
  'body',
  'bytes',
  'card',
  'warrant',
  'before',
  'after',
  'endpoint',
  'model',
  'settings',
  'policy',
  'platform',
  'version',
  'parameters',
  'tools',
]);

/**
 * An audit file as an expectation holds it: a line a record, its kind and what is the same in every run. Digests, times
 * and what belongs to the machine are left out; the chain itself is verified apart.
 */
export function auditSummary(lines: readonly string[], masks: ReadonlyMap<string, string>): string {
  const records = lines.map((line) => JSON.parse(line) as AuditRecord);
  const told = records.filter(({ kind }) => kind !== 'sealed');
  const places = new Map(told.map(({ seq }, at) => [seq, at + 1]));
  return told
    .map((record) => `${JSON.stringify(masked(summary(numbered(record, places)), masks))}\n`)
    .join('');
}

/** Seals come when they are due, by the clock too; records are numbered as if there were none. */
function numbered(record: AuditRecord, places: ReadonlyMap<number, number>): AuditRecord {
  const placeOf = (seq: number) => places.get(seq) ?? seq;
  if (record.kind === 'window')
    return { ...record, data: { ...record.data, append: record.data.append.map(placeOf) } };
  if (record.kind !== 'session.closed') return record;
  return { ...record, data: { ...record.data, records: placeOf(record.data.records) } };
}

function summary({ kind, data }: AuditRecord): unknown {
  if (kind === 'item' && data.origin === 'system') return { kind, origin: 'system' };
  return { kind, ...(plain(data) as object) };
}

function plain(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(plain);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([key]) => !LEFT_OUT.has(key))
      .map(([key, member]) => [key, plain(member)]),
  );
}

function masked(value: unknown, masks: ReadonlyMap<string, string>): unknown {
  if (typeof value === 'string') return maskedText(value, masks);
  if (Array.isArray(value)) return value.map((member) => masked(member, masks));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, member]) => [key, masked(member, masks)]));
}

function maskedText(text: string, masks: ReadonlyMap<string, string>): string {
  let plainText = text;
  for (const [word, mask] of masks) plainText = plainText.replaceAll(word, mask);
  return plainText
    .replace(/after \d+\.\d s/g, 'after <time>')
    .replace(/<redacted:([a-z0-9.-]+):[a-z2-7]{8}>/g, '<redacted:$1:…>');
}

import type { RecordEntry } from '../protocol/record.ts';

type Detail = NonNullable<Extract<RecordEntry, { kind: 'performed' }>['data']['detail']>;

const COUNTED: readonly (readonly [key: string, one: string, many: string])[] = [
  ['entries', 'entry', 'entries'],
  ['matches', 'match', 'matches'],
  ['problems', 'problem', 'problems'],
];

/** The figures of a `performed` record in a few words; what it does not know it leaves out. Empty when nothing is known. */
export function outcomeInWords(detail: Detail): string {
  const parts: string[] = [];
  for (const [key, one, many] of COUNTED) {
    const count = detail[key];
    if (typeof count === 'number') parts.push(`${count} ${count === 1 ? one : many}`);
  }
  const { bytes, ms, omitted } = detail;
  if (typeof bytes === 'number') parts.push(size(bytes));
  if (typeof omitted === 'number' && omitted > 0) parts.push(`${omitted} left out`);
  const end = endInWords(detail);
  if (end !== undefined) parts.push(end);
  if (typeof ms === 'number' && end !== undefined) parts.push(time(ms));
  return parts.join(', ');
}

function endInWords(detail: Detail): string | undefined {
  const { ended, exit, signal } = detail;
  if (ended === 'timeout') return 'stopped at the time limit';
  if (ended === 'stopped') return 'stopped';
  if (typeof signal === 'string') return `ended by ${signal}`;
  return typeof exit === 'number' ? `exit ${exit}` : undefined;
}

function time(ms: number): string {
  if (ms < 1_000) return `${Math.round(ms)} ms`;
  if (ms < 60_000) return `${(ms / 1_000).toFixed(1)} s`;
  return `${Math.floor(ms / 60_000)} min ${Math.round((ms % 60_000) / 1_000)} s`;
}

function size(bytes: number): string {
  if (bytes < 1_000) return bytes === 1 ? '1 byte' : `${bytes} bytes`;
  if (bytes < 1_000_000) return `${(bytes / 1_000).toFixed(1)} kB`;
  return `${(bytes / 1_000_000).toFixed(1)} MB`;
}

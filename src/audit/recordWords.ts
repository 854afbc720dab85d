import { canonicalJson, type Json } from '../protocol/canonicalJson.ts';
import type { AuditRecord } from '../protocol/record.ts';
import { parseNote } from './signedNote.ts';
import { visibleText } from './visibleText.ts';

export type ItemRecord = Extract<AuditRecord, { kind: 'item' }>;
type WindowRecord = Extract<AuditRecord, { kind: 'window' }>;

/** Set before every line that came from outside, so that no text can pass for a record of its own. */
const QUOTE = '  | ';

/**
 * A record in words, whole. A window tells its unchanged beginning by number and its new messages in full, as far as
 * `itemAt` knows them; what was told before is named by its record.
 */
export function recordWords(record: AuditRecord, itemAt: (seq: number) => ItemRecord | undefined): string {
  if (record.kind === 'window') return windowWords(record, itemAt);
  return [recordTitle(record), ...valueLines(record.data, '  ')].join('\n');
}

/** A record on one line: number, time, kind and what matters most. */
export function recordTitle(record: AuditRecord): string {
  return `#${record.seq} ${record.time} ${record.kind}: ${oneLine(gist(record))}`;
}

/** The content of a message or tool definition on lines of its own, whole, none of which can pass for ours. */
export function contentLines(content: Json): readonly string[] {
  return valueLines(content, '    ');
}

function gist(record: AuditRecord): string {
  switch (record.kind) {
    case 'session.opened':
      return `Warrant ${record.data.version}, ${record.data.model} at ${record.data.endpoint}, ${record.data.trusted ? 'trusted' : 'restricted'}`;
    case 'item':
      return `from ${record.data.origin}, ${canonicalJson(record.data.content).length} characters, ${record.data.digest}`;
    case 'window':
      return `window ${record.data.n} (${record.data.reason}) to ${record.data.model} at ${record.data.endpoint}, ${record.data.keep + record.data.append.length} messages, ${record.data.bytes} bytes, ${record.data.body}`;
    case 'response':
      return `to window ${record.data.window}, ${record.data.failed?.because ?? record.data.finish ?? 'no reason given'}, ${record.data.ms} ms`;
    case 'proposed':
      return `${record.data.tool} (${record.data.call}): ${record.data.what.kind}`;
    case 'decided':
      return `${record.data.verdict} by ${record.data.rule}: ${record.data.because}`;
    case 'shown':
      return `${record.data.kind} card ${record.data.card}`;
    case 'answered':
      return `${record.data.choice} by ${record.data.how} after ${record.data.ms} ms`;
    case 'granted':
      return `${record.data.grant} for ${record.data.scope === 'session' ? 'this session' : `this workspace, until ${record.data.until}`}: ${record.data.text} in ${record.data.folder}`;
    case 'grant.revoked':
      return `${record.data.grant}: ${record.data.because}`;
    case 'performing':
      return `${record.data.calls.join(', ')} on warrant ${record.data.warrant}`;
    case 'performed':
      return `${record.data.outcome}${record.data.because === undefined ? '' : `: ${record.data.because}`}`;
    case 'background.ended':
      return `${record.data.command} ${detailInWords(record.data.detail)}`;
    case 'checkpointed':
      return `${record.data.files.length} files of ${record.data.calls.join(', ')} kept as ${record.data.step} (${record.data.because})`;
    case 'turn':
      return `ended ${record.data.ended}${record.data.because === undefined ? '' : `: ${record.data.because}`}`;
    case 'trust.changed':
      return record.data.trusted ? 'trusted' : 'restricted';
    case 'policy.changed':
      return record.data.policy;
    case 'alert':
      return `${record.data.severity}, ${record.data.rule}: ${record.data.because}`;
    case 'gap':
      return record.data.because;
    case 'sealed':
      return `${parseNote(record.data.note)?.size ?? 'no'} records by key ${record.data.key}`;
    case 'key.rotated':
      return `from ${record.data.from} to ${record.data.to}`;
    case 'session.closed':
      return `${record.data.windows} windows, ${record.data.records} records`;
  }
}

function detailInWords(detail: { readonly [name: string]: string | number | boolean }): string {
  return Object.entries(detail)
    .map(([name, value]) => `${name} ${value}`)
    .join(', ');
}

function windowWords(record: WindowRecord, itemAt: (seq: number) => ItemRecord | undefined): string {
  const { n, base, keep, append, parameters, tools } = record.data;
  const lines = [recordTitle(record)];
  const kept = keep === 0 ? '' : ` = window ${base}'s first ${keep} messages, then`;
  const same = [parameters === undefined ? 'parameters' : '', tools === undefined ? 'tools' : ''].filter(
    Boolean,
  );
  if (same.length > 0) lines.push(`  ${same.join(' and ')} as in window ${base}`);
  if (parameters !== undefined) lines.push('  parameters:', ...valueLines(parameters, '    '));
  if (tools?.length === 0) lines.push('  no tools');
  for (const tool of tools ?? []) lines.push(...itemLines('tool', tool, itemAt));
  lines.push(`  window ${n}${kept}${append.length === 0 ? ' nothing new' : ''}:`);
  append.forEach((seq, at) => lines.push(...itemLines(`message ${keep + at + 1}`, seq, itemAt)));
  return lines.join('\n');
}

function itemLines(
  what: string,
  seq: number,
  itemAt: (seq: number) => ItemRecord | undefined,
): readonly string[] {
  const item = itemAt(seq);
  if (item === undefined) return [`  ${what}: record #${seq}, told above`];
  const head = `  ${what}: record #${seq}, from ${item.data.origin}, ${item.data.digest}`;
  return [head, ...valueLines(item.data.content, '    ')];
}

/** Every member of a value on lines of its own; nothing is left out or cut short. */
function valueLines(value: Json, indent: string): string[] {
  if (typeof value === 'string') return quoted(value, indent);
  if (value === null || typeof value !== 'object') return [`${indent}${scalar(value)}`];
  const lines: string[] = [];
  for (const [name, member] of Object.entries(value as Readonly<Record<string, Json>>)) {
    const label = `${indent}${oneLine(name)}:`;
    if (typeof member === 'string' && member.includes('\n')) lines.push(label, ...quoted(member, indent));
    else if (member === null || typeof member !== 'object') lines.push(`${label} ${scalar(member)}`);
    else if (isShort(member)) lines.push(`${label} ${visibleText(canonicalJson(member))}`);
    else lines.push(label, ...valueLines(member, `${indent}  `));
  }
  return lines;
}

/** Empty, or a list without texts of several lines or members of its own. */
function isShort(value: object): boolean {
  const members = Object.values(value) as readonly Json[];
  if (members.length === 0) return true;
  return Array.isArray(value) && members.every((member) => member === null || typeof member !== 'object');
}

function quoted(text: string, indent: string): string[] {
  return visibleText(text)
    .split('\n')
    .map((line) => `${indent}${QUOTE}${line}`);
}

function scalar(value: string | number | boolean | null): string {
  return typeof value === 'string' ? visibleText(value) : String(value);
}

function oneLine(text: string): string {
  return visibleText(text).replaceAll('\n', '\\n');
}

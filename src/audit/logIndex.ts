import type { Origin } from '../protocol/message.ts';
import type { AuditRecord } from '../protocol/record.ts';
import type { Content } from './readRecord.ts';

export type WindowData = Extract<AuditRecord, { kind: 'window' }>['data'];

/** One part of windows, as far as an index knows it: who put it there, where its JSON begins in the file, and its length. */
export type Part = { readonly origin: Origin; readonly at: number; readonly bytes: number };

/**
 * What is kept of a log to find anything in it again: where lines stand, which of them hold items, and how windows
 * differ. Numbers and digests only, so it stays small whatever the texts are.
 */
export type LogIndex = {
  /** Where each line begins, in bytes, and at the end where the last one ends. The record `seq` is at `seq - 1`. */
  readonly offsets: number[];
  /** The records that hold what windows are made of: items, and answers by the messages in them. */
  readonly items: Map<number, Part>;
  readonly answers: Map<number, Part>;
  readonly windows: WindowData[];
};

export function emptyIndex(): LogIndex {
  return { offsets: [0], items: new Map(), answers: new Map(), windows: [] };
}

/** Adds a record whose line ends at `end`; says what is wrong with what it refers to. */
export function addToIndex(
  index: LogIndex,
  record: AuditRecord,
  content: Content | null,
  end: number,
): string | undefined {
  const start = index.offsets.at(-1) ?? 0;
  index.offsets.push(end);
  if (content !== null) {
    const place = { at: start + content.from, bytes: content.bytes.length };
    if (record.kind === 'item') index.items.set(record.seq, { origin: record.data.origin, ...place });
    else index.answers.set(record.seq, { origin: 'assistant', ...place });
  }
  if (record.kind === 'window') return addWindow(index, record.data);
  if (record.kind === 'response' && index.windows[record.data.window - 1] === undefined)
    return `it answers window ${record.data.window}, which is not there`;
  if (record.kind !== 'session.closed') return undefined;
  if (record.data.windows !== index.windows.length || record.data.records !== record.seq)
    return 'its counts are not those of the file';
  return undefined;
}

/** What windows name by this number; undefined when they cannot. */
export function partAt(index: LogIndex, seq: number): Part | undefined {
  return index.items.get(seq) ?? index.answers.get(seq);
}

/** How many messages a window has. */
export function messageCount({ keep, append }: WindowData): number {
  return keep + append.length;
}

/** The records that hold a window's messages, in order. */
export function messagesOf(index: LogIndex, window: WindowData): number[] {
  const parts: number[][] = [];
  let wanted = messageCount(window);
  for (let at: WindowData | undefined = window; at !== undefined && wanted > 0; at = baseOf(index, at)) {
    if (wanted > at.keep) parts.push(at.append.slice(0, wanted - at.keep));
    wanted = Math.min(wanted, at.keep);
  }
  return parts.reverse().flat();
}

/** A window's parameters and the records that hold its tools. */
export function headOf(
  index: LogIndex,
  window: WindowData,
): { parameters: NonNullable<WindowData['parameters']>; tools: readonly number[] } {
  let parameters: WindowData['parameters'];
  let tools: WindowData['tools'];
  for (let at: WindowData | undefined = window; at !== undefined; at = baseOf(index, at)) {
    parameters ??= at.parameters;
    tools ??= at.tools;
    if (parameters !== undefined && tools !== undefined) return { parameters, tools };
  }
  throw new Error('A window without parameters was let into the index.');
}

function baseOf(index: LogIndex, window: WindowData): WindowData | undefined {
  return window.base === null ? undefined : index.windows[window.base - 1];
}

function addWindow(index: LogIndex, window: WindowData): string | undefined {
  if (window.n !== index.windows.length + 1)
    return `it is window ${window.n}, but window ${index.windows.length + 1} comes next`;
  const base = baseOf(index, window);
  if (window.base !== null && base === undefined) return `its base, window ${window.base}, is not there`;
  if (window.keep > (base === undefined ? 0 : messageCount(base)))
    return `it keeps ${window.keep} messages, more than its base has`;
  if (base === undefined && (window.parameters === undefined || window.tools === undefined))
    return 'it has no base, and its parameters or tools are missing';
  const lost = window.append.find((seq) => !index.items.has(seq) && !index.answers.has(seq));
  if (lost !== undefined) return `it refers to record ${lost}, which holds no message`;
  const lostTool = window.tools?.find((seq) => !index.items.has(seq));
  if (lostTool !== undefined) return `it refers to record ${lostTool}, which holds no tool`;
  index.windows.push(window);
  return undefined;
}

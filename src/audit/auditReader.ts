import { digestOf, growingDigest, type GrowingDigest } from '../protocol/digest.ts';
import type { AuditRecord } from '../protocol/record.ts';
import { REQUEST_TAIL, requestHead, type RequestParameters } from '../protocol/requestBody.ts';
import {
  addToIndex,
  emptyIndex,
  headOf,
  messageCount,
  messagesOf,
  partAt,
  type LogIndex,
  type WindowData,
} from './logIndex.ts';
import { epochChecker } from './epochs.ts';
import { readRecord, type BadRecord, type Content, type ReadRecord } from './readRecord.ts';
import { sealChecker, type Seals } from './sealChecker.ts';

/** A log as a stream of lines, each with its line end, and as bytes at a place. */
export interface LogSource {
  lines(): AsyncIterable<Uint8Array>;
  read(offset: number, length: number): Promise<Uint8Array>;
}

/** The first line at which a log stops being what was written, counted from 1. */
export type BadLine = {
  readonly kind: 'bad';
  readonly line: number;
  readonly because: string;
  /** The file ends within this line. */
  readonly torn?: true;
};

export type FoundRecord = {
  readonly kind: 'record';
  readonly record: AuditRecord;
  readonly content: Content | null;
  /** What its `mac` is made over. */
  bare(): string;
  /** Length of the line in bytes, line end included. */
  readonly bytes: number;
};

/**
 * `closed` says that the log ends with `session.closed` and a last seal; whether it always ended there, no file can say
 * of itself.
 */
export type SoundLog = {
  readonly kind: 'sound';
  readonly session: string;
  readonly records: number;
  readonly windows: number;
  readonly head: string;
  readonly closed: boolean;
  readonly seals: Seals;
  readonly index: LogIndex;
};

/** Every record in order, each checked by itself and against the one before; ends after the first bad line. */
export async function* readRecords(lines: AsyncIterable<Uint8Array>): AsyncGenerator<FoundRecord | BadLine> {
  let before: AuditRecord | undefined;
  let line = 0;
  for await (const bytes of lines) {
    line += 1;
    const found = readRecord(bytes);
    const checked = found.kind === 'bad' ? found : placed(found, before);
    if (checked.kind === 'bad') {
      yield { ...checked, line };
      return;
    }
    before = checked.record;
    yield { ...checked, bytes: bytes.length };
  }
}

/**
 * Checks a whole log, or as much of it as `until` asks for: the chain, every item's digest, and that every window
 * rebuilt from its items is the body that was recorded; every seal against its own key; and, given the key of the
 * first epoch, every MAC. `visit` is shown each record that was found right. Memory does not grow with the texts. `rootsAt` are the sizes at which the Merkle root is
 * wanted. `empty` is a file without a line.
 */
export async function verifyChain(
  source: LogSource,
  {
    until = () => false,
    visit = () => undefined,
    epochKey,
    rootsAt = [],
  }: {
    until?: (index: LogIndex) => boolean;
    visit?: (found: FoundRecord, index: LogIndex) => void;
    epochKey?: Uint8Array | undefined;
    rootsAt?: readonly number[];
  } = {},
): Promise<SoundLog | BadLine | { readonly kind: 'empty' }> {
  const index = emptyIndex();
  const bodies = bodyChecker(source, index);
  const seals = sealChecker(rootsAt);
  const inEpoch = epochChecker(epochKey);
  let last: AuditRecord | undefined;
  for await (const found of readRecords(source.lines())) {
    if (found.kind === 'bad') return found;
    const { record, content } = found;
    const because =
      inEpoch(record, () => found.bare()) ??
      seals.check(record) ??
      addToIndex(index, record, content, endOf(index) + found.bytes) ??
      (await bodies.check(record, content));
    if (because !== undefined) return { kind: 'bad', line: record.seq, because };
    last = record;
    visit(found, index);
    if (until(index)) break;
  }
  if (last === undefined) return { kind: 'empty' };
  return {
    kind: 'sound',
    session: last.session,
    records: last.seq,
    windows: index.windows.length,
    head: last.hash,
    closed: seals.closed(),
    seals: seals.seals(),
    index,
  };
}

/** The request body of window `n`, as it was sent, from a log that was verified up to there. */
export async function rebuildWindow(
  source: LogSource,
  index: LogIndex,
  n: number,
): Promise<{ kind: 'body'; body: string } | { kind: 'absent' } | { kind: 'bad'; because: string }> {
  const window = index.windows[n - 1];
  if (window === undefined) return { kind: 'absent' };
  const parts: Uint8Array[] = [];
  for await (const part of partsOf(readingAhead(source), index, window, new Map())) parts.push(part);
  const body = Buffer.concat([...parts, TAIL]);
  if (digestOf(body) === window.body) return { kind: 'body', body: body.toString('utf8') };
  return { kind: 'bad', because: 'the file changed while it was read' };
}

/** One record by its number, from a log that was verified up to there. */
export async function recordAt(
  source: LogSource,
  index: LogIndex,
  seq: number,
): Promise<{ record: AuditRecord; content: Content | null } | undefined> {
  const from = index.offsets[seq - 1];
  const to = index.offsets[seq];
  if (from === undefined || to === undefined) return undefined;
  const found = readRecord(await source.read(from, to - from));
  if (found.kind === 'bad' || found.record.seq !== seq) return undefined;
  return found;
}

function placed(found: ReadRecord, before: AuditRecord | undefined): ReadRecord | BadRecord {
  const { record } = found;
  const next = (before?.seq ?? 0) + 1;
  if (record.seq !== next) return bad(`it is record ${record.seq}, but record ${next} comes next`);
  if (before !== undefined && record.session !== before.session) return bad('it belongs to another session');
  if (record.prev !== (before?.hash ?? '')) return bad('its `prev` is not the hash of the record before it');
  return found;
}

function bad(because: string): BadRecord {
  return { kind: 'bad', because };
}

const BLOCK = 1 << 18;

/** Reads ahead: what is asked for next mostly stands just behind. */
function readingAhead(source: LogSource): LogSource {
  let start = 0;
  let block: Uint8Array = new Uint8Array();
  return {
    lines: () => source.lines(),
    async read(offset, length) {
      if (offset < start || offset + length > start + block.length) {
        block = await source.read(offset, Math.max(length, BLOCK));
        start = offset;
      }
      return block.subarray(offset - start, offset - start + length);
    },
  };
}

const TAIL = Buffer.from(REQUEST_TAIL);
const COMMA = Buffer.from(',');

/** Bytes of items on their way into the next window; more are read again from the file. */
const HELD_AT_MOST = 16 << 20;

type Running = { readonly n: number; readonly digest: GrowingDigest; messages: number; bytes: number };

/** A window that only adds to the one before costs what it adds; any other one is put together again from the file. */
function bodyChecker(source: LogSource, index: LogIndex) {
  const held = new Map<number, Uint8Array>();
  let heldLength = 0;
  let running: Running | undefined;

  function hold(seq: number, content: Content): void {
    heldLength += content.bytes.length;
    // A copy: a view would keep everything that was read from the file with it.
    if (heldLength <= HELD_AT_MOST) held.set(seq, Buffer.from(content.bytes));
  }

  async function checkWindow(window: WindowData): Promise<string | undefined> {
    const known = running !== undefined && extendsIt(window, running) ? running : undefined;
    const digest = known?.digest ?? growingDigest();
    let bytes = known?.bytes ?? 0;
    const parts =
      known === undefined
        ? partsOf(readingAhead(source), index, window, held)
        : messageParts(source, index, window.append, held, known.messages > 0);
    for await (const part of parts) {
      digest.append(part);
      bytes += part.length;
    }
    running = { n: window.n, digest, messages: messageCount(window), bytes };
    held.clear();
    heldLength = 0;
    if (digest.withTail(REQUEST_TAIL) !== window.body)
      return 'its items put together are not the body whose digest it names';
    if (bytes + REQUEST_TAIL.length !== window.bytes) return 'its body has not the length it names';
    return undefined;
  }

  return {
    async check(record: AuditRecord, content: Content | null): Promise<string | undefined> {
      if (content !== null) hold(record.seq, content);
      return record.kind === 'window' ? checkWindow(record.data) : undefined;
    },
  };
}

function extendsIt(window: WindowData, { n, messages }: Running): boolean {
  const sameHead = window.parameters === undefined && window.tools === undefined;
  return sameHead && window.base === n && window.keep === messages;
}

async function* partsOf(
  source: LogSource,
  index: LogIndex,
  window: WindowData,
  held: ReadonlyMap<number, Uint8Array>,
): AsyncGenerator<Uint8Array> {
  const { parameters, tools } = headOf(index, window);
  const definitions: string[] = [];
  for (const tool of tools)
    definitions.push(Buffer.from(await contentAt(source, index, tool, held)).toString('utf8'));
  yield Buffer.from(requestHead(parameters as RequestParameters, definitions));
  yield* messageParts(source, index, messagesOf(index, window), held, false);
}

async function* messageParts(
  source: LogSource,
  index: LogIndex,
  seqs: readonly number[],
  held: ReadonlyMap<number, Uint8Array>,
  afterOthers: boolean,
): AsyncGenerator<Uint8Array> {
  let comma = afterOthers;
  for (const seq of seqs) {
    if (comma) yield COMMA;
    comma = true;
    yield await contentAt(source, index, seq, held);
  }
}

/**
 * Read again without checking it again: the digest of the whole body is compared in the end, and
 * shows whether the file changed meanwhile.
 */
async function contentAt(
  source: LogSource,
  index: LogIndex,
  seq: number,
  held: ReadonlyMap<number, Uint8Array>,
): Promise<Uint8Array> {
  const known = held.get(seq);
  if (known !== undefined) return known;
  const part = partAt(index, seq);
  return part === undefined ? new Uint8Array() : source.read(part.at, part.bytes);
}

function endOf(index: LogIndex): number {
  return index.offsets.at(-1) ?? 0;
}

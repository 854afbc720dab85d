import { canonicalJson } from '../protocol/canonicalJson.ts';
import { digestOf, digestOfJson } from '../protocol/digest.ts';
import type { Item } from '../protocol/message.ts';
import { AuditUnavailable, type AuditLog } from '../protocol/ports.ts';
import { recordEntry, type AuditRecord, type RecordEntry, type RecordKind } from '../protocol/record.ts';
import { REQUEST_TAIL, requestHead } from '../protocol/requestBody.ts';
import type { Window, WindowReceipt } from '../protocol/window.ts';
import { itemData, recordLine } from './recordLine.ts';
import { redactStrings } from './redactStrings.ts';
import { troubleInWords } from './troubleInWords.ts';

/** Where lines go. After one rejection it must reject everything that follows. */
export interface AuditFile {
  /** Resolves when the operating system has the whole text. */
  append(text: string): Promise<void>;
  /** Resolves when everything appended so far is on the disk. */
  sync(): Promise<void>;
  close(): Promise<void>;
}

/** Where an existing file ends, so that its chain can be continued. */
type LogEnd = { readonly records: number; readonly windows: number; readonly head: string };

export type AuditLogOptions = {
  readonly file: AuditFile;
  readonly session: string;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /** Applied to every text but the items of a window: those are redacted before they are made. */
  readonly redact: (text: string) => string;
  /** Called in order, after the operating system has the record. When it throws, the log counts as unavailable. */
  readonly onRecord: (record: AuditRecord, line: string) => void;
  readonly after?: LogEnd;
};

/** The log of one session. `close` writes `session.closed` with its counts, syncs, and closes the file. */
export type SessionLog = AuditLog & { close(): Promise<void> };

type Chained = { readonly record: AuditRecord; readonly line: string };

/** The window before, as far as the next one is told by its difference to it. */
type LastWindow = {
  readonly n: number;
  readonly messages: readonly Item[];
  readonly tools: readonly Item[];
  readonly parameters: string;
  readonly headBytes: number;
};

type WindowData = Extract<RecordEntry, { kind: 'window' }>['data'];

const OWN_KINDS: readonly RecordKind[] = ['item', 'window', 'session.closed'];

/**
 * Chains records and writes them, each before its promise resolves. A write that fails makes it fail for ever: a record
 * that is missing in the middle could not be told from one that was taken out.
 */
export function createAuditLog(options: AuditLogOptions): SessionLog {
  const { file, session, now, redact, onRecord } = options;
  let seq = options.after?.records ?? 0;
  let windows = options.after?.windows ?? 0;
  let head = options.after?.head ?? '';
  let unavailable: AuditUnavailable | undefined;
  let last: LastWindow | undefined;
  /** Bytes of the messages of the last window up to and including each, with the commas between them. */
  const ends: number[] = [];
  /** Which record holds an item, by origin and digest: the same words of two origins are two items. */
  const places = new Map<string, number>();

  function chain(entry: RecordEntry, data: string): Chained {
    const time = new Date(now()).toISOString();
    const place = { data, kind: entry.kind, prev: head, seq: seq + 1, session, time };
    const { line, hash } = recordLine(place);
    seq += 1;
    head = hash;
    const record = { v: 1, seq, time, session, ...entry, prev: place.prev, hash } as AuditRecord;
    return { record, line };
  }

  async function write(chained: readonly Chained[], { durably }: { durably: boolean }): Promise<void> {
    try {
      await file.append(chained.map(({ line }) => `${line}\n`).join(''));
      if (unavailable !== undefined) throw unavailable;
      for (const { record, line } of chained) onRecord(record, line);
      if (durably) await file.sync();
    } catch (error) {
      unavailable ??= unavailableBecause(error);
      throw unavailable;
    }
  }

  function ready(): void {
    if (unavailable !== undefined) throw unavailable;
  }

  async function record(given: RecordEntry, how: { durably: boolean }): Promise<void> {
    ready();
    if (OWN_KINDS.includes(given.kind))
      throw new Error(`The log itself writes records of kind ${given.kind}.`);
    const entry = fitting(redacted(given, redact));
    const chained = chain(entry, canonicalJson(entry.data));
    if (entry.kind === 'response' && entry.data.message !== undefined)
      places.set(placeKey('assistant', entry.data.digest ?? ''), seq);
    await write([chained], how);
  }

  async function window(given: Window): Promise<WindowReceipt> {
    ready();
    const endpoint = redact(given.endpoint);
    const base = last;
    const keep = base === undefined ? 0 : commonPrefix(base.messages, given.messages);
    const parameters = canonicalJson(given.parameters);
    const sameParameters = base?.parameters === parameters;
    const sameTools = base !== undefined && sameItems(base.tools, given.tools);
    const fresh = new Map<string, Item>();
    const placeOf = (item: Item): number => {
      const key = placeKey(item.origin, item.digest);
      const known = places.get(key);
      if (known !== undefined) return known;
      fresh.set(key, item);
      places.set(key, seq + fresh.size);
      return seq + fresh.size;
    };
    // Everything that could be wrong with it is found before its first record joins the chain.
    checkItems(sameTools ? [] : given.tools, places);
    checkItems(given.messages.slice(keep), places);
    const tools = sameTools ? [] : given.tools.map(placeOf);
    const append = given.messages.slice(keep).map(placeOf);
    const headBytes =
      sameTools && sameParameters ? base.headBytes : bytesOfHead(given.parameters, given.tools);
    ends.length = keep;
    for (const { json } of given.messages.slice(keep)) {
      const before = ends.at(-1);
      ends.push((before === undefined ? 0 : before + 1) + Buffer.byteLength(json));
    }
    windows += 1;
    const n = windows;
    last = { n, messages: given.messages.slice(), tools: given.tools.slice(), parameters, headBytes };
    const chained = [...fresh.values()].map((item) => {
      const data = { digest: item.digest, origin: item.origin, content: item.value };
      return chain({ kind: 'item', data }, itemData(item.json, item.digest, item.origin));
    });
    const data: WindowData = {
      n,
      reason: given.reason,
      model: given.model,
      endpoint,
      base: base?.n ?? null,
      keep,
      append,
      ...(sameParameters
        ? {}
        : { parameters: JSON.parse(parameters) as NonNullable<WindowData['parameters']> }),
      ...(sameTools ? {} : { tools }),
      bytes: headBytes + (ends.at(-1) ?? 0) + REQUEST_TAIL.length,
      body: given.bodyDigest,
    };
    const own = chain({ kind: 'window', data }, canonicalJson(data));
    await write([...chained, own], { durably: false });
    return { window: n, proof: own.record.hash as unknown as WindowReceipt['proof'] };
  }

  async function close(): Promise<void> {
    try {
      ready();
      await writeEnd();
    } finally {
      await file.close();
    }
  }

  async function writeEnd(): Promise<void> {
    const entry = fitting({ kind: 'session.closed', data: { windows, records: seq + 1 } });
    await write([chain(entry, canonicalJson(entry.data))], { durably: true });
    unavailable = new AuditUnavailable('This session is closed; its record takes nothing more.');
  }

  return {
    record: (entry) => record(entry, { durably: false }),
    recordDurably: (entry) => record(entry, { durably: true }),
    window,
    close,
  };
}

/** What was written is what the reader will accept; anything else is a bug of the caller and is not written. */
function fitting(entry: RecordEntry): RecordEntry {
  const parsed = recordEntry.safeParse(entry);
  if (parsed.success) return entry;
  const where = parsed.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`).join('; ');
  throw new Error(
    `A record of kind ${entry.kind} does not fit the format, so it was not written (${where}).`,
  );
}

/** The digest of an answer is made anew here, because later windows name the answer by it. */
function redacted(entry: RecordEntry, redact: (text: string) => string): RecordEntry {
  const data = redactStrings(entry.data, redact);
  const kept = { kind: entry.kind, data } as RecordEntry;
  if (kept.kind !== 'response' || kept.data.message === undefined) return kept;
  return { kind: 'response', data: { ...kept.data, digest: digestOfJson(kept.data.message) } };
}

function checkItems(items: readonly Item[], places: ReadonlyMap<string, number>): void {
  for (const item of items) {
    if (places.has(placeKey(item.origin, item.digest))) continue;
    if (canonicalJson(item.value) === item.json && digestOf(item.json) === item.digest) continue;
    throw new Error('An item of a window is not what its digest says, so the window was not recorded.');
  }
}

function commonPrefix(old: readonly Item[], fresh: readonly Item[]): number {
  let length = 0;
  for (const item of fresh) {
    const other = old[length];
    if (other === undefined || !sameItem(other, item)) return length;
    length += 1;
  }
  return length;
}

function sameItems(old: readonly Item[], fresh: readonly Item[]): boolean {
  return old.length === fresh.length && commonPrefix(old, fresh) === fresh.length;
}

function sameItem(one: Item, other: Item): boolean {
  return one === other || (one.digest === other.digest && one.origin === other.origin);
}

function placeKey(origin: Item['origin'], digest: string): string {
  return `${origin} ${digest}`;
}

function bytesOfHead(parameters: Window['parameters'], tools: readonly Item[]): number {
  return Buffer.byteLength(
    requestHead(
      parameters,
      tools.map((tool) => tool.json),
    ),
  );
}

function unavailableBecause(error: unknown): AuditUnavailable {
  if (error instanceof AuditUnavailable) return error;
  return new AuditUnavailable(
    `The audit record could not be written (${troubleInWords(error)}), so nothing further is sent or done; mend that and start a new session.`,
    { cause: error },
  );
}

import { canonicalJson, type Json } from '../protocol/canonicalJson.ts';
import { digestOf } from '../protocol/digest.ts';
import { recordEntry, recordEnvelope, type AuditRecord } from '../protocol/record.ts';
import { isSurelyCanonical } from './isSurelyCanonical.ts';
import { DATA_START, itemData, lineParts } from './recordLine.ts';

/** What a record adds to what windows are made of: an item, or an answer that later windows name. */
export type Content = {
  /** Its canonical JSON as it stands in the line, a view into it. */
  readonly bytes: Uint8Array;
  /** Where in the line it begins. */
  readonly from: number;
  readonly digest: string;
};

export type ReadRecord = {
  readonly kind: 'record';
  readonly record: AuditRecord;
  /** The canonical JSON of an item or of an answer's message. */
  readonly content: Content | null;
  /** What its `mac` is made over. */
  bare(): string;
};
/** `torn`: it ends without a line end. */
export type BadRecord = { readonly kind: 'bad'; readonly because: string; readonly torn?: true };

const NEW_LINE = 10;

/**
 * Reads one line, line end included, and checks everything that can be checked without its neighbours. The text must be
 * the one canonical form of what it says, so no two files tell the same story.
 */
export function readRecord(line: Uint8Array): ReadRecord | BadRecord {
  if (line.at(-1) !== NEW_LINE) return { ...bad('its end is missing: it was cut in the middle'), torn: true };
  const bytes = line.subarray(0, -1);
  const text = attempt(() => UTF_8.decode(bytes));
  if (text === undefined) return bad('it is not UTF-8 text');
  const raw = attempt((): unknown => JSON.parse(text));
  if (raw === undefined) return bad('it is not JSON');
  if (raw === null || typeof raw !== 'object' || !('data' in raw)) return bad('it is not a record');
  const canonical = isSurelyCanonical(text) ? text : attempt(() => canonicalJson(raw as Json));
  if (canonical === undefined) return bad('it holds what canonical JSON cannot say, or is nested too deeply');
  // JSON.parse made it, so its data is JSON; walking through it once more would find nothing.
  const envelope = recordEnvelope.safeParse({ ...raw, data: null });
  if (!envelope.success) return bad(`it is not a record of version 1 (${inWords(envelope.error)})`);
  if (canonical !== text) return bad('it is not canonical JSON');
  // From here the parsed line itself is used: a schema hands out a copy, which need not be what the line says.
  const record = raw as AuditRecord;
  const parts = lineParts(bytes, record);
  if (digestOf(parts.hashed()) !== record.hash)
    return bad('its hash is not the hash of what it says: it was changed');
  const entry = recordEntry.safeParse({ kind: record.kind, data: record.data });
  if (!entry.success)
    return bad(`it does not fit kind ${JSON.stringify(record.kind)} (${inWords(entry.error)})`);
  const content = contentOf(record, bytes, parts.dataEnd);
  if (content !== null && digestOf(content.bytes) !== content.digest)
    return bad('its digest is not the digest of its content');
  return { kind: 'record', record, content, bare: () => digestOf(parts.bare()) };
}

const UTF_8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** Hostile text makes the parsers throw in several ways; each only means that it cannot be read. */
function attempt<Value>(read: () => Value): Value | undefined {
  try {
    return read();
  } catch {
    return undefined;
  }
}

/** In canonical JSON everything around a content is known, and so is where it stands. */
function contentOf(record: AuditRecord, line: Uint8Array, dataEnd: number): Content | null {
  if (record.kind === 'item') {
    const { digest, origin } = record.data;
    const behind = itemData('', digest, origin).length - ITEM_START.length;
    return contentAt(line, DATA_START + ITEM_START.length, dataEnd - behind, digest);
  }
  if (record.kind !== 'response' || record.data.message === undefined) return null;
  const { digest, failed, finish, ms, usage, window } = record.data;
  const before = canonicalJson({ digest, failed, finish, message: 0 });
  const behind = canonicalJson({ message: 0, ms, usage, window });
  return contentAt(
    line,
    DATA_START + Buffer.byteLength(before) - '0}'.length,
    dataEnd - (Buffer.byteLength(behind) - '{"message":0'.length),
    digest ?? '',
  );
}

function contentAt(line: Uint8Array, from: number, to: number, digest: string): Content {
  return { bytes: line.subarray(from, to), from, digest };
}

const ITEM_START = '{"content":';

function inWords(error: {
  readonly issues: readonly { readonly path: readonly PropertyKey[]; readonly message: string }[];
}): string {
  return error.issues
    .map(({ path, message }) => (path.length === 0 ? message : `${path.map(String).join('.')}: ${message}`))
    .join('; ');
}

function bad(because: string): BadRecord {
  return { kind: 'bad', because };
}

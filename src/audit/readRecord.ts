import { canonicalJson, type Json } from '../protocol/canonicalJson.ts';
import { digestOf } from '../protocol/digest.ts';
import { recordEntry, recordEnvelope, type AuditRecord, type RecordKind } from '../protocol/record.ts';
import { bareDigest, checkLine, itemData } from './recordLine.ts';

/** What a record adds to what windows are made of: an item, or an answer that later windows name. */
export type Content = { readonly json: string; readonly digest: string };

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
  const text = attempt(() => UTF_8.decode(line.subarray(0, -1)));
  if (text === undefined) return bad('it is not UTF-8 text');
  const raw = attempt((): unknown => JSON.parse(text));
  if (raw === undefined) return bad('it is not JSON');
  if (raw === null || typeof raw !== 'object' || !('data' in raw)) return bad('it is not a record');
  const data = raw.data as Json;
  const canonical = attempt(() => canonicalJson(data));
  if (canonical === undefined) return bad('it holds what canonical JSON cannot say, or is nested too deeply');
  // JSON.parse made it, so its data is JSON; walking through it once more would find nothing.
  const envelope = recordEnvelope.safeParse({ ...raw, data: null });
  if (!envelope.success) return bad(`it is not a record of version 1 (${inWords(envelope.error)})`);
  const { kind } = envelope.data;
  const place = { ...envelope.data, kind: kind as RecordKind, data: canonical };
  const form = checkLine(text, place, envelope.data);
  if (form === 'odd') return bad('it is not canonical JSON');
  if (form === 'changed') return bad('its hash is not the hash of what it says: it was changed');
  const entry = recordEntry.safeParse({ kind, data });
  if (!entry.success) return bad(`it does not fit kind ${JSON.stringify(kind)} (${inWords(entry.error)})`);
  // From here the parsed line itself is used: a schema hands out a copy, which need not be what the line says.
  const record = raw as AuditRecord;
  const content = contentOf(record, canonical);
  if (content !== null && digestOf(content.json) !== content.digest)
    return bad('its digest is not the digest of its content');
  return { kind: 'record', record, content, bare: () => bareDigest(place) };
}

/** The content of a line that was checked before, or of whatever stands there now. */
export function contentOfLine(line: Uint8Array): string | undefined {
  return attempt(() => {
    const { kind, data } = JSON.parse(UTF_8.decode(line)) as { kind: string; data: Record<string, Json> };
    return canonicalJson((kind === 'item' ? data['content'] : data['message']) ?? null);
  });
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

function contentOf(record: AuditRecord, data: string): Content | null {
  if (record.kind === 'item') {
    const { digest, origin } = record.data;
    const around = itemData('', digest, origin);
    const json = data.slice(ITEM_START, data.length - (around.length - ITEM_START));
    return { json, digest };
  }
  if (record.kind !== 'response' || record.data.message === undefined) return null;
  return { json: canonicalJson(record.data.message), digest: record.data.digest ?? '' };
}

const ITEM_START = '{"content":'.length;

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

import { growingDigest, type Digest } from '../protocol/digest.ts';
import type { RecordKind } from '../protocol/record.ts';

/** Everything of a line but its hash and its MAC; `data` is canonical JSON already. */
export type RecordPlace = {
  readonly data: string;
  readonly epoch: number;
  readonly kind: RecordKind;
  readonly prev: string;
  readonly seq: number;
  readonly session: string;
  readonly time: string;
};

/**
 * Set before what is hashed, so that the hash of a record can never be the hash of anything else. It also makes that
 * hash the hash of a leaf as RFC 6962 has it.
 */
const RECORD_PREFIX = '\0';
const PREFIX_BYTES = Uint8Array.of(0);

/**
 * One line of the audit log, without its line end. Members stand in canonical order; they are put together here by
 * hand, because `data` is by far the largest and need not be serialised or hashed twice.
 */
export function recordLine(
  place: RecordPlace,
  macOf: (bare: Digest) => string,
): { line: string; hash: Digest; mac: string } {
  const { head, kind, tail } = partsOf(place);
  const digest = growingDigest();
  digest.append(`${RECORD_PREFIX}${head}${kind}`);
  const mac = macOf(digest.withTail(tail));
  const hash = digest.withTail(`${macMember(mac)}${tail}`);
  return { line: `${head}${hashMember(hash)}${kind}${macMember(mac)}${tail}`, hash, mac };
}

/** Where the data of a line begins. */
export const DATA_START = '{"data":'.length;

/**
 * A canonical line without its line end, taken apart by what it says: where its data ends, and the bytes that its hash
 * and its MAC are made over. Nothing of it is written anew, because data is by far the largest.
 */
export function lineParts(
  line: Uint8Array,
  place: Omit<RecordPlace, 'data'> & { readonly hash: string; readonly mac: string },
): { readonly dataEnd: number; hashed(): Uint8Array; bare(): Uint8Array } {
  const { head, kind, tail } = partsOf({ ...place, data: '' });
  const behind = line.length - Buffer.byteLength(`${kind}${macMember(place.mac)}${tail}`);
  const hashAt = behind - hashMember(place.hash).length;
  const before = line.subarray(0, hashAt);
  return {
    dataEnd: hashAt - (head.length - DATA_START),
    hashed: () => Buffer.concat([PREFIX_BYTES, before, line.subarray(behind)]),
    bare: () => Buffer.concat([PREFIX_BYTES, before, Buffer.from(`${kind}${tail}`)]),
  };
}

/** The data of an item record around content that is canonical JSON already. */
export function itemData(content: string, digest: string, origin: string): string {
  return `{"content":${content},"digest":"${digest}","origin":"${origin}"}`;
}

function partsOf({ data, epoch, kind, prev, seq, session, time }: RecordPlace) {
  const named = JSON.stringify(session.toWellFormed());
  return {
    head: `{"data":${data},"epoch":${epoch}`,
    kind: `,"kind":${JSON.stringify(kind)}`,
    tail: `,"prev":"${prev}","seq":${seq},"session":${named},"time":"${time}","v":1}`,
  };
}

function hashMember(hash: string): string {
  return `,"hash":"${hash}"`;
}

function macMember(mac: string): string {
  return `,"mac":"${mac}"`;
}

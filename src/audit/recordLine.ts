import { digestOf, growingDigest, type Digest } from '../protocol/digest.ts';
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

/** Whether a line is the one canonical form of what stands in it, and whether the hash it claims is right. */
export function checkLine(
  line: string,
  place: RecordPlace,
  claimed: { readonly hash: string; readonly mac: string },
): 'right' | 'odd' | 'changed' {
  const { head, kind, tail } = partsOf(place);
  const rest = `${kind}${macMember(claimed.mac)}${tail}`;
  if (`${head}${hashMember(claimed.hash)}${rest}` !== line) return 'odd';
  return digestOf(`${RECORD_PREFIX}${head}${rest}`) === claimed.hash ? 'right' : 'changed';
}

/** What is authenticated: the digest of a line without its hash and its MAC. */
export function bareDigest(place: RecordPlace): Digest {
  const { head, kind, tail } = partsOf(place);
  return digestOf(`${RECORD_PREFIX}${head}${kind}${tail}`);
}

/** The data of an item record around content that is canonical JSON already. */
export function itemData(content: string, digest: string, origin: string): string {
  return `{"content":${content},"digest":"${digest}","origin":"${origin}"}`;
}

function partsOf({ data, epoch, kind, prev, seq, session, time }: RecordPlace) {
  const named = JSON.stringify(session.toWellFormed());
  return {
    head: `{"data":${data},"epoch":${epoch}`,
    kind: `,"kind":"${kind}"`,
    tail: `,"prev":"${prev}","seq":${seq},"session":${named},"time":"${time}","v":1}`,
  };
}

function hashMember(hash: string): string {
  return `,"hash":"${hash}"`;
}

function macMember(mac: string): string {
  return `,"mac":"${mac}"`;
}

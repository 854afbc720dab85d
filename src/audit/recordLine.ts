import { digestOf, type Digest } from '../protocol/digest.ts';
import type { RecordKind } from '../protocol/record.ts';

/** Everything of a line but its hash; `data` is canonical JSON already. */
export type RecordPlace = {
  readonly data: string;
  readonly kind: RecordKind;
  readonly prev: string;
  readonly seq: number;
  readonly session: string;
  readonly time: string;
};

/** Set before what is hashed, so that the hash of a record can never be the hash of anything else. */
const RECORD_PREFIX = '\0';

/**
 * One line of the audit log, without its line end. Members stand in canonical order; they are put together here by
 * hand, because `data` is by far the largest and need not be serialised twice for the hash and the line.
 */
export function recordLine(place: RecordPlace): { line: string; hash: Digest } {
  const { before, after } = aroundHash(place);
  const hash = hashAround(before, after);
  return { line: lineWith(before, hash, after), hash };
}

/** Whether a line is the one canonical form of what stands in it, and whether the hash it claims is right. */
export function checkLine(line: string, place: RecordPlace, claimed: string): 'right' | 'odd' | 'changed' {
  const { before, after } = aroundHash(place);
  if (lineWith(before, claimed, after) !== line) return 'odd';
  return hashAround(before, after) === claimed ? 'right' : 'changed';
}

/** The data of an item record around content that is canonical JSON already. */
export function itemData(content: string, digest: string, origin: string): string {
  return `{"content":${content},"digest":"${digest}","origin":"${origin}"}`;
}

function aroundHash({ data, kind, prev, seq, session, time }: RecordPlace): {
  before: string;
  after: string;
} {
  const named = JSON.stringify(session.toWellFormed());
  return {
    before: `{"data":${data}`,
    after: `,"kind":"${kind}","prev":"${prev}","seq":${seq},"session":${named},"time":"${time}","v":1}`,
  };
}

function hashAround(before: string, after: string): Digest {
  return digestOf(`${RECORD_PREFIX}${before}${after}`);
}

function lineWith(before: string, hash: string, after: string): string {
  return `${before},"hash":"${hash}"${after}`;
}

import { canonicalJson, type Json } from '../../src/protocol/canonicalJson.ts';
import type { AuditRecord } from '../../src/protocol/record.ts';
import type { SealKey } from '../../src/protocol/seal.ts';
import { merkleTree } from '../../src/audit/merkleTree.ts';
import { recordLine } from '../../src/audit/recordLine.ts';
import { erasableMac, nextEpochKey } from '../../src/audit/seal.ts';
import { originOf, signedNote } from '../../src/audit/signedNote.ts';

export const linesOf = (text: string) => text.split('\n').slice(0, -1);
export const textOf = (lines: readonly string[]) => lines.map((line) => `${line}\n`).join('');

/** What somebody does who has read how logs are made, and got hold of keys. */
export type Forgery = {
  /** The first line that is written anew; those before stay byte for byte. */
  readonly from: number;
  /** What stands from there on, made from what stood there; seals are made anew. */
  readonly change: (records: readonly AuditRecord[]) => readonly AuditRecord[];
  readonly sealKey: SealKey;
  /** The stolen key: that of one epoch. */
  readonly macKey: Uint8Array;
  /** The epoch a new line claims to stand in; that of the old one where it is left out. */
  readonly epochOf?: (record: AuditRecord, at: number) => number;
};

/** A log with its end written anew, as right as its writer's keys can make it. */
export function forgedLog(text: string, { from, change, sealKey, macKey, epochOf }: Forgery): string {
  const lines = linesOf(text);
  const records = lines.map((line) => JSON.parse(line) as AuditRecord);
  const kept = lines.slice(0, from - 1);
  const tree = merkleTree();
  for (const { hash } of records.slice(0, from - 1)) tree.add(hash);
  let prev = records[from - 2]?.hash ?? '';
  const mac = erasableMac(macKey);
  change(records.slice(from - 1)).forEach((record, at) => {
    const seq = from + at;
    const place = {
      data: canonicalJson(dataOf(record) as Json),
      epoch: epochOf?.(record, at) ?? record.epoch,
      kind: record.kind,
      prev,
      seq,
      session: record.session,
      time: record.time,
    };
    const made = recordLine(place, (bare) =>
      mac.of(Buffer.from(bare, 'base64url')).toString('base64url').slice(0, 22),
    );
    prev = made.hash;
    tree.add(made.hash);
    kept.push(made.line);

    function dataOf({ kind, session, data }: AuditRecord): unknown {
      if (kind === 'session.closed') return { ...data, records: seq };
      if (kind !== 'sealed') return data;
      return {
        key: sealKey.publicKey,
        note: signedNote(originOf(session), tree.size(), tree.root(), sealKey),
      };
    }
  });
  return textOf(kept);
}

/** The key of an epoch, as it lies in memory while the epoch lasts. */
export function keyOfEpoch(first: Uint8Array, epoch: number): Uint8Array {
  let key = Buffer.from(first);
  for (let at = 0; at < epoch; at += 1) key = Buffer.from(nextEpochKey(key));
  return key;
}

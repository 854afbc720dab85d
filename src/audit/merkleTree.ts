import { digestOf } from '../protocol/digest.ts';

const NODE_PREFIX = Uint8Array.of(1);

/** A Merkle tree after RFC 6962 that only grows. It keeps one hash for each bit of its size. */
export type MerkleTree = {
  size(): number;
  /** Adds a leaf by its hash. The hash of a record is one already: SHA-256 of 0x00 and the record. */
  add(leaf: string): void;
  /** The root over everything added so far, as digests are written; there must be something. */
  root(): string;
};

export function merkleTree(): MerkleTree {
  /** Roots of the perfect trees the leaves make up, largest first. */
  const peaks: string[] = [];
  let size = 0;
  return {
    size: () => size,
    add(leaf) {
      let whole = leaf;
      for (let bits = size; bits % 2 === 1; bits = Math.floor(bits / 2))
        whole = nodeOf(peaks.pop() ?? '', whole);
      peaks.push(whole);
      size += 1;
    },
    root() {
      if (size === 0) throw new Error('A tree without leaves has no root.');
      return peaks.reduceRight((right, left) => nodeOf(left, right));
    },
  };
}

function nodeOf(left: string, right: string): string {
  return digestOf(
    Buffer.concat([NODE_PREFIX, Buffer.from(left, 'base64url'), Buffer.from(right, 'base64url')]),
  );
}

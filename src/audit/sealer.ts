import type { RecordEntry } from '../protocol/record.ts';
import type { LogHead, SealKey } from '../protocol/seal.ts';
import { merkleTree } from './merkleTree.ts';
import { originOf, signedNote } from './signedNote.ts';

const RECORDS = 64;
/** The longest that a record stays unsealed while nothing else happens. */
export const SEAL_MS = 60_000;

type Sealed = Extract<RecordEntry, { kind: 'sealed' }>;

/** What has been written so far, as far as it takes to seal it. */
export type Sealer = {
  add(hash: string): void;
  /** How many records since the last seal; a seal itself waits for the next one without making it due. */
  unsealed(): number;
  due(): boolean;
  /** The entry that seals every record added so far. */
  seal(): Sealed;
  head(): LogHead;
  key(): SealKey;
  use(key: SealKey): void;
};

export function createSealer(session: string, firstKey: SealKey): Sealer {
  const origin = originOf(session);
  const tree = merkleTree();
  let key = firstKey;
  let unsealed = 0;
  let last = '';
  return {
    add(hash) {
      tree.add(hash);
      unsealed += 1;
      last = hash;
    },
    unsealed: () => unsealed,
    due: () => unsealed >= RECORDS,
    seal() {
      // The seal that is made now joins the tree next; it alone is nothing that had to be sealed.
      unsealed = -1;
      const note = signedNote(origin, tree.size(), tree.root(), key);
      return { kind: 'sealed', data: { key: key.publicKey, note } };
    },
    head: () => ({ session, seq: tree.size(), root: tree.root(), hash: last }),
    key: () => key,
    use: (next) => void (key = next),
  };
}

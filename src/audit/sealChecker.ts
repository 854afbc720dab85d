import type { AuditRecord } from '../protocol/record.ts';
import { merkleTree } from './merkleTree.ts';
import { isCheckpointOf, originOf, parseNote, type Checkpoint } from './signedNote.ts';

/** A key a log was sealed with, and the line of its first seal. */
type SealedWith = { readonly publicKey: string; readonly line: number };

/** What the seals of a log say, each of which was right. */
export type Seals = {
  /** In the order of their use; after the first, each was announced under a seal of the one before. */
  readonly keys: readonly SealedWith[];
  /** The last one. */
  readonly last: Checkpoint | null;
  readonly lastNote: string;
  /** The Merkle roots at the sizes that were asked for, as far as the log goes. */
  readonly roots: ReadonlyMap<number, string>;
  /** The root over all of it. */
  readonly root: string;
  /** The `seq` of `session.closed`; 0 when there is none. */
  readonly closedAt: number;
};

/** Follows a log record by record and says what is wrong with one's seal, or with where it stands among the seals. */
export function sealChecker(rootsAt: readonly number[]) {
  const tree = merkleTree();
  const wanted = new Set(rootsAt);
  const roots = new Map<number, string>();
  const keys: SealedWith[] = [];
  let last: Checkpoint | null = null;
  let lastNote = '';
  let key: string | undefined;
  let rotatesTo: string | undefined;
  let closedAt = 0;
  let closed = false;

  function wrongSeal({ session, seq, data }: Extract<AuditRecord, { kind: 'sealed' }>): string | undefined {
    const note = parseNote(data.note);
    if (note === undefined) return 'its note is not a signed checkpoint';
    if (note.origin !== originOf(session)) return 'its note is of another log';
    if (note.size !== tree.size())
      return `its note is of ${note.size} records, but ${tree.size()} stand before it`;
    if (note.root !== tree.root()) return 'its note has another root: a record before it was changed';
    if (key !== undefined && data.key !== key) return 'its key is not the one the log was sealed with before';
    if (!isCheckpointOf(note, data.key)) return 'its signature is wrong';
    if (key === undefined) keys.push({ publicKey: data.key, line: seq });
    key = rotatesTo ?? data.key;
    if (rotatesTo !== undefined) keys.push({ publicKey: rotatesTo, line: seq + 1 });
    rotatesTo = undefined;
    last = note;
    lastNote = data.note;
    return undefined;
  }

  function wrongPlace(record: AuditRecord): string | undefined {
    if (closed) return 'it comes after the end of the session';
    if (closedAt > 0 && record.kind !== 'sealed')
      return 'it comes after `session.closed`, where only a last seal may';
    if (rotatesTo !== undefined && record.kind !== 'sealed')
      return 'the change of the key before it is not sealed with the old key';
    if (record.kind !== 'key.rotated') return undefined;
    if (key !== undefined && record.data.from !== key) return 'it changes a key the log was not sealed with';
    key = record.data.from;
    if (keys.length === 0) keys.push({ publicKey: key, line: record.seq + 1 });
    rotatesTo = record.data.to;
    return undefined;
  }

  return {
    check(record: AuditRecord): string | undefined {
      const because = wrongPlace(record) ?? (record.kind === 'sealed' ? wrongSeal(record) : undefined);
      if (because !== undefined) return because;
      tree.add(record.hash);
      if (wanted.has(tree.size())) roots.set(tree.size(), tree.root());
      closed = closedAt > 0;
      if (record.kind === 'session.closed') closedAt = record.seq;
      return undefined;
    },
    closed: () => closed,
    seals: (): Seals => ({ keys, last, lastNote, roots, root: tree.root(), closedAt }),
  };
}

import * as z from 'zod';

/** A key that seals logs. It signs; what it is made of cannot be asked of it. */
export type SealKey = {
  /** The Ed25519 public key, 32 bytes in base64url. */
  readonly publicKey: string;
  /** The signature, 64 bytes. */
  sign(text: string): Uint8Array;
};

/** A key whose seals can still be checked. Times are ISO 8601, UTC; `until` is missing for the one in force. */
const publicSealKey = z.strictObject({
  publicKey: z.string().regex(/^[A-Za-z0-9_-]{43}$/),
  since: z.string(),
  until: z.string().optional(),
});
export type PublicSealKey = z.infer<typeof publicSealKey>;

/** What a `SecretCell` holds for them: the private half of the key in force, and every public one. */
export const storedSealKeys = z.strictObject({
  seed: z.string().regex(/^[A-Za-z0-9_-]{43}$/),
  keys: z.array(publicSealKey).nonempty(),
});
export type StoredSealKeys = z.infer<typeof storedSealKeys>;

/** The keys that seal the logs of this installation. */
export interface SealKeys {
  /** The key in force; it is made when there is none. */
  current(): Promise<SealKey>;
  /** Makes a new one and forgets the private half of the old. */
  rotate(): Promise<SealKey>;
  /** Every key there ever was, oldest first. */
  publicKeys(): Promise<readonly PublicSealKey[]>;
}

/** One text in a place that other programs cannot read. */
export interface SecretCell {
  get(): Promise<string | undefined>;
  set(text: string): Promise<void>;
  clear(): Promise<void>;
}

/** Such places by name. */
export type SecretCells = (name: string) => SecretCell;

/** How far a log had come: its first `seq` records have this Merkle root, and the last of them this hash. */
export const logHead = z.strictObject({
  session: z.string(),
  seq: z.int().positive(),
  root: z.string().regex(/^[A-Za-z0-9_-]{43}$/),
  hash: z.string().regex(/^[A-Za-z0-9_-]{43}$/),
});
export type LogHead = z.infer<typeof logHead>;

/** Heads of logs, kept where whoever can change the logs cannot change them. */
export interface HeadMirror {
  /** By session, the one that began last at the end; undefined when none was ever kept here. */
  read(): Promise<readonly LogHead[] | undefined>;
  keep(head: LogHead): Promise<void>;
  /** For a head that its log no longer leads to, once that stands on the record. */
  forget(session: string): Promise<void>;
}

import { createPrivateKey, createPublicKey, hash, randomBytes, sign, verify } from 'node:crypto';
import type { SealKey } from '../protocol/seal.ts';

/** What DER sets before the 32 bytes of an Ed25519 key. */
const PRIVATE_HEAD = Buffer.from('302e020100300506032b657004220420', 'hex');
const PUBLIC_HEAD = Buffer.from('302a300506032b6570032100', 'hex');

/** 32 bytes that nobody can guess. */
export function randomKey(): Buffer {
  return randomBytes(32);
}

/** The Ed25519 key that a seed of 32 bytes stands for. */
export function sealKeyOf(seed: Uint8Array): SealKey {
  const key = createPrivateKey({ key: Buffer.concat([PRIVATE_HEAD, seed]), format: 'der', type: 'pkcs8' });
  const exported = createPublicKey(key).export({ format: 'der', type: 'spki' });
  return {
    publicKey: exported.subarray(PUBLIC_HEAD.length).toString('base64url'),
    sign: (text) => sign(null, Buffer.from(text), key),
  };
}

/** Whether a signature over a text was made with the private half of `publicKey` (32 bytes in base64url). */
export function isSignedBy(publicKey: string, text: string, signature: Uint8Array): boolean {
  const raw = Buffer.from(publicKey, 'base64url');
  if (raw.length !== 32 || signature.length !== 64) return false;
  const key = createPublicKey({ key: Buffer.concat([PUBLIC_HEAD, raw]), format: 'der', type: 'spki' });
  return verify(null, Buffer.from(text), key, signature);
}

const BLOCK = 64;
const HASH = 32;
const LONGEST = 64;

/**
 * HMAC-SHA256 under one key, all of whose traces lie in two buffers of ours, so that `erase` leaves none: the ready
 * made HMAC keeps copies of its key until they are collected, and what must be forgotten must not lie about.
 */
export type ErasableMac = {
  /** 32 bytes over a message of at most 64. */
  of(message: Uint8Array): Buffer;
  erase(): void;
};

export function erasableMac(key: Uint8Array): ErasableMac {
  const inner = Buffer.alloc(BLOCK + LONGEST).fill(0x36, 0, BLOCK);
  const outer = Buffer.alloc(BLOCK + HASH).fill(0x5c, 0, BLOCK);
  for (const [at, byte] of key.entries()) {
    inner[at] = 0x36 ^ byte;
    outer[at] = 0x5c ^ byte;
  }
  let erased = false;
  return {
    of(message) {
      if (erased) throw new Error('This key was erased.');
      inner.set(message, BLOCK);
      outer.set(hash('sha256', inner.subarray(0, BLOCK + message.length), 'buffer'), BLOCK);
      return hash('sha256', outer, 'buffer');
    },
    erase() {
      erased = true;
      inner.fill(0);
      outer.fill(0);
    },
  };
}

const NEXT = Buffer.from('warrant audit epoch\u0001');

/** The key of the epoch after: HKDF-SHA256 without salt (RFC 5869). There is no way back. Erases the key it is given. */
export function nextEpochKey(key: Uint8Array): Buffer {
  const extract = erasableMac(new Uint8Array(HASH));
  const secret = extract.of(key);
  extract.erase();
  key.fill(0);
  const expand = erasableMac(secret);
  const next = expand.of(NEXT);
  expand.erase();
  secret.fill(0);
  return next;
}

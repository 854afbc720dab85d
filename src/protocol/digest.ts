import { createHash, hash } from 'node:crypto';
import type { Brand } from './brand.ts';
import { canonicalJson, type Json } from './canonicalJson.ts';

/** SHA-256 in base64url, 43 characters. */
export type Digest = Brand<'Digest'>;

export function digestOf(data: string | Uint8Array): Digest {
  return hash('sha256', data, 'base64url') as Digest;
}

/** The digest of a value is the digest of its canonical JSON. */
export function digestOfJson(value: Json): Digest {
  return digestOf(canonicalJson(value));
}

export function parseDigest(raw: string): Digest | undefined {
  return /^[A-Za-z0-9_-]{43}$/.test(raw) ? (raw as Digest) : undefined;
}

/** A digest over text that only grows: each `withTail` costs what was added since, not the whole. */
export type GrowingDigest = {
  append(text: string | Uint8Array): void;
  withTail(tail: string): Digest;
};

export function growingDigest(): GrowingDigest {
  const grown = createHash('sha256');
  return {
    append: (text) => void grown.update(text),
    withTail: (tail) => grown.copy().update(tail).digest('base64url') as Digest,
  };
}

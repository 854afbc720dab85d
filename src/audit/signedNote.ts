import { digestOf } from '../protocol/digest.ts';
import type { SealKey } from '../protocol/seal.ts';
import { isSignedBy } from './seal.ts';

/** How far a log had come, as it was signed: the root over its first `size` records. */
export type Checkpoint = {
  readonly origin: string;
  readonly size: number;
  /** As digests are written, not as the note writes it. */
  readonly root: string;
  /** What is signed. */
  readonly text: string;
  readonly signatures: readonly Signature[];
};

type Signature = { readonly name: string; readonly keyHash: string; readonly bytes: Uint8Array };

const ED25519 = Uint8Array.of(1);
const NOTE =
  /(?<origin>[^\s+]+)\n(?<size>[1-9][0-9]{0,14})\n(?<root>[A-Za-z0-9+/]{43}=)\n\n(?<signatures>(?:— [^\s+]+ [A-Za-z0-9+/]+={0,2}\n)+)/g;

/** Where checkpoints of a session say they come from, which is also the name of the key in them. */
export function originOf(session: string): string {
  return `warrant/audit/${session}`;
}

/** A C2SP signed note in the form of a tlog-checkpoint, as the `sealed` record holds it. */
export function signedNote(origin: string, size: number, root: string, key: SealKey): string {
  const text = `${origin}\n${size}\n${Buffer.from(root, 'base64url').toString('base64')}\n`;
  const signature = Buffer.concat([keyHashOf(origin, key.publicKey), key.sign(text)]);
  return `${text}\n— ${origin} ${signature.toString('base64')}\n`;
}

/** The one checkpoint that a text is, byte for byte. */
export function parseNote(text: string): Checkpoint | undefined {
  const [found, ...more] = findNotes(text);
  return found !== undefined && more.length === 0 && found.whole === text ? found.checkpoint : undefined;
}

/** Every checkpoint that stands in a text. */
export function checkpointsIn(text: string): readonly Checkpoint[] {
  return findNotes(text.replaceAll('\r\n', '\n')).map(({ checkpoint }) => checkpoint);
}

/** Whether one of a checkpoint's signatures is of this key. Signatures of others are left to others. */
export function isCheckpointOf(checkpoint: Checkpoint, publicKey: string): boolean {
  return checkpoint.signatures.some(
    ({ name, keyHash, bytes }) =>
      keyHash === keyHashOf(name, publicKey).toString('hex') && isSignedBy(publicKey, checkpoint.text, bytes),
  );
}

/** A public key as tools for signed notes take it: name, hash and key. */
export function verifierKey(origin: string, publicKey: string): string {
  const key = Buffer.concat([ED25519, Buffer.from(publicKey, 'base64url')]);
  return `${origin}+${keyHashOf(origin, publicKey).toString('hex')}+${key.toString('base64')}`;
}

/** The public key in what somebody kept of it: the key alone, or a verifier key. */
export function parsePublicKey(text: string): string | undefined {
  const given = text.trim();
  if (/^[A-Za-z0-9_-]{43}$/.test(given)) return given;
  const [, key] = /^[^\s+]+\+[0-9a-f]{8}\+([A-Za-z0-9+/]{44})$/.exec(given) ?? [];
  const bytes = Buffer.from(key ?? '', 'base64');
  return bytes.length === 33 && bytes[0] === 1 ? bytes.subarray(1).toString('base64url') : undefined;
}

function findNotes(text: string): { whole: string; checkpoint: Checkpoint }[] {
  return [...text.matchAll(NOTE)].map((match) => {
    const { origin = '', size = '', root = '', signatures = '' } = match.groups ?? {};
    const checkpoint = {
      origin,
      size: Number(size),
      root: Buffer.from(root, 'base64').toString('base64url'),
      text: `${origin}\n${size}\n${root}\n`,
      signatures: signatures.trimEnd().split('\n').map(signatureOf),
    };
    return { whole: match[0], checkpoint };
  });
}

function signatureOf(line: string): Signature {
  const [, name = '', base64 = ''] = line.split(' ');
  const bytes = Buffer.from(base64, 'base64');
  return { name, keyHash: bytes.subarray(0, 4).toString('hex'), bytes: bytes.subarray(4) };
}

function keyHashOf(name: string, publicKey: string): Buffer {
  const key = Buffer.concat([Buffer.from(`${name}\n`), ED25519, Buffer.from(publicKey, 'base64url')]);
  return Buffer.from(digestOf(key), 'base64url').subarray(0, 4);
}

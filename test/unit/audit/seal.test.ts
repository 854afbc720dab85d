import { createHmac, hkdfSync, randomBytes } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { erasableMac, isSignedBy, nextEpochKey, sealKeyOf } from '../../../src/audit/seal.ts';
import {
  checkpointsIn,
  isCheckpointOf,
  parseNote,
  parsePublicKey,
  signedNote,
  verifierKey,
} from '../../../src/audit/signedNote.ts';
import { digestOf } from '../../../src/protocol/digest.ts';

const key = sealKeyOf(Buffer.alloc(32, 1));
const other = sealKeyOf(Buffer.alloc(32, 2));
const origin = 'warrant/audit/s';
const note = signedNote(origin, 64, digestOf('root'), key);

describe('seal keys', () => {
  it('are those of RFC 8032', () => {
    const seed = Buffer.from('9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60', 'hex');
    const first = sealKeyOf(seed);
    expect(Buffer.from(first.publicKey, 'base64url').toString('hex')).toBe(
      'd75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a',
    );
    expect(Buffer.from(first.sign('')).toString('hex')).toBe(
      'e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b',
    );
  });

  it('sign what no other key, text or signature passes for', () => {
    const signature = key.sign('a');
    expect(isSignedBy(key.publicKey, 'a', signature)).toBe(true);
    expect(isSignedBy(other.publicKey, 'a', signature)).toBe(false);
    expect(isSignedBy(key.publicKey, 'b', signature)).toBe(false);
    expect(isSignedBy(key.publicKey, 'a', signature.subarray(1))).toBe(false);
    expect(isSignedBy('short', 'a', signature)).toBe(false);
  });
});

describe('epoch keys', () => {
  it('authenticate as HMAC-SHA256 does, for every length of message', () => {
    const secret = randomBytes(32);
    const mac = erasableMac(secret);
    for (let length = 0; length <= 64; length += 1) {
      const message = randomBytes(length);
      expect(mac.of(message)).toEqual(createHmac('sha256', secret).update(message).digest());
    }
  });

  it('follow one another as HKDF says, and each is gone once the next is there', () => {
    const first = randomBytes(32);
    const expected = Buffer.from(hkdfSync('sha256', first, '', 'warrant audit epoch', 32));
    expect(nextEpochKey(first)).toEqual(expected);
    expect(first).toEqual(Buffer.alloc(32));
  });

  it('are of no use once they are erased', () => {
    const mac = erasableMac(randomBytes(32));
    mac.erase();
    expect(() => mac.of(Buffer.from('m'))).toThrow('erased');
  });
});

describe('a signed note', () => {
  it('is three lines, a blank one, and a signature that names its key', () => {
    expect(note.split('\n')).toEqual([
      origin,
      '64',
      Buffer.from(digestOf('root'), 'base64url').toString('base64'),
      '',
      expect.stringMatching(/^— warrant\/audit\/s [A-Za-z0-9+/]{91}=$/),
      '',
    ]);
    expect(parseNote(note)).toMatchObject({ origin, size: 64, root: digestOf('root') });
  });

  it('is of the key that made it and of no other', () => {
    const checkpoint = parseNote(note)!;
    expect(isCheckpointOf(checkpoint, key.publicKey)).toBe(true);
    expect(isCheckpointOf(checkpoint, other.publicKey)).toBe(false);
    const changed = parseNote(note.replace('\n64\n', '\n65\n'))!;
    expect(isCheckpointOf(changed, key.publicKey)).toBe(false);
  });

  it('may carry the signatures of witnesses, which are left to them', () => {
    const witnessed = `${note}— witness.example ${Buffer.alloc(76, 1).toString('base64')}\n`;
    expect(isCheckpointOf(parseNote(witnessed)!, key.publicKey)).toBe(true);
  });

  it.each([
    { name: 'more around it', text: `hello\n${note}` },
    { name: 'a leading zero', text: note.replace('\n64\n', '\n064\n') },
    { name: 'a root that is too short', text: note.replace(/\n[^\n]{44}\n/, '\nAAAA\n') },
    { name: 'no signature', text: note.split('—')[0]! },
    { name: 'no blank line', text: note.replace('\n\n', '\n') },
    { name: 'a line of its own', text: note.replace('\n\n', '\nextension\n\n') },
    { name: 'nothing', text: '' },
  ])('is none with $name', ({ text }) => {
    expect(parseNote(text)).toBeUndefined();
  });

  it('is found among others, with the line ends of any system', () => {
    const later = signedNote(origin, 128, digestOf('later'), key);
    const kept = `Kept by the auditor.\n\n${note}\n${later}`.replaceAll('\n', '\r\n');
    expect(checkpointsIn(kept).map(({ size }) => size)).toEqual([64, 128]);
  });
});

describe('a public key', () => {
  it('is read by itself or as a verifier key', () => {
    expect(parsePublicKey(`${key.publicKey}\n`)).toBe(key.publicKey);
    expect(parsePublicKey(verifierKey(origin, key.publicKey))).toBe(key.publicKey);
    expect(parsePublicKey('nonsense')).toBeUndefined();
  });
});

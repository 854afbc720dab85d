import {
  storedSealKeys,
  type PublicSealKey,
  type SealKey,
  type SealKeys,
  type SecretCell,
  type StoredSealKeys,
} from '../protocol/seal.ts';
import { randomKey, sealKeyOf } from './seal.ts';
import { troubleInWords } from './troubleInWords.ts';

/** Keys whose private half lies in one secret place. `now` is in milliseconds since 1970. */
export function sealKeysIn(cell: SecretCell, now: () => number): SealKeys {
  async function stored(): Promise<StoredSealKeys | undefined> {
    return parse(await reached(cell.get()));
  }

  /** Two windows may make their first key at once; both go on with the one that lies there in the end. */
  async function store(keys: readonly PublicSealKey[]): Promise<SealKey> {
    const seed = randomKey();
    const { publicKey } = sealKeyOf(seed);
    const since = new Date(now()).toISOString();
    const all = [...keys, { publicKey, since }];
    await reached(cell.set(JSON.stringify({ seed: seed.toString('base64url'), keys: all })));
    const there = await stored();
    return there === undefined ? sealKeyOf(seed) : keyOf(there);
  }

  return {
    async current() {
      const found = await stored();
      return found === undefined ? store([]) : keyOf(found);
    },
    async rotate() {
      const until = new Date(now()).toISOString();
      const found = await stored();
      return store((found?.keys ?? []).map((key) => ({ ...key, until: key.until ?? until })));
    },
    publicKeys: async () => (await stored())?.keys ?? [],
  };
}

/** Without a key nothing can be sealed, and what cannot be sealed is not begun. */
async function reached<Value>(wanted: Promise<Value>): Promise<Value> {
  try {
    return await wanted;
  } catch (error) {
    throw new Error(
      `The key that seals the audit record could not be reached (${troubleInWords(error)}), so it seals nothing now; make the secret storage available and try again.`,
      { cause: error },
    );
  }
}

function keyOf({ seed }: StoredSealKeys): SealKey {
  return sealKeyOf(Buffer.from(seed, 'base64url'));
}

/** What cannot be read is no key: a new one is made, and whoever holds the old public key sees that it is another. */
function parse(text: string | undefined): StoredSealKeys | undefined {
  try {
    return storedSealKeys.parse(JSON.parse(text ?? ''));
  } catch {
    return undefined;
  }
}

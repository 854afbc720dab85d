import { erasableMac, nextEpochKey } from './seal.ts';

const RECORDS = 256;
/** An epoch ends ten minutes after its first record. */
export const EPOCH_MS = 600_000;
/** 128 bits of the MAC: what cannot be tried out against anybody needs no more. */
const MAC_LENGTH = 22;

/** The keys of a session's epochs, one after the other; of those before, nothing is left. */
export type Epochs = {
  /** The number of the epoch in which a record of this time stands. Its key stays until `mac` was called. */
  enter(time: number): number;
  /** Authenticates the record that entered last, by its bare digest. */
  mac(bare: string): string;
  /** Ends an epoch that holds records, since its time is up. */
  end(): void;
  /** The first key, once, as long as its epoch lasts. Whoever has it can make every later one, so it is for an auditor alone. */
  takeFirstKey(): string | undefined;
  /** Nothing can be authenticated any more. */
  erase(): void;
};

/** Takes the first key over and erases it in the end. */
export function createEpochs(firstKey: Uint8Array): Epochs {
  let key = firstKey;
  let mac = erasableMac(key);
  let number = 0;
  let records = 0;
  let start = 0;
  let taken = false;

  function next(): void {
    mac.erase();
    key = nextEpochKey(key);
    mac = erasableMac(key);
    number += 1;
    records = 0;
  }

  return {
    enter(time) {
      if (records > 0 && !isWithin(start, time)) next();
      if (records === 0) start = time;
      records += 1;
      return number;
    },
    mac(bare) {
      const made = textOf(mac.of(Buffer.from(bare, 'base64url')));
      if (records === RECORDS) next();
      return made;
    },
    end() {
      if (records > 0) next();
    },
    takeFirstKey() {
      if (taken || number > 0) return undefined;
      taken = true;
      return Buffer.from(key).toString('base64url');
    },
    erase() {
      mac.erase();
      key.fill(0);
      taken = true;
    },
  };
}

/** What a record says that concerns its epoch. */
type InEpoch = { readonly epoch: number; readonly time: string; readonly mac: string };

/**
 * Checks that each record stands in the epoch it must stand in and, given the first key, that it was authenticated with
 * the key of that epoch and no later one: who took a later key cannot seal an earlier record anew.
 */
export function epochChecker(firstKey: Uint8Array | undefined) {
  // The key that is erased on the way is a copy: the caller's is the caller's.
  let key: Uint8Array | undefined = firstKey === undefined ? undefined : Buffer.from(firstKey);
  let mac = key === undefined ? undefined : erasableMac(key);
  let number = 0;
  let records = 0;
  let start = 0;

  function next(): void {
    number += 1;
    records = 0;
    if (key === undefined) return;
    key = nextEpochKey(key);
    mac = erasableMac(key);
  }

  /** `bare` is asked for only when there is a key to check it with. */
  return function check(record: InEpoch, bare: () => string): string | undefined {
    const time = Date.parse(record.time);
    const over = records === RECORDS || (records > 0 && !isWithin(start, time));
    if (record.epoch === number + 1 && records > 0) next();
    else if (record.epoch !== number || over)
      return `it stands in epoch ${record.epoch}, but epoch ${over ? number + 1 : number} was due`;
    if (records === 0) start = time;
    records += 1;
    if (mac === undefined || textOf(mac.of(Buffer.from(bare(), 'base64url'))) === record.mac)
      return undefined;
    return `its \`mac\` was not made with the key of epoch ${number}: it was written later, or by somebody else`;
  };
}

function isWithin(start: number, time: number): boolean {
  return time >= start && time < start + EPOCH_MS;
}

function textOf(mac: Buffer): string {
  return mac.toString('base64url').slice(0, MAC_LENGTH);
}

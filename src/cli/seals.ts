import { verifyChain } from '../audit/auditReader.ts';
import { originOf, verifierKey } from '../audit/signedNote.ts';
import type { Command } from './command.ts';
import { broken, DONE, say, unusable } from './terminal.ts';

/** Prints the last seal. */
export const checkpoint: Command = {
  numbers: 0,
  options: [],
  switches: [],
  async run(file) {
    const log = await verifyChain(file);
    if (log.kind === 'bad') return broken(log);
    if (log.kind === 'empty' || log.seals.last === null)
      return unusable('Nothing is sealed in this log yet, so there is no checkpoint.');
    await say(log.seals.lastNote);
    return DONE;
  },
};

/** Prints the keys a log is sealed with, by the line from which each is used. */
export const keys: Command = {
  numbers: 0,
  options: [],
  switches: [],
  async run(file) {
    const log = await verifyChain(file);
    if (log.kind === 'bad') return broken(log);
    if (log.kind === 'empty' || log.seals.keys.length === 0)
      return unusable('Nothing is sealed in this log yet, so it names no key.');
    const origin = originOf(log.session);
    for (const { publicKey, line } of log.seals.keys)
      await say(`${publicKey} from line ${line}, ${verifierKey(origin, publicKey)}\n`);
    return DONE;
  },
};

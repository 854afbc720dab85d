import { verifyChain } from '../../src/audit/auditReader.ts';
import { judgeCompleteness, type Completeness } from '../../src/audit/judgeCompleteness.ts';
import { checkpointsIn } from '../../src/audit/signedNote.ts';
import type { AuditRecord } from '../../src/protocol/record.ts';
import { forgedLog, keyOfEpoch, linesOf, textOf } from './forgedLog.ts';
import { memorySource } from './memorySource.ts';
import { playSession, sampleKey, sampleLog } from './sampleSession.ts';

const FIRST_KEY = Buffer.alloc(32, 7);

export type Victim = {
  readonly text: string;
  readonly lines: readonly string[];
  readonly records: readonly AuditRecord[];
  /** The note of the last seal, as an auditor keeps it. */
  readonly checkpoint: string;
};

/** A closed session of several seals, epochs and windows, small enough to be verified thousands of times. */
export async function victim(): Promise<Victim> {
  let now = Date.UTC(2026, 0, 2);
  const sample = sampleLog({ now: () => (now += 20_000) });
  await playSession(sample, 22);
  await sample.log.close();
  const text = sample.file.text();
  const last = sample.records.at(-1);
  return {
    text,
    lines: linesOf(text),
    records: sample.records,
    checkpoint: last?.kind === 'sealed' ? last.data.note : '',
  };
}

/** Numbers that look random and are the same for the same seed: each below `limit`. */
export function numbersFrom(seed: number): (limit: number) => number {
  let state = seed;
  return (limit) => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return Math.floor((((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32) * limit);
  };
}

type Mutation = {
  /** Whether the log by itself must show it; else whoever keeps a checkpoint or the first epoch key finds it. */
  readonly shown: boolean;
  /** Undefined when this draw would change nothing. */
  make(victim: Victim, draw: (limit: number) => number): Uint8Array | undefined;
};

const after = (lines: readonly string[]): Uint8Array => Buffer.from(textOf(lines));

/** What can be done to a log, by name. */
export const mutations: Readonly<Record<string, Mutation>> = {
  'a byte changed': {
    shown: true,
    make({ text }, draw) {
      const bytes = Buffer.from(text);
      const at = draw(bytes.length);
      bytes[at] = (bytes[at] ?? 0) ^ (1 + draw(255));
      return bytes;
    },
  },
  'a record dropped': {
    shown: true,
    make: ({ lines }, draw) => after(lines.toSpliced(draw(lines.length - 1), 1)),
  },
  'a record doubled': {
    shown: true,
    make({ lines }, draw) {
      const at = draw(lines.length);
      return after(lines.toSpliced(draw(lines.length + 1), 0, lines[at] ?? ''));
    },
  },
  'two records swapped': {
    shown: true,
    make({ lines }, draw) {
      const [one, other] = [draw(lines.length), draw(lines.length)];
      if (one === other) return undefined;
      return after(lines.with(one, lines[other] ?? '').with(other, lines[one] ?? ''));
    },
  },
  'a record put in, rightly hashed': {
    shown: true,
    make({ text, records, lines }, draw) {
      const from = 2 + draw(records.length - 1);
      const other = forgedLog(text, {
        from,
        change: (given) => given.slice(0, 1),
        sealKey: sampleKey,
        macKey: Buffer.alloc(32, draw(255)),
        epochOf: () => records[from - 2]?.epoch ?? 0,
      });
      const made = linesOf(other).at(-1) ?? '';
      return after(lines.toSpliced(draw(lines.length), 0, made === lines[from - 1] ? `${made} ` : made));
    },
  },
  'the file cut anywhere': {
    shown: false,
    make: ({ text }, draw) => Buffer.from(text).subarray(0, draw(Buffer.byteLength(text))),
  },
  'the file set back to an earlier seal': {
    shown: false,
    make({ lines, records }, draw) {
      const seals = records.filter(({ kind, seq }) => kind === 'sealed' && seq < lines.length);
      return after(lines.slice(0, seals[draw(seals.length)]?.seq ?? 1));
    },
  },
  'the end written anew with the real keys of now': {
    shown: false,
    make({ text, records }, draw) {
      const from = 2 + draw(records.length - 3);
      const macKey = keyOfEpoch(FIRST_KEY, records.at(-1)?.epoch ?? 0);
      const drop = draw(2) === 0;
      const change = (given: readonly AuditRecord[]) => (drop ? given.slice(1) : given.map(told));
      const anew = forgedLog(text, { from, change, sealKey: sampleKey, macKey });
      // With nothing left to change, the real keys make the very same end.
      return anew === text ? undefined : Buffer.from(anew);
    },
  },
};

/** The same record with other words in it. */
function told(record: AuditRecord): AuditRecord {
  return record.kind === 'decided' ? { ...record, data: { ...record.data, because: 'as if' } } : record;
}

/** What an auditor says about a log who holds nothing, or the public key, a checkpoint and the first epoch key. */
export async function judged(log: Uint8Array, { checkpoint }: Victim, holds: boolean): Promise<Completeness> {
  const checkpoints = holds ? checkpointsIn(checkpoint) : undefined;
  const found = await verifyChain(memorySource(log), {
    epochKey: holds ? FIRST_KEY : undefined,
    rootsAt: (checkpoints ?? []).map(({ size }) => size),
  });
  if (found.kind === 'bad') return found;
  if (found.kind === 'empty') return { kind: 'unusable', because: 'empty' };
  return judgeCompleteness(found, {
    key: holds ? sampleKey.publicKey : undefined,
    checkpoints,
    authenticated: holds,
  });
}

/** Whether a mutation got by: nothing is held against a log that is not what was written. */
export async function isMissed(log: Uint8Array, of: Victim, { shown }: Mutation): Promise<boolean> {
  const { kind } = await judged(log, of, !shown);
  return kind === 'complete' || kind === 'unknown';
}

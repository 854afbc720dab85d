import * as fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { verifyChain } from '../../../src/audit/auditReader.ts';
import { judgeCompleteness, type Completeness } from '../../../src/audit/judgeCompleteness.ts';
import { sealKeyOf } from '../../../src/audit/seal.ts';
import { recordLine } from '../../../src/audit/recordLine.ts';
import { checkpointsIn } from '../../../src/audit/signedNote.ts';
import { canonicalJson } from '../../../src/protocol/canonicalJson.ts';
import type { AuditRecord } from '../../../src/protocol/record.ts';
import { forgedLog, keyOfEpoch, linesOf, textOf, type Forgery } from '../../support/forgedLog.ts';
import { memorySource } from '../../support/memorySource.ts';
import { playSession, sampleKey, sampleLog } from '../../support/sampleSession.ts';

const FIRST_KEY = Buffer.alloc(32, 7);
const thief = sealKeyOf(Buffer.alloc(32, 9));

/** Several epochs and a dozen seals, closed in order. */
let whole = '';
let lines: readonly string[] = [];
let records: readonly AuditRecord[] = [];
/** What an auditor kept: the last seal, and one from the middle. */
let last = '';
let middle = '';
let lastEpoch = 0;

beforeAll(async () => {
  const sample = sampleLog();
  await playSession(sample, 95);
  await sample.log.close();
  whole = sample.file.text();
  lines = linesOf(whole);
  records = sample.records;
  const notes = records.flatMap((record) => (record.kind === 'sealed' ? [record.data.note] : []));
  last = notes.at(-1)!;
  middle = notes[5]!;
  lastEpoch = records.at(-1)!.epoch;
});

type Held = { key?: string; checkpoint?: string; epochKey?: Uint8Array };

async function judge(
  log: string | Uint8Array,
  { key, checkpoint, epochKey }: Held = {},
): Promise<Completeness> {
  const checkpoints = checkpoint === undefined ? undefined : checkpointsIn(checkpoint);
  const found = await verifyChain(memorySource(log), {
    epochKey,
    rootsAt: (checkpoints ?? []).map(({ size }) => size),
  });
  if (found.kind === 'bad') return found;
  if (found.kind === 'empty') return { kind: 'unusable', because: 'empty' };
  return judgeCompleteness(found, { key, checkpoints, authenticated: epochKey !== undefined });
}

const withEpochKey: Held = { epochKey: FIRST_KEY };
const withCheckpoint = (): Held => ({ key: sampleKey.publicKey, checkpoint: last });
/** Says something else where a decision stood, and leaves the rest. */
const otherwise: Forgery['change'] = (given) => {
  const at = given.findIndex(({ kind }) => kind === 'decided');
  return given.map((record, index) =>
    index === at && record.kind === 'decided'
      ? { ...record, data: { ...record.data, verdict: 'deny', because: 'as if it had been refused' } }
      : record,
  );
};
const decidedAfter = (line: number) =>
  records.find(({ kind, seq }) => kind === 'decided' && seq >= line)!.seq;

describe('a log that nobody changed', () => {
  it('is complete for whoever holds its last checkpoint, or the key of its first epoch', async () => {
    expect(await judge(whole, withCheckpoint())).toMatchObject({ kind: 'complete' });
    expect(await judge(whole, { checkpoint: `${middle}\n${last}` })).toMatchObject({ kind: 'complete' });
    expect(await judge(whole, withEpochKey)).toMatchObject({ kind: 'complete' });
  });

  it('is never called complete without, nor with what says nothing of its end', async () => {
    expect(await judge(whole)).toMatchObject({ kind: 'unknown' });
    expect(await judge(whole, { key: sampleKey.publicKey })).toMatchObject({ kind: 'unknown' });
    expect(await judge(whole, { checkpoint: middle })).toMatchObject({ kind: 'unknown' });
  });

  it('is not the log of another key, another session or another first epoch', async () => {
    expect(await judge(whole, { key: thief.publicKey })).toMatchObject({
      kind: 'bad',
      line: records.find(({ kind }) => kind === 'sealed')!.seq,
    });
    const foreign = sampleLog({ session: 'another' });
    await foreign.log.close();
    const sealed = foreign.records.at(-1)!;
    const checkpoint = sealed.kind === 'sealed' ? sealed.data.note : '';
    expect(await judge(whole, { checkpoint })).toMatchObject({ kind: 'unusable' });
    expect(await judge(whole, { epochKey: Buffer.alloc(32, 8) })).toMatchObject({ kind: 'bad', line: 1 });
  });
});

describe('whole records cut off the end, and a file set back to an older state', () => {
  it('are found with a later checkpoint, and the first missing line is named', async () => {
    for (let length = 1; length < lines.length - 1; length += 3)
      expect(await judge(textOf(lines.slice(0, length)), withCheckpoint())).toMatchObject({
        kind: 'bad',
        line: length + 1,
        because: expect.stringContaining('missing') as string,
      });
  }, 120_000);

  it('are never called complete without one', async () => {
    for (let length = 1; length < lines.length; length += 29) {
      const cut = textOf(lines.slice(0, length));
      for (const held of [{}, { key: sampleKey.publicKey }, withEpochKey, { checkpoint: middle }])
        expect((await judge(cut, held)).kind).not.toBe('complete');
    }
    // The last seal alone is gone, then the end of the session too.
    for (const length of [lines.length - 1, lines.length - 2])
      expect(await judge(textOf(lines.slice(0, length)), withEpochKey)).toMatchObject({ kind: 'unknown' });
  }, 60_000);
});

describe('an end written anew with the real key for seals and the key of the epoch in force', () => {
  /** The change stands in the first epoch; the thief came in the last. */
  const stolen = (from: number, more: Partial<Forgery> = {}) =>
    forgedLog(whole, {
      from,
      change: otherwise,
      sealKey: sampleKey,
      macKey: keyOfEpoch(FIRST_KEY, lastEpoch),
      ...more,
    });

  it('is right in itself, so without anything from elsewhere its completeness is unknown', async () => {
    expect(lastEpoch).toBeGreaterThan(1);
    const forged = stolen(decidedAfter(100));
    expect(forged).not.toBe(whole);
    expect(await judge(forged)).toMatchObject({ kind: 'unknown' });
    expect(await judge(forged, { key: sampleKey.publicKey })).toMatchObject({ kind: 'unknown' });
  });

  it('is found with the first epoch key, at the first line that was written anew', async () => {
    for (const from of [decidedAfter(20), decidedAfter(100), decidedAfter(300)]) {
      const found = await judge(stolen(from), withEpochKey);
      expect(found).toMatchObject({ kind: 'bad', line: from });
      expect(found.because).toContain('written later, or by somebody else');
    }
  });

  it('is found with a later checkpoint, between the last one that agrees and the first that does not', async () => {
    const from = decidedAfter(450);
    const size = Number(last.split('\n')[1]);
    const known = Number(middle.split('\n')[1]);
    expect(await judge(stolen(from), { checkpoint: `${middle}\n${last}` })).toEqual({
      kind: 'bad',
      line: size,
      because: `the records up to it are not those of a checkpoint of ${size} records: something between lines ${known + 1} and ${size} was changed`,
    });
    expect(await judge(stolen(decidedAfter(100)), { checkpoint: middle })).toMatchObject({
      kind: 'bad',
      line: known,
    });
  });

  it('is found with a key of the thief’s own at the first seal, for whoever knows the real one', async () => {
    const forged = stolen(1, { sealKey: thief });
    expect(await judge(forged)).toMatchObject({ kind: 'unknown' });
    expect(await judge(forged, withCheckpoint())).toMatchObject({ kind: 'bad' });
    expect((await judge(forged, { checkpoint: last })).kind).toBe('bad');
    const halfway = stolen(decidedAfter(100), { sealKey: thief });
    const nextSeal = records.find(({ kind, seq }) => kind === 'sealed' && seq > decidedAfter(100))!.seq;
    expect(await judge(halfway)).toMatchObject({
      kind: 'bad',
      line: nextSeal,
      because: 'its key is not the one the log was sealed with before',
    });
  });

  it('cannot be told by the epoch key where the change stands in the very epoch whose key was stolen; a checkpoint tells', async () => {
    const from = decidedAfter(records.find(({ epoch }) => epoch === lastEpoch)!.seq);
    expect(await judge(stolen(from), withEpochKey)).toMatchObject({ kind: 'complete' });
    expect(await judge(stolen(from), withCheckpoint())).toMatchObject({ kind: 'bad' });
  });
});

describe('the attacks on the sealing of journald', () => {
  const macKeyNow = () => keyOfEpoch(FIRST_KEY, lastEpoch);

  it('old records written anew under the epoch of today (CVE-2023-31439) are out of turn, with any key or none', async () => {
    const from = decidedAfter(100);
    const forged = forgedLog(whole, {
      from,
      change: otherwise,
      sealKey: sampleKey,
      macKey: macKeyNow(),
      epochOf: () => lastEpoch,
    });
    for (const held of [{}, withEpochKey, withCheckpoint()])
      expect(await judge(forged, held)).toMatchObject({
        kind: 'bad',
        line: from,
        because: expect.stringContaining(`it stands in epoch ${lastEpoch}, but epoch 0`) as string,
      });
  });

  it('old records under an epoch each, as if time had flown, lack the keys of those between', async () => {
    const from = decidedAfter(100);
    const hurried = forgedLog(whole, {
      from,
      change: otherwise,
      sealKey: sampleKey,
      macKey: macKeyNow(),
      epochOf: (_, at) => Math.min(at + 1, lastEpoch + 1),
    });
    expect((await judge(hurried)).kind).not.toBe('complete');
    expect(await judge(hurried, withEpochKey)).toMatchObject({ kind: 'bad', line: from });
  });

  it('a log cut and then sealed on (CVE-2023-31438) is found at the first line after the cut', async () => {
    const from = 120;
    const windows = records.filter(({ kind, seq }) => kind === 'window' && seq < from).length;
    const resumed = forgedLog(whole, {
      from,
      // Everything but the end of the session is left out.
      change: (given) =>
        given
          .slice(-2)
          .map((record) =>
            record.kind === 'session.closed' ? { ...record, data: { ...record.data, windows } } : record,
          ),
      sealKey: sampleKey,
      macKey: macKeyNow(),
      epochOf: () => 1,
    });
    expect(await judge(resumed)).toMatchObject({ kind: 'unknown' });
    expect(await judge(resumed, withEpochKey)).toMatchObject({ kind: 'bad', line: from });
    expect(await judge(resumed, withCheckpoint())).toMatchObject({ kind: 'bad' });
  });

  it('records taken out of the view (CVE-2023-31437) leave no hole that is not found', async () => {
    const from = decidedAfter(100);
    const hidden = forgedLog(whole, {
      from,
      // The whole tail is written anew without one decision; what names records by number was left to stand.
      change: (given) => given.slice(1),
      sealKey: sampleKey,
      macKey: macKeyNow(),
    });
    for (const held of [{}, withEpochKey, withCheckpoint()])
      expect((await judge(hidden, held)).kind).toBe('bad');
    expect(await judge(textOf(lines.toSpliced(from - 1, 1)))).toMatchObject({ kind: 'bad', line: from });
  });

  it('a record whose MAC alone was changed is found without any key', async () => {
    const at = 42;
    const { mac } = records[at - 1]!;
    const other = mac.startsWith('A') ? `B${mac.slice(1)}` : `A${mac.slice(1)}`;
    expect(await judge(whole.replace(mac, other))).toMatchObject({ kind: 'bad', line: at });
  });
});

describe('a seal', () => {
  it.each([
    {
      name: 'an earlier seal',
      change: (_own: string, earlier: string) => earlier,
      because: 'stand before it',
    },
    { name: 'a note that is none', change: () => 'sealed', because: 'not a signed checkpoint' },
    {
      name: 'another log',
      change: (own: string) => own.replaceAll('sample-session', 'sample-sessiom'),
      because: 'another log',
    },
    {
      name: 'a signature of nobody',
      change: (own: string) => own.replace(/ [^ ]+\n$/, ` ${Buffer.alloc(68, 3).toString('base64')}\n`),
      because: 'signature is wrong',
    },
  ])('is wrong with $name in it', async ({ change, because }) => {
    const [earlier, own] = records.flatMap((record) => (record.kind === 'sealed' ? [record] : []));
    if (own === undefined || earlier === undefined) throw new Error('there are no seals');
    const wrong = lineWith(own, own.data.key, change(own.data.note, earlier.data.note));
    const found = await judge(textOf([...lines.slice(0, own.seq - 1), wrong]));
    expect(found).toMatchObject({ kind: 'bad', line: own.seq });
    expect(found.because).toContain(because);
  });

  it('is missing where a key is said to change, or the key changes without a word', async () => {
    const sample = sampleLog();
    await sample.log.record({ kind: 'gap', data: { because: 'x' } });
    await sample.log.rotate(thief);
    await sample.log.close();
    const text = sample.file.text();
    const kinds = sample.records.map(({ kind }) => kind);
    expect(kinds).toEqual(['gap', 'key.rotated', 'sealed', 'session.closed', 'sealed']);
    expect(await judge(text, { key: sampleKey.publicKey })).toMatchObject({ kind: 'unknown' });
    expect(await judge(text, { key: thief.publicKey })).toMatchObject({ kind: 'unknown' });
    const forge = (change: Forgery['change'], sealKey = thief) =>
      forgedLog(text, { from: 2, change, sealKey, macKey: FIRST_KEY });
    expect(await judge(forge((given) => given))).toMatchObject({
      kind: 'bad',
      line: 3,
      because: 'its key is not the one the log was sealed with before',
    });
    expect(await judge(forge(([rotated, , closed, end]) => [rotated!, closed!, end!]))).toMatchObject({
      kind: 'bad',
      line: 3,
      because: 'the change of the key before it is not sealed with the old key',
    });
  });

  it('ends a log for good', async () => {
    const longer = forgedLog(`${whole}${lines[5]!}\n`, {
      from: lines.length + 1,
      change: (given) => given.map((record) => ({ ...record, epoch: lastEpoch })),
      sealKey: sampleKey,
      macKey: FIRST_KEY,
    });
    const found = await judge(longer);
    expect(found).toMatchObject({ kind: 'bad', line: lines.length + 1 });
  });
});

describe('any change at all', () => {
  const place = fc.nat(1_000_000);
  const mutation = fc.oneof(
    fc.record({ kind: fc.constant('flip' as const), at: place, bit: fc.integer({ min: 0, max: 7 }) }),
    fc.record({ kind: fc.constant('drop' as const), at: place, count: fc.integer({ min: 1, max: 5 }) }),
    fc.record({ kind: fc.constant('double' as const), at: place }),
    fc.record({ kind: fc.constant('swap' as const), at: place, other: place }),
    fc.record({ kind: fc.constant('insert' as const), at: place, other: place }),
    fc.record({ kind: fc.constant('cut' as const), at: place }),
    fc.record({ kind: fc.constant('cut within' as const), at: place }),
    fc.record({ kind: fc.constant('anew' as const), at: place }),
  );

  function changed(change: typeof mutation extends fc.Arbitrary<infer One> ? One : never): Buffer {
    const at = change.at % lines.length;
    const line = lines[at]!;
    const bytes = Buffer.from(whole);
    switch (change.kind) {
      case 'flip': {
        const flipped = Buffer.from(bytes);
        const byte = change.at % bytes.length;
        flipped[byte] = flipped[byte]! ^ (1 << change.bit);
        return flipped;
      }
      case 'drop':
        return Buffer.from(textOf(lines.toSpliced(at, change.count)));
      case 'double':
        return Buffer.from(textOf(lines.toSpliced(at, 0, line)));
      case 'swap':
        return Buffer.from(
          textOf(lines.with(at, lines[change.other % lines.length]!).with(change.other % lines.length, line)),
        );
      case 'insert':
        return Buffer.from(textOf(lines.toSpliced(at, 0, lines[change.other % lines.length]!)));
      case 'cut':
        return Buffer.from(textOf(lines.slice(0, at)));
      case 'cut within':
        return bytes.subarray(0, change.at % bytes.length);
      case 'anew':
        return Buffer.from(
          forgedLog(whole, {
            from: at + 1,
            change: (given) => given.slice(0, -3),
            sealKey: sampleKey,
            macKey: keyOfEpoch(FIRST_KEY, lastEpoch),
          }),
        );
    }
  }

  it('is never called complete, whatever is held; and with a later checkpoint it is always found', async () => {
    await fc.assert(
      fc.asyncProperty(mutation, async (change) => {
        const log = changed(change);
        fc.pre(!log.equals(Buffer.from(whole)));
        // The seal over the end may go: the checkpoint that was kept is the same note.
        fc.pre(!log.equals(Buffer.from(textOf(lines.slice(0, -1)))));
        for (const held of [{}, withEpochKey, { key: sampleKey.publicKey }])
          expect((await judge(log, held)).kind).not.toBe('complete');
        expect(['bad', 'unusable']).toContain((await judge(log, withCheckpoint())).kind);
      }),
      { numRuns: 40 },
    );
  }, 120_000);
});

/** The line of a seal with another note, hashed anew. */
function lineWith(record: AuditRecord, key: string, changedNote: string): string {
  const place = { ...record, data: canonicalJson({ key, note: changedNote }) };
  return recordLine(place, () => record.mac).line;
}

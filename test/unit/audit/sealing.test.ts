import { describe, expect, it } from 'vitest';
import { verifyChain } from '../../../src/audit/auditReader.ts';
import { headMirrorIn } from '../../../src/audit/headMirror.ts';
import { sealKeyOf } from '../../../src/audit/seal.ts';
import { parseNote } from '../../../src/audit/signedNote.ts';
import type { AuditRecord } from '../../../src/protocol/record.ts';
import type { LogHead } from '../../../src/protocol/seal.ts';
import { manualClock } from '../../support/manualClock.ts';
import { memorySource } from '../../support/memorySource.ts';
import { opened, playSession, sampleKey, sampleLog, type Sample } from '../../support/sampleSession.ts';
import { secretCellsInMemory } from '../../support/secretCellsInMemory.ts';

const alert = { kind: 'alert', data: { rule: 'test', severity: 'low', because: 'a test' } } as const;
const FIRST_KEY = Buffer.alloc(32, 7);
const MINUTE = 60_000;

const sealsOf = (records: readonly AuditRecord[]) =>
  records.flatMap((record) => (record.kind === 'sealed' ? [record] : []));
const sizes = (sample: Sample) => sealsOf(sample.records).map(({ data }) => parseNote(data.note)?.size);
const verified = (sample: Sample) => verifyChain(memorySource(sample.file.text()), { epochKey: FIRST_KEY });

/** A log whose time and waits are a clock that is moved by hand. */
function timed(given: Parameters<typeof sampleLog>[0] = {}) {
  const clock = manualClock();
  const sample = sampleLog({
    now: () => clock.now(),
    sleep: (ms, signal) => clock.sleep(ms, signal),
    ...given,
  });
  return { ...sample, clock };
}

describe('a seal', () => {
  it('comes with every 64th record, and covers all records before it', async () => {
    const sample = sampleLog();
    for (let at = 0; at < 200; at += 1) await sample.log.record(alert);
    expect(sizes(sample)).toEqual([64, 129, 194]);
    expect(sealsOf(sample.records).map(({ seq }) => seq)).toEqual([65, 130, 195]);
    expect(sealsOf(sample.records).every(({ data }) => data.key === sampleKey.publicKey)).toBe(true);
    expect(await verified(sample)).toMatchObject({ kind: 'sound', seals: { last: { size: 194 } } });
  });

  it('is written in one step with the record that makes it due', async () => {
    const sample = sampleLog();
    for (let at = 0; at < 64; at += 1) await sample.log.record(alert);
    expect(sample.file.appends).toHaveLength(64);
    expect(sample.file.appends.at(-1)?.trim().split('\n')).toHaveLength(2);
  });

  it('comes after a minute while something is unsealed, and not again', async () => {
    const sample = timed();
    await sample.log.record(opened);
    await sample.clock.advance(MINUTE - 1);
    expect(sizes(sample)).toEqual([]);
    await sample.clock.advance(1);
    expect(sizes(sample)).toEqual([1]);
    for (let at = 0; at < 5; at += 1) await sample.clock.advance(MINUTE);
    expect(sizes(sample)).toEqual([1]);
    await sample.log.record(alert);
    await sample.clock.advance(MINUTE);
    expect(sizes(sample)).toEqual([1, 3]);
    expect(await verified(sample)).toMatchObject({ kind: 'sound', records: 4 });
  });

  it('ends the session', async () => {
    const sample = timed();
    await playSession(sample, 2);
    await sample.log.close();
    expect(sample.records.slice(-2).map(({ kind }) => kind)).toEqual(['session.closed', 'sealed']);
    expect(sample.clock.pending()).toBe(0);
    expect(await verified(sample)).toMatchObject({ kind: 'sound', closed: true });
  });

  it('is not waited for by anybody: after a failure the clock finds nothing to do', async () => {
    const sample = timed({
      onRecord: () => {
        throw new Error('no');
      },
    });
    await expect(sample.log.record(opened)).rejects.toThrow();
    await sample.clock.advance(MINUTE);
    expect(sample.file.appends).toHaveLength(1);
  });

  it('that cannot be made stops the log, since what cannot be sealed is not recorded', async () => {
    const sample = sampleLog({
      sealKey: {
        publicKey: sampleKey.publicKey,
        sign: () => {
          throw new Error('the key is gone');
        },
      },
    });
    for (let at = 0; at < 63; at += 1) await sample.log.record(alert);
    await expect(sample.log.record(alert)).rejects.toThrow('the key is gone');
    await expect(sample.log.record(alert)).rejects.toThrow('could not be written');
    expect(await verifyChain(memorySource(sample.file.text()))).toMatchObject({ kind: 'sound', records: 63 });
  });
});

describe('a new key', () => {
  const next = sealKeyOf(Buffer.alloc(32, 6));

  it('is announced under a seal of the old one, and seals what follows', async () => {
    const sample = sampleLog();
    await sample.log.record(opened);
    await sample.log.rotate(next);
    await sample.log.record(alert);
    await sample.log.close();
    const seals = sealsOf(sample.records).map(({ data }) => data.key);
    expect(seals).toEqual([sampleKey.publicKey, next.publicKey]);
    expect(await verified(sample)).toMatchObject({
      kind: 'sound',
      seals: {
        keys: [
          { publicKey: sampleKey.publicKey, line: 3 },
          { publicKey: next.publicKey, line: 4 },
        ],
      },
    });
  });

  it('may come several times, and at once with other records', async () => {
    const sample = sampleLog();
    await Promise.all([
      sample.log.record(opened),
      sample.log.rotate(next),
      sample.log.record(alert),
      sample.log.rotate(sampleKey),
    ]);
    await sample.log.close();
    expect(await verified(sample)).toMatchObject({ kind: 'sound', closed: true });
  });
});

describe('an epoch', () => {
  const epochs = (sample: Sample) => [...new Set(sample.records.map(({ epoch }) => epoch))];

  it('ends after 256 records', async () => {
    const sample = sampleLog();
    for (let at = 0; at < 600; at += 1) await sample.log.record(alert);
    const counts = epochs(sample).map((epoch) => sample.records.filter((one) => one.epoch === epoch).length);
    expect(counts.slice(0, 2)).toEqual([256, 256]);
    expect(await verified(sample)).toMatchObject({ kind: 'sound' });
  });

  it('ends after ten minutes, also when nothing happens, and only if there was something in it', async () => {
    const sample = timed();
    await sample.log.record(opened);
    await sample.clock.advance(MINUTE);
    await sample.clock.advance(9 * MINUTE);
    await sample.clock.advance(60 * MINUTE);
    await sample.log.record(alert);
    expect(sample.records.map(({ epoch }) => epoch)).toEqual([0, 0, 1]);
    expect(sample.log.takeEpochKey()).toBeUndefined();
    expect(await verified(sample)).toMatchObject({ kind: 'sound' });
  });

  it.each([
    { name: 'an hour back', jumps: [-60] },
    { name: 'a year on', jumps: [525_600] },
    { name: 'on and back, again and again', jumps: [30, -30, 30, -30, 5, -5, 9.999, 10, -0.001] },
    { name: 'to the time before there were clocks', jumps: [-30_000_000] },
  ])('bears a clock that jumps $name', async ({ jumps }) => {
    let now = Date.UTC(2026, 0, 2);
    const sample = sampleLog({ now: () => now });
    await sample.log.record(opened);
    for (const minutes of jumps) {
      now += minutes * MINUTE;
      await sample.log.record(alert);
      await sample.log.record(alert);
    }
    await sample.log.close();
    expect(await verified(sample)).toMatchObject({ kind: 'sound', closed: true });
  });

  it('gives its first key away once, and never after it is over', async () => {
    const sample = sampleLog();
    await sample.log.record(opened);
    expect(sample.log.takeEpochKey()).toBe(FIRST_KEY.toString('base64url'));
    expect(sample.log.takeEpochKey()).toBeUndefined();
    const late = sampleLog();
    for (let at = 0; at < 256; at += 1) await late.log.record(alert);
    expect(late.log.takeEpochKey()).toBeUndefined();
  });

  it('leaves no key behind when it ends, nor when the session does', async () => {
    const epochKey = Buffer.alloc(32, 7);
    const sample = sampleLog({ epochKey });
    for (let at = 0; at < 250; at += 1) await sample.log.record(alert);
    expect(epochKey).toEqual(FIRST_KEY);
    for (let at = 0; at < 10; at += 1) await sample.log.record(alert);
    expect(epochKey).toEqual(Buffer.alloc(32));
    const short = Buffer.alloc(32, 7);
    await sampleLog({ epochKey: short }).log.close();
    expect(short).toEqual(Buffer.alloc(32));
  });
});

describe('the head outside the file', () => {
  it('is kept from the first record on, and after each seal', async () => {
    const heads: LogHead[] = [];
    const mirror = {
      ...headMirrorIn(secretCellsInMemory(), 'f'),
      keep: (head: LogHead) => Promise.resolve(void heads.push(head)),
    };
    const sample = sampleLog({ mirror });
    for (let at = 0; at < 70; at += 1) await sample.log.record(alert);
    await sample.log.close();
    expect(heads.map(({ seq }) => seq)).toEqual([1, 65, 73]);
    for (const head of heads) expect(head.hash).toBe(sample.records[head.seq - 1]?.hash);
    const log = await verifyChain(memorySource(sample.file.text()), { rootsAt: heads.map(({ seq }) => seq) });
    expect(log.kind === 'sound' && heads.every(({ seq, root }) => log.seals.roots.get(seq) === root)).toBe(
      true,
    );
  });

  it('is never waited for by who records, and the newest replaces those that wait', async () => {
    const kept: number[] = [];
    const first = Promise.withResolvers<undefined>();
    const mirror = {
      ...headMirrorIn(secretCellsInMemory(), 'f'),
      keep: async ({ seq }: LogHead) => {
        kept.push(seq);
        await first.promise;
      },
    };
    const sample = sampleLog({ mirror });
    for (let at = 0; at < 300; at += 1) await sample.log.record(alert);
    expect(kept).toEqual([1]);
    first.resolve(undefined);
    await sample.log.close();
    expect(kept).toEqual([1, sample.records.length]);
  });

  it('that cannot be kept is a gap on the record, once, and nothing stops', async () => {
    const mirror = {
      ...headMirrorIn(secretCellsInMemory(), 'f'),
      keep: () => Promise.reject(new Error('the secret storage is locked')),
    };
    const sample = sampleLog({ mirror });
    for (let at = 0; at < 200; at += 1) await sample.log.record(alert);
    await sample.log.close();
    const gaps = sample.records.flatMap((record) => (record.kind === 'gap' ? [record.data.because] : []));
    expect(gaps).toEqual([
      'The head of this record could not be kept outside its file (the secret storage is locked), so a cut of its end may go unnoticed at the next start.',
    ]);
    expect(await verified(sample)).toMatchObject({ kind: 'sound', closed: true });
  });
});

import { describe, expect, it } from 'vitest';
import { canonicalJson, type Json } from '../../../src/protocol/canonicalJson.ts';
import { digestOf } from '../../../src/protocol/digest.ts';
import type { AuditRecord } from '../../../src/protocol/record.ts';
import { AuditUnavailable } from '../../../src/protocol/ports.ts';
import { verifyChain } from '../../../src/audit/auditReader.ts';
import { memorySource } from '../../support/memorySource.ts';
import {
  assistant,
  memoryFile,
  opened,
  playSession,
  read,
  readTool,
  responseOf,
  sampleLog,
  system,
  toolResult,
  user,
  windowOf,
} from '../../support/sampleSession.ts';

const alert = { kind: 'alert', data: { rule: 'test', severity: 'low', because: 'a test' } } as const;

function windows(records: readonly AuditRecord[]) {
  return records.flatMap((record) => (record.kind === 'window' ? [record.data] : []));
}

describe('a line', () => {
  it('is canonical JSON whose hash covers everything else, and names the hash before it', async () => {
    const { log, file } = sampleLog();
    await log.record(opened);
    await log.record(alert);
    const lines = file.text().split('\n').slice(0, -1);
    const records = lines.map((line) => JSON.parse(line) as Record<string, Json>);
    for (const [at, record] of records.entries()) {
      const { hash, ...rest } = record;
      expect(canonicalJson(record)).toBe(lines[at]);
      expect(hash).toBe(digestOf(`\0${canonicalJson(rest)}`));
      expect(record['seq']).toBe(at + 1);
    }
    expect(records[0]?.['prev']).toBe('');
    expect(records[1]?.['prev']).toBe(records[0]?.['hash']);
    expect(records[0]?.['time']).toBe('2026-01-02T03:04:05.013Z');
  });

  it('costs at most 300 bytes besides its data', async () => {
    const sample = sampleLog({ session: 'x'.repeat(22) });
    await playSession(sample, 3);
    for (const line of sample.file.text().split('\n').slice(0, -1)) {
      const { data } = JSON.parse(line) as { data: Json };
      expect(Buffer.byteLength(line) - Buffer.byteLength(canonicalJson(data))).toBeLessThanOrEqual(300);
    }
  });
});

describe('record', () => {
  it('hands on every record in order, after it was written', async () => {
    const file = memoryFile();
    const seen: string[] = [];
    const { log } = sampleLog({
      file,
      onRecord: (record, line) => {
        expect(file.text()).toContain(`${line}\n`);
        seen.push(`${record.seq} ${record.kind}`);
      },
    });
    await Promise.all([log.record(opened), log.record(alert), log.window(windowOf([user('hi')]))]);
    expect(seen).toEqual(['1 session.opened', '2 alert', '3 item', '4 window']);
  });

  it('resolves only when the file has the line, and durably only when it is on the disk', async () => {
    const file = memoryFile();
    const steps: string[] = [];
    const { log } = sampleLog({
      file: {
        append: async (text) => {
          await file.append(text);
          steps.push('appended');
        },
        sync: () => (steps.push('synced'), Promise.resolve()),
        close: () => Promise.resolve(),
      },
    });
    await log.record(opened).then(() => steps.push('recorded'));
    await log.recordDurably(alert).then(() => steps.push('recorded durably'));
    expect(steps).toEqual(['appended', 'recorded', 'appended', 'synced', 'recorded durably']);
  });

  it('redacts every text of a record, and names an answer by what stands on the record', async () => {
    const { log, file, records } = sampleLog({ redact: (text) => text.replaceAll('hush', '<redacted>') });
    await log.record(opened);
    await log.window(windowOf([user('hi')]));
    await log.record(responseOf(1, assistant('the word is hush')));
    await log.record({ kind: 'alert', data: { rule: 'r', severity: 'low', because: 'saw hush' } });
    await log.window(windowOf([user('hi'), assistant('the word is <redacted>')]));
    expect(file.text()).not.toContain('hush');
    expect(windows(records).at(-1)?.append).toEqual([4]);
    expect((await verifyChain(memorySource(file.text()))).kind).toBe('sound');
  });

  it.each([
    {
      name: 'does not fit its kind',
      entry: { kind: 'alert', data: { rule: 'r', severity: 'awful', because: '' } },
    },
    { name: 'counts in fractions', entry: { kind: 'response', data: { window: 1, ms: 1.5 } } },
    { name: 'is a window', entry: { kind: 'window', data: {} } },
    { name: 'is an item', entry: { kind: 'item', data: {} } },
    { name: 'closes the session', entry: { kind: 'session.closed', data: { windows: 0, records: 1 } } },
  ])('throws for an entry that $name, writes nothing, and goes on', async ({ entry }) => {
    const { log, file } = sampleLog();
    await log.record(opened);
    await expect(log.record(entry as never)).rejects.toThrow(/kind/);
    await log.record(alert);
    expect(file.appends).toHaveLength(2);
    expect((await verifyChain(memorySource(file.text()))).kind).toBe('sound');
  });
});

describe('window', () => {
  it('writes what belongs together in one step, items first', async () => {
    const { log, file } = sampleLog();
    await log.record(opened);
    await log.window(windowOf([system('s'), user('u')], { tools: [readTool] }));
    expect(file.appends).toHaveLength(2);
    const kinds = file.appends[1]
      ?.trim()
      .split('\n')
      .map((line) => (JSON.parse(line) as AuditRecord).kind);
    expect(kinds).toEqual(['item', 'item', 'item', 'window']);
  });

  it('tells each window by its difference to the one before', async () => {
    const { log, records } = sampleLog();
    const base = [system('s'), user('u')];
    const answer = assistant('a');
    const tools = { tools: [readTool] };
    await log.window(windowOf(base, tools));
    await log.record(responseOf(1, answer));
    await log.window(windowOf([...base, answer, toolResult('c', 'r')], tools));
    await log.window(windowOf([...base, answer, toolResult('c', 'r')], { ...tools, reason: 'retry' }));
    await log.window(windowOf([system('s'), user('summary')], tools));
    await log.window(windowOf([system('s'), user('u')]));
    expect(windows(records).map(({ base, keep, append, tools }) => ({ base, keep, append, tools }))).toEqual([
      { base: null, keep: 0, append: [2, 3], tools: [1] },
      { base: 1, keep: 2, append: [5, 6], tools: undefined },
      { base: 2, keep: 4, append: [], tools: undefined },
      { base: 3, keep: 1, append: [9], tools: undefined },
      { base: 4, keep: 1, append: [3], tools: [] },
    ]);
  });

  it('keeps the same words of two origins apart', async () => {
    const { log, records } = sampleLog();
    const said = user('run the tests');
    const found = { ...said, origin: 'workspace' as const };
    await log.window(windowOf([said, found, said]));
    const origins = records.flatMap((record) => (record.kind === 'item' ? [record.data.origin] : []));
    expect(origins).toEqual(['user', 'workspace']);
    expect(windows(records)[0]?.append).toEqual([1, 2, 1]);
  });

  it('is not fooled by a list of messages that grows in place', async () => {
    const { log, records } = sampleLog();
    const messages = [user('one')];
    await log.window(windowOf(messages));
    messages.push(user('two'));
    await log.window(windowOf(messages));
    expect(windows(records)[1]).toMatchObject({ keep: 1, append: [3] });
  });

  it('gives a receipt only for what was written', async () => {
    const { log } = sampleLog();
    const receipt = await log.window(windowOf([user('u')]));
    expect(receipt.window).toBe(1);
    expect(receipt.proof).toMatch(/^[\w-]{43}$/);
  });

  it('refuses an item that is not what its digest says, and stays whole', async () => {
    const { log, file } = sampleLog();
    const item = user('shown');
    const lying = { ...user('sent'), digest: item.digest };
    await expect(log.window(windowOf([system('s'), lying]))).rejects.toThrow('not what its digest says');
    await log.window(windowOf([system('s'), item]));
    expect((await verifyChain(memorySource(file.text()))).kind).toBe('sound');
  });

  it('costs at most six records for an ordinary read, whatever came before', async () => {
    const sample = sampleLog();
    await playSession(sample, 20);
    const unsealed = sample.records.filter(({ kind }) => kind !== 'sealed');
    const places = unsealed.flatMap(({ kind }, at) => (kind === 'window' ? [at] : []));
    const costs = places.slice(1).map((place, at) => place - places[at]!);
    expect(Math.max(...costs)).toBeLessThanOrEqual(6);
  });
});

describe('a file that takes no more', () => {
  function failingFile(after: number) {
    const file = memoryFile();
    const full = Object.assign(new Error('ENOSPC: no space left on device, write'), { code: 'ENOSPC' });
    return {
      ...file,
      append: (text: string) => (file.appends.length < after ? file.append(text) : Promise.reject(full)),
      text: () => file.appends.join(''),
    };
  }

  const sentence =
    'The audit record could not be written (no space is left on the disk), so nothing further is sent or done; mend that and start a new session.';

  it.each([
    { name: 'record', act: (log: ReturnType<typeof sampleLog>['log']) => log.record(alert) },
    { name: 'recordDurably', act: (log: ReturnType<typeof sampleLog>['log']) => log.recordDurably(alert) },
    { name: 'window', act: (log: ReturnType<typeof sampleLog>['log']) => log.window(windowOf([user('u')])) },
    { name: 'close', act: (log: ReturnType<typeof sampleLog>['log']) => log.close() },
  ])('makes $name reject with one sentence, and everything after it', async ({ act }) => {
    const file = failingFile(1);
    const { log, records } = sampleLog({ file });
    await log.record(opened);
    const error = await act(log).then(
      () => undefined,
      (caught: unknown) => caught,
    );
    expect(error).toBeInstanceOf(AuditUnavailable);
    expect((error as Error).message).toBe(sentence);
    await expect(log.record(read[0]!)).rejects.toThrow(AuditUnavailable);
    await expect(log.window(windowOf([user('v')]))).rejects.toThrow(AuditUnavailable);
    expect(records).toHaveLength(1);
    expect((await verifyChain(memorySource(file.text()))).kind).toBe('sound');
  });

  it('makes calls that were already on their way reject too', async () => {
    const first = Promise.withResolvers<undefined>();
    const second = Promise.withResolvers<undefined>();
    const answers = [first.promise, second.promise];
    const file = { ...memoryFile(), append: async () => await answers.shift() };
    const { log, records } = sampleLog({ file });
    const calls = Promise.allSettled([log.record(opened), log.window(windowOf([user('u')]))]);
    first.reject(Object.assign(new Error('EIO'), { code: 'EIO' }));
    second.resolve(undefined);
    expect((await calls).map(({ status }) => status)).toEqual(['rejected', 'rejected']);
    expect(records).toEqual([]);
  });

  it('is also a disk that does not sync, and a reader of records that throws', async () => {
    const unsynced = sampleLog({ file: { ...memoryFile(), sync: () => Promise.reject(new Error('EIO')) } });
    await expect(unsynced.log.recordDurably(opened)).rejects.toThrow(AuditUnavailable);
    await expect(unsynced.log.record(alert)).rejects.toThrow(AuditUnavailable);
    const unread = sampleLog({
      onRecord: () => {
        throw new Error('the channel is gone');
      },
    });
    await expect(unread.log.record(opened)).rejects.toThrow(/the channel is gone/);
    await expect(unread.log.record(alert)).rejects.toThrow(AuditUnavailable);
  });
});

describe('close', () => {
  it('writes the counts and a seal over them, syncs, closes the file, and takes nothing more', async () => {
    const sample = sampleLog();
    await playSession(sample, 2);
    await sample.log.close();
    expect(sample.records.at(-2)).toMatchObject({
      kind: 'session.closed',
      data: { windows: 2, records: sample.records.length - 1 },
    });
    expect(sample.records.at(-1)?.kind).toBe('sealed');
    expect(sample.file).toMatchObject({ syncs: 1, closed: true });
    await expect(sample.log.record(alert)).rejects.toThrow('This session is closed');
    expect(await verifyChain(memorySource(sample.file.text()))).toMatchObject({
      kind: 'sound',
      closed: true,
    });
  });
});

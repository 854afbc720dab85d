import { spawnSync } from 'node:child_process';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { verifyChain } from '../../../src/audit/auditReader.ts';
import { memorySource } from '../../support/memorySource.ts';
import { sealKeyOf } from '../../../src/audit/seal.ts';
import type { AuditRecord } from '../../../src/protocol/record.ts';
import { forgedLog, keyOfEpoch } from '../../support/forgedLog.ts';
import { playSession, sampleKey, sampleLog, user, windowOf } from '../../support/sampleSession.ts';

const program = fileURLToPath(new URL('../../support/verifyAudit.py', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'warrant-second-'));

function python(...args: string[]): { status: number | null; out: string; err: string } {
  const { error, status, stdout, stderr } = spawnSync('python3', ['-B', program, ...args], {
    encoding: 'utf8',
  });
  if (error !== undefined)
    throw new Error('python3 is needed for the second verifier and could not be started; install it.', {
      cause: error,
    });
  return { status, out: stdout, err: stderr };
}

function logFile(text: string, name = ''): string {
  const path = join(folder, `${name}${text.length}.jsonl`);
  writeFileSync(path, text);
  return path;
}

describe('a verifier that shares no code with ours', () => {
  it('finds the same log sound and rebuilds the same bodies', { timeout: 30_000 }, async () => {
    const sample = sampleLog();
    const { sent } = await playSession(sample, 12, (n) => `Ω \u2028 "${n}" \\ \u0001\r\n`);
    const odd = windowOf([user('\u{1f600}\u007f')], {
      parameters: {
        model: 'm',
        top_p: 1e-7,
        big: 123456789012345680000,
        huge: 1e21,
        '\u{1f600}': 1,
        '\ufb33': -0.5,
      },
    });
    await sample.log.window(odd);
    await sample.log.close();
    const path = logFile(sample.file.text());
    expect(python(path)).toEqual({ status: 0, out: 'sound: 13 windows\n', err: '' });
    expect(python(path, '7').out).toBe(sent[6]);
    expect(python(path, '13').out).toBe(Buffer.from(odd.body).toString());
  });

  it('finds the same seals, epochs and MACs right or wrong', { timeout: 30_000 }, async () => {
    let now = Date.UTC(2026, 0, 2);
    const sample = sampleLog({ now: () => (now += 1_000) });
    await playSession(sample, 90);
    now -= 3_600_000;
    await sample.log.rotate(sealKeyOf(Buffer.alloc(32, 6)));
    await playSession(sample, 20);
    await sample.log.close();
    const text = sample.file.text();
    const first = Buffer.alloc(32, 7);
    const decided = sample.records.find(({ kind, seq }) => kind === 'decided' && seq > 100)!.seq;
    const forgery = {
      from: decided,
      change: (given: readonly AuditRecord[]) => given,
      sealKey: sampleKey,
      macKey: keyOfEpoch(first, 2),
    };
    const seal = sample.records.find(({ kind }) => kind === 'sealed')!.seq;
    const impostor = { ...sealKeyOf(Buffer.alloc(32, 6)), publicKey: sampleKey.publicKey };
    const logs = {
      sound: text,
      'another MAC': forgedLog(text, forgery),
      'another epoch': forgedLog(text, { ...forgery, epochOf: () => 2 }),
      // Everything is right but that somebody else signed in the name of the key.
      'another signature': forgedLog(text, { ...forgery, from: seal, sealKey: impostor, macKey: first }),
      'another root': text.replace(
        /(\\n6\d\\n)(.)/,
        (_, size: string, one: string) => size + (one === 'A' ? 'B' : 'A'),
      ),
    };
    const lines = new Map<string, number>();
    for (const [name, log] of Object.entries(logs)) {
      const ours = await verifyChain(memorySource(log), { epochKey: first });
      const { err } = python(logFile(log, name), 'mac', first.toString('base64url'));
      const line = Number(/line (\d+)/.exec(err)?.[1] ?? 0);
      expect({ name, line }).toEqual({ name, line: ours.kind === 'bad' ? ours.line : 0 });
      lines.set(name, line);
    }
    expect([...lines.values()]).toEqual([0, decided, decided, seal, seal]);
    expect(python(logFile(logs['another signature'], 'whose')).err).toContain('wrong signature');
    const { err } = python(logFile(logs['another MAC'], 'again'));
    expect(Number(/line (\d+)/.exec(err)?.[1]), 'without the key').toBeGreaterThan(decided);
  });

  it('names the same bad line as ours', { timeout: 30_000 }, async () => {
    const sample = sampleLog();
    await playSession(sample, 3);
    const text = sample.file.text();
    const changes = [
      text.replace('answer 2', 'answer 9'),
      text.replace('"seq":7', '"seq":8'),
      text.replace('a.ts', 'b.ts'),
      text.replace('"keep":2', '"keep":1'),
      text.replace(/^.*"seq":9,.*\n/m, ''),
      text.replace('{', '{ '),
      text.slice(0, -1),
    ];
    for (const changed of changes) {
      const ours = await verifyChain(memorySource(changed));
      const { status, err } = python(logFile(changed));
      expect(status).toBe(1);
      expect(ours.kind === 'bad' ? ours.line : 0).toBe(Number(/line (\d+)/.exec(err)?.[1]));
    }
  });
});

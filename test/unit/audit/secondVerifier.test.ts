import { spawnSync } from 'node:child_process';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { verifyChain } from '../../../src/audit/auditReader.ts';
import { memorySource } from '../../support/memorySource.ts';
import { playSession, sampleLog, user, windowOf } from '../../support/sampleSession.ts';

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

function logFile(text: string): string {
  const path = join(folder, `${text.length}.jsonl`);
  writeFileSync(path, text);
  return path;
}

describe('a verifier that shares no code with ours', () => {
  it('finds the same log sound and rebuilds the same bodies', async () => {
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

  it('names the same bad line as ours', async () => {
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

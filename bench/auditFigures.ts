import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { hash } from 'node:crypto';
import { verifyChain } from '../src/audit/auditReader.ts';
import { openLineFile } from '../src/io/files/lineFile.ts';
import { isMissed, mutations, numbersFrom, victim } from '../test/support/mutations.ts';
import type { Figure } from './figure.ts';
import { writeLogFile } from './logFile.ts';

const MUTATIONS = 10_000;

/** Ten thousand seeded mutations of a log, of every kind in turn; how many of them nobody would notice. */
export async function mutationFigures(): Promise<readonly Figure[]> {
  const log = await victim();
  const draw = numbersFrom(20_261_121);
  const kinds = Object.values(mutations);
  let missed = 0;
  for (let made = 0; made < MUTATIONS;) {
    const mutation = kinds[made % kinds.length];
    const changed = mutation?.make(log, draw);
    if (mutation === undefined || changed === undefined) continue;
    made += 1;
    if (await isMissed(changed, log, mutation)) missed += 1;
  }
  return [
    { figure: `mutations of ${MUTATIONS} that verifying missed`, value: missed, unit: 'count', budget: 0 },
  ];
}

/** Sessions written through the real log and verified from the disk; 4 KiB a record. */
export async function auditFigures(): Promise<readonly Figure[]> {
  const folder = mkdtempSync(join(tmpdir(), 'warrant-audit-'));
  try {
    const file = join(folder, 'session.jsonl');
    const { bytes, content, records } = await writeLogFile(file, 10_000);
    const before = process.resourceUsage().maxRSS;
    const verifying = await timeToVerify(file);
    return [
      { figure: '10000 windows of 4 KiB records, audit file', value: bytes / 1e6, unit: 'MB' },
      {
        figure: '10000 windows, audit file over 1.15 x content, per record',
        value: (bytes - 1.15 * content) / records,
        unit: 'bytes',
        budget: 300,
      },
      { figure: '10000 windows, verifying', value: verifying, unit: 'ms', budget: bytes / 1e5 },
      { figure: 'SHA-256 alone of as many bytes', value: timeToHash(bytes), unit: 'ms' },
      {
        figure: '10000 windows, memory that verifying adds at most',
        value: (process.resourceUsage().maxRSS - before) / 1e3,
        unit: 'MB',
      },
    ];
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function timeToVerify(path: string): Promise<number> {
  const file = await openLineFile(path);
  const start = performance.now();
  const log = await verifyChain(file);
  const end = performance.now();
  await file.close();
  if (log.kind !== 'sound') throw new Error('The session that was written is not sound.');
  return end - start;
}

/** What no verifier can do without, on this machine and under this load. */
function timeToHash(bytes: number): number {
  const record = Buffer.alloc(4096, 65);
  const start = performance.now();
  for (let done = 0; done < bytes; done += record.length) hash('sha256', record, 'hex');
  return performance.now() - start;
}

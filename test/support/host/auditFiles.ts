import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { AuditRecord, RecordKind } from '../../../src/protocol/record.ts';

const cli = fileURLToPath(new URL('../../../dist/cli.js', import.meta.url));

export type RecordOf<Kind extends RecordKind> = Extract<AuditRecord, { kind: Kind }>;

/** The audit files a window of VS Code has written, in the order their sessions began. `base` is the host's folder. */
export function auditFiles(base: string): string[] {
  const storage = join(base, 'u/User/globalStorage/warrant.warrant/workspaces');
  if (!existsSync(storage)) return [];
  return readdirSync(storage, { recursive: true })
    .map(String)
    .filter((name) => name.endsWith('.jsonl') && basename(dirname(name)) === 'audit')
    .map((name) => join(storage, name))
    .sort((one, other) => beginning(one).localeCompare(beginning(other)));
}

/** The records that stand in a file now; a line that is still being written is left out. */
export function recordsIn(file: string): AuditRecord[] {
  const text = readFileSync(file, 'utf8');
  return text
    .slice(0, text.lastIndexOf('\n') + 1)
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as AuditRecord);
}

/** The records of one kind in the session that began last. */
export function latestRecords<Kind extends RecordKind>(base: string, kind: Kind): RecordOf<Kind>[] {
  const file = auditFiles(base).at(-1);
  if (file === undefined) return [];
  return recordsIn(file).filter((record): record is RecordOf<Kind> => record.kind === kind);
}

/** Throws with the checker's own words unless every record and every window of the file is sound. */
export function verifyAudit(file: string): void {
  const { status, stdout, stderr } = spawnSync(process.execPath, [cli, 'verify', file], { encoding: 'utf8' });
  if (status !== 0 && status !== 3) throw new Error(`${file} is not sound: ${stdout}${stderr}`);
}

/** The body of request `n`, as the record says it was sent. */
export function windowBody(file: string, n: number): Buffer {
  const { status, stdout, stderr } = spawnSync(process.execPath, [cli, 'window', file, String(n)], {
    maxBuffer: 100_000_000,
  });
  if (status !== 0) throw new Error(`Window ${n} of ${file}: ${stderr.toString()}`);
  return stdout;
}

function beginning(file: string): string {
  return recordsIn(file)[0]?.time ?? '';
}

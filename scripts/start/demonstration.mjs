import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { repository } from '../setup/repository.mjs';

export const sample = join(repository, 'sample');

/** The model is a rehearsed one, without network or key; commands are on, which they are not by default. */
export const demonstrationSettings = {
  'warrant.model.provider': 'rehearsal',
  'warrant.commands.enabled': true,
};

/** A fresh copy of the sample project, and how to remove it. */
export function copySample() {
  const parent = mkdtempSync(join(tmpdir(), 'warrant-demonstration-'));
  const folder = join(parent, 'sample');
  cpSync(sample, folder, { recursive: true });
  return { folder, parent, remove: () => rmSync(parent, { recursive: true, force: true, maxRetries: 5 }) };
}

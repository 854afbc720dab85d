import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { buildSync } from 'esbuild';

/** One file of this repository as a program that plain Node runs; the path is relative to the repository. */
export function bundled(entry: string): string {
  const outfile = join(mkdtempSync(join(tmpdir(), 'warrant-program-')), 'program.cjs');
  const from = fileURLToPath(new URL(`../../${entry}`, import.meta.url));
  buildSync({
    entryPoints: [from],
    outfile,
    bundle: true,
    platform: 'node',
    format: 'cjs',
    logLevel: 'error',
  });
  return outfile;
}

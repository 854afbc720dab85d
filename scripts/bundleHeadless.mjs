import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { build } from 'esbuild';
import { repository } from './setup/repository.mjs';

/** Bundles bench/headless.ts, so that what runs is built like what ships. Returns the file. */
export async function bundleHeadless() {
  const folder = join(repository, 'node_modules/.cache/warrant');
  mkdirSync(folder, { recursive: true });
  const outfile = join(folder, 'headless.mjs');
  await build({
    entryPoints: [join(repository, 'bench/headless.ts')],
    outfile,
    bundle: true,
    platform: 'node',
    format: 'esm',
    target: 'node22',
    mainFields: ['module', 'main'],
    minify: true,
    keepNames: true,
    logLevel: 'warning',
  });
  return outfile;
}

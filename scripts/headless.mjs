// Runs bench/headless.ts: bundled once, so that what is measured is what ships, not the loading of sources.
import { mkdirSync } from 'node:fs';
import { build } from 'esbuild';

mkdirSync('node_modules/.cache/warrant', { recursive: true });
const outfile = new URL('../node_modules/.cache/warrant/headless.mjs', import.meta.url);
await build({
  entryPoints: ['bench/headless.ts'],
  outfile: outfile.pathname,
  bundle: true,
  platform: 'node',
  format: 'esm',
  target: 'node22',
  mainFields: ['module', 'main'],
  logLevel: 'warning',
});
await import(outfile.href);

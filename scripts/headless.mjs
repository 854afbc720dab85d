import { runAttached } from './setup/runAttached.mjs';
import { runWhenReady } from './setup/runWhenReady.mjs';

await runWhenReady({}, async () => {
  const { bundleHeadless } = await import('./bundleHeadless.mjs');
  return runAttached(process.execPath, [await bundleHeadless(), ...process.argv.slice(2)], {});
});

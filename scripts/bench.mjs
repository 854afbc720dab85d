import { runAttached } from './setup/runAttached.mjs';
import { repository } from './setup/repository.mjs';
import { runWhenReady } from './setup/runWhenReady.mjs';

await runWhenReady({ host: true, browser: true }, async () => {
  const built = await runAttached(process.execPath, ['scripts/package.mjs'], { folder: repository });
  if (built !== 0) return built;
  const { bundleHeadless } = await import('./bundleHeadless.mjs');
  return runAttached(process.execPath, ['bench/run.ts', await bundleHeadless(), ...process.argv.slice(2)], {
    folder: repository,
  });
});

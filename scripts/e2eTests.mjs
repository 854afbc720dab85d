import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { repository } from './setup/repository.mjs';
import { runAttached } from './setup/runAttached.mjs';
import { runWhenReady } from './setup/runWhenReady.mjs';

await runWhenReady({ host: true, browser: true }, e2eTests);

/** Runs test/e2e; arguments are handed to vitest. A failure of the host under the tests is run once more. */
async function e2eTests() {
  const folder = mkdtempSync(join(tmpdir(), 'wf-'));
  const failures = join(folder, 'host-failures');
  let interrupted = false;
  process.once('SIGINT', () => (interrupted = true));
  try {
    const code = await runVitest(failures);
    if (code === 0 || interrupted || !existsSync(failures)) return code;
    console.error('\n*** The test host failed under these tests. Running once more. ***\n');
    return await runVitest(failures);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function runVitest(failures) {
  const vitest = join(repository, 'node_modules/vitest/vitest.mjs');
  const config = ['--config', join(repository, 'test/e2e/vitest.config.ts')];
  return runAttached(process.execPath, [vitest, 'run', ...config, ...process.argv.slice(2)], {
    folder: repository,
    env: { ...process.env, WARRANT_HOST_FAILURES: failures },
  });
}

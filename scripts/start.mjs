import { repository } from './setup/repository.mjs';
import { runAttached } from './setup/runAttached.mjs';
import { runWhenReady } from './setup/runWhenReady.mjs';
import { copySample, demonstrationSettings, sample } from './start/demonstration.mjs';
import { findDesktop } from './start/findDesktop.mjs';
import { openDesktop } from './start/openDesktop.mjs';
import { openServer } from './start/openServer.mjs';

// With --check, a headless browser does the main job in the window and the exit code tells whether it could.
const check = process.argv.includes('--check');
const desktop = check ? undefined : findDesktop();

await runWhenReady({ host: !desktop, browser: check }, start);

async function start() {
  const built = await runAttached(process.execPath, ['--run', 'build'], { folder: repository });
  if (built !== 0) return built;
  if (check) return checkOnce();
  console.log('The model is rehearsed, and commands are switched on: both in this demonstration only.');
  const demonstration = copySample();
  try {
    return await (desktop ? openDesktop(desktop, demonstration) : openServer(demonstration));
  } finally {
    demonstration.remove();
  }
}

async function checkOnce() {
  const { checkMainJob } = await import('../test/support/host/checkMainJob.ts');
  const { ok, lines } = await checkMainJob({ template: sample, settings: demonstrationSettings });
  for (const line of lines) console.log(line);
  return ok ? 0 : 1;
}

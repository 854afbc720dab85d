import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { npmEnvironment } from './npmEnvironment.mjs';
import { repository } from './repository.mjs';
import { runProgram } from './runProgram.mjs';
import { say } from './say.mjs';

/** Makes node_modules what package-lock.json says. No install script of any package is run. */
export async function ensureModules() {
  const wanted = lockedVersions('package-lock.json');
  if (sameModules(wanted, lockedVersions('node_modules/.package-lock.json'))) return;
  say('installing node_modules from package-lock.json');
  // esbuild works without its install script: that only replaces a JavaScript launcher by the program itself.
  await runProgram('npm', ['ci', '--ignore-scripts', '--no-audit', '--no-fund'], {
    folder: repository,
    env: npmEnvironment(),
  });
}

// npm writes node_modules/.package-lock.json last, so an install that was cut short has none.
function lockedVersions(file) {
  try {
    return JSON.parse(readFileSync(join(repository, file), 'utf8')).packages;
  } catch {
    return undefined;
  }
}

function sameModules(wanted, present) {
  if (!wanted || !present) return false;
  const missing = Object.entries(wanted).some(
    ([path, module]) => path !== '' && !module.optional && present[path]?.version !== module.version,
  );
  const foreign = Object.entries(present).some(([path, module]) => wanted[path]?.version !== module.version);
  return !missing && !foreign;
}

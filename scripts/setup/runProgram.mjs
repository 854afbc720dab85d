import { spawn, spawnSync } from 'node:child_process';
import { accessSync, constants, statSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { SetupTrouble } from './setupTrouble.mjs';

const onWindows = process.platform === 'win32';

/** Runs quietly; what the program said is shown only when it fails. */
export async function runProgram(program, args, { folder, env = process.env } = {}) {
  // npm is a .cmd file on Windows, which only a shell can start; the arguments are all our own constants.
  const child = spawn(program, args, {
    cwd: folder,
    env,
    shell: onWindows,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  child.stdout.on('data', (chunk) => (output += chunk));
  child.stderr.on('data', (chunk) => (output += chunk));
  const code = await new Promise((resolve) => {
    child.on('error', (error) => {
      output += error.message;
      resolve(127);
    });
    child.on('close', resolve);
  });
  if (code === 0) return output;
  throw new SetupTrouble(`\`${[program, ...args].join(' ')}\` failed (${code}):\n${telling(output)}`);
}

// npm says what is wrong first and at length how it is used; compilers say it last.
function telling(output) {
  const lines = output
    .trim()
    .split('\n')
    .filter((line) => !line.startsWith('npm warn'));
  return lines.length > 24 ? [...lines.slice(0, 12), '…', ...lines.slice(-12)].join('\n') : lines.join('\n');
}

/** Whether the program starts at all; a wrapper without its program behind it does not. */
export function starts(program, args = ['--version']) {
  return spawnSync(program, args, { stdio: 'ignore', timeout: 20_000 }).status === 0;
}

/** The first of these names found on PATH, as an absolute path. */
export function onPath(...names) {
  const folders = (process.env.PATH ?? '').split(delimiter).filter(Boolean);
  const endings = onWindows ? ['.exe', '.cmd', ''] : [''];
  for (const name of names) {
    for (const folder of folders) {
      const found = endings.map((ending) => join(folder, name + ending)).find(isProgram);
      if (found) return found;
    }
  }
  return undefined;
}

export function isProgram(path) {
  try {
    accessSync(path, constants.X_OK);
    return statSync(path).isFile();
  } catch {
    return false;
  }
}

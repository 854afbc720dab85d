import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { aptInstall, aptInstalls } from './aptInstall.mjs';
import { cacheFolder } from './cacheFolder.mjs';
import { npmEnvironment } from './npmEnvironment.mjs';
import { onPath, runProgram } from './runProgram.mjs';
import { say } from './say.mjs';
import { SetupTrouble } from './setupTrouble.mjs';
import { trimHost } from './trimHost.mjs';
import { withLock } from './withLock.mjs';

const version = '4.139.1';
const addOns = ['@vscode/spdlog', '@vscode/native-watchdog'];

/**
 * The folder of a VS Code server from the npm registry, installed once for all checkouts.
 * Some of its parts are compiled for one Node, so each Node has its own copy.
 */
export async function ensureHost(node) {
  if (process.platform === 'win32') {
    throw new SetupTrouble(
      'The VS Code server does not run on Windows: set WARRANT_VSCODE=download, or to the path of Code.exe.',
    );
  }
  const abi = (await runProgram(node, ['-p', 'process.versions.modules'])).trim();
  const folder = join(cacheFolder(), 'warrant-test-host', `${version}-abi${abi}`);
  if (readStamp(folder)?.logs) return folder;
  mkdirSync(dirname(folder), { recursive: true });
  return withLock(`${folder}.lock`, async () => {
    if (!readStamp(folder)) await install(folder, node);
    if (!readStamp(folder).logs) await compile(folder, node);
    return folder;
  });
}

async function install(folder, node) {
  say(`installing VS Code server ${version} in ${folder} (about a minute, once)`);
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder);
  writeFileSync(
    join(folder, 'package.json'),
    JSON.stringify({ private: true, dependencies: { 'code-server': version } }),
  );
  const env = npmEnvironment({ node });
  const vscode = vscodeFolder(folder);
  // Without install scripts: the server's own one compiles what the tests never use (kerberos, sqlite3).
  await npmInstall(folder, env);
  // Not `npm ci`: the shrinkwrap that is shipped does not agree with its package.json.
  await npmInstall(vscode, env);
  await npmInstall(join(vscode, 'extensions'), env);
  trimHost(vscode);
  writeStamp(folder, { logs: false });
}

function npmInstall(folder, env) {
  const flags = ['--omit=dev', '--ignore-scripts', '--no-audit', '--no-fund', '--no-package-lock'];
  return runProgram('npm', ['install', ...flags], { folder, env });
}

/** Without these the server runs, but log output channels stay empty and the tests that read them fail. */
async function compile(folder, node) {
  if (!hasCompiler() && !aptInstalls()) {
    say(
      'g++, make or python3 is missing: tests that read a log output channel will fail until they are installed',
    );
    return;
  }
  if (!hasCompiler()) {
    say('installing g++, make and python3 with apt-get');
    await aptInstall('g++', 'make', 'python3');
  }
  say('compiling the log writer of the VS Code server');
  const headers = dirname(dirname(node));
  // Set here because a machine-wide npmrc may name the headers of another Node.
  const nodedir = existsSync(join(headers, 'include', 'node', 'node.h')) ? headers : '';
  const env = npmEnvironment({ node, npm_config_nodedir: nodedir });
  const vscode = vscodeFolder(folder);
  await runProgram('npm', ['rebuild', '--ignore-scripts=false', ...addOns], { folder: vscode, env });
  const needed = [...addOns, 'node-pty', '@parcel/watcher'];
  await runProgram(node, ['-e', needed.map((name) => `require('${name}');`).join('')], { folder: vscode });
  writeStamp(folder, { logs: true });
}

function hasCompiler() {
  return !!onPath('g++', 'c++') && !!onPath('make') && !!onPath('python3');
}

function vscodeFolder(folder) {
  return join(folder, 'node_modules', 'code-server', 'lib', 'vscode');
}

function readStamp(folder) {
  const file = join(folder, 'stamp.json');
  return existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : undefined;
}

function writeStamp(folder, stamp) {
  writeFileSync(join(folder, 'stamp.json'), JSON.stringify(stamp));
}

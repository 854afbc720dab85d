import { spawn } from 'node:child_process';
import { rmSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';

/**
 * Runs a server for exactly as long as the process that asked for it lives: when standard input ends, for whatever
 * reason, the server's process group and its folder go.
 */
const [base = '', program = '', ...args] = process.argv.slice(2);
const server = spawn(program, args, { cwd: base, detached: true, stdio: ['ignore', 'inherit', 'inherit'] });
const ended = new Promise<number>((resolve) => {
  server.on('error', () => resolve(127));
  server.on('exit', (code) => resolve(code ?? 1));
});
const letGo = new Promise<number>((resolve) => {
  process.stdin
    .on('end', () => resolve(0))
    .on('error', () => resolve(0))
    .resume();
});

const code = await Promise.race([ended, letGo]);
signalGroup('SIGTERM');
await Promise.race([ended, sleep(2000)]);
signalGroup('SIGKILL');
rmSync(base, { recursive: true, force: true, maxRetries: 5 });
process.exit(code);

function signalGroup(signal: NodeJS.Signals): void {
  if (server.pid === undefined) return;
  try {
    process.kill(-server.pid, signal);
  } catch {
    // The group is gone already.
  }
}

import { aptInstall, aptInstalls } from './aptInstall.mjs';
import { onPath } from './runProgram.mjs';
import { say } from './say.mjs';

/**
 * The program by which commands are kept in a sandbox on Linux, where it can be had without asking anybody. Never
 * rejects: without it Warrant asks about every command, and what is tested inside a sandbox is skipped and says so.
 */
export async function ensureSandbox() {
  if (process.platform !== 'linux' || onPath('bwrap') || !aptInstalls()) return;
  say('installing bubblewrap, the sandbox for commands');
  try {
    await aptInstall('bubblewrap');
  } catch {
    say('bubblewrap could not be installed; commands will run without a sandbox, each after a question');
  }
}

import { spawn } from 'node:child_process';

/** Runs a program in this terminal and returns its exit code. A Ctrl+C reaches it too, and it is waited for. */
export async function runAttached(program, args, { folder, env = process.env } = {}) {
  const child = spawn(program, args, { cwd: folder, env, stdio: 'inherit' });
  const leaveItToTheChild = () => undefined;
  const passOn = () => child.kill('SIGTERM');
  process.on('SIGINT', leaveItToTheChild).on('SIGTERM', passOn);
  try {
    return await new Promise((resolve, reject) => {
      child.on('error', reject);
      child.on('close', (code) => resolve(code ?? 130));
    });
  } finally {
    process.off('SIGINT', leaveItToTheChild).off('SIGTERM', passOn);
  }
}

import { spawn, type ChildProcess, type StdioOptions } from 'node:child_process';
import { kill, platform } from 'node:process';
import type { Readable, Writable } from 'node:stream';
import { errorCode } from './files/trouble.ts';

export type ProcessEnd =
  | { readonly kind: 'exit'; readonly code: number }
  | { readonly kind: 'signal'; readonly signal: string }
  /** It never ran; the operating system's word for why. */
  | { readonly kind: 'unstarted'; readonly code: string };

/** Where one of the three standard streams leads: nowhere, to us, or to what is behind a descriptor or stream. */
export type StreamEnd = 'ignore' | 'pipe' | number | Writable;

export type ProcessPlan = {
  /** The real path of the program; `argv[0]` is only what it is told its name is. */
  readonly file: string;
  readonly argv: readonly [string, ...string[]];
  readonly cwd: string;
  readonly environment: Readonly<Record<string, string>>;
  readonly streams: readonly [StreamEnd, StreamEnd, StreamEnd];
};

export type StartedProcess = {
  /** Undefined when it never ran. */
  readonly pid: number | undefined;
  readonly stdin: Writable | null;
  readonly stdout: Readable | null;
  readonly stderr: Readable | null;
  /** Never rejects. */
  readonly ended: Promise<ProcessEnd>;
};

/** Starts a program as the leader of a process group of its own, never through a shell. */
export function startProcess({ file, argv, cwd, environment, streams }: ProcessPlan): StartedProcess {
  let child: ChildProcess;
  try {
    child = spawn(file, argv.slice(1), {
      argv0: argv[0],
      cwd,
      env: environment,
      stdio: [...streams] as StdioOptions,
      shell: false,
      detached: platform !== 'win32',
      windowsHide: true,
    });
  } catch (error) {
    const code = errorCode(error);
    if (code === undefined || code.startsWith('ERR_')) throw error;
    return {
      pid: undefined,
      stdin: null,
      stdout: null,
      stderr: null,
      ended: Promise.resolve({ kind: 'unstarted', code }),
    };
  }
  const ended = new Promise<ProcessEnd>((resolve) => {
    child.once('error', (error) => {
      if (child.pid === undefined) resolve({ kind: 'unstarted', code: errorCode(error) ?? 'unknown' });
    });
    child.once('exit', (code, signal) => {
      resolve(signal === null ? { kind: 'exit', code: code ?? 0 } : { kind: 'signal', signal });
    });
  });
  return { pid: child.pid, stdin: child.stdin, stdout: child.stdout, stderr: child.stderr, ended };
}

/** Signals a process started here and everything in its group. A group that is gone is no trouble. */
export function signalGroup(pid: number, signal: 'SIGTERM' | 'SIGKILL'): void {
  if (platform === 'win32') {
    spawn('taskkill', ['/pid', String(pid), '/T', '/F'], { windowsHide: true, stdio: 'ignore' }).once(
      'error',
      () => undefined,
    );
    return;
  }
  signalIgnoringGone(-pid, signal);
}

/** Whether anything is left in the group of a process that has ended. Windows keeps no groups. */
export function groupExists(pid: number): boolean {
  if (platform === 'win32') return false;
  try {
    kill(-pid, 0);
    return true;
  } catch (error) {
    return errorCode(error) === 'EPERM';
  }
}

export function signalProcess(pid: number, signal: 'SIGTERM' | 'SIGKILL'): void {
  signalIgnoringGone(pid, signal);
}

function signalIgnoringGone(target: number, signal: 'SIGTERM' | 'SIGKILL'): void {
  try {
    kill(target, signal);
  } catch (error) {
    if (errorCode(error) !== 'ESRCH' && errorCode(error) !== 'EPERM') throw error;
  }
}

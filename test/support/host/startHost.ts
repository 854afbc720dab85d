import { spawn, type ChildProcess } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { hostEntry } from './hostEntry.ts';
import { hostEnvironment } from './hostEnvironment.ts';
import { HostFailure } from './hostFailure.ts';
import { hostSettings } from './hostSettings.ts';
import { installation } from './installation.ts';
import { installExtension, type Extension, type Profile } from './installExtension.ts';

export interface HostOptions {
  readonly extension?: Extension;
  /** User settings, over those of hostSettings.ts. */
  readonly settings?: Readonly<Record<string, unknown>>;
  /** Environment of the server, and so of the extension host. */
  readonly env?: NodeJS.ProcessEnv;
  /** Asked for in the browser; without one, anyone on this machine may connect. */
  readonly password?: string;
  /** Needed to hand development and test paths to the window; hides toasts. */
  readonly testDriver?: boolean;
  /** No Restricted Mode: every folder counts as trusted. */
  readonly trustEverything?: boolean;
  readonly userData?: string | undefined;
  readonly extensions?: string | undefined;
  /** Ends by itself after this long without a window; never, when left out. */
  readonly idleSeconds?: number;
}

export interface Host {
  readonly origin: string;
  /** A folder that goes when the host goes. */
  readonly base: string;
  /** Resolves when the server is gone, asked or unasked. */
  readonly ended: Promise<void>;
  log(): string;
  stop(): Promise<void>;
}

/** A VS Code server on a free port of 127.0.0.1, with a profile of its own. It never outlives this process. */
export async function startHost(options: HostOptions = {}): Promise<Host> {
  const profile = prepareProfile(options);
  if (options.extension) await installExtension(options.extension, profile);
  const leash = spawn(installation.node, [leashFile, profile.base, ...serverCommand(options, profile)], {
    cwd: profile.base,
    detached: true,
    env: hostEnvironment(profile.base, options.env),
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  const ended = new Promise<void>((resolve) =>
    leash.on('close', () => resolve()).on('error', () => resolve()),
  );
  const log = collectOutput(leash);
  const stop = () => stopLeash(leash, ended);
  try {
    const origin = await listening(leash, ended, log);
    return { origin, base: profile.base, ended, log, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

const leashFile = fileURLToPath(new URL('leash.ts', import.meta.url));

function prepareProfile(options: HostOptions): Profile {
  // Short, because the path of a Unix socket may have no more than 107 bytes.
  const base = mkdtempSync(join(tmpdir(), 'wh-'));
  const profile = {
    base,
    userData: options.userData ?? join(base, 'u'),
    extensions: options.extensions ?? join(base, 'x'),
  };
  const { password } = options;
  const access =
    password === undefined ? 'auth: none\n' : `auth: password\npassword: ${JSON.stringify(password)}\n`;
  writeFileSync(join(base, 'config.yaml'), access, { mode: 0o600 });
  writeSettings(profile.userData, options.settings);
  return profile;
}

function writeSettings(userData: string, settings: HostOptions['settings']): void {
  const file = join(userData, 'User', 'settings.json');
  const present = existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : {};
  mkdirSync(join(userData, 'User'), { recursive: true });
  writeFileSync(file, JSON.stringify({ ...hostSettings, ...present, ...settings }, null, 2));
}

function serverCommand(options: HostOptions, { base, userData, extensions }: Profile): string[] {
  return [
    installation.node,
    hostEntry(),
    ...['--config', join(base, 'config.yaml')],
    ...['--auth', options.password === undefined ? 'none' : 'password'],
    ...['--bind-addr', '127.0.0.1:0'],
    ...[
      '--user-data-dir',
      userData,
      '--extensions-dir',
      extensions,
      '--session-socket',
      join(base, 's.sock'),
    ],
    ...[
      '--disable-telemetry',
      '--disable-update-check',
      '--disable-getting-started-override',
      '--disable-proxy',
    ],
    ...['--ignore-last-opened', '--reconnection-grace-time', '20'],
    ...(options.idleSeconds ? ['--idle-timeout-seconds', String(options.idleSeconds)] : []),
    ...(options.testDriver ? ['--vscode-option', 'enable-smoke-test-driver'] : []),
    ...(options.trustEverything ? ['--disable-workspace-trust'] : []),
  ];
}

function collectOutput(leash: ChildProcess): () => string {
  const chunks: Buffer[] = [];
  leash.stdout?.on('data', (chunk: Buffer) => chunks.push(chunk));
  leash.stderr?.on('data', (chunk: Buffer) => chunks.push(chunk));
  return () => Buffer.concat(chunks).toString('utf8');
}

async function listening(leash: ChildProcess, ended: Promise<void>, log: () => string): Promise<string> {
  const heard = new Promise<string>((resolve) => {
    leash.stdout?.on('data', () => {
      const origin = /HTTP server listening on (http:\/\/127\.0\.0\.1:\d+)/.exec(log())?.[1];
      if (origin) resolve(origin);
    });
  });
  const origin = await Promise.race([heard, ended, sleep(60_000, undefined, { ref: false })]);
  if (origin) return origin;
  throw new HostFailure(`The VS Code server did not start.\n${log().slice(-2000)}`);
}

async function stopLeash(leash: ChildProcess, ended: Promise<void>): Promise<void> {
  leash.stdin?.on('error', () => undefined).end();
  const timer = setTimeout(() => leash.kill('SIGKILL'), 10_000);
  await ended;
  clearTimeout(timer);
}

import { join } from 'node:path';
import type { SandboxProfile } from '../../protocol/sandbox.ts';
import type { SandboxFolder } from '../files/sandboxFolder.ts';
import { presentOf, type SystemFolders } from '../files/systemFolders.ts';
import { signalGroup, startProcess, type ProcessPlan } from '../processes.ts';

const TOO_LONG_MS = 10_000;
const HELD = 'held';

/**
 * Writes where it may, tries to write beside it, and looks whether a hidden file, routes of the network and the
 * machine's first process are out of sight. Seatbelt leaves the last two to its rules; there is no /proc to look at.
 */
const TRIAL = [
  'echo in > "$1/in" || { echo "it could not write where it may" >&2; exit 3; }',
  '(echo out > "$2/out") 2>/dev/null && { echo "it could write outside" >&2; exit 4; }',
  '[ -e "$3" ] && { echo "it saw a hidden file" >&2; exit 5; }',
  'if [ -e /proc/net/route ]; then',
  '  { read -r head; read -r route; } < /proc/net/route; [ -z "$route" ] || { echo "it had a network" >&2; exit 6; }',
  '  read -r first < /proc/1/comm; [ "$first" = bwrap ] || { echo "it saw other processes" >&2; exit 7; }',
  'fi',
  `echo ${HELD}`,
].join('\n');

export type Trial = {
  readonly folder: SandboxFolder;
  readonly system: SystemFolders;
  readonly id: () => string;
  readonly home: string;
};

/** A clause that says what went wrong; undefined when the tool held. */
export async function tryOut(
  wrap: (plan: ProcessPlan, profile: SandboxProfile) => ProcessPlan,
  shell: string,
  { folder, system, id, home }: Trial,
): Promise<string | undefined> {
  const inner = await folder.openLine(id(), [], []);
  const outer = await folder.openLine(id(), [], []);
  try {
    const profile: SandboxProfile = {
      home,
      ...system,
      writable: [inner.temporary],
      readOnly: [],
      pinned: [],
      temporary: inner.temporary,
      network: 'off',
    };
    const secret = await folder.write('secret', new TextEncoder().encode('not shown'));
    const argv = ['sh', '-c', TRIAL, 'sh', inner.temporary, outer.temporary, secret] as const;
    const plan: ProcessPlan = {
      file: shell,
      argv: [...argv],
      cwd: inner.temporary,
      environment: { PATH: '/usr/bin:/bin' },
      streams: ['ignore', 'pipe', 'pipe'],
    };
    const { output, errors, ended } = await outputOf(wrap(plan, profile));
    const escaped = await presentOf([join(outer.temporary, 'out')]);
    if (escaped.length > 0) return 'a program inside wrote outside';
    if (output.trim() === HELD && ended) return undefined;
    return errors.trim().split('\n').at(-1) || 'it did not start a program';
  } finally {
    await inner.close();
    await outer.close();
  }
}

/** What a program prints; nothing when it cannot be run. */
export async function printed(file: string, args: readonly string[]): Promise<string> {
  const environment = { PATH: '/usr/bin:/bin' };
  const argv = [file, ...args] as const;
  return (await outputOf({ file, argv, cwd: '/', environment, streams: ['ignore', 'pipe', 'pipe'] })).output;
}

async function outputOf(plan: ProcessPlan): Promise<{ output: string; errors: string; ended: boolean }> {
  const process = startProcess(plan);
  let [output, errors, ended] = ['', '', true];
  process.stdout?.setEncoding('utf8').on('data', (text: string) => (output += text));
  process.stderr?.setEncoding('utf8').on('data', (text: string) => (errors += text));
  const closed = [process.stdout, process.stderr].map(
    (stream) => new Promise((resolve) => (stream === null ? resolve(null) : stream.once('close', resolve))),
  );
  const timer = setTimeout(() => {
    ended = false;
    if (process.pid !== undefined) signalGroup(process.pid, 'SIGKILL');
  }, TOO_LONG_MS);
  const end = await process.ended;
  if (end.kind === 'unstarted') errors = `it could not be started (${end.code})`;
  else await Promise.all(closed);
  clearTimeout(timer);
  return { output, errors, ended };
}

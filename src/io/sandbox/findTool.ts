import { platform } from 'node:process';
import type { SandboxProbe, SandboxProfile } from '../../protocol/sandbox.ts';
import { findProgram } from '../files/programFiles.ts';
import type { ProcessPlan } from '../processes.ts';
import { inBubblewrap, type Bubblewrap } from './bubblewrap.ts';
import { inSeatbelt, SANDBOX_EXEC } from './seatbelt.ts';
import { seccompFilter } from './seccompFilter.ts';
import { printed, tryOut, type Trial } from './tryOut.ts';

export type SandboxTool =
  | { readonly kind: 'bubblewrap'; readonly bubblewrap: Bubblewrap; readonly weaker: readonly string[] }
  | { readonly kind: 'seatbelt' };

export type ToolSearch = Trial & { readonly arch: string };

type Found =
  | { readonly kind: 'found'; readonly tool: SandboxTool }
  | { readonly kind: 'none'; readonly because: string };

/** Where administrators install to; never a folder of the person's, where what is inside could be replaced. */
const PLACES = ['/usr/bin', '/bin', '/usr/local/bin', '/run/current-system/sw/bin'];

export function inTool(plan: ProcessPlan, profile: SandboxProfile, tool: SandboxTool): ProcessPlan {
  return tool.kind === 'seatbelt' ? inSeatbelt(plan, profile) : inBubblewrap(plan, profile, tool.bubblewrap);
}

export function probeOf(tool: SandboxTool): SandboxProbe {
  if (tool.kind === 'seatbelt') return { kind: 'available', by: 'seatbelt', weaker: [] };
  const { bubblewrap, weaker } = tool;
  return { kind: 'available', by: 'bubblewrap', version: bubblewrap.version, weaker };
}

/** Finds what can hold programs here by having it hold one; the strongest form that works is taken. */
export async function findTool(search: ToolSearch): Promise<Found> {
  if (platform === 'darwin') return findSeatbelt(search);
  const file = await findProgram('bwrap', PLACES, '/');
  if (file === null)
    return none(
      'The program bwrap is not installed; install the package bubblewrap, then reload the window.',
    );
  const shell = await findProgram('sh', PLACES, '/');
  if (shell === null) return none('The sandbox needs the program sh, and there is none in /usr/bin or /bin.');
  const version = /\d+(\.\d+)+/.exec(await printed(file, ['--version']))?.[0] ?? '0';
  const filters = await writeFilters(search);
  const bash = await findProgram('bash', PLACES, '/');
  const strongest: Bubblewrap = {
    ...{ file, version, shell, bash, filters },
    canForbidNesting: isAtLeast(version, 8),
    canName: isAtLeast(version, 9),
  };
  let because = '';
  for (const bubblewrap of formsOf(strongest)) {
    const tool = { kind: 'bubblewrap', bubblewrap, weaker: weaknesses(bubblewrap, search.arch) } as const;
    const trouble = await tryOut((plan, profile) => inTool(plan, profile, tool), shell, search);
    if (trouble === undefined) return { kind: 'found', tool };
    because ||= trouble;
  }
  return none(
    `bubblewrap is installed, but it did not hold when it was tried: ${because}. Where user namespaces are switched off or reserved (Ubuntu 24.04 needs an AppArmor profile for bwrap; containers need them allowed), an administrator has to permit them.`,
  );
}

function formsOf(strongest: Bubblewrap): readonly Bubblewrap[] {
  if (!strongest.canForbidNesting || strongest.filters === null) return [strongest];
  // Some containers do not let the limit be written; the filter refuses new namespaces all the same.
  return [strongest, { ...strongest, canForbidNesting: false }];
}

function weaknesses({ canForbidNesting, filters, version }: Bubblewrap, arch: string): readonly string[] {
  const told: string[] = [];
  if (filters === null)
    told.push(
      `On this kind of machine (${arch}) system calls are not filtered: keyrings and unusual socket families stay within reach.`,
    );
  if (!canForbidNesting)
    told.push(
      `bubblewrap ${version} could not switch off namespaces inside the sandbox; ${filters === null ? 'nothing else does' : 'only the system call filter refuses them'}.`,
    );
  return told;
}

async function findSeatbelt(search: ToolSearch): Promise<Found> {
  const tool: SandboxTool = { kind: 'seatbelt' };
  const trouble = await tryOut(inSeatbelt, '/bin/sh', search);
  return trouble === undefined
    ? { kind: 'found', tool }
    : none(`${SANDBOX_EXEC} did not hold when it was tried: ${trouble}.`);
}

async function writeFilters({ folder, arch }: ToolSearch): Promise<Bubblewrap['filters']> {
  const off = seccompFilter(arch, 'off');
  const all = seccompFilter(arch, 'all');
  if (off === null || all === null) return null;
  return { off: await folder.write('filter-off.bpf', off), all: await folder.write('filter-all.bpf', all) };
}

function isAtLeast(version: string, minor: number): boolean {
  const [first = 0, second = 0] = version.split('.').map(Number);
  return first > 0 || second >= minor;
}

function none(because: string): Found {
  return { kind: 'none', because };
}

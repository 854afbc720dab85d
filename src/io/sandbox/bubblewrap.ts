import { basename } from 'node:path';
import type { SandboxProfile } from '../../protocol/sandbox.ts';
import type { ProcessPlan } from '../processes.ts';

/** What was found on this machine, and which of its possibilities worked when they were tried. */
export type Bubblewrap = {
  readonly file: string;
  readonly version: string;
  /** Opens the filter for bubblewrap, which takes it only as a descriptor. */
  readonly shell: string;
  /** Gives a program its name where bubblewrap itself cannot; null when there is no bash. */
  readonly bash: string | null;
  /** Since 0.8. */
  readonly canForbidNesting: boolean;
  /** Since 0.9. */
  readonly canName: boolean;
  /** Files of seccomp programs; null where the machine's call numbers are not known. */
  readonly filters: { readonly off: string; readonly all: string } | null;
};

const FILTERED = 'exec 9<"$1" && shift && exec "$@"';
const NAMED = 'exec -a "$0" "$@"';

/**
 * The same program, started inside. The order matters twice: outer folders are mounted before what lies in them, and
 * the root is made read-only when every mount point in it stands.
 */
export function inBubblewrap(plan: ProcessPlan, profile: SandboxProfile, tool: Bubblewrap): ProcessPlan {
  const filter = tool.filters?.[profile.network];
  const argv = [
    tool.file,
    ...(filter === undefined ? [] : ['--seccomp', '9']),
    ...namespaces(profile, tool),
    ...disk(profile),
    ...environment(profile),
    '--chdir',
    plan.cwd,
    ...inside(plan, tool),
  ] as const;
  if (filter === undefined) return { ...plan, file: tool.file, argv: [...argv] };
  return { ...plan, file: tool.shell, argv: ['sh', '-c', FILTERED, 'sh', filter, ...argv] };
}

function namespaces({ network }: SandboxProfile, { canForbidNesting }: Bubblewrap): readonly string[] {
  return [
    ...['--unshare-user', '--unshare-pid', '--unshare-ipc', '--unshare-uts', '--unshare-cgroup-try'],
    ...(network === 'off' ? ['--unshare-net'] : []),
    ...(canForbidNesting ? ['--disable-userns'] : []),
    ...['--new-session', '--die-with-parent', '--cap-drop', 'ALL'],
  ];
}

function disk(profile: SandboxProfile): readonly string[] {
  const mounts: readonly (readonly [path: string, ...args: string[]])[] = [
    ...profile.readable.map((path) => [path, '--ro-bind', path, path] as const),
    ['/tmp', '--bind', profile.temporary, '/tmp'],
    ['/var/tmp', '--bind', profile.temporary, '/var/tmp'],
    [profile.home, '--tmpfs', profile.home],
    ...profile.writable.map((path) => [path, '--bind', path, path] as const),
    ...profile.pinned.map((path) => [path, '--bind', path, path] as const),
    ...profile.readOnly.map((path) => [path, '--ro-bind', path, path] as const),
    ...profile.hidden.map(({ path, kind }) =>
      kind === 'folder'
        ? ([path, '--tmpfs', path, '--remount-ro', path] as const)
        : ([path, '--ro-bind', '/dev/null', path] as const),
    ),
  ];
  // Sorting is stable: at the same depth the stricter kinds stay behind the looser ones.
  const outerFirst = mounts.toSorted(([one], [other]) => depth(one) - depth(other));
  return [
    ...['--dev', '/dev', '--proc', '/proc', '--dir', '/run', '--dir', '/var'],
    ...['--symlink', '/run', '/var/run'],
    ...profile.links.flatMap(({ path, to }) => ['--symlink', to, path]),
    ...outerFirst.flatMap(([, ...args]) => args),
    // Settings of the kernel belong to root, capabilities or not; whoever runs the editor as root would change them.
    ...['--remount-ro', '/proc', '--remount-ro', profile.home, '--remount-ro', '/'],
  ];
}

function depth(path: string): number {
  return path.split('/').filter((part) => part !== '').length;
}

/** The home cannot be written; caches that programs insist on go where they last as long as the line. */
function environment({ home }: SandboxProfile): readonly string[] {
  const values = {
    HOME: home,
    TMPDIR: '/tmp',
    XDG_CACHE_HOME: '/tmp/.cache',
    npm_config_cache: '/tmp/.npm',
    npm_config_update_notifier: 'false',
  };
  return Object.entries(values).flatMap(([name, value]) => ['--setenv', name, value]);
}

function inside({ file, argv: [name, ...rest] }: ProcessPlan, tool: Bubblewrap): readonly string[] {
  if (name === file || (basename(name) === basename(file) && !name.includes('/')))
    return ['--', file, ...rest];
  if (tool.canName) return ['--argv0', name, '--', file, ...rest];
  if (tool.bash === null) return ['--', file, ...rest];
  return ['--', tool.bash, '--noprofile', '--norc', '-c', NAMED, name, file, ...rest];
}

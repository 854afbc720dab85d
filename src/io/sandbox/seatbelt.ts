import type { SandboxProfile } from '../../protocol/sandbox.ts';
import type { ProcessPlan } from '../processes.ts';

/** The system's own; one found on a PATH could be anything. */
export const SANDBOX_EXEC = '/usr/bin/sandbox-exec';

/** What programs need to start at all; the home and the folders of other people are none of it. */
const SYSTEM = [
  ...['/System', '/usr', '/bin', '/sbin', '/opt', '/Library', '/Applications/Xcode.app', '/private/etc'],
  ...[
    '/private/var/db/dyld',
    '/private/var/db/timezone',
    '/private/var/select',
    '/private/var/db/xcode_select_link',
  ],
];
const SECRETS = ['/Library/Keychains', '/private/etc/ssh', '/private/etc/sudoers', '/private/etc/sudoers.d'];
const LINKS = ['/etc', '/tmp', '/var', '/private/var/folders', '/private', '/private/tmp', '/private/var'];

/** The same program, started inside. macOS has no private /tmp to give, so the line's own folder is named instead. */
export function inSeatbelt(plan: ProcessPlan, profile: SandboxProfile): ProcessPlan {
  const { file, argv, environment } = plan;
  const { temporary, home } = profile;
  return {
    ...plan,
    file: SANDBOX_EXEC,
    argv: [
      SANDBOX_EXEC,
      '-p',
      seatbeltProfile(profile),
      '/bin/bash',
      ...NAMED,
      argv[0],
      file,
      ...argv.slice(1),
    ],
    environment: {
      ...environment,
      HOME: home,
      TMPDIR: `${temporary}/`,
      XDG_CACHE_HOME: `${temporary}/.cache`,
      npm_config_cache: `${temporary}/.npm`,
      npm_config_update_notifier: 'false',
    },
  };
}

const NAMED = ['--noprofile', '--norc', '-c', 'exec -a "$0" "$@"'] as const;

/**
 * The profile in the language of Seatbelt, where of several rules the last that matches counts: nothing is allowed,
 * then what is named is, then what is protected is taken away again. Names are matched in any case, because the disk
 * takes them so.
 */
export function seatbeltProfile(profile: SandboxProfile): string {
  const { readable, writable, temporary, readOnly, pinned, hidden, home, network } = profile;
  const changed = [...writable, temporary];
  return [
    '(version 1)',
    '(deny default)',
    '(allow process-fork process-exec*)',
    '(allow signal (target same-sandbox))',
    '(allow process-info* (target same-sandbox))',
    '(allow sysctl-read)',
    '(allow mach-lookup (global-name "com.apple.system.opendirectoryd.libinfo") (global-name "com.apple.system.logger") (global-name "com.apple.bsd.dirhelper"))',
    '(allow ipc-posix-sem)',
    '(allow pseudo-tty)',
    `(allow file-read-metadata ${[...LINKS, home, ...ancestors([...changed, ...readable])].map(literal).join(' ')})`,
    `(allow file-read* (literal "/") (literal "/dev") ${[...SYSTEM, ...readable, ...changed].map(subpath).join(' ')})`,
    '(allow file-read* file-write-data file-ioctl (literal "/dev/null") (literal "/dev/zero") (literal "/dev/tty") (literal "/dev/ptmx") (regex #"^/dev/ttys[0-9]+$") (subpath "/dev/fd"))',
    '(allow file-read* (literal "/dev/random") (literal "/dev/urandom"))',
    `(allow file-write* ${changed.map(subpath).join(' ')})`,
    ...(network === 'all'
      ? [
          '(allow network-outbound (remote ip))',
          '(allow network-inbound (local ip))',
          '(allow network-bind (local ip))',
          '(allow system-socket (socket-domain AF_INET) (socket-domain AF_INET6))',
          '(allow network-outbound (literal "/private/var/run/mDNSResponder"))',
          '(allow mach-lookup (global-name "com.apple.SystemConfiguration.configd") (global-name "com.apple.trustd.agent"))',
        ]
      : []),
    // A writable folder itself, and every folder on the way to something protected, stays where it is.
    ...[...writable, ...pinned].flatMap((path) => [
      `(deny file-write-unlink ${anyCase(path, '$')})`,
      `(deny file-write-create ${anyCase(path, '$')})`,
    ]),
    ...readOnly.map((path) => `(deny file-write* ${anyCase(path, '(/|$)')})`),
    // Links to what is hidden or protected would be other names of it.
    ...readOnly.map((path) => `(deny file-link ${anyCase(path, '(/|$)')})`),
    ...[...SECRETS, ...hidden.map(({ path }) => path)].map(
      (path) => `(deny file-read* file-write* ${anyCase(path, '(/|$)')})`,
    ),
    '(deny file-write-setugid)',
    '',
  ].join('\n');
}

function ancestors(paths: readonly string[]): readonly string[] {
  const above = paths.flatMap((path) => {
    const parts = path.split('/').slice(1, -1);
    return parts.map((_, index) => `/${parts.slice(0, index + 1).join('/')}`);
  });
  return [...new Set(above)];
}

function subpath(path: string): string {
  return `(subpath ${quoted(path)})`;
}

function literal(path: string): string {
  return `(literal ${quoted(path)})`;
}

/** A string of the profile's language; control characters cannot be said in it, and no path here needs them. */
function quoted(text: string): string {
  if (/[\0-\x1f\x7f]/.test(text))
    throw new Error('A path with control characters cannot stand in a sandbox profile.');
  return `"${text.replaceAll('\\', '\\\\').replaceAll('"', '\\"')}"`;
}

/** A regular expression is written raw, so quotes and the like are said as classes of one character. */
function anyCase(path: string, end: string): string {
  quoted(path);
  const pattern = Array.from(path.normalize('NFC'), (char) => {
    const [lower, upper] = [char.toLowerCase(), char.toUpperCase()];
    if (lower !== upper && lower.length === 1 && upper.length === 1) return `[${lower}${upper}]`;
    if (/^[A-Za-z0-9/_ -]$/.test(char)) return char;
    return /^["\\^\]]$/.test(char) ? '.' : /^[\x20-\x7e]$/.test(char) ? `[${char}]` : '.+';
  });
  return `(regex #"^${pattern.join('')}${end}")`;
}

import { HOST_PROCESS, known } from './marks.ts';
import { mayNameHost } from './hostProcess.ts';
import { programName } from './programName.ts';
import { inVcs, isInHome, resolve, type Location } from './target.ts';

export type FloorHit = { readonly rule: string; readonly because: string };

/** One thing that would run, as the rules see it: the program's name and its words without marks. */
type FloorCase = {
  readonly name: string;
  readonly args: readonly string[];
  readonly at: Location;
};

type Rule = (subject: FloorCase) => FloorHit | undefined;

function set(words: string): ReadonlySet<string> {
  return new Set(words.split(' '));
}

function named(rule: string, because: string, names: ReadonlySet<string>): Rule {
  return ({ name }) => (names.has(name) ? { rule, because: `${name} ${because}` } : undefined);
}

const PRIVILEGE = named(
  'floor.privilege',
  'acts with another user’s rights; run it in your own terminal if you mean it',
  set(
    'sudo sudoedit su doas pkexec runas gosu su-exec setpriv dzdo please run0 gsudo kdesu kdesudo gksudo gksu beesu sg ' +
      'newgrp super visudo setcap chpasswd passwd usermod useradd adduser groupmod gpasswd machinectl nsenter chroot',
  ),
);

const POWER_NAMES = set('shutdown reboot halt poweroff telinit stop-computer restart-computer kexec');

const power: Rule = ({ name, args }) => {
  const systemctl = name === 'systemctl' || name === 'loginctl';
  const verb = args.find((arg) => !arg.startsWith('-')) ?? '';
  const stops =
    POWER_NAMES.has(name) ||
    (name === 'init' && /^[0156sS]$/.test(verb)) ||
    (systemctl &&
      /^(?:poweroff|reboot|halt|kexec|soft-reboot|suspend|hibernate|hybrid-sleep|rescue|emergency|isolate|exit)$/.test(
        verb,
      ));
  const asks =
    /^(?:dbus-send|busctl|gdbus|qdbus)$/.test(name) &&
    /poweroff|reboot|halt|hibernate|suspend/i.test(args.join(' '));
  return stops || asks
    ? { rule: 'floor.power', because: 'it would stop or restart this machine' }
    : undefined;
};

const DISK_NAMES =
  /^(?:mkfs(?:\..+)?|mke2fs|mkswap|newfs(?:_.+)?|fdisk|sfdisk|cfdisk|gdisk|sgdisk|parted|wipefs|blkdiscard|diskpart|format-volume|clear-disk|initialize-disk|remove-partition|lvremove|vgremove|pvremove|cryptsetup|mdadm|hdparm|nwipe|badblocks|fsck(?:\..+)?|zpool|debugfs)$/;

const disk: Rule = ({ name, args }) => {
  const because = 'it would write to a disk or partition itself';
  if (DISK_NAMES.test(name)) return { rule: 'floor.disk', because };
  if (name === 'format' && args.some((arg) => /^(?:[A-Za-z]:|\/(?:q|fs|v|x|p)\b)/i.test(arg)))
    return { rule: 'floor.disk', because };
  const words = args.join(' ').toLowerCase();
  if (
    name === 'bcdedit' ||
    (name === 'vssadmin' && words.includes('delete')) ||
    (name === 'wbadmin' && words.includes('delete')) ||
    (name === 'cipher' && words.includes('/w'))
  )
    return { rule: 'floor.disk', because };
  if (name === 'diskutil' && args.some((arg) => /erase|partition|zero|secure|reformat|delete/i.test(arg)))
    return { rule: 'floor.disk', because };
  if (name === 'dd' && args.some((arg) => arg.startsWith('of=') && isDevice(arg.slice(3))))
    return { rule: 'floor.disk', because };
  const operandsWritten = /^(?:shred|scrub|srm|wipe|tee|cp|mv|install|truncate|pv|rsync|ln)$/.test(name);
  if (operandsWritten && args.some((arg) => isDevice(arg.replace(/^-[^=]*=/, ''))) && name !== 'pv')
    return readsOnly(name, args) ? undefined : { rule: 'floor.disk', because };
  return undefined;
};

/** `cp /dev/x file` reads the device; only the last operand is written. */
function readsOnly(name: string, args: readonly string[]): boolean {
  if (name !== 'cp' && name !== 'rsync' && name !== 'install' && name !== 'ln') return false;
  return !isDevice(args.at(-1) ?? '') && !args.some((arg) => /^(?:-t|--target-directory)/.test(arg));
}

const HARMLESS_DEVICE =
  /^\/dev\/(?:null|zero|full|u?random|tty|stdin|stdout|stderr|fd(?:\/.*)?|pts(?:\/.*)?|shm\/.+)$/;

function isDevice(path: string): boolean {
  const plain = path.replace(/\/(?:\.?\/)+/g, '/');
  if (/^\/(?:proc|sys)\/./.test(plain)) return true;
  return (/^\/dev\/./.test(plain) && !HARMLESS_DEVICE.test(plain)) || /^\\\\[.?]\\/.test(path);
}

const permission: Rule = ({ name, args }) => {
  const mode = (text: string): boolean =>
    /^[0-7]*[2-7][0-7]{3}$/.test(text) || /(?:^|,)[ugoa]*[+=][rwxXt]*s/.test(text);
  const modes = args.map((arg) => arg.replace(/^(?:--mode=|-m)/, ''));
  if ((name === 'chmod' || name === 'install' || name === 'mkdir') && modes.some(mode))
    return {
      rule: 'floor.setuid',
      because: 'it would make a program run with its owner’s rights (set-user-id)',
    };
  const owner = args.find((arg) => !arg.startsWith('-')) ?? '';
  const toRoot = /^(?:\+?0|root)?(?:[:.](?:\+?0|root|wheel)?)?$/i.test(owner) && owner !== '';
  const installs =
    name === 'install' && /(?:^| )(?:-[og] ?|--(?:owner|group)[= ])(?:root|0)(?: |$)/.test(args.join(' '));
  if (installs || (name === 'chown' && toRoot) || (name === 'chgrp' && /^(?:\+?0|root|wheel)$/.test(owner)))
    return { rule: 'floor.chown-root', because: 'it would give files to root' };
  return undefined;
};

const PERSISTENCE_NAMES = set(
  'crontab at batch atq atrm launchctl schtasks update-rc.d chkconfig rc-update register-scheduledtask new-service',
);

const persistence: Rule = ({ name, args }) => {
  const because = 'it would make something run later, outside of this task';
  const words = args.join(' ');
  if (PERSISTENCE_NAMES.has(name)) return { rule: 'floor.persistence', because };
  if (
    name === 'systemctl' &&
    args.some((arg) => /^(?:enable|reenable|link|preset|mask|unmask|edit|set-default)$/.test(arg))
  )
    return { rule: 'floor.persistence', because };
  if (name === 'loginctl' && args.includes('enable-linger')) return { rule: 'floor.persistence', because };
  if (name === 'sc' && args[0]?.toLowerCase() === 'create') return { rule: 'floor.persistence', because };
  const registry = name === 'reg' || /^(?:set|new)-itemproperty$|^sp$|^new-item$/.test(name);
  if (registry && /currentversion.{0,3}(?:run|policies)|winlogon|\brun(?:once)?\b/i.test(words))
    return { rule: 'floor.persistence', because };
  return undefined;
};

const LOGS =
  /(?:^|\/)var\/log(?:\/|$)|(?:^|\/)\.?(?:bash|zsh|fish|sh|python|node_repl|psql|mysql|less|lesshs?t)_?(?:history|hst)$|(?:^|\/)(?:auth|syslog|wtmp|btmp|lastlog|utmp)(?:\.log)?$/i;

function isLog(path: string): boolean {
  return LOGS.test(path.replaceAll('\\', '/'));
}

const traces: Rule = ({ name, args }) => {
  const hit = { rule: 'floor.traces', because: 'it would wipe a history or a system log' };
  if (name === 'history' && args.some((arg) => /^-[a-z]*[cdw]/.test(arg))) return hit;
  if (name === 'journalctl' && args.some((arg) => /^--(?:vacuum|rotate|flush|relinquish)/.test(arg)))
    return hit;
  if (name === 'dmesg' && args.some((arg) => /^-[a-z]*[cC]|^--(?:clear|read-clear)/.test(arg))) return hit;
  if (/^(?:clear-history|clear-eventlog|remove-eventlog|limit-eventlog)$/.test(name)) return hit;
  if (name === 'wevtutil' && args.some((arg) => /^(?:cl|clear-log)$/i.test(arg))) return hit;
  if (name === 'auditctl' && args.some((arg) => /^-[eDd]/.test(arg))) return hit;
  if (name === 'unset' && args.some((arg) => /^HIST/.test(arg))) return hit;
  if (name === 'set' && /\+o history/.test(args.join(' '))) return hit;
  const wipes = /^(?:rm|unlink|shred|truncate|tee|cp|mv|ln|dd|install|del|remove-item|clear-content)$/.test(
    name,
  );
  if (wipes && args.some((arg) => isLog(arg.replace(/^of=/, ''))) && !copiesFromLog(name, args)) return hit;
  return undefined;
};

function copiesFromLog(name: string, args: readonly string[]): boolean {
  return (name === 'cp' || name === 'ln') && !isLog(args.at(-1) ?? '');
}

const kills: Rule = ({ name, args }) => {
  const hit = {
    rule: 'floor.kill-host',
    because: 'it could end the editor, its extension host or every process',
  };
  if (name === 'kill' && killsEverything(args)) return hit;
  if (name === 'pkill' || name === 'killall') {
    const operands = args.filter((arg) => !arg.startsWith('-'));
    if (
      args.some((arg) => /^-[a-zA-Z]*[uUgGst]$|^--(?:user|euid|uid|session|terminal|pgroup|parent)/.test(arg))
    )
      return hit;
    if (args.includes('-P') || args.includes('--inverse') || args.includes('-v')) return hit;
    if (operands.some((operand) => operand === '' || mayNameHost(operand))) return hit;
  }
  if (name === 'killall5') return hit;
  if (name === 'taskkill' && (args.some(mayNameHost) || args.some((arg) => /^\/fi$/i.test(arg)))) return hit;
  if (/^(?:stop-process|spps)$/.test(name) && args.some((arg) => mayNameHost(arg))) return hit;
  if (name === 'fuser' && args.some((arg) => /^-\w*k/.test(arg)) && args.some((arg) => /^[./]+$/.test(arg)))
    return hit;
  return undefined;
};

/** After the signal, `-1` means every process; `-1` first is the signal hang-up. */
function killsEverything(args: readonly string[]): boolean {
  if (args.some((arg) => /\$PPID/.test(arg))) return true;
  const first = args[0] ?? '';
  const signalled = /^-(?:[A-Za-z]+|\d+)$/.test(first) && args.length > 1;
  const rest = args.slice(signalled ? (/^-[sn]$/.test(first) ? 2 : 1) : 0);
  return rest.some((arg) => /^(?:1|-1|\+1|01)$/.test(arg));
}

const WRITERS = set('find tee cp mv ln install truncate dd rsync sponge sed perl touch mkdir chmod patch');

/** Words that name a file which a program would write; for copies only where they go. */
function written({ name, args }: FloorCase): readonly string[] {
  if (!WRITERS.has(name)) return [];
  const operands = args.filter((arg) => !arg.startsWith('-')).map((arg) => arg.replace(/^of=/, ''));
  if (name === 'sed' || name === 'perl')
    return args.some((arg) => /^-\w*i|^--in-place/.test(arg)) ? operands.slice(1) : [];
  if (name === 'find')
    return args.filter((_, index) => /^-f(?:print(?:0|f)?|ls)$/.test(args[index - 1] ?? ''));
  if (name === 'dd') return args.filter((arg) => arg.startsWith('of=')).map((arg) => arg.slice(3));
  const target = args.flatMap((arg, index) =>
    arg === '-t' ? [args[index + 1] ?? ''] : arg.startsWith('--target-directory=') ? [arg.slice(19)] : [],
  );
  if (/^(?:cp|ln|install|rsync)$/.test(name)) return [...target, operands.at(-1) ?? ''];
  return [...target, ...operands];
}

const STARTS_LATER =
  /(?:^|\/)etc\/(?:cron[^/]*|systemd|init\.d|rc\.local|profile|sudoers|ld\.so\.preload|anacrontab)|\/var\/spool\/(?:cron|at)|\/systemd\/(?:system|user)\/|\/LaunchAgents\/|\/LaunchDaemons\/|\/autostart\/|Start Menu.*Startup/i;

/** What no command may write, whichever way it writes. */
export function writeHit(path: string, at: Location): FloorHit | undefined {
  if (isDevice(path))
    return { rule: 'floor.disk', because: 'it would write to a device or to the running system' };
  if (isLog(path)) return { rule: 'floor.traces', because: 'it would overwrite a history or a system log' };
  if (STARTS_LATER.test(path.replaceAll('\\', '/')))
    return { rule: 'floor.persistence', because: 'it would make something run later, outside of this task' };
  const place = resolve(at, path);
  if (
    isInHome(place) &&
    /^\.(?:bash|z)(?:rc|_?profile|env|_login|_logout|login|logout)$|^\.profile$/.test(
      place.names.at(-1) ?? '',
    )
  )
    return { rule: 'floor.persistence', because: 'it would make something run in every new shell' };
  if (inVcs(place)) return { rule: 'floor.vcs', because: 'it would write inside the version control folder' };
  return undefined;
}

const writes: Rule = (subject) => {
  for (const path of written(subject)) {
    const hit = writeHit(path, subject.at);
    if (hit !== undefined) return hit;
  }
  return undefined;
};

const RULES: readonly Rule[] = [PRIVILEGE, power, disk, permission, persistence, traces, kills, writes];

/** Programs that are refused for what they are; deletion has a file of its own. */
export function programHit(argv: readonly string[], at: Location): FloorHit | undefined {
  const [word = '', ...rest] = argv;
  if (programName(word) === 'kill' && rest.some((arg) => arg.includes(HOST_PROCESS)))
    return { rule: 'floor.kill-host', because: 'it could end the editor or its extension host' };
  const subject: FloorCase = { name: programName(word), args: rest.map(known), at };
  for (const rule of RULES) {
    const hit = rule(subject);
    if (hit !== undefined) return hit;
  }
  return undefined;
}

/** Every name a rule knows by heart, for patterns in the place of a program (`/bin/r?`). */
export const floorNames: readonly string[] = [
  ...'rm rmdir unlink shred dd find git su sudo doas pkexec mkfs wipefs fdisk shutdown reboot halt poweroff'.split(
    ' ',
  ),
  ...'chmod chown crontab at systemctl kill pkill killall sh bash zsh dash env xargs curl wget history'.split(
    ' ',
  ),
];

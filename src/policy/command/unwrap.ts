import { known, UNKNOWN } from './marks.ts';
import { findStarts } from './findPlaces.ts';
import { powerShellStarts } from './powerShell.ts';
import { programName } from './programName.ts';
import type { Started } from './started.ts';

type Wrapper = {
  /** Short and long flags that take the next word as their value. */
  readonly valued: string;
  readonly long?: readonly string[];
  /** Words of its own before the command begins. */
  readonly skip?: number;
  /** Hands the words, joined, to a shell. */
  readonly joins?: boolean;
};

const PLAIN_WRAPPER: Wrapper = { valued: '' };

/** Programs whose arguments end in another command, with the flags that take a value. */
const WRAPPERS: ReadonlyMap<string, Wrapper> = new Map<string, Wrapper>([
  ['command', PLAIN_WRAPPER],
  ['builtin', PLAIN_WRAPPER],
  ['exec', { valued: 'a' }],
  ['nohup', PLAIN_WRAPPER],
  ['noglob', PLAIN_WRAPPER],
  ['nocorrect', PLAIN_WRAPPER],
  ['coproc', PLAIN_WRAPPER],
  [
    'env',
    { valued: 'uCS', long: ['--unset', '--chdir', '--split-string', '--block-signal', '--default-signal'] },
  ],
  ['nice', { valued: 'n', long: ['--adjustment'] }],
  ['ionice', { valued: 'cn', long: ['--class', '--classdata'] }],
  ['chrt', { valued: 'TPD', skip: 1 }],
  ['taskset', { valued: '', skip: 1 }],
  ['time', { valued: 'fo', long: ['--format', '--output'] }],
  ['timeout', { valued: 'ks', long: ['--kill-after', '--signal'], skip: 1 }],
  ['gtimeout', { valued: 'ks', long: ['--kill-after', '--signal'], skip: 1 }],
  ['setsid', PLAIN_WRAPPER],
  ['stdbuf', { valued: 'ioe', long: ['--input', '--output', '--error'] }],
  ['unbuffer', PLAIN_WRAPPER],
  ['watch', { valued: 'nq', long: ['--interval', '--equexit'], joins: true }],
  ['busybox', PLAIN_WRAPPER],
  ['toybox', PLAIN_WRAPPER],
  ['strace', { valued: 'abeEIoOpPsSuUX' }],
  ['ltrace', { valued: 'aAeFlnopsuwx' }],
  ['valgrind', PLAIN_WRAPPER],
  ['catchsegv', PLAIN_WRAPPER],
  ['eatmydata', PLAIN_WRAPPER],
  ['faketime', { valued: 'f', skip: 1 }],
  ['torsocks', PLAIN_WRAPPER],
  ['proxychains', { valued: 'f' }],
  ['proxychains4', { valued: 'f' }],
  ['fakeroot', { valued: 'lsib' }],
  ['proot', { valued: 'rbwq' }],
  ['firejail', PLAIN_WRAPPER],
  ['xvfb-run', { valued: 'efnps' }],
  ['dbus-run-session', PLAIN_WRAPPER],
  [
    'systemd-run',
    { valued: 'pPEuMH', long: ['--property', '--unit', '--setenv', '--description', '--slice'] },
  ],
  ['systemd-inhibit', PLAIN_WRAPPER],
  ['caffeinate', { valued: 'tw' }],
  ['arch', { valued: 'de' }],
  ['rlwrap', { valued: 'abcCdDeEfFgHIlmMnNopPqrRsStTwWz' }],
  ['prlimit', { valued: 'p' }],
  ['flock', { valued: 'wE', long: ['--timeout', '--conflict-exit-code'], skip: 1 }],
  ['direnv', { valued: '', skip: 2 }],
  ['ssh', { valued: 'bcDEeFIiJLlmOopQRSWw', skip: 1, joins: true }],
  ['entr', { valued: '' }],
  ['unshare', { valued: 'SGR' }],
]);

export const SHELLS = new Set('sh bash zsh dash ash ksh mksh rbash fish tcsh csh yash posh'.split(' '));

/** Everything an argument vector would start. `input` is what its standard input holds, for xargs and its kin. */
export function startedBy(argv: readonly string[], input: string): readonly Started[] {
  const [word = '', ...args] = argv.map((one) => (one.includes(UNKNOWN) ? one.replaceAll(UNKNOWN, '') : one));
  const name = programName(word);
  if (SHELLS.has(name)) return shellStarts(args);
  if (name === 'eval') return [{ kind: 'script', text: args.join(' '), args: [] }];
  if (name === 'source' || name === '.')
    return args[0] === undefined ? [] : [fileOrInput(args[0], args.slice(1))];
  if (name === 'trap') return scripts(args.filter((arg) => !arg.startsWith('-')).slice(0, 1));
  if (name === 'alias')
    return scripts(args.flatMap((arg) => (arg.includes('=') ? [arg.slice(arg.indexOf('=') + 1)] : [])));
  if (name === 'complete' || name === 'compgen') return scripts(afterFlag(args, ['-C', '-W', '-F']));
  if (name === 'mapfile' || name === 'readarray') return scripts(afterFlag(args, ['-C']));
  if (name === 'script') return scripts(afterFlag(args, ['-c', '--command']));
  if (name === 'xargs') return xargsStarts(args, input);
  if (name === 'parallel') return parallelStarts(args, input);
  if (name === 'fd' || name === 'fdfind') return fdStarts(args);
  if (name === 'find' || name === 'gfind' || name === 'bfs') return findStarts(args);
  if (name === 'cmd') return cmdStarts(args);
  if (name === 'pwsh' || name === 'powershell') return powerShellStarts(args, input);
  if (name === 'git') return gitStarts(args);
  if (name === 'npm' || name === 'pnpm' || name === 'yarn')
    return scripts(afterFlag(args, ['-c', '--call', '--shell-mode']));
  if (/^(?:g|d|n)?make$/.test(name))
    return scripts(
      args.flatMap((arg) => (/^[A-Z_]+[:?+]?=/.test(arg) ? [arg.slice(arg.indexOf('=') + 1)] : [])),
    );
  if (name === 'npx' || name === 'bunx' || name === 'pnpx') return scripts(afterFlag(args, ['-c', '--call']));
  if (name === 'tar' || name === 'bsdtar') return tarStarts(args);
  if (name === 'iex' || name === 'invoke-expression')
    return [{ kind: 'script', text: args.join(' ') || input, args: [] }];
  if (name === 'command' && args.some((arg) => /^-[pvV]*[vV]/.test(arg))) return [];
  const wrapper = WRAPPERS.get(name);
  return wrapper === undefined ? [] : wrapped(name, wrapper, args);
}

function scripts(texts: readonly string[]): readonly Started[] {
  return texts.map((text) => ({ kind: 'script', text, args: [] }));
}

function wrapped(name: string, wrapper: Wrapper, args: readonly string[]): readonly Started[] {
  const found: Started[] = [];
  const own = ownWords(wrapper, args);
  let rest = args.slice(own.end);
  if (name === 'env') {
    for (const text of own.values.filter(({ flag }) => /^(?:-\w*S|--split-string)/.test(flag)))
      found.push({ kind: 'script', text: [text.value, ...rest].join(' '), args: [] });
    while (/^[^=/]*=/.test(rest[0] ?? '')) rest = rest.slice(1);
  }
  if (name === 'flock') found.push(...scripts(afterFlag(args, ['-c', '--command'])));
  if (rest.length === 0) return found;
  if (wrapper.joins === true) found.push({ kind: 'script', text: rest.join(' '), args: [] });
  found.push({ kind: 'argv', argv: rest });
  if (own.unsure && rest.length > 1) found.push({ kind: 'argv', argv: rest.slice(1) });
  return found;
}

type OwnWords = {
  readonly end: number;
  readonly values: readonly { readonly flag: string; readonly value: string }[];
  /** A long flag that is not in the table may have taken the next word. */
  readonly unsure: boolean;
};

function ownWords({ valued, long = [], skip = 0 }: Wrapper, args: readonly string[]): OwnWords {
  const values: { flag: string; value: string }[] = [];
  let unsure = false;
  let at = 0;
  while (at < args.length) {
    const arg = known(args[at] ?? '');
    if (arg === '--') {
      at += 1;
      break;
    }
    if (!/^-./.test(arg) && arg !== '-') break;
    at += 1;
    if (arg.startsWith('--')) {
      const [flag = '', value] = [
        arg.split('=')[0],
        arg.includes('=') ? arg.slice(arg.indexOf('=') + 1) : undefined,
      ];
      if (value !== undefined) values.push({ flag, value });
      else if (long.some((one) => one.startsWith(flag))) {
        values.push({ flag, value: args[at] ?? '' });
        at += 1;
      } else unsure = true;
      continue;
    }
    const letter = Array.from(arg.slice(1)).findIndex((one) => valued.includes(one));
    if (letter === -1) continue;
    const inline = arg.slice(letter + 2);
    values.push({ flag: arg.slice(0, letter + 2), value: inline === '' ? (args[at] ?? '') : inline });
    if (inline === '') at += 1;
  }
  return { end: at + skip, values, unsure };
}

function shellStarts(args: readonly string[]): readonly Started[] {
  for (let at = 0; at < args.length; at += 1) {
    const arg = known(args[at] ?? '');
    if (arg === '--command' || /^-[A-Za-z]*c/.test(arg)) {
      const rest = args.slice(at + 1);
      const first = rest.findIndex((one) => !/^[-+]./.test(one));
      const text = first === -1 ? undefined : rest[first];
      return text === undefined ? [] : [{ kind: 'script', text, args: rest.slice(first + 1) }];
    }
    if (/^[-+][A-Za-z]*[oO]$/.test(arg) || arg === '--rcfile' || arg === '--init-file') at += 1;
    else if (/^-[A-Za-z]*s/.test(arg)) return [{ kind: 'input', args: args.slice(at + 1) }];
    else if (arg === '-' || !/^[-+]/.test(arg)) return [fileOrInput(args[at] ?? '', args.slice(at + 1))];
  }
  return [{ kind: 'input', args: [] }];
}

function fileOrInput(name: string, args: readonly string[]): Started {
  if (/^(?:-|\/dev\/(?:stdin|fd\/0)|\/proc\/self\/fd\/0)$/.test(known(name))) return { kind: 'input', args };
  return { kind: 'file', name, args };
}

function afterFlag(args: readonly string[], flags: readonly string[]): readonly string[] {
  return args.flatMap((arg, index) => {
    const inline = flags.find((flag) => flag.startsWith('--') && arg.startsWith(`${flag}=`));
    if (inline !== undefined) return [arg.slice(inline.length + 1)];
    return flags.includes(arg) && args[index + 1] !== undefined ? [args[index + 1] ?? ''] : [];
  });
}

function xargsStarts(args: readonly string[], input: string): readonly Started[] {
  const own = ownWords(
    {
      valued: 'aEIiLlnPsd',
      long: ['--arg-file', '--max-args', '--max-procs', '--replace', '--delimiter', '--max-lines'],
    },
    args,
  );
  const command = args.slice(own.end);
  const words = input.split(/[\s\0]+/).filter((word) => word !== '');
  const replaced = own.values.find(({ flag }) => /I|i|--replace/.test(flag))?.value;
  if (command.length === 0) return [];
  const lines = input.split(/[\n\0]+/).filter((line) => line !== '');
  if (replaced !== undefined && replaced !== '')
    return [...new Set([UNKNOWN, ...lines, ...words])].map((word) => ({
      kind: 'argv',
      argv: command.map((one) => one.replaceAll(replaced, word)),
    }));
  // With no input at all, which nobody can rule out, the command runs once as it stands.
  const variants = [[...command, ...words]];
  if (words.length > 0) variants.push(command);
  if (lines.length !== words.length) variants.push([...command, ...lines]);
  return variants.map((argv) => ({ kind: 'argv', argv }));
}

function parallelStarts(args: readonly string[], input: string): readonly Started[] {
  const own = ownWords(
    { valued: 'jNnIaLSsd', long: ['--jobs', '--max-args', '--arg-file', '--sshlogin'] },
    args,
  );
  const rest = args.slice(own.end);
  const mark = rest.findIndex((word) => /^:{3,4}\+?$/.test(word));
  const command = mark === -1 ? rest : rest.slice(0, mark);
  const given =
    mark === -1 ? input.split('\n') : rest.slice(mark + 1).filter((word) => !/^:{3,4}\+?$/.test(word));
  return [UNKNOWN, ...given.filter((word) => word !== '')].map((word) => {
    const text = command.join(' ');
    if (text.includes('{}')) return { kind: 'script', text: text.replaceAll('{}', word), args: [] };
    return { kind: 'script', text: word === UNKNOWN ? text : `${text} ${word}`, args: [] };
  });
}

function fdStarts(args: readonly string[]): readonly Started[] {
  const at = args.findIndex((arg) => /^(?:-x|-X|--exec|--exec-batch)$/.test(arg));
  if (at === -1) return [];
  const patterns = args.slice(0, at).filter((arg) => !arg.startsWith('-'));
  const narrow = args.slice(0, at).some((arg) => arg === '-e' || arg.startsWith('--extension'));
  const place =
    narrow || (patterns[0] !== undefined && !/^[.*^$]*$/.test(patterns[0]))
      ? 'narrowed'
      : (patterns[1] ?? '.');
  const command = args.slice(at + 1).filter((arg) => arg !== ';');
  const filled = command.map((word) => word.replaceAll(/\{[/.]*\}/g, place));
  return [{ kind: 'argv', argv: command.some((word) => word.includes('{')) ? filled : [...filled, place] }];
}

function cmdStarts(args: readonly string[]): readonly Started[] {
  const at = args.findIndex((arg) => /^\/[ck]$/i.test(arg));
  return at === -1
    ? []
    : [{ kind: 'argv', argv: args.slice(at + 1) }, ...scripts([args.slice(at + 1).join(' ')])];
}

/** git runs shell commands that it finds in its configuration and behind some of its subcommands. */
function gitStarts(args: readonly string[]): readonly Started[] {
  const found = args.flatMap((arg) => {
    const value = /^[A-Za-z][\w.-]*\.[^=]*=(.*)$/s.exec(arg)?.[1] ?? arg;
    if (value.startsWith('!')) return [value.slice(1)];
    return value !== arg &&
      /^(?:core\.(?:fsmonitor|sshcommand|pager|editor|askpass|hookspath)|diff\.|sequence\.|credential|filter|merge|gpg|pager\.|alias\.)/i.test(
        arg,
      )
      ? [value]
      : [];
  });
  const run = args.findIndex((arg) => arg === 'foreach' || arg === 'run');
  if (run !== -1)
    found.push(
      args
        .slice(run + 1)
        .filter((arg) => !arg.startsWith('--'))
        .join(' '),
    );
  found.push(
    ...afterFlag(args, [
      '-x',
      '--exec',
      '--tree-filter',
      '--index-filter',
      '--msg-filter',
      '--env-filter',
      '--extcmd',
      '--upload-pack',
    ]),
  );
  return scripts(found);
}

function tarStarts(args: readonly string[]): readonly Started[] {
  const commands = args.flatMap((arg) => {
    const value =
      /^--(?:to-command|use-compress-program|rsh-command|checkpoint-action=exec|info-script|new-volume-script)=(.*)$/s.exec(
        arg,
      );
    return value?.[1] === undefined ? [] : [value[1]];
  });
  return scripts([...commands, ...afterFlag(args, ['-I', '-F', '--to-command', '--use-compress-program'])]);
}

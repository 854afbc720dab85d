import { known, UNKNOWN } from './marks.ts';
import { programName } from './programName.ts';
import type { FloorHit } from './floorRules.ts';
import { moved, precious, resolve, type Location, type Surroundings } from './target.ts';

type Deletion = { readonly targets: readonly string[]; readonly recursive: boolean };

/** What a program would delete with everything in it, when that is something nobody should lose to a command. */
export function deletionHit(
  argv: readonly string[],
  written: readonly string[],
  input: string,
  at: Location,
  surroundings: Surroundings,
): FloorHit | undefined {
  const name = programName(argv[0] ?? '');
  const args = argv.slice(1);
  if (name === 'git') return gitHit(args.map(known), at, surroundings);
  for (const words of [args, written.slice(1), written.slice(1).join(' ').split(/\s+/)]) {
    const deletion = deletionBy(name, words, input);
    const hit = deletion === undefined ? undefined : hitOf(deletion, at, surroundings);
    if (hit !== undefined) return hit;
  }
  return undefined;
}

function hitOf(
  { targets, recursive }: Deletion,
  at: Location,
  surroundings: Surroundings,
): FloorHit | undefined {
  for (const target of targets) {
    if (known(target) === '') continue;
    const what = precious(resolve(at, target), surroundings, recursive);
    if (what !== undefined)
      return { rule: 'floor.delete', because: `it would delete ${what} (${known(target)})` };
  }
  return undefined;
}

function deletionBy(name: string, args: readonly string[], input: string): Deletion | undefined {
  switch (name) {
    case 'rm':
    case 'grm':
    case 'srm':
    case 'trash':
    case 'rimraf':
    case 'shred':
      return removal(name, args);
    case 'unlink':
      return { targets: args, recursive: false };
    case 'remove-item':
    case 'ri':
    case 'del':
    case 'erase':
    case 'rd':
    case 'rmdir':
    case 'deltree':
      return windowsRemoval(args, input);
    case 'mv':
      return { targets: operandsOf(args).slice(0, -1), recursive: true };
    case 'rsync':
      return args.some((arg) => /^--del/.test(arg))
        ? { targets: operandsOf(args).slice(-1), recursive: true }
        : undefined;
    case '':
      return guessed(args);
    default:
      return undefined;
  }
}

function operandsOf(args: readonly string[]): readonly string[] {
  const end = args.indexOf('--');
  const before = (end === -1 ? args : args.slice(0, end)).filter((arg) => !/^-./.test(known(arg)));
  return end === -1 ? before : [...before, ...args.slice(end + 1)];
}

/** Long flags may be shortened as far as they stay clear; a flag that cannot be told may be any. */
function removal(name: string, args: readonly string[]): Deletion | undefined {
  const end = args.indexOf('--');
  const flags = (end === -1 ? args : args.slice(0, end)).filter(
    (arg) => /^-./.test(known(arg)) || arg.includes(UNKNOWN),
  );
  const short = flags.filter((flag) => !flag.startsWith('--')).join('');
  const long = flags.filter((flag) => flag.startsWith('--')).map((flag) => flag.slice(2));
  const unsure = flags.some((flag) => flag.includes(UNKNOWN) && known(flag).replace(/^-+/, '') === '');
  const recursive =
    name === 'rimraf' ||
    name === 'trash' ||
    unsure ||
    /[rR]/.test(short) ||
    long.some((flag) => 'recursive'.startsWith(flag) || flag === 'no-preserve-root');
  const forced = /[fF]/.test(short) || name === 'shred' || long.some((flag) => 'force'.startsWith(flag));
  return recursive || forced ? { targets: operandsOf(args), recursive } : undefined;
}

/**
 * `del /s`, `rd /s` and `Remove-Item -Recurse`; flags in any case, shortened, joined, before or after the names. What
 * is piped in is removed when nothing is named.
 */
function windowsRemoval(args: readonly string[], input: string): Deletion | undefined {
  const flags = args.filter((arg) => /^(?:(?:\/[a-z](?::[^/]*)?)+|-[a-z]+(?::.*)?)$/i.test(arg));
  const wide = flags.some((flag) => /\/[sq]/i.test(flag) || /^-(?:r|fo?)/i.test(flag));
  if (!wide) return undefined;
  const named = args.filter((arg) => !flags.includes(arg)).flatMap((arg) => arg.split(','));
  return { targets: named.length > 0 ? named : input.split('\n'), recursive: true };
}

/** A program whose name cannot be told, called as only a deletion is. */
function guessed(args: readonly string[]): Deletion | undefined {
  return args.some((arg) => /^-\w*[rR]\w*f|^-\w*f\w*[rR]/.test(arg))
    ? { targets: operandsOf(args), recursive: true }
    : undefined;
}

const GIT_VALUED = /^(?:-C|-c|--git-dir|--work-tree|--namespace|--exec-path|--super-prefix|--config-env)$/;

function gitHit(args: readonly string[], at: Location, surroundings: Surroundings): FloorHit | undefined {
  let place = at;
  let index = 0;
  while (index < args.length && /^-/.test(args[index] ?? '')) {
    const flag = args[index] ?? '';
    if (flag === '-C') place = moved(place, args[index + 1]);
    if (flag.startsWith('--work-tree=')) place = moved(place, flag.slice(12));
    if (flag === '--work-tree') place = moved(place, args[index + 1]);
    index += GIT_VALUED.test(flag) ? 2 : 1;
  }
  const [verb = '', ...rest] = args.slice(index);
  if (verb === 'clean') return cleanHit(rest, place, surroundings);
  const recursive = rest.some((arg) => /^-\w*r/.test(arg));
  if (verb === 'rm' && recursive && !rest.includes('--cached'))
    return hitOf({ targets: operandsOf(rest), recursive: true }, place, surroundings);
  return undefined;
}

function cleanHit(
  args: readonly string[],
  place: Location,
  surroundings: Surroundings,
): FloorHit | undefined {
  const flags = args.filter((arg) => /^-[a-zA-Z]/.test(arg)).join('');
  if (!flags.includes('x') || flags.includes('n') || args.includes('--dry-run')) return undefined;
  const operands = operandsOf(args);
  const hit = hitOf(
    { targets: operands.length === 0 ? ['.'] : operands, recursive: true },
    place,
    surroundings,
  );
  if (hit === undefined) return undefined;
  return {
    rule: 'floor.delete',
    because: 'it would delete every file of the workspace that git does not keep',
  };
}

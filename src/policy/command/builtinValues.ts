import { known, NEXT } from './marks.ts';

export type NamedValues = { readonly name: string; readonly values: readonly string[] };

/** The variables that a builtin of the shell fills from its arguments or its input. */
export function builtinValues(
  program: string,
  args: readonly string[],
  input: string,
): readonly NamedValues[] {
  if (program === 'read') return readInto(args, input);
  if (program === 'mapfile' || program === 'readarray') {
    const name = args.filter((arg) => !arg.startsWith('-')).at(-1) ?? 'MAPFILE';
    return [{ name, values: [input.split('\n').join(NEXT)] }];
  }
  if (program === 'printf' && args[0] === '-v' && args[1] !== undefined)
    return [{ name: args[1], values: [args.slice(2).join(' '), args.slice(3).join(' ')] }];
  return [];
}

/** Each name may get its field, and the last one the rest; every line may be the one that is read. */
function readInto(args: readonly string[], input: string): readonly NamedValues[] {
  const flags = args.findIndex((arg) => !arg.startsWith('-'));
  const names = flags === -1 ? ['REPLY'] : args.slice(flags);
  const lines = input.split('\n').filter((line) => line.trim() !== '');
  return names.map((name, index) => ({
    name,
    values: lines.map((line) => {
      const fields = line.trim().split(/\s+/);
      return (index === names.length - 1 ? fields.slice(index) : fields.slice(index, index + 1)).join(' ');
    }),
  }));
}

const EVALUATES = new Set(
  'test [ let printf read declare typeset local export readonly unset mapfile readarray wait'.split(' '),
);

/** Arguments that bash evaluates once more, so that a quoted substitution in an index runs after all. */
export function evaluatedAgain(program: string, args: readonly string[]): readonly string[] {
  return EVALUATES.has(program) ? args.filter(holdsSubstitution) : [];
}

export function holdsSubstitution(text: string): boolean {
  return /\$\(|`/.test(known(text));
}

/** Variables whose value some program hands to a shell. */
export function isCommandVariable(name: string): boolean {
  return /^(?:(?:GIT_|MAN|SYSTEMD_|AWS_)?PAGER|(?:GIT_(?:SEQUENCE_)?|FC|SUDO_|HG)?EDITOR|VISUAL|BROWSER|(?:GIT_|SSH_|SUDO_)ASKPASS|GIT_SSH(?:_COMMAND)?|GIT_EXTERNAL_DIFF|GIT_PROXY_COMMAND|PROMPT_COMMAND|PS[0-4]|LESS(?:OPEN|CLOSE)|RSYNC_RSH|TAR_OPTIONS|MAKEFLAGS|CC|CXX|LD)$/.test(
    name,
  );
}

/**
 * Words that bash acts on itself although there are programs of that name. Where the two do the same, the program is
 * run; this says where they would not.
 */
export function differsFromProgram(argv: readonly string[]): boolean {
  const [name = '', ...args] = argv;
  switch (name) {
    case 'echo':
      return echoDiffers(args);
    case 'printf':
      return printfDiffers(args);
    case 'true':
    case 'false':
      return args.length === 1 && isHelp(args[0]);
    case 'test':
      return testDiffers(args);
    case '[':
      return args.at(-1) !== ']' || testDiffers(args.slice(0, -1));
    case 'kill':
      return killDiffers(args);
    case 'pwd':
      return args.length > 0;
    default:
      return false;
  }
}

function isHelp(word: string | undefined): boolean {
  return word === '--help' || word === '--version';
}

/** Escapes are read differently after `-e`. */
function echoDiffers(args: readonly string[]): boolean {
  if (args.length === 1 && isHelp(args[0])) return true;
  const end = args.findIndex((word) => !/^-[neE]+$/.test(word));
  const options = end === -1 ? args : args.slice(0, end);
  return options.some((word) => word.includes('e'));
}

const DIRECTIVE = /%(?:%|-?[0-9]*(?:\.[0-9]+)?[sdi])/g;
const NUMBER_DIRECTIVE = /%-?[0-9]*(?:\.[0-9]+)?[di]/;
const DECIMAL = /^-?(?:0|[1-9][0-9]{0,17})$/;

/** Only formats of text, %s, %d and the common escapes; numbers only where every value is one. */
function printfDiffers(args: readonly string[]): boolean {
  const [format, ...values] = args;
  if (format === undefined || format.startsWith('-')) return true;
  const rest = format.replace(DIRECTIVE, '');
  if (rest.includes('%') || /\\(?![abfnrtv\\])/.test(rest)) return true;
  if (NUMBER_DIRECTIVE.test(format) && !values.every((value) => DECIMAL.test(value))) return true;
  // The program complains of values that no directive takes; bash does not.
  return values.length > 0 && (format.match(DIRECTIVE) ?? []).every((directive) => directive === '%%');
}

const UNARY = /^-[bcdefghknprsuwxzLOGS]$/;
const TEXT_BINARY = ['=', '==', '!=', '-nt', '-ot', '-ef'];
const NUMBER_BINARY = ['-eq', '-ne', '-lt', '-le', '-gt', '-ge'];

function testDiffers(given: readonly string[]): boolean {
  const args = given[0] === '!' && given.length > 1 ? given.slice(1) : given;
  const [first = '', second = '', third = ''] = args;
  if (args.length <= 1) return isHelp(first);
  if (args.length === 2) return !UNARY.test(first);
  if (args.length > 3 || first === '!' || first === '(') return true;
  if (TEXT_BINARY.includes(second)) return false;
  return !NUMBER_BINARY.includes(second) || ![first, third].every((word) => DECIMAL.test(word));
}

/** Jobs and lists of signals belong to the shell; a negative number is a group. */
function killDiffers(args: readonly string[]): boolean {
  const [first = '', ...rest] = args;
  const ids = /^-(?:[A-Z]+|[0-9]+)$/.test(first) && first !== '-L' ? rest : args;
  return ids.length === 0 || !ids.every((word) => /^[1-9][0-9]*$/.test(word));
}

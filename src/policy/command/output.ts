import { DOWNLOADED, HIDDEN, HOST_PROCESS, known, marksIn, UNKNOWN } from './marks.ts';
import { findPlaces } from './findPlaces.ts';
import { mayNameHost } from './hostProcess.ts';
import { programName } from './programName.ts';

const MAX_OUTPUT = 32_768;

const DOWNLOADERS = new Set(
  (
    'curl wget wget2 fetch aria2c http https httpie xh lynx links w3m lwp-request lwp-download nc ncat netcat socat ' +
    'iwr irm invoke-webrequest invoke-restmethod start-bitstransfer certutil bitsadmin ftp tftp scp sftp rsync ssh ' +
    'telnet dig nslookup'
  ).split(' '),
);

const DECODERS = new Set('base64 base32 basenc xxd openssl uudecode gpg ascii85'.split(' '));
const UNPACKERS = new Set('gunzip zcat bunzip2 bzcat unxz xzcat zstdcat unzstd lz4cat uncompress'.split(' '));
const REWRITERS = new Set(
  'tr sed awk gawk mawk nawk perl python python3 ruby rev tac cut paste od hexdump'.split(' '),
);

/** What a program would print, as far as can be told from its arguments and its input. */
export function outputOf(
  argv: readonly string[],
  input: string,
  files: (name: string) => string | undefined,
): string {
  return printed(argv, input, files).slice(0, MAX_OUTPUT);
}

function printed(
  argv: readonly string[],
  input: string,
  files: (name: string) => string | undefined,
): string {
  const [word = '', ...args] = argv;
  const name = programName(word);
  const operands = args.filter((arg) => !/^-./.test(arg));
  if (name === 'echo') return echoed(args);
  if (name === 'printf') return formatted(args[0] === '--' || args[0] === '-v' ? args.slice(1) : args);
  if (name === 'cat' || name === 'tee' || name === 'head' || name === 'tail')
    return operands.length === 0 || name === 'tee'
      ? input
      : operands.map((operand) => files(operand) ?? UNKNOWN + marksIn(operand)).join('\n');
  if (name === 'pwd' || name === 'realpath' || name === 'readlink') return operands[0] ?? '.';
  if (name === 'git' && args.includes('--show-toplevel')) return '.';
  if (name === 'which' || name === 'type' || name === 'whereis' || name === 'command')
    return operands[0] ?? '';
  if (name === 'ls' || name === 'dir' || name === 'gci' || name === 'get-childitem')
    return operands.length === 0 ? '*' : operands.map((operand) => `${operand}/*`).join('\n');
  if (name === 'find' || name === 'gfind' || name === 'bfs') return findPlaces(args).join('\n');
  if (/^[ef]?grep$/.test(name) && operands[0] !== undefined && mayNameHost(operands[0]))
    return UNKNOWN + HOST_PROCESS + marksIn(input);
  if (name === 'pgrep' || name === 'pidof')
    return operands.some((operand) => mayNameHost(operand)) ? HOST_PROCESS : UNKNOWN;
  if (DOWNLOADERS.has(name)) return DOWNLOADED;
  if (DECODERS.has(name) || UNPACKERS.has(name)) return decoded(name, args, input);
  if (REWRITERS.has(name)) return rewritten(name, input);
  return UNKNOWN + marksIn(input);
}

function echoed(args: readonly string[]): string {
  const flags = args.findIndex((arg) => !/^-[neE]+$/.test(arg));
  const words = flags === -1 ? [] : args.slice(flags);
  const text = words.join(' ');
  const escapes = args.slice(0, flags === -1 ? 0 : flags).some((flag) => flag.includes('e'));
  return escapes ? unescaped(text) : text;
}

function formatted(args: readonly string[]): string {
  const [format = '', ...values] = args;
  const queue = [...values];
  const once = (): string =>
    unescaped(format).replace(/%%|%[-+ #0-9.]*([a-zA-Z])/g, (directive, kind: string | undefined) => {
      if (kind === undefined) return directive === '%%' ? '%' : directive;
      const value = queue.shift() ?? '';
      return kind === 'b' ? unescaped(value) : value;
    });
  let text = once();
  for (let round = 0; queue.length > 0 && format.includes('%') && round < 64; round += 1) text += once();
  return text;
}

/** The escapes of `echo -e` and `printf`. */
function unescaped(text: string): string {
  return text.replace(
    /\\(?:x([0-9a-fA-F]{1,2})|u([0-9a-fA-F]{1,4})|0?([0-7]{1,3})|([abefnrtv\\"']))/g,
    (
      _,
      hex: string | undefined,
      unicode: string | undefined,
      octal: string | undefined,
      letter: string | undefined,
    ) => {
      if (hex !== undefined || unicode !== undefined)
        return String.fromCharCode(parseInt(hex ?? unicode ?? '', 16));
      if (octal !== undefined) return String.fromCharCode(parseInt(octal, 8));
      if (letter === 'n') return '\n';
      return letter === '\\' || letter === '"' || letter === "'" ? letter : ' ';
    },
  );
}

function decoded(name: string, args: readonly string[], input: string): string {
  const decodes =
    UNPACKERS.has(name) ||
    args.some((arg) => /^(?:-\w*[dDr]\w*|--dec\w*|--reverse|-base64|enc)$/.test(arg) || arg === 'revert');
  if (!decodes) return UNKNOWN + marksIn(input);
  const text = known(input).trim();
  if (text === '' || text !== input.trim()) return HIDDEN + marksIn(input);
  const bytes =
    name === 'xxd'
      ? Buffer.from(text.replace(/\s/g, ''), 'hex')
      : name === 'base64' || name === 'openssl' || name === 'basenc'
        ? Buffer.from(text, 'base64')
        : undefined;
  return bytes === undefined ? HIDDEN : HIDDEN + bytes.toString('utf8');
}

/** Text that another program rewrote is no longer what the line shows. */
function rewritten(name: string, input: string): string {
  const text = known(input).trim();
  if (name === 'rev') return HIDDEN + Array.from(text).reverse().join('') + marksIn(input);
  return text === '' ? UNKNOWN + marksIn(input) : HIDDEN + marksIn(input);
}

/** The files a downloader would leave behind, by their last names. */
export function downloadedFiles(name: string, args: readonly string[]): readonly string[] {
  if (!DOWNLOADERS.has(name)) return [];
  const named = args.flatMap((arg, index) => {
    const inline =
      /^(?:--output(?:-document)?=|-outfile:)(.*)$/i.exec(arg)?.[1] ?? /^-[oO](.+)$/.exec(arg)?.[1];
    if (inline !== undefined) return [inline];
    const takesName = /^-(?:\w*[oO]|-output|-output-document|outfile)$/i.test(arg);
    return takesName && args[index + 1] !== undefined ? [args[index + 1] ?? ''] : [];
  });
  const remote = args
    .filter((arg) => !arg.startsWith('-') && arg.includes('/'))
    .map((url) => url.replace(/[?#].*$/, ''));
  return [...named, ...remote]
    .map((file) => known(file).split(/[\\/]/).at(-1) ?? '')
    .filter((file) => file !== '' && file !== '-');
}

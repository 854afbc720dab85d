import { troubleInWords } from './audit/troubleInWords.ts';
import { list, show } from './cli/records.ts';
import { redact } from './cli/redact.ts';
import { report } from './cli/report.ts';
import { checkpoint, keys } from './cli/seals.ts';
import type { Command } from './cli/command.ts';
import { DONE, say, UNUSABLE, unusable } from './cli/terminal.ts';
import { verify } from './cli/verify.ts';
import { diff, window } from './cli/windows.ts';
import { exported } from './cli/export.ts';
import { openLineFile } from './io/files/lineFile.ts';

const USAGE = `Reads and checks the audit log of a Warrant session, and tells what the policy would say. Needs no editor.

  verify FILE        check every record, window and seal
    --key KEY          the public key that it should be sealed with
    --checkpoint FILE  checkpoints of it that were kept elsewhere
    --epoch-key KEY    the key of its first epoch: checks who wrote each record, and when
  list FILE          one line for each record
  show FILE SEQ      one record in full
  window FILE N      the body of request N, byte for byte as it was sent
    --sources          who put how much into it, instead
  diff FILE N M      what request M has that request N has not, message by message
  report FILE        the session as one HTML page; takes what verify takes
    --prices IN/CACHED/OUT  what a million tokens cost, to tell what the session cost
  export FILE --otel the session as OTLP/JSON, one export request a line
    --content          with what was sent and answered, not only that it was
  checkpoint FILE    its last seal, to be kept elsewhere
  keys FILE          the public keys it is sealed with, by the line from which each is used
  check              what the policy would say: for each line of standard input one line, and nothing is done
    --workspace DIR    the folder the agent would work in, taken as trusted
    --settings FILE    settings as VS Code keeps them; only warrant.* counts
    --managed FILE     a machine-wide policy to try out, instead of the one of this machine
    A line is {"command": "...", "cwd": "..."} (without cwd: the workspace), {"read": "path"} or {"write": "path"}.
  redact             standard input to standard output, its secrets replaced; findings on standard error

A KEY is the key itself or a file that holds it.
Exit status: 0 done (verify: sound and complete; redact: nothing found), 1 the log is broken (redact: something was
replaced), 2 the input cannot be used, 3 verify: sound, but whether the end was cut off or written anew is unknown.
`;

const COMMANDS: ReadonlyMap<string, Command> = new Map(
  Object.entries({ verify, list, show, window, diff, report, export: exported, checkpoint, keys }),
);

async function run(args: readonly string[]): Promise<number> {
  const [name, ...rest] = args;
  if (name === undefined || name === 'help' || args.includes('--help') || args.includes('-h')) {
    await say(USAGE);
    return name === undefined ? UNUSABLE : DONE;
  }
  if (name === 'redact') {
    if (rest.length > 0) return unusable('redact was given more than it takes; --help shows what it takes.');
    return redact(process.stdin as AsyncIterable<Uint8Array>);
  }
  if (name === 'check') {
    const given = parse(rest, { options: ['workspace', 'settings', 'managed'], switches: [] });
    if (given === undefined || given.positionals.length > 0)
      return unusable('check takes options alone, each with a value; --help lists them.');
    // Apart, because whoever reads a log needs no policy.
    const { check } = await import('./cli/check.ts');
    return check(process.stdin as AsyncIterable<Uint8Array>, given.options);
  }
  const command = COMMANDS.get(name);
  if (command === undefined)
    return unusable(`There is no command ${JSON.stringify(name)}; --help lists them.`);
  const given = parse(rest, command);
  if (given === undefined) return unusable('These options are not known or lack a value; --help lists them.');
  const [path, ...numbers] = given.positionals;
  if (path === undefined) return unusable(`${name} needs the path of an audit log.`);
  if (numbers.length > command.numbers)
    return unusable(`${name} was given more than it takes; --help shows what it takes.`);
  if (numbers.length < command.numbers || !numbers.every((text) => /^[1-9][0-9]{0,14}$/.test(text)))
    return unusable(`${name} needs ${NEEDED[command.numbers] ?? ''} from 1 on after the path.`);
  try {
    const file = await openLineFile(path);
    try {
      return await command.run(file, { numbers: numbers.map(Number), options: given.options });
    } finally {
      await file.close();
    }
  } catch (error) {
    return unusable(`${path} could not be read to its end (${troubleInWords(error)}).`);
  }
}

const NEEDED: readonly string[] = ['', 'a whole number', 'two whole numbers'];

/** By hand, because a key may begin with a dash as any base64url may. */
function parse(
  args: readonly string[],
  command: Pick<Command, 'options' | 'switches'>,
): { positionals: string[]; options: ReadonlyMap<string, string> } | undefined {
  const positionals: string[] = [];
  const options = new Map<string, string>();
  for (let at = 0; at < args.length; at += 1) {
    const arg = args[at] ?? '';
    if (!arg.startsWith('--')) {
      positionals.push(arg);
      continue;
    }
    const name = arg.slice(2);
    const value = command.switches.includes(name) ? '' : args[(at += 1)];
    const known = command.options.includes(name) || command.switches.includes(name);
    if (!known || value === undefined || options.has(name)) return undefined;
    options.set(name, value);
  }
  return { positionals, options };
}

// Whoever reads may stop reading: `list FILE | head` is no error.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  process.exit(error.code === 'EPIPE' ? DONE : UNUSABLE);
});
process.exitCode = UNUSABLE;
void run(process.argv.slice(2)).then((status) => {
  process.exitCode = status;
});

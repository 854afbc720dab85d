import {
  readRecords,
  rebuildWindow,
  recordAt,
  verifyChain,
  type BadLine,
  type SoundLog,
} from './audit/auditReader.ts';
import { judgeCompleteness } from './audit/judgeCompleteness.ts';
import { recordTitle, recordWords, type ItemRecord } from './audit/recordWords.ts';
import { checkpointsIn, originOf, parsePublicKey, verifierKey } from './audit/signedNote.ts';
import { troubleInWords } from './audit/troubleInWords.ts';
import { openLineFile, type LineFile } from './io/files/lineFile.ts';

const USAGE = `Reads and checks the audit log of a Warrant session. Needs no editor.

  verify FILE        check every record, window and seal
    --key KEY          the public key that it should be sealed with
    --checkpoint FILE  checkpoints of it that were kept elsewhere
    --epoch-key KEY    the key of its first epoch: checks who wrote each record, and when
  list FILE          one line for each record
  show FILE SEQ      one record in full
  window FILE N      the body of request N, byte for byte as it was sent
  checkpoint FILE    its last seal, to be kept elsewhere
  keys FILE          the public keys it is sealed with, by the line from which each is used

A KEY is the key itself or a file that holds it.
Exit status: 0 done (verify: sound and complete), 1 the log is broken, 2 the input cannot be used,
3 verify: sound, but whether the end was cut off or written anew is unknown.
`;

/** Exit statuses; \`verify\` ends with 0 only when something that was kept elsewhere shows where the log ended. */
const DONE = 0;
const BROKEN = 1;
const UNUSABLE = 2;
const COMPLETENESS_UNKNOWN = 3;

type Options = {
  readonly key?: string | undefined;
  readonly checkpoint?: string | undefined;
  readonly 'epoch-key'?: string | undefined;
};

const OPTIONS: readonly string[] = ['key', 'checkpoint', 'epoch-key'];

/** Whether each command takes a number after the path. */
const COMMANDS: ReadonlyMap<string, boolean> = new Map([
  ['verify', false],
  ['list', false],
  ['show', true],
  ['window', true],
  ['checkpoint', false],
  ['keys', false],
]);

async function run(args: readonly string[]): Promise<number> {
  const parsed = parse(args);
  if (parsed === undefined)
    return unusable('These options are not known or lack a value; --help lists them.');
  const { positionals, options, help } = parsed;
  const [command, path, number, ...rest] = positionals;
  if (command === undefined || help || command === 'help') {
    await say(USAGE);
    return command === undefined && !help ? UNUSABLE : DONE;
  }
  const numbered = COMMANDS.get(command);
  if (numbered === undefined)
    return unusable(`There is no command ${JSON.stringify(command)}; --help lists them.`);
  if (path === undefined) return unusable(`${command} needs the path of an audit log.`);
  const tooMuch = rest.length > 0 || (!numbered && number !== undefined);
  if (tooMuch || (command !== 'verify' && Object.keys(options).length > 0))
    return unusable(`${command} was given more than it takes; --help shows what it takes.`);
  if (numbered && !/^[1-9][0-9]{0,14}$/.test(number ?? ''))
    return unusable(`${command} needs a whole number from 1 on after the path.`);
  try {
    const file = await openLineFile(path);
    try {
      if (command === 'verify') return await verify(file, options);
      if (command === 'list') return await list(file);
      if (command === 'checkpoint') return await checkpoint(file);
      if (command === 'keys') return await keys(file);
      if (command === 'show') return await show(file, Number(number));
      return await window(file, Number(number));
    } finally {
      await file.close();
    }
  } catch (error) {
    return unusable(`${path} could not be read to its end (${troubleInWords(error)}).`);
  }
}

/** By hand, because a key may begin with a dash as any base64url may. */
function parse(
  args: readonly string[],
): { positionals: string[]; options: Options; help: boolean } | undefined {
  const positionals: string[] = [];
  const options: Record<string, string> = {};
  let help = false;
  for (let at = 0; at < args.length; at += 1) {
    const arg = args[at] ?? '';
    if (arg === '--help' || arg === '-h') help = true;
    else if (!arg.startsWith('--')) positionals.push(arg);
    else {
      const name = arg.slice(2);
      const value = args[(at += 1)];
      if (value === undefined || !OPTIONS.includes(name) || name in options) return undefined;
      options[name] = value;
    }
  }
  return { positionals, options, help };
}

async function verify(file: LineFile, given: Options): Promise<number> {
  const key = given.key === undefined ? undefined : parsePublicKey(await textOf(given.key));
  if (given.key !== undefined && key === undefined)
    return unusable('--key is neither a public key nor a file with one.');
  const epochKey = given['epoch-key'] === undefined ? undefined : (await textOf(given['epoch-key'])).trim();
  if (epochKey !== undefined && !/^[A-Za-z0-9_-]{43}$/.test(epochKey))
    return unusable('--epoch-key is neither the key of an epoch nor a file with one.');
  const notes = given.checkpoint === undefined ? undefined : await readText(given.checkpoint);
  const checkpoints = notes === undefined ? undefined : checkpointsIn(notes);
  if (given.checkpoint !== undefined && (checkpoints ?? []).length === 0)
    return unusable('--checkpoint is not a file with a checkpoint in it.');
  const log = await verifyChain(file, {
    epochKey: epochKey === undefined ? undefined : Buffer.from(epochKey, 'base64url'),
    rootsAt: (checkpoints ?? []).map(({ size }) => size),
  });
  if (log.kind === 'empty') return unusable('The file is empty; it is not an audit log.');
  if (log.kind === 'bad') return broken(log);
  const judged = judgeCompleteness(log, { key, checkpoints, authenticated: epochKey !== undefined });
  if (judged.kind === 'bad') return broken(judged);
  if (judged.kind === 'unusable') return unusable(judged.because);
  await say(
    `Integrity: sound. ${log.records} records and ${log.windows} windows of session ${JSON.stringify(log.session)}; ` +
      `every window rebuilds to the body whose digest stands on the record. Head: ${log.head}\n` +
      `Seals: ${sealsInWords(log, key)}\n` +
      `Completeness: ${judged.kind}. ${judged.because}\n`,
  );
  return judged.kind === 'complete' ? DONE : COMPLETENESS_UNKNOWN;
}

function sealsInWords({ seals }: SoundLog, key: string | undefined): string {
  if (seals.last === null) return 'none yet, so nothing says who wrote this.';
  const last = seals.keys.at(-1)?.publicKey ?? '';
  const whose =
    key === undefined ? 'a key that the log itself names' : 'the key given, or one it passed on to';
  return `right up to record ${seals.last.size}, by ${whose}: ${last}.`;
}

async function checkpoint(file: LineFile): Promise<number> {
  const log = await verifyChain(file);
  if (log.kind === 'bad') return broken(log);
  if (log.kind === 'empty' || log.seals.last === null)
    return unusable('Nothing is sealed in this log yet, so there is no checkpoint.');
  await say(log.seals.lastNote);
  return DONE;
}

async function keys(file: LineFile): Promise<number> {
  const log = await verifyChain(file);
  if (log.kind === 'bad') return broken(log);
  if (log.kind === 'empty' || log.seals.keys.length === 0)
    return unusable('Nothing is sealed in this log yet, so it names no key.');
  const origin = originOf(log.session);
  for (const { publicKey, line } of log.seals.keys)
    await say(`${publicKey} from line ${line}, ${verifierKey(origin, publicKey)}\n`);
  return DONE;
}

/** A key as it was given, or what the file holds that was given in its place. */
async function textOf(given: string): Promise<string> {
  return parsePublicKey(given) === undefined ? ((await readText(given)) ?? '') : given;
}

/** The beginning of a small file; undefined when it cannot be read. */
async function readText(path: string): Promise<string | undefined> {
  try {
    const file = await openLineFile(path);
    try {
      return Buffer.from(await file.read(0, 1 << 20)).toString('utf8');
    } finally {
      await file.close();
    }
  } catch {
    return undefined;
  }
}

async function list(file: LineFile): Promise<number> {
  let lines = 0;
  for await (const found of readRecords(file.lines())) {
    if (found.kind === 'bad') return broken(found);
    await say(`${recordTitle(found.record)}\n`);
    lines += 1;
  }
  return lines === 0 ? unusable('The file is empty; it is not an audit log.') : DONE;
}

async function show(file: LineFile, seq: number): Promise<number> {
  const log = await verifyChain(file, { until: (index) => index.offsets.length > seq });
  if (log.kind === 'bad') return broken(log);
  const found = log.kind === 'empty' ? undefined : await recordAt(file, log.index, seq);
  if (log.kind === 'empty' || found === undefined) return unusable(`There is no record ${seq} in this log.`);
  const { record } = found;
  const items = record.kind === 'window' ? [...(record.data.tools ?? []), ...record.data.append] : [];
  const told = await itemsAt(file, log, items);
  await say(`${recordWords(record, (item) => told.get(item))}\n`);
  return DONE;
}

async function window(file: LineFile, n: number): Promise<number> {
  const log = await verifyChain(file, { until: (index) => index.windows.length >= n });
  if (log.kind === 'bad') return broken(log);
  const found = log.kind === 'empty' ? undefined : await rebuildWindow(file, log.index, n);
  if (found === undefined || found.kind === 'absent') return unusable(`There is no window ${n} in this log.`);
  if (found.kind === 'bad') return unusable(`Window ${n} could not be rebuilt: ${found.because}.`);
  await say(found.body);
  return DONE;
}

async function itemsAt(
  file: LineFile,
  log: SoundLog,
  seqs: readonly number[],
): Promise<Map<number, ItemRecord>> {
  const items = new Map<number, ItemRecord>();
  for (const seq of seqs) {
    const found = await recordAt(file, log.index, seq);
    if (found?.record.kind === 'item') items.set(seq, found.record);
  }
  return items;
}

function broken({ line, because }: BadLine): number {
  process.stderr.write(`Integrity: broken at line ${line}: ${because}.\nCompleteness: unknown.\n`);
  return BROKEN;
}

function unusable(sentence: string): number {
  process.stderr.write(`${sentence}\n`);
  return UNUSABLE;
}

/** Resolves when the text is on its way, so that a long list does not pile up in memory. */
function say(text: string): Promise<void> {
  return new Promise((resolve, reject) => {
    process.stdout.write(text, (error) => (error ? reject(error) : resolve()));
  });
}

// Whoever reads may stop reading: `list FILE | head` is no error.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  process.exit(error.code === 'EPIPE' ? DONE : UNUSABLE);
});
process.exitCode = UNUSABLE;
void run(process.argv.slice(2)).then((status) => {
  process.exitCode = status;
});

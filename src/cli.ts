import {
  readRecords,
  rebuildWindow,
  recordAt,
  verifyChain,
  type BadLine,
  type SoundLog,
} from './audit/auditReader.ts';
import { recordTitle, recordWords, type ItemRecord } from './audit/recordWords.ts';
import { troubleInWords } from './audit/troubleInWords.ts';
import { openLineFile, type LineFile } from './io/files/lineFile.ts';

const USAGE = `Reads and checks the audit log of a Warrant session. Needs no editor.

  verify FILE        check every record and every window
  list FILE          one line for each record
  show FILE SEQ      one record in full
  window FILE N      the body of request N, byte for byte as it was sent

Exit status: 0 done (verify: sound and complete), 1 the log is broken, 2 the input cannot be used,
3 verify: sound, but whether the end was cut off or written anew is unknown.
`;

/** Exit statuses; 0 of \`verify\` needs a later checkpoint from elsewhere, so it does not occur yet. */
const DONE = 0;
const BROKEN = 1;
const UNUSABLE = 2;
const COMPLETENESS_UNKNOWN = 3;

async function run(args: readonly string[]): Promise<number> {
  const [command, path, number, ...rest] = args;
  if (command === undefined || command === '--help' || command === '-h' || command === 'help') {
    await say(USAGE);
    return command === undefined ? UNUSABLE : DONE;
  }
  const numbered = command === 'show' || command === 'window';
  if (!numbered && command !== 'verify' && command !== 'list')
    return unusable(`There is no command ${JSON.stringify(command)}; --help lists them.`);
  if (path === undefined) return unusable(`${command} needs the path of an audit log.`);
  if (rest.length > 0 || (!numbered && number !== undefined))
    return unusable(`${command} was given more than it takes; --help shows what it takes.`);
  if (numbered && !/^[1-9][0-9]{0,14}$/.test(number ?? ''))
    return unusable(`${command} needs a whole number from 1 on after the path.`);
  try {
    const file = await openLineFile(path);
    try {
      if (command === 'verify') return await verify(file);
      if (command === 'list') return await list(file);
      if (command === 'show') return await show(file, Number(number));
      return await window(file, Number(number));
    } finally {
      await file.close();
    }
  } catch (error) {
    return unusable(`${path} could not be read to its end (${troubleInWords(error)}).`);
  }
}

async function verify(file: LineFile): Promise<number> {
  const log = await verifyChain(file);
  if (log.kind === 'empty') return unusable('The file is empty; it is not an audit log.');
  if (log.kind === 'bad') return broken(log);
  const end = log.closed
    ? 'The session was closed in order.'
    : 'The session was not closed: it is still open, it crashed, or its end was cut off.';
  await say(
    `Integrity: sound. ${log.records} records and ${log.windows} windows of session ${JSON.stringify(log.session)}; ` +
      `every window rebuilds to the body whose digest stands on the record. Head: ${log.head}\n` +
      `Completeness: unknown. ${end} No later checkpoint is held elsewhere and nothing is signed, ` +
      'so an end that was cut off or written anew cannot be told.\n',
  );
  return COMPLETENESS_UNKNOWN;
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

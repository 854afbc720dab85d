import type { Writable } from 'node:stream';
import type { Redirect } from '../protocol/command.ts';
import { closeEnds, wakeReader, writeSlowly, writeToFifo, type Fifo } from './files/fifos.ts';
import type { Place } from './files/linePlaces.ts';
import {
  startProcess,
  type ProcessEnd,
  type ProcessPlan,
  type StartedProcess,
  type StreamEnd,
} from './processes.ts';
import { openStreams, type Streams, type Target } from './streams.ts';

/** What is done by us and needs no program: what it says, and how it ends. */
export type OwnEnd = { readonly out: string; readonly err: string; readonly code: number };

/** One program of a pipeline, found and checked; `file` is null when there is none of that name. */
export type PipelineProgram = {
  readonly argv: readonly [string, ...string[]];
  readonly redirects: readonly Redirect[];
} & ({ readonly file: string | null } | { readonly own: () => Promise<OwnEnd> });

export type PipelinePorts = {
  readonly cwd: string;
  readonly environment: Readonly<Record<string, string>>;
  /** Writing end of what collects the output; null where the operating system has no named pipes. */
  readonly output: number | null;
  /** One pipe fewer than programs; this function closes them. */
  readonly between: readonly Fifo[];
  readonly started: (process: StartedProcess) => void;
  readonly say: (text: string) => void;
  /** Where the file of a redirect is. */
  readonly locate: (file: string) => Promise<Place>;
  /** What every program is started through. */
  readonly wrap: (plan: ProcessPlan) => ProcessPlan;
};

export type ProgramEnd = Exclude<ProcessEnd, { kind: 'unstarted' }>;

/**
 * Starts the programs of a pipeline at once and waits for all of them, as bash does; the end is that of the last.
 * Every end of every pipe is closed here as soon as the programs have theirs, so a reader that stops ends the writer.
 */
export async function runPipeline(
  programs: readonly PipelineProgram[],
  ports: PipelinePorts,
): Promise<ProgramEnd> {
  const streams: Streams[] = [];
  for (const [index, { redirects }] of programs.entries()) {
    const ends = { isFirst: index === 0, isLast: index === programs.length - 1 };
    streams.push(await openStreams(redirects, ends, ports.locate));
  }
  const own = await Promise.all(
    programs.map(async (program, index) =>
      'own' in program && streams[index]?.trouble === undefined ? program.own() : undefined,
    ),
  );
  const ends: Promise<ProgramEnd>[] = [];
  let next: Writable | null = null;
  for (const [index, program] of [...programs.entries()].toReversed()) {
    const given = streams[index];
    if (given === undefined) continue;
    const after: Writable | null = next;
    const pipe: Joint = {
      before: ports.between[index - 1]?.reader ?? 'pipe',
      fifo: ports.between[index],
      after,
    };
    const { end, stdin } = begin(program, own[index], given, pipe, ports);
    ends.unshift(end);
    next = stdin;
    after?.destroy();
  }
  for (const { reader, writer } of ports.between) closeEnds(reader, writer);
  const waking = ports.between.map((fifo, index) => wakeUntilEnded(fifo, ends[index], ends[index + 1]));
  await Promise.all(waking);
  const all = await Promise.all(ends);
  await Promise.all(streams.map((one) => one.close()));
  return all.at(-1) ?? { kind: 'exit', code: 0 };
}

/** What lies on both sides of a program in its pipeline. */
type Joint = {
  readonly before: StreamEnd;
  readonly fifo: Fifo | undefined;
  readonly after: Writable | null;
};

type Begun = { readonly end: Promise<ProgramEnd>; readonly stdin: Writable | null };

function begin(
  program: PipelineProgram,
  own: OwnEnd | undefined,
  streams: Streams,
  pipe: Joint,
  ports: PipelinePorts,
): Begun {
  const { argv } = program;
  const tell = (target: Target, text: string) => say(target, text, pipe, ports);
  const ended = async (code: number, text: string): Promise<ProgramEnd> => {
    await tell(streams.err, text);
    return { kind: 'exit', code };
  };
  if (streams.trouble !== undefined) return { end: ended(1, `${streams.trouble}\n`), stdin: null };
  if (own !== undefined) {
    const end = tell(streams.out, own.out).then(() => ended(own.code, own.err));
    return { end, stdin: null };
  }
  const file = 'file' in program ? program.file : null;
  if (file === null) return { end: ended(127, missing(argv[0])), stdin: null };
  const endOf = (target: Target): StreamEnd => {
    if (target === 'null') return 'ignore';
    if (target === 'output') return ports.output ?? 'pipe';
    if (target === 'next') return pipe.fifo?.writer ?? pipe.after ?? 'ignore';
    return target.fd;
  };
  const { input } = streams;
  const process = startProcess(
    ports.wrap({
      file,
      argv,
      cwd: ports.cwd,
      environment: ports.environment,
      streams: [
        input === 'null' ? 'ignore' : input === 'previous' ? pipe.before : input.fd,
        endOf(streams.out),
        endOf(streams.err),
      ],
    }),
  );
  ports.started(process);
  process.stdin?.on('error', () => undefined);
  const end = process.ended.then(async (how) => {
    if (how.kind !== 'unstarted') return how;
    const { code, why } = unstarted(how.code);
    return ended(code, `${argv[0]}: ${why}\n`);
  });
  return { end, stdin: process.stdin };
}

async function say(
  target: Target,
  text: string,
  { fifo, after }: Joint,
  ports: PipelinePorts,
): Promise<void> {
  if (text === '' || target === 'null') return;
  if (target === 'output') {
    if (ports.output === null) ports.say(text);
    else await writeSlowly(ports.output, text);
  } else if (target !== 'next') await target.write(text);
  else if (fifo !== undefined) writeToFifo(fifo, text);
  else after?.end(text);
}

const WAKE_MS = 20;

async function wakeUntilEnded(
  fifo: Fifo,
  writer?: Promise<unknown>,
  reader?: Promise<unknown>,
): Promise<void> {
  await writer;
  const waking = setInterval(() => wakeReader(fifo), WAKE_MS);
  await reader;
  clearInterval(waking);
}

/** As bash has it: 127, and these words. */
function missing(name: string): string {
  return `${name}: ${name.includes('/') ? 'No such file or directory' : 'command not found'}\n`;
}

/** As bash has it: 126 for what is there and cannot be run. */
function unstarted(code: string): { readonly code: number; readonly why: string } {
  if (code === 'ENOENT') return { code: 127, why: 'cannot execute: required file not found' };
  return { code: 126, why: code === 'EACCES' ? 'Permission denied' : `cannot be run (${code})` };
}

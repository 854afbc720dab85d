import type { Writable } from 'node:stream';
import type { Redirect } from '../protocol/command.ts';
import { closeEnds, wakeReader, writeToFifo, type Fifo } from './files/fifos.ts';
import { startProcess, type ProcessEnd, type StartedProcess, type StreamEnd } from './processes.ts';

/** One program of a pipeline, found and checked; `file` is null when there is none of that name. */
export type PipelineProgram = {
  readonly file: string | null;
  readonly argv: readonly [string, ...string[]];
  readonly redirects: readonly Redirect[];
};

export type PipelinePorts = {
  readonly cwd: string;
  readonly environment: Readonly<Record<string, string>>;
  /** Writing end of what collects the output; null where the operating system has no named pipes. */
  readonly output: number | null;
  /** One pipe fewer than programs; this function closes them. */
  readonly between: readonly Fifo[];
  readonly started: (process: StartedProcess) => void;
  readonly say: (text: string) => void;
};

export type ProgramEnd = Exclude<ProcessEnd, { kind: 'unstarted' }>;

type Target = 'null' | 'next' | 'output';

/**
 * Starts the programs of a pipeline at once and waits for all of them, as bash does; the end is that of the last.
 * Every end of every pipe is closed here as soon as the programs have theirs, so a reader that stops ends the writer.
 */
export async function runPipeline(
  programs: readonly PipelineProgram[],
  ports: PipelinePorts,
): Promise<ProgramEnd> {
  const ends: Promise<ProgramEnd>[] = [];
  let next: Writable | null = null;
  for (const [index, program] of [...programs.entries()].toReversed()) {
    const isLast = index === programs.length - 1;
    const { out, err } = targetsOf(program.redirects, isLast);
    const nextFifo = ports.between[index];
    const after: Writable | null = next;
    const endOf = (target: Target): StreamEnd => {
      if (target === 'null') return 'ignore';
      if (target === 'output') return ports.output ?? 'pipe';
      return nextFifo?.writer ?? after ?? 'ignore';
    };
    const input: StreamEnd = index === 0 ? 'ignore' : (ports.between[index - 1]?.reader ?? 'pipe');
    next = null;
    if (program.file === null) {
      ends.unshift(Promise.resolve({ kind: 'exit', code: 127 }));
      const message = missing(program.argv[0]);
      if (err === 'output') ports.say(message);
      if (err === 'next' && nextFifo !== undefined) writeToFifo(nextFifo, message);
    } else {
      const { file, argv } = program;
      const process = startProcess({
        file,
        argv,
        cwd: ports.cwd,
        environment: ports.environment,
        streams: [input, endOf(out), endOf(err)],
      });
      ports.started(process);
      next = process.stdin;
      next?.on('error', () => undefined);
      ends.unshift(process.ended.then((end) => statusOf(end, argv[0], ports.say)));
    }
    after?.destroy();
  }
  for (const { reader, writer } of ports.between) closeEnds(reader, writer);
  const waking = ports.between.map((fifo, index) => wakeUntilEnded(fifo, ends[index], ends[index + 1]));
  await Promise.all(waking);
  return (await Promise.all(ends)).at(-1) ?? { kind: 'exit', code: 0 };
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

/** Redirects count from left to right: `2>&1 >/dev/null` is not `>/dev/null 2>&1`. */
function targetsOf(
  redirects: readonly Redirect[],
  isLast: boolean,
): { readonly out: Target; readonly err: Target } {
  let out: Target = isLast ? 'output' : 'next';
  let err: Target = 'output';
  for (const redirect of redirects) {
    if (redirect.fd === 0 || redirect.to === 'file') throw new Error('No file was opened for this line.');
    const { fd, to } = redirect;
    const target: Target = to === 'null' ? 'null' : to === 'stdout' ? out : err;
    if (fd === 1) out = target;
    else err = target;
  }
  return { out, err };
}

/** As bash has it: 127, and these words. */
function missing(name: string): string {
  return `${name}: ${name.includes('/') ? 'No such file or directory' : 'command not found'}\n`;
}

/** As bash has it: 126 for what is there and cannot be run. */
function statusOf(end: ProcessEnd, name: string, say: (text: string) => void): ProgramEnd {
  if (end.kind !== 'unstarted') return end;
  const why = end.code === 'EACCES' ? 'Permission denied' : `cannot be run (${end.code})`;
  say(`${name}: ${why}\n`);
  return { kind: 'exit', code: end.code === 'ENOENT' ? 127 : 126 };
}

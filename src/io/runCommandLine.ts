import { Socket } from 'node:net';
import type { Readable } from 'node:stream';
import type { CommandLine, CommandStep } from '../protocol/command.ts';
import type { CommandEnd, CommandOutput } from '../protocol/outcome.ts';
import type { LiveOutput } from '../protocol/ports.ts';
import { collectOutput, type KeepOutput, type OutputCollector } from './commandOutput.ts';
import { closeEnds, openFifos } from './files/fifos.ts';
import { processesMarked } from './files/programFiles.ts';
import { runPipeline, type PipelineProgram, type ProgramEnd } from './pipeline.ts';
import { groupExists, signalGroup, signalProcess, startProcess, type StartedProcess } from './processes.ts';

export type RunPlan = {
  readonly line: CommandLine;
  /** The program for each word that names one, by real path, found and checked; null when there is none. */
  readonly programs: ReadonlyMap<string, string | null>;
  readonly cwd: string;
  readonly environment: Readonly<Record<string, string>>;
  /** Unguessable and used once: by it, what the command left running is found again. */
  readonly marker: string;
  /** Null: it runs until it ends or is stopped. */
  readonly timeoutMs: number | null;
  readonly keep: KeepOutput;
  /** Makes named pipes; null where there are none, and then programs get socket pairs. */
  readonly mkfifo: string | null;
};

export type RunResult = { readonly end: CommandEnd; readonly output: CommandOutput };

const MARKER_NAME = 'WARRANT_COMMAND';
const GRACE_MS = 3_000;
const GIVE_UP_MS = 500;
const SHELL_ARGUMENTS = ['--noprofile', '--norc', '-c'] as const;

/** The words of a line that name a program, each once. A line for a shell names only the shell. */
export function programWords(line: CommandLine): readonly string[] {
  if (line.kind === 'shell') return ['bash'];
  return [...new Set(line.steps.flatMap(({ pipeline }) => pipeline.map(({ argv }) => argv[0])))];
}

/**
 * Runs a line as it was judged: a plain one program by program without a shell, any other through bash. When the time
 * is up or the signal comes, everything it started is ended; when it is over, whatever it left running is ended too.
 */
export async function runCommandLine(
  given: RunPlan,
  live: LiveOutput,
  signal: AbortSignal,
): Promise<RunResult> {
  const plan = { ...given, environment: { ...given.environment, [MARKER_NAME]: given.marker } };
  const steps = stepsOf(plan.line);
  const output = collectOutput(live, plan.keep);
  const running = watchRunning(`${MARKER_NAME}=${plan.marker}`);
  let cut: 'timeout' | 'stopped' | undefined;
  const stop = (why: 'timeout' | 'stopped') => {
    cut ??= why;
    running.stop();
  };
  const onAbort = () => stop('stopped');
  signal.addEventListener('abort', onAbort, { once: true });
  if (signal.aborted) onAbort();
  const timer = plan.timeoutMs === null ? undefined : setTimeout(() => stop('timeout'), plan.timeoutMs);
  try {
    const end = await runSteps(steps, plan, output, running, () => cut !== undefined);
    return { end: cut === undefined ? end : { kind: cut }, output: output.end() };
  } finally {
    clearTimeout(timer);
    signal.removeEventListener('abort', onAbort);
  }
}

async function runSteps(
  steps: readonly CommandStep[],
  plan: RunPlan,
  output: OutputCollector,
  running: Running,
  isCut: () => boolean,
): Promise<ProgramEnd> {
  const wires = await openWires(steps, plan);
  const reading: Promise<void>[] = [];
  if (wires.output !== null) {
    const reader = new Socket({ fd: wires.output.reader, readable: true, writable: false });
    reading.push(drain(reader, output));
    running.readFrom(reader);
  }
  let end: ProgramEnd = { kind: 'exit', code: 0 };
  try {
    for (const { when, pipeline } of steps) {
      if (isCut()) break;
      const succeeded = end.kind === 'exit' && end.code === 0;
      if ((when === 'afterSuccess' && !succeeded) || (when === 'afterFailure' && succeeded)) continue;
      const programs: PipelineProgram[] = pipeline.map((command) => ({
        ...command,
        file: plan.programs.get(command.argv[0]) ?? null,
      }));
      end = await runPipeline(programs, {
        cwd: plan.cwd,
        environment: plan.environment,
        output: wires.output?.writer ?? null,
        between: wires.between.splice(0, wires.output === null ? 0 : pipeline.length - 1),
        started(process) {
          running.add(process);
          for (const stream of [process.stdout, process.stderr])
            if (stream !== null) reading.push(drain(stream, output));
        },
        say: (text) => void output.add(Buffer.from(text)),
      });
    }
  } finally {
    if (wires.output !== null) closeEnds(wires.output.writer);
    for (const { reader, writer } of wires.between) closeEnds(reader, writer);
    await running.endAll();
    await wires.remove();
  }
  await Promise.all(reading);
  return end;
}

function stepsOf(line: CommandLine): readonly CommandStep[] {
  if (line.kind === 'plain') return line.steps;
  return [
    {
      when: 'always',
      folder: '',
      pipeline: [{ argv: ['bash', ...SHELL_ARGUMENTS, line.text], redirects: [] }],
    },
  ];
}

async function openWires(steps: readonly CommandStep[], { mkfifo, cwd, environment }: RunPlan) {
  const needed = steps.reduce((sum, { pipeline }) => sum + pipeline.length - 1, 0);
  const fifos =
    mkfifo === null
      ? null
      : await openFifos(needed, async (paths) => {
          const argv = ['mkfifo', '-m', '600', ...paths] as const;
          const { ended } = startProcess({
            file: mkfifo,
            argv: [...argv],
            cwd,
            environment,
            streams: ['ignore', 'ignore', 'ignore'],
          });
          const end = await ended;
          return end.kind === 'exit' && end.code === 0;
        });
  return {
    output: fifos?.output ?? null,
    between: [...(fifos?.between ?? [])],
    remove: async () => fifos?.remove(),
  };
}

/** Resolves when nobody holds the writing end any more, or when reading was given up. Floods are read slowly. */
function drain(stream: Readable, output: OutputCollector): Promise<void> {
  return new Promise((resolve) => {
    stream.on('data', (chunk: Buffer) => {
      if (output.add(chunk) === 'goOn') return;
      stream.pause();
      setTimeout(() => stream.resume(), 2);
    });
    stream.once('close', resolve);
    stream.on('error', () => undefined);
  });
}

type Running = {
  add(process: StartedProcess): void;
  readFrom(stream: Readable): void;
  /** Asks everything to end and makes it end three seconds later. */
  stop(): void;
  /** Resolves when nothing is left that could be found. */
  endAll(): Promise<void>;
};

function watchRunning(entry: string): Running {
  const groups = new Set<number>();
  const streams: Readable[] = [];
  let grace: NodeJS.Timeout | undefined;
  let isOver = false;
  const signalAll = async (signal: 'SIGTERM' | 'SIGKILL'): Promise<number> => {
    for (const pid of groups) signalGroup(pid, signal);
    const strays = await processesMarked(entry);
    for (const pid of strays) signalProcess(pid, signal);
    return strays.length;
  };
  return {
    add({ pid, stdout, stderr, ended }) {
      if (pid !== undefined) {
        groups.add(pid);
        // A number whose group is empty may soon be somebody else's.
        void ended.then(() => groupExists(pid) || groups.delete(pid));
      }
      for (const stream of [stdout, stderr]) if (stream !== null) streams.push(stream);
      if (grace !== undefined) void signalAll('SIGTERM');
    },
    readFrom: (stream) => void streams.push(stream),
    stop() {
      if (grace !== undefined || isOver) return;
      grace = setTimeout(() => void signalAll('SIGKILL'), GRACE_MS);
      void signalAll('SIGTERM');
    },
    async endAll() {
      isOver = true;
      clearTimeout(grace);
      // What is being killed may be starting something: looked for until nothing is found, but not for ever.
      for (let round = 0; round < 20 && (await signalAll('SIGKILL')) > 0; round += 1);
      // Somebody out of reach may still hold the writing end: what was printed until now is all there will be. One
      // more turn of the loop, so that a host that was busy reads what is waiting.
      const giveUp = () =>
        setImmediate(() => setImmediate(() => streams.forEach((stream) => stream.destroy())));
      setTimeout(giveUp, GIVE_UP_MS).unref();
    },
  };
}

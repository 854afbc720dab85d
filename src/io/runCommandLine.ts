import { Socket } from 'node:net';
import { resolve } from 'node:path';
import type { Readable } from 'node:stream';
import type { CommandLine, CommandStep } from '../protocol/command.ts';
import type { CommandEnd, CommandOutput } from '../protocol/outcome.ts';
import type { LiveOutput } from '../protocol/ports.ts';
import { joinFolder } from '../protocol/linePaths.ts';
import { collectOutput, type KeepOutput, type OutputCollector } from './commandOutput.ts';
import { closeEnds, openFifos, writeSlowly } from './files/fifos.ts';
import type { ChangedIn, LinePlaces } from './files/linePlaces.ts';
import { processesMarked } from './files/programFiles.ts';
import { runPipeline, type OwnEnd, type PipelineProgram, type ProgramEnd } from './pipeline.ts';
import {
  groupExists,
  signalGroup,
  signalProcess,
  startProcess,
  type ProcessPlan,
  type StartedProcess,
} from './processes.ts';

export type RunPlan = {
  readonly line: CommandLine;
  /** The program that a word names in a folder of the line, by real path, found and checked; null for none. */
  readonly program: (name: string, folder: string) => string | null;
  /** The real path of the folder of the line. */
  readonly cwd: string;
  readonly places: LinePlaces & { readonly changedIn: ChangedIn };
  readonly environment: Readonly<Record<string, string>>;
  /** Unguessable and used once: by it, what the command left running is found again. */
  readonly marker: string;
  /** Null: it runs until it ends or is stopped. */
  readonly timeoutMs: number | null;
  readonly keep: KeepOutput;
  /** Makes named pipes; null where there are none, and then programs get socket pairs. */
  readonly mkfifo: string | null;
  /** What every program is started through; left out where nothing confines them. */
  readonly wrap?: (plan: ProcessPlan) => ProcessPlan;
};

export type RunResult = { readonly end: CommandEnd; readonly output: CommandOutput };

const MARKER_NAME = 'WARRANT_COMMAND';
const GRACE_MS = 3_000;
const GIVE_UP_MS = 500;
const SHELL_ARGUMENTS = ['--noprofile', '--norc', '-c'] as const;

/** What is done here and needs no program. */
const OWN: readonly string[] = ['cd', 'pwd'];

/** A word that names a program, and the folder it is looked up from; empty where that makes no difference. */
export type ProgramWord = { readonly name: string; readonly folder: string };

/** The words of a line that name a program, each once. A line for a shell names only the shell. */
export function programWords(line: CommandLine): readonly ProgramWord[] {
  if (line.kind === 'shell') return [{ name: 'bash', folder: '' }];
  const words = new Map<string, ProgramWord>();
  for (const { folder, pipeline } of line.steps)
    for (const { argv } of pipeline) {
      const word = { name: argv[0], folder: argv[0].includes('/') ? folder : '' };
      words.set(JSON.stringify(word), word);
    }
  return [...words.values()];
}

export function isOwn(name: string): boolean {
  return OWN.includes(name);
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
  const say = async (text: string) => {
    if (wires.output === null) output.add(Buffer.from(text));
    else await writeSlowly(wires.output.writer, text);
  };
  let end: ProgramEnd = { kind: 'exit', code: 0 };
  const at = { folder: '' };
  try {
    for (const [index, step] of steps.entries()) {
      if (isCut()) break;
      const succeeded = end.kind === 'exit' && end.code === 0;
      if ((step.when === 'afterSuccess' && !succeeded) || (step.when === 'afterFailure' && succeeded))
        continue;
      const ready = await readyFor(step, index, at.folder, plan);
      if (ready.kind === 'hindered') {
        await say(`[${ready.because}]\n`);
        end = { kind: 'exit', code: 1 };
        break;
      }
      const programs = programsOf(step, at, plan);
      end = await runPipeline(programs, {
        cwd: ready.real,
        environment: { ...plan.environment, PWD: resolve(plan.cwd, at.folder) },
        output: wires.output?.writer ?? null,
        between: wires.between.splice(0, wires.output === null ? 0 : step.pipeline.length - 1),
        started(process) {
          running.add(process);
          for (const stream of [process.stdout, process.stderr])
            if (stream !== null) reading.push(drain(stream, output));
        },
        say: (text) => void output.add(Buffer.from(text)),
        locate: (file) => plan.places.file(step.folder, file),
        wrap: plan.wrap ?? ((one) => one),
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

/** A step runs in the folder and with the names it was judged with, or not at all; `real` is that folder. */
async function readyFor(
  { folder }: CommandStep,
  index: number,
  reached: string,
  { places }: RunPlan,
): Promise<
  { readonly kind: 'ready'; readonly real: string } | { readonly kind: 'hindered'; readonly because: string }
> {
  const hindered = (because: string) => ({ kind: 'hindered' as const, because });
  const shown = folder === '' ? '.' : folder;
  if (folder !== reached) return hindered(`What should have run in ${shown} was not run.`);
  const where = await places.folder('', shown);
  if (where.kind === 'trouble')
    return hindered(`${shown}: ${where.because}; what should have run there was not run.`);
  const pattern = await places.changedIn(index);
  if (pattern !== undefined)
    return hindered(
      `The files that ${pattern} stands for changed since it was allowed; what names them was not run.`,
    );
  return { kind: 'ready', real: where.real };
}

function programsOf(
  { folder, pipeline }: CommandStep,
  at: { folder: string },
  { line, cwd, program, places }: RunPlan,
): readonly PipelineProgram[] {
  return pipeline.map(({ argv, redirects }) => {
    const [name, target = ''] = argv;
    if (line.kind === 'shell' || !isOwn(name))
      return { argv, redirects, file: program(name, name.includes('/') ? folder : '') };
    if (name === 'pwd') return { argv, redirects, own: () => printed(`${resolve(cwd, folder)}\n`) };
    return { argv, redirects, own: () => changeFolder(at, target, places) };
  });
}

function printed(out: string): Promise<OwnEnd> {
  return Promise.resolve({ out, err: '', code: 0 });
}

async function changeFolder(at: { folder: string }, word: string, places: LinePlaces): Promise<OwnEnd> {
  const place = await places.folder(at.folder, word);
  if (place.kind === 'trouble') return { out: '', err: `cd: ${word}: ${place.because}\n`, code: 1 };
  at.folder = joinFolder(at.folder, word);
  return { out: '', err: '', code: 0 };
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
  return new Promise((done) => {
    stream.on('data', (chunk: Buffer) => {
      if (output.add(chunk) === 'goOn') return;
      stream.pause();
      setTimeout(() => stream.resume(), 2);
    });
    stream.once('close', done);
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

import type { BackgroundCommand, CommandEnd, Outcome } from '../protocol/outcome.ts';
import type { Clock } from '../protocol/ports.ts';
import type { OutputFile } from './files/outputFiles.ts';

export type BackgroundEnd = { readonly command: string; readonly end: CommandEnd; readonly ms: number };

/** The commands that run beside the turn. Each was started under a warrant, and none outlives the session. */
export type BackgroundCommands = {
  /** Starts one and waits a moment whether it is over at once; then it counts as an ordinary command. */
  start(one: BackgroundStart): Promise<Started>;
  /** All of this session, those that are over included, oldest first. */
  list(): readonly BackgroundCommand[];
  /** Resolves when it is over; undefined where there is none of that name. */
  stop(command: string): Promise<BackgroundCommand | undefined>;
  stopAll(): Promise<void>;
};

type BackgroundStart = {
  readonly text: string;
  /** Its name is the name of the command as well. */
  readonly output: OutputFile;
  readonly run: (signal: AbortSignal) => Promise<Outcome>;
};

type Started =
  | { readonly kind: 'started'; readonly command: string }
  | { readonly kind: 'over'; readonly outcome: Outcome }
  | { readonly kind: 'full'; readonly because: string };

const MOST_RUNNING = 4;
const MOMENT_MS = 1_000;

type Running = {
  readonly text: string;
  readonly output: OutputFile;
  readonly began: number;
  readonly stopping: AbortController;
  readonly over: Promise<Outcome>;
  end: CommandEnd | null;
  ms: number;
};

export function createBackgroundCommands(
  clock: Clock,
  ended: (end: BackgroundEnd) => void,
): BackgroundCommands {
  const known = new Map<string, Running>();

  function listed(command: string, one: Running): BackgroundCommand {
    const { text, end, output } = one;
    return { command, text, ms: end === null ? clock.now() - one.began : one.ms, end, lines: output.lines() };
  }

  function begin({ text, output, run }: BackgroundStart): Running {
    const stopping = new AbortController();
    const over = run(stopping.signal).finally(() => output.end());
    const one: Running = { text, output, began: clock.now(), stopping, over, end: null, ms: 0 };
    const finish = (outcome: Outcome | undefined): void => {
      one.end = endOf(outcome);
      one.ms = clock.now() - one.began;
      if (known.get(output.output) === one) ended({ command: output.output, end: one.end, ms: one.ms });
    };
    over.then(finish, () => finish(undefined));
    return one;
  }

  return {
    async start(given) {
      const running = [...known.values()].filter(({ end }) => end === null);
      if (running.length >= MOST_RUNNING) {
        const because = `${MOST_RUNNING} commands run in the background already; stop one of them first`;
        return { kind: 'full', because };
      }
      const one = begin(given);
      const moment = new AbortController();
      try {
        const waited = clock.sleep(MOMENT_MS, moment.signal).then(() => undefined);
        const outcome = await Promise.race([one.over, waited]);
        if (outcome !== undefined) return { kind: 'over', outcome };
        known.set(given.output.output, one);
        return { kind: 'started', command: given.output.output };
      } finally {
        moment.abort();
      }
    },
    list: () => [...known].map(([command, one]) => listed(command, one)),
    async stop(command) {
      const one = known.get(command);
      if (one === undefined) return undefined;
      one.stopping.abort();
      await Promise.allSettled([one.over]);
      return listed(command, one);
    },
    async stopAll() {
      for (const { stopping } of known.values()) stopping.abort();
      await Promise.allSettled([...known.values()].map(({ over }) => over));
    },
  };
}

/** One that could not even be started counts as stopped. */
function endOf(outcome: Outcome | undefined): CommandEnd {
  if (outcome?.kind === 'done' && outcome.done.kind === 'ran') return outcome.done.end;
  return { kind: 'stopped' };
}

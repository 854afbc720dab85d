import { platform } from 'node:process';
import type { CommandLine } from '../protocol/command.ts';
import type { CommandEffect } from '../protocol/effect.ts';
import type { ExecutableFacts } from '../protocol/facts.ts';
import type { Outcome } from '../protocol/outcome.ts';
import type { Clock, LiveOutput } from '../protocol/ports.ts';
import type { Confinement } from './confinement.ts';
import type { KeepOutput } from './commandOutput.ts';
import { commandEnvironment, type Environment } from './commandEnvironment.ts';
import { isInside, type RealRoot } from './files/locate.ts';
import { gitEnvironment } from './gitEnvironment.ts';
import { interpretersOf } from './files/interpreters.ts';
import { digestPrograms, findProgram, programFolders, realFolder } from './files/programFiles.ts';
import { gitFolders, neutralGit } from './neutralGit.ts';
import { isOwn, programWords, runCommandLine, type ProgramWord, type RunPlan } from './runCommandLine.ts';

export type ProgramsOptions = {
  readonly roots: () => Promise<readonly RealRoot[]>;
  readonly environment: Environment;
  readonly clock: Clock;
};

export type Programs = {
  /** The program behind every word of the line that names one, as it is now. */
  facts(line: CommandLine, cwd: string): Promise<readonly ExecutableFacts[]>;
  /** Runs the line with exactly the programs that were allowed, or not at all. */
  run(effect: CommandEffect, cwd: string, how: HowToRun, signal: AbortSignal): Promise<Outcome>;
  /** The first that exists, never one from the workspace; null when there is none. */
  ripgrep(
    candidates: readonly string[],
  ): Promise<{ readonly file: string; readonly environment: Readonly<Record<string, string>> } | null>;
};

type HowToRun = {
  readonly places: RunPlan['places'];
  readonly allowed: readonly ExecutableFacts[];
  readonly live: LiveOutput;
  /** Is given the whole output as text; says when it cannot keep up. */
  readonly keep: KeepOutput;
  readonly enter: Confinement['enter'];
};

/** Programs come from the PATH of this process, without what the workspace or anybody else could have put there. */
export function createPrograms({ roots, environment: host, clock }: ProgramsOptions): Programs {
  const digestProgram = digestPrograms();

  async function pathFolders(): Promise<readonly string[]> {
    const reals = (await roots()).map(({ real }) => real);
    return programFolders(host['PATH'] ?? host['Path'] ?? '', reals);
  }

  async function facts(line: CommandLine, cwd: string): Promise<readonly ExecutableFacts[]> {
    const folders = await pathFolders();
    const factOf = async ({ name, folder }: ProgramWord): Promise<ExecutableFacts> => {
      if (line.kind === 'plain' && isOwn(name)) return { kind: 'builtin', name };
      const seen = folder === '' ? { name } : { name, folder };
      const real = await findProgram(name, folders, await realFolder(cwd, folder));
      if (real === null) return { kind: 'missing', ...seen };
      const digest = await digestProgram(real);
      const behind = await interpretersOf(real, folders, await realFolder(cwd, folder));
      if (behind.length === 0) return { kind: 'found', ...seen, real, digest };
      const interpreters = await Promise.all(
        behind.map(async (file) => ({ real: file, digest: await digestProgram(file) })),
      );
      return { kind: 'found', ...seen, real, digest, interpreters };
    };
    return Promise.all(programWords(line).map(factOf));
  }

  return {
    facts,

    async run(effect, cwd, { places, allowed, live, keep, enter }, signal) {
      const { line, folder, timeoutMs, background } = effect;
      const now = await facts(line, cwd);
      for (const one of now) {
        const before = allowed.find((other) => keyOf(other) === keyOf(one));
        const because = changeOf(one, before);
        if (because !== undefined) return { kind: 'stale', path: folder, because };
      }
      if (line.kind === 'shell' && now.some(({ kind }) => kind === 'missing'))
        return { kind: 'failed', because: 'the command needs bash, and there is none on the PATH' };
      const folders = await pathFolders();
      const environment = commandEnvironment(host, folders);
      const inFolders = gitFolders(line, cwd);
      const git = inFolders.length === 0 ? null : await findProgram('git', folders, cwd);
      if (git !== null) {
        const reals = (await roots()).map(({ real }) => real);
        const neutral = await neutralGit({ git, folders: inFolders, roots: reals, environment }, signal);
        if (neutral.kind === 'refused') return { kind: 'failed', because: neutral.because };
        Object.assign(environment, gitEnvironment(neutral.settings));
      }
      const started = clock.now();
      const found = new Map(now.map((one) => [keyOf(one), one.kind === 'found' ? one.real : null]));
      const plan = {
        line,
        cwd,
        timeoutMs: background === undefined ? timeoutMs : null,
        keep,
        marker: clock.id(),
        program: (name: string, seenFrom: string) => found.get(keyOf({ name, folder: seenFrom })) ?? null,
        places,
        environment,
        mkfifo: platform === 'win32' ? null : await findProgram('mkfifo', folders, cwd),
      };
      const enclosure = await enter(effect, now, folders, await roots());
      if (enclosure.kind === 'refused') return { kind: 'failed', because: enclosure.because };
      try {
        const { wrap } = enclosure;
        const { end, output } = await runCommandLine(
          { ...plan, ...(wrap === undefined ? {} : { wrap }) },
          live,
          signal,
        );
        const confined =
          end.kind === 'exit' ? enclosure.explain(end, `${output.head}${output.tail}`) : undefined;
        const ran = { kind: 'ran' as const, end, output, ms: clock.now() - started };
        return { kind: 'done', done: confined === undefined ? ran : { ...ran, confined } };
      } finally {
        await enclosure.leave();
      }
    },

    async ripgrep(candidates) {
      const folders = await pathFolders();
      const now = await roots();
      for (const candidate of [...candidates, 'rg']) {
        const file = await findProgram(candidate, folders, '/');
        if (file !== null && !now.some((root) => isInside(file, root.real)))
          return { file, environment: commandEnvironment(host, folders) };
      }
      return null;
    },
  };
}

function keyOf(word: { readonly name: string; readonly folder?: string }): string {
  return `${word.folder ?? ''}\0${word.name}`;
}

function changeOf(now: ExecutableFacts, before: ExecutableFacts | undefined): string | undefined {
  if (before === undefined) return `the program ${now.name} was not among those that were allowed`;
  const isSame =
    now.kind === 'found' && before.kind === 'found'
      ? now.real === before.real &&
        now.digest === before.digest &&
        JSON.stringify(now.interpreters) === JSON.stringify(before.interpreters)
      : now.kind === before.kind;
  return isSame ? undefined : `the program ${now.name} changed since it was allowed`;
}

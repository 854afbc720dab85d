import { join } from 'node:path';
import type { BackgroundAct, CommandEffect, Effect } from '../protocol/effect.ts';
import type { CommandOutput, KeptOutput, Outcome, Problem } from '../protocol/outcome.ts';
import type { PathFacts } from '../protocol/facts.ts';
import type { Clock, LiveOutput, OpenDocuments, Workspace, World } from '../protocol/ports.ts';
import type { RedeemWarrant, Warrant } from '../protocol/warrant.ts';
import { childPath, relativePath, shownPath, type WorkspacePath } from '../protocol/workspacePath.ts';
import { createBackgroundCommands, type BackgroundEnd } from './backgroundCommands.ts';
import type { Environment } from './commandEnvironment.ts';
import { createCommandPlaces } from './commandPlaces.ts';
import { applyEdit } from './files/applyEdit.ts';
import { codeFacts, type PiecesOf } from './files/codeFacts.ts';
import { holdsDeniedBelow } from './files/holdsDeniedBelow.ts';
import { listFolder } from './files/listFolder.ts';
import type { OutputFiles } from './files/outputFiles.ts';
import { locate, realRoots, statsOf, type Location, type RealRoot } from './files/locate.ts';
import { pathFacts } from './files/pathFacts.ts';
import { readContent } from './files/readContent.ts';
import { troubleInWords } from './files/trouble.ts';
import { createPrograms } from './programs.ts';
import { searchText } from './searchText.ts';

export type WorldOptions = {
  readonly workspace: Pick<Workspace, 'roots'>;
  readonly redeem: RedeemWarrant;
  readonly openDocuments: OpenDocuments;
  /**
   * Whether the policy lets the agent read this without asking. Lists and searches show nothing else. For a folder:
   * whether anything in it may be read.
   */
  readonly mayRead: (path: WorkspacePath, kind: 'file' | 'folder') => boolean;
  /** What a script of package.json or a target comes to; told by the policy from the text of the file. */
  readonly piecesOf: PiecesOf;
  /** Whether a name alone makes a file a likely secret. */
  readonly looksSecret: (path: WorkspacePath) => boolean;
  /** Whether the policy lets the agent read this without asking, all facts considered. */
  readonly mayReadKnown: (facts: PathFacts) => boolean;
  readonly maxFileBytes: () => number;
  /** Outside every folder of the window. */
  readonly journalDir: string;
  /** Absolute paths where ripgrep may be; tried in this order before the PATH. */
  readonly ripgrepCandidates: readonly string[];
  /** What the editor knows of problems in files. */
  readonly problems: (path: WorkspacePath | undefined) => readonly Problem[];
  readonly clock: Clock;
  /** Where the whole of what commands print is kept. */
  readonly outputs: OutputFiles;
  /** A command that ran in the background is over. */
  readonly backgroundEnded: (end: BackgroundEnd) => void;
  /** The environment of this process; commands get a small part of it. */
  readonly environment: Environment;
};

/** The one hand that touches the world. It performs what a warrant names, and never throws for the world's troubles. */
export function createWorld(options: WorldOptions): World {
  const judged = new Map<WorkspacePath, { readonly realAbsolute: string; readonly links: number }>();
  const rootsFor = rememberRoots();
  let applying: Promise<unknown> = Promise.resolve();

  const roots = () => rootsFor(options.workspace.roots);
  const programs = createPrograms({ roots, environment: options.environment, clock: options.clock });
  const background = createBackgroundCommands(options.clock, options.backgroundEnded);
  const places = createCommandPlaces({
    roots: () => options.workspace.roots,
    realRoots: roots,
    home: () => options.environment['HOME'],
    mayEnter: (path) => options.mayRead(path, 'folder'),
    judgedAt: (path) => judged.get(path)?.realAbsolute,
    async changeAt(path) {
      const location = await locateAgain(path);
      return 'kind' in location ? location : undefined;
    },
  });
  const shown = (path: WorkspacePath) => shownPath(path, options.workspace.roots);

  /** Where the path leads now: it must be where it led when the policy looked at it, and inside the workspace. */
  async function locateAgain(path: WorkspacePath): Promise<Location | Outcome> {
    const location = await locate(path, await roots());
    const { real, realAbsolute } = location;
    const before = judged.get(path);
    if (real === null) return stale(path, `${shown(path)} leads outside the workspace`);
    const isSame = before === undefined ? real === path : before.realAbsolute === realAbsolute;
    return isSame ? location : stale(path, `${shown(path)} leads somewhere else than when it was judged`);
  }

  async function factsOf(location: Location): Promise<PathFacts> {
    const { mayRead, looksSecret } = options;
    return pathFacts(location, { roots: await roots(), mayRead, looksSecret });
  }

  /** Lines of a file are told only where reading it would be allowed: what its name hides, the disk may tell. */
  async function mayTell(path: WorkspacePath): Promise<boolean> {
    return options.mayReadKnown(await factsOf(await locate(path, await roots())));
  }

  async function perform(
    effect: Effect,
    warrant: Warrant,
    live: LiveOutput,
    signal: AbortSignal,
  ): Promise<Outcome> {
    switch (effect.kind) {
      case 'read':
        return read(effect.path);
      case 'list':
        return list(effect, signal);
      case 'search':
        return search(effect, signal);
      case 'problems':
        return { kind: 'done', done: { kind: 'problems', problems: problemsOf(effect.path) } };
      case 'edit': {
        const mine = applying.then(async () => {
          signal.throwIfAborted();
          return applyEdit(effect, {
            roots: await roots(),
            locate: locateAgain,
            unsaved: (path) => options.openDocuments.unsaved(path),
            maxBytes: options.maxFileBytes(),
            id: () => options.clock.id(),
            journalDir: options.journalDir,
          });
        });
        applying = mine.catch(() => undefined);
        return mine;
      }
      case 'command':
        return run(effect, warrant, live, signal);
      case 'output': {
        const part = await options.outputs.read(effect.output, effect.first, effect.count);
        if (part === undefined) return failed(`there is no output ${effect.output}`);
        return { kind: 'done', done: { kind: 'output', part } };
      }
      case 'background':
        return act(effect.act);
      case 'plan':
      case 'question':
        return { kind: 'done', done: { kind: 'noted' } };
    }
  }

  async function read(path: WorkspacePath): Promise<Outcome> {
    const location = await locateAgain(path);
    if ('kind' in location) return location;
    const result = await readContent(location.realAbsolute, options.maxFileBytes());
    switch (result.kind) {
      case 'content':
        // With a name more than when it was judged it may be another file, one that may not be read, under this name.
        if (result.stats.nlink > BigInt(Math.max(1, judged.get(path)?.links ?? 1)))
          return stale(path, `${shown(path)} has got another name than when it was judged`);
        return { kind: 'done', done: { kind: 'content', content: result.content } };
      case 'absent':
        return failed(`${shown(path)} does not exist`);
      case 'moved':
        return stale(path, `${shown(path)} leads somewhere else than when it was judged`);
      case 'refused':
        return failed(`${shown(path)} cannot be read: ${result.because}`);
    }
  }

  /** Both the path as written and the real one must be readable. */
  function mayReadBelow(
    path: WorkspacePath,
    real: WorkspacePath,
    below: string,
    kind: 'file' | 'folder',
  ): boolean {
    return options.mayRead(path, kind) && (below === '' || options.mayRead(childPath(real, below), kind));
  }

  async function list(
    { path, depth }: Extract<Effect, { kind: 'list' }>,
    signal: AbortSignal,
  ): Promise<Outcome> {
    const location = await locateAgain(path);
    if ('kind' in location) return location;
    const { realAbsolute, real } = location;
    const stats = await statsOf(realAbsolute);
    if (stats === null) return failed(`${shown(path)} does not exist`);
    if (!stats.isDirectory()) return failed(`${shown(path)} is not a folder`);
    const mayRead = (entry: WorkspacePath, below: string, kind: 'file' | 'folder') =>
      mayReadBelow(entry, real ?? path, below, kind);
    return {
      kind: 'done',
      done: { kind: 'listed', ...(await listFolder({ real: realAbsolute, path, depth, mayRead, signal })) },
    };
  }

  async function search(
    { path, query }: Extract<Effect, { kind: 'search' }>,
    signal: AbortSignal,
  ): Promise<Outcome> {
    const location = await locateAgain(path);
    if ('kind' in location) return location;
    const { realAbsolute, real } = location;
    const stats = await statsOf(realAbsolute);
    if (stats === null) return failed(`${shown(path)} does not exist`);
    const plan = {
      query,
      path,
      real: realAbsolute,
      isFile: !stats.isDirectory(),
      relative: relativePath(path),
      mayRead: (file: WorkspacePath, below: string) => mayReadBelow(file, real ?? path, below, 'file'),
      mayTell: (file: WorkspacePath) => mayTell(file),
      maxBytes: options.maxFileBytes(),
      ripgrep: await programs.ripgrep(options.ripgrepCandidates),
    };
    return searchText(plan, signal);
  }

  function problemsOf(path: WorkspacePath | undefined): readonly Problem[] {
    return options.problems(path).filter((problem) => options.mayRead(problem.path, 'file'));
  }

  async function run(
    effect: CommandEffect,
    warrant: Warrant,
    live: LiveOutput,
    signal: AbortSignal,
  ): Promise<Outcome> {
    const { folder } = effect;
    const location = await locateAgain(folder);
    if ('kind' in location) return location;
    const cwd = location.realAbsolute;
    const stats = await statsOf(cwd);
    if (stats === null || !stats.isDirectory()) return failed(`the folder ${shown(folder)} does not exist`);
    const checked = await places.placesOf(effect, cwd);
    if (checked.kind !== 'places') return checked;
    const output = options.outputs.begin();
    const runUntil = (stop: AbortSignal) =>
      programs.run(
        effect,
        cwd,
        {
          places: checked.places,
          allowed: warrant.executables,
          live: effect.background === undefined ? live : (chunk) => live(chunk, output.output),
          keep: output.add,
        },
        stop,
      );
    if (effect.background === undefined) return withKept(await runUntil(signal), await output.end());
    const started = await background.start({ text: effect.line.text, output, run: runUntil });
    switch (started.kind) {
      case 'full':
        return failed(started.because);
      case 'over':
        return withKept(started.outcome, await output.end());
      case 'started':
        return { kind: 'done', done: { kind: 'started', ...(await soFar(started.command)) } };
    }
  }

  async function soFar(command: string): Promise<{ command: string; output: CommandOutput }> {
    const part = await options.outputs.read(command, 1, FIRST_LINES);
    return { command, output: { head: part?.text ?? '', tail: '', omittedBytes: 0 } };
  }

  async function act(wanted: BackgroundAct): Promise<Outcome> {
    if (wanted.do === 'list')
      return { kind: 'done', done: { kind: 'background', commands: background.list() } };
    const stopped = await background.stop(wanted.command);
    if (stopped === undefined) return failed(`no command ${wanted.command} was started in the background`);
    return { kind: 'done', done: { kind: 'background', commands: [stopped] } };
  }

  return {
    expand: places.expand,

    async pathFacts(path, through = false) {
      const location = await locate(path, await roots());
      const facts = await factsOf(location);
      judged.delete(path);
      judged.set(path, { realAbsolute: location.realAbsolute, links: facts.links });
      forgetOldest(judged);
      const { real, realAbsolute } = location;
      if (!through || real === null || facts.state !== 'folder') return facts;
      const holdsDenied = await holdsDeniedBelow(realAbsolute, (below, kind) =>
        mayReadBelow(childPath(path, below), real, below, kind),
      );
      return holdsDenied === undefined ? facts : { ...facts, holdsDenied };
    },

    async executableFacts(line, folder) {
      const cwd = (await locate(folder, await roots())).realAbsolute;
      return programs.facts(line, cwd);
    },

    async codeFacts(code) {
      return codeFacts(code, await roots(), options.piecesOf);
    },

    background: () => background.list(),
    stopBackground: async (command) => {
      if (command === undefined) await background.stopAll();
      else await background.stop(command);
    },

    async perform(effect, warrant, live, signal) {
      options.redeem(warrant, effect);
      signal.throwIfAborted();
      try {
        return await perform(effect, warrant, live, signal);
      } catch (error) {
        signal.throwIfAborted();
        return failed(troubleInWords(error));
      }
    },
  };
}

/** How much of a background command's first output is told at once. */
const FIRST_LINES = 50;

/** What was told in part can be read on. */
function withKept(outcome: Outcome, kept: KeptOutput): Outcome {
  if (outcome.kind !== 'done' || outcome.done.kind !== 'ran' || outcome.done.output.omittedBytes === 0)
    return outcome;
  return { kind: 'done', done: { ...outcome.done, kept } };
}

const MOST_JUDGED = 10_000;

function forgetOldest(judged: Map<WorkspacePath, unknown>): void {
  const oldest = judged.keys().next().value;
  if (judged.size > MOST_JUDGED && oldest !== undefined) judged.delete(oldest);
}

/** Where the folders of the window really are, looked up once: one that is swapped later is outside. */
function rememberRoots(): (roots: Workspace['roots']) => Promise<readonly RealRoot[]> {
  const known = new Map<string, RealRoot>();
  return (roots) =>
    Promise.all(
      roots.map(async (root) => {
        const key = join(root.name, root.dir);
        const before = known.get(key);
        if (before !== undefined) return before;
        const [found] = await realRoots([root]);
        if (found === undefined) throw new Error('A folder of the window has no place.');
        known.set(key, found);
        return found;
      }),
    );
}

function stale(path: WorkspacePath, because: string): Outcome {
  return { kind: 'stale', path, because };
}

function failed(because: string): Outcome {
  return { kind: 'failed', because };
}

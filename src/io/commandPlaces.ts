import type { Expansion, WordPattern } from '../protocol/command.ts';
import type { CommandEffect } from '../protocol/effect.ts';
import type { Outcome } from '../protocol/outcome.ts';
import { joinFolder, pathSeenFrom, pathsOfLine } from '../protocol/linePaths.ts';
import { rootName, shownPath, type Root, type WorkspacePath } from '../protocol/workspacePath.ts';
import { expandPattern } from './files/expandPattern.ts';
import { linePlaces } from './files/linePlaces.ts';
import { locate, workspacePathOf, type RealRoot } from './files/locate.ts';
import { realFolder } from './files/programFiles.ts';
import type { RunPlan } from './runCommandLine.ts';

export type CommandPlacesOptions = {
  readonly roots: () => readonly Root[];
  readonly realRoots: () => Promise<readonly RealRoot[]>;
  readonly home: () => string | undefined;
  readonly mayEnter: (path: WorkspacePath) => boolean;
  /** Where a path led when the policy looked at it; undefined when it never did. */
  readonly judgedAt: (path: WorkspacePath) => string | undefined;
  /** Why nothing may be done at a path that was judged: it leads somewhere else now. */
  readonly changeAt: (path: WorkspacePath) => Promise<Outcome | undefined>;
};

export type CommandPlaces = {
  expand(patterns: readonly WordPattern[], folder: WorkspacePath): Promise<readonly Expansion[]>;
  /** The places of a line, where all are what they were when they were judged; otherwise what is to be said. */
  placesOf(
    effect: CommandEffect,
    cwd: string,
  ): Promise<{ readonly kind: 'places'; readonly places: RunPlan['places'] } | Outcome>;
};

/** Which files and folders a command line itself speaks of, before it runs and while it does. */
export function createCommandPlaces(options: CommandPlacesOptions): CommandPlaces {
  async function expand(
    patterns: readonly WordPattern[],
    folder: WorkspacePath,
  ): Promise<readonly Expansion[]> {
    const reals = await options.realRoots();
    const cwd = (await locate(folder, reals)).realAbsolute;
    const expansions: Expansion[] = [];
    for (const pattern of patterns) {
      const words = await expandPattern(pattern, {
        dir: await realFolder(cwd, pattern.folder),
        home: options.home(),
        mayEnter(seen, real) {
          const path = pathSeenFrom(folder, joinFolder(pattern.folder, seen), options.roots());
          const behind = workspacePathOf(real, reals, rootName(folder));
          return [path, behind].every((one) => one !== null && options.mayEnter(one));
        },
      });
      if (words !== undefined) expansions.push({ ...pattern, words });
    }
    return expansions;
  }

  async function changed(patterns: readonly Expansion[], folder: WorkspacePath): Promise<string | undefined> {
    if (patterns.length === 0) return undefined;
    const now = await expand(patterns, folder);
    return patterns.find((one) => JSON.stringify(wordsIn(now, one)) !== JSON.stringify(one.words))?.pattern;
  }

  return {
    expand,

    async placesOf({ line, folder }, cwd) {
      const { paths, outside } = pathsOfLine(line, folder, options.roots());
      if (outside[0] !== undefined)
        return failed(`${outside[0]} is outside the workspace, so nothing was run`);
      for (const path of paths) {
        const shown = shownPath(path, options.roots());
        if (options.judgedAt(path) === undefined)
          return failed(`${shown} was not judged, so nothing was run`);
        const change = await options.changeAt(path);
        if (change !== undefined) return change;
      }
      const expansions = line.kind === 'plain' ? (line.expansions ?? []) : [];
      const pattern = await changed(expansions, folder);
      if (pattern !== undefined) {
        const because = `the files that ${pattern} stands for changed since it was allowed`;
        return { kind: 'stale', path: folder, because };
      }
      const changedIn = (step: number) =>
        changed(
          expansions.filter((one) => one.step === step),
          folder,
        );
      const { judgedAt } = options;
      return {
        kind: 'places',
        places: { ...linePlaces({ folder, cwd, roots: options.roots(), judgedAt }), changedIn },
      };
    },
  };
}

function wordsIn(
  expansions: readonly Expansion[],
  { step, pattern }: Expansion,
): readonly string[] | undefined {
  return expansions.find((one) => one.step === step && one.pattern === pattern)?.words;
}

function failed(because: string): Outcome {
  return { kind: 'failed', because };
}

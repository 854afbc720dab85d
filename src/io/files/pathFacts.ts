import type { PathFacts } from '../../protocol/facts.ts';
import { pathInRoot, type WorkspacePath } from '../../protocol/workspacePath.ts';
import { hiddenNames, type MayRead } from './hiddenNames.ts';
import { ignoredByGit } from './ignoredByGit.ts';
import { homeOf, statsOf, type Location, type RealRoot } from './locate.ts';
import { repositoryAbove } from './repositoryAbove.ts';

export type Looking = {
  readonly roots: readonly RealRoot[];
  /** Whether the policy lets the agent read this, as it is written. */
  readonly mayRead: MayRead;
  /** Whether the name alone makes it a likely secret; only then the ignore files are read. */
  readonly looksSecret: (path: WorkspacePath) => boolean;
};

/** The facts the policy judges by. Rejects with the operating system's error, and then the policy refuses. */
export async function pathFacts(location: Location, looking: Looking): Promise<PathFacts> {
  const { path, real, realAbsolute } = location;
  const stats = await statsOf(realAbsolute);
  const state: PathFacts['state'] =
    stats === null ? 'absent' : stats.isFile() ? 'file' : stats.isDirectory() ? 'folder' : 'other';
  const links = stats === null ? 0 : state === 'file' ? Number(stats.nlink) : 1;
  const base = { path, real, realAbsolute, state, links, size: stats === null ? 0 : Number(stats.size) };
  const home = homeOf(realAbsolute, looking.roots);
  if (home === undefined || real === null)
    return { ...base, repository: null, ignored: false, hiddenNames: [] };
  const repository = await repositoryAbove(realAbsolute, home.real);
  const isLikelySecret = looking.looksSecret(path) || looking.looksSecret(real);
  return {
    ...base,
    repository: repository === null ? null : pathInRoot(home, repository),
    ignored: isLikelySecret && (await ignoredByGit(realAbsolute, home.real)),
    hiddenNames: stats !== null && links > 1 ? await hiddenNames({ stats, real: realAbsolute }, looking) : [],
  };
}

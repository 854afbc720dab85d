import type { NamedPath } from '../protocol/commandUse.ts';
import type { Decision } from '../protocol/decision.ts';
import type { PathFacts } from '../protocol/facts.ts';
import { relativePath, type WorkspacePath } from '../protocol/workspacePath.ts';
import type { CommandCase } from './commandCase.ts';
import { foldPath } from './foldPath.ts';
import { ask, deny, strictestOf, type Judge } from './opinion.ts';
import type { PathRules, PathUse } from './pathJudges.ts';

const MOST_PATHS = 4_000;

type JudgePath = (facts: PathFacts, use: PathUse) => Decision;

/**
 * Every path that a command names is judged as the file tools judge it. What would be asked of any write is left to
 * the question about the command itself; silence here is no permission.
 */
export function commandPathJudges(
  rules: Pick<PathRules, 'denied' | 'ownFolder'>,
  judgePath: JudgePath,
): readonly Judge<CommandCase>[] {
  const judgeNamed = (named: NamedPath, known: ReadonlyMap<WorkspacePath, PathFacts>) => {
    if (isTooLong(named.absolute)) return deny('paths.shape', 'a path in it is too long to be judged');
    if (named.path === null) return judgeOutside(named, rules);
    return judgeInside(named, known.get(named.path), judgePath);
  };
  return [
    {
      name: 'commands.paths',
      judge: ({ use, facts }) => {
        const named = use.commands.reduce((sum, { paths }) => sum + paths.length, 0);
        if (named > MOST_PATHS)
          return deny('commands.paths', `it names more than ${MOST_PATHS} paths; split it up`);
        const known = new Map(facts.paths.map((one) => [one.path, one]));
        const opinions = use.commands.flatMap(({ paths }) => paths.map((named) => judgeNamed(named, known)));
        return opinions.some((opinion) => opinion !== undefined) ? strictestOf(opinions) : undefined;
      },
    },
    { name: 'commands.links', judge: judgeClimbing },
  ];
}

function judgeInside(
  { use, path, below, word }: NamedPath,
  known: PathFacts | undefined,
  judgePath: JudgePath,
): Decision | undefined {
  if (known === undefined)
    return deny('paths.unknown', `nothing is known about ${word}, so it was not judged`);
  const isFolder = known.state === 'folder';
  if (use === 'write') {
    // Commands make, fill and remove folders; the rules for a name hold whatever stands there now.
    const asName: PathFacts = { ...known, size: 0, state: isFolder ? 'absent' : known.state };
    const decision = judgePath(asName, 'write');
    const isOrdinary = decision.verdict === 'allow' || decision.rule === 'edits.ask';
    return isOrdinary ? undefined : decision;
  }
  const decision = judgePath({ ...known, size: 0 }, use === 'enter' || isFolder ? 'enter' : 'read');
  if (decision.verdict !== 'allow') return decision;
  if (use === 'enter' || !isFolder || known.holdsDenied === false) return undefined;
  const name = path === null || relativePath(path) === '' ? 'the workspace folder' : relativePath(path);
  if (known.holdsDenied === true)
    return ask(
      'commands.below',
      `it would read everything in ${name}, which holds files that may not be read`,
    );
  return below === true
    ? ask(
        'commands.below',
        `it would read everything in ${name}, which is too much to be looked through first`,
      )
    : undefined;
}

/** Judging costs by the name; a path that no system would open need not be judged name by name. */
function isTooLong(absolute: string): boolean {
  return absolute.length > 4_096 || absolute.split('/').length > 128;
}

/** Never a place where anything is kept. */
const NOTHING = /^\/dev\/(?:null|stdin|stdout|stderr)$/;
const SCRATCH = /^\/tmp(?:\/|$)/;

/** Where credentials are kept, in any home; compared folded. */
const CREDENTIALS =
  /\/(?:\.ssh|\.gnupg|\.aws|\.azure|\.kube|\.docker|\.netrc|_netrc|\.npmrc|\.pypirc|\.git-credentials|\.pgpass|\.my\.cnf|\.password-store|\.vault-token|\.terraform\.d|\.cargo\/credentials[^/]*|\.config\/(?:gh|gcloud|hub|op|rclone|doctl|helm|heroku|git\/credentials)|\.local\/share\/(?:keyrings|kwalletd)|library\/keychains|\.mozilla|\.config\/(?:google-chrome|chromium)|\.[a-z]+_history)(?:\/|$)|^\/etc\/(?:g?shadow|sudoers|ssl\/private|ssh\/ssh_host)|^\/(?:var\/)?run\/secrets|^\/proc\/[^/]+\/(?:environ|mem|maps|fd|root|cwd|task)|^\/dev\/(?!null$|zero$|stdin$|stdout$|stderr$)/;

/** Folders so far up that credentials lie below them. */
const HOLDS_CREDENTIALS =
  /^(?:[a-z]:)?(?:\/|\/(?:home|users)(?:\/[^/]+)?(?:\/(?:\.config|\.local|\.local\/share|library))?|\/root(?:\/(?:\.config|\.local))?|\/(?:etc|proc|run|var|var\/run|dev))?$/;

function judgeOutside(
  { use, absolute, below }: NamedPath,
  rules: Pick<PathRules, 'denied' | 'ownFolder'>,
): Decision | undefined {
  if (NOTHING.test(absolute)) return undefined;
  if (rules.ownFolder(absolute) !== undefined)
    return deny('paths.own', `${absolute} belongs to Warrant itself, which the agent may not touch`);
  const folded = foldPath(absolute);
  const denied = rules.denied(absolute.replace(/^(?:[A-Za-z]:)?\/+/, ''));
  if (denied !== undefined) return deny('paths.deny', `${absolute} ${denied}`);
  if (CREDENTIALS.test(folded))
    return deny(
      'commands.credentials',
      `${absolute} is where credentials are kept, which commands may not touch`,
    );
  if (use === 'read' && below === true && HOLDS_CREDENTIALS.test(folded))
    return deny(
      'commands.credentials',
      `below ${absolute} credentials are kept, which commands may not touch`,
    );
  if (use === 'write' && !SCRATCH.test(absolute))
    return deny('commands.outside', `it would write ${absolute}, which is outside the workspace`);
  const does = use === 'write' ? 'write' : use === 'read' ? 'read' : 'look at';
  return ask('commands.outside', `it would ${does} ${absolute}, which is outside the workspace`);
}

/** `..` leads out of where a folder really is, which is not where its name says when the name is a link. */
function judgeClimbing({ effect, use, facts }: CommandCase): Decision | undefined {
  for (const { paths } of use.commands) {
    if (!paths.some(({ word }) => word.split('/').includes('..'))) continue;
    const entered = paths.filter((path) => path.use === 'enter').map(({ path }) => path);
    const linked = facts.paths.find(
      ({ path, real }) => real !== path && (path === effect.folder || entered.includes(path)),
    );
    if (linked !== undefined)
      return ask(
        'commands.links',
        `where ".." leads is not known, because ${relativePath(linked.path)} is behind a link`,
      );
  }
  return undefined;
}

import type { LineUse } from '../protocol/commandUse.ts';
import type { Decision } from '../protocol/decision.ts';
import type { Effect } from '../protocol/effect.ts';
import type { Facts } from '../protocol/facts.ts';
import type { Workspace, WorldFacts } from '../protocol/ports.ts';
import { pathsOf, pathsOfUse, type Judge } from './judged.ts';

export type Judged = { readonly decision: Decision; readonly facts: Facts; readonly use?: LineUse };

export type Surroundings = {
  readonly world: WorldFacts;
  readonly workspace: Pick<Workspace, 'roots'>;
};

/** Undecided is no: an error while looking or judging is a denial. */
export async function judgement(
  { world, workspace }: Surroundings,
  judge: Judge,
  effect: Effect,
): Promise<Judged> {
  try {
    const use = effect.kind === 'command' ? judge.useOf(effect) : undefined;
    const named = use === undefined ? [] : pathsOfUse(use);
    const paths = await Promise.all([
      ...pathsOf(effect, workspace.roots)
        .filter((path) => !named.some((one) => one.path === path))
        .map((path) => world.pathFacts(path)),
      ...named.map(({ path, through }) => world.pathFacts(path, through)),
    ]);
    const executables =
      effect.kind === 'command' ? await world.executableFacts(effect.line, effect.folder) : [];
    const ofCommand =
      use === undefined
        ? {}
        : {
            code: await world.codeFacts(use.commands.flatMap((command) => command.code)),
            sandbox: await world.sandbox(),
          };
    const facts = { paths, executables, ...ofCommand };
    const decision = judge.decide(effect, facts);
    return { facts, decision, ...(use === undefined ? {} : { use }) };
  } catch (error) {
    return { facts: { paths: [], executables: [] }, decision: undecided(error) };
  }
}

/** What is decided where nothing could be. */
export function undecided(error: unknown): Decision {
  const because = `it could not be judged (${error instanceof Error ? error.message : String(error)}), so it is refused`;
  return { verdict: 'deny', rule: 'gate.error', because };
}

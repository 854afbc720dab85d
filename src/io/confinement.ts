import { dirname } from 'node:path';
import type { CommandEffect } from '../protocol/effect.ts';
import type { ExecutableFacts, SandboxFacts } from '../protocol/facts.ts';
import { isInside, type RealRoot } from './files/locate.ts';
import type { ProcessEnd, ProcessPlan } from './processes.ts';
import type { Sandbox } from './sandbox/createSandbox.ts';
import { toolchains } from './sandbox/toolchains.ts';

export type ConfinementOptions = {
  /** Tried out on first use, once for a process. */
  readonly sandbox: () => Promise<Sandbox>;
  readonly mode: () => 'auto' | 'required' | 'off';
  /** Folders of the product itself. */
  readonly ownFolders: readonly string[];
  /** The person's home, by real path. */
  readonly home: string;
};

/** What stands around the programs of one line while it runs. */
type Enclosure =
  | {
      readonly kind: 'ready';
      readonly wrap?: (plan: ProcessPlan) => ProcessPlan;
      /** A sentence where the end looks as if the sandbox had caused it. */
      explain(end: ProcessEnd, output: string): string | undefined;
      leave(): Promise<void>;
    }
  | { readonly kind: 'refused'; readonly because: string };

/** Keeps commands inside the sandbox where their effect says so; the effect is what was judged and shown. */
export type Confinement = {
  facts(): Promise<SandboxFacts>;
  enter(
    effect: CommandEffect,
    programs: readonly ExecutableFacts[],
    pathFolders: readonly string[],
    /** Where the folders of the window were when the session began: what is put in their place later is not opened. */
    roots: readonly RealRoot[],
  ): Promise<Enclosure>;
};

export function createConfinement({ sandbox, mode, ownFolders, home }: ConfinementOptions): Confinement {
  return {
    async facts() {
      if (mode() === 'off')
        return {
          kind: 'none',
          because: 'the sandbox is switched off by the setting warrant.commands.sandbox',
        };
      const { probe } = await sandbox();
      return probe.kind === 'none' ? probe : { kind: 'available', by: probe.by };
    },

    async enter({ confined }, programs, pathFolders, roots) {
      if (confined === undefined) return BARE;
      const { prepare, wrap, explain } = await sandbox();
      const reals = roots.map(({ real }) => real);
      const prepared = await prepare({
        writable: reals,
        readable: toolchains([...pathFolders, ...placesOf(programs, reals)], home, []),
        hidden: ownFolders,
        network: confined.network ? 'all' : 'off',
      });
      if (prepared.kind === 'refused') return prepared;
      const { profile } = prepared;
      return {
        kind: 'ready',
        wrap: (plan) => wrap(plan, profile),
        explain: (end, output) => explain(end, output, profile),
        async leave() {
          await prepared.close();
        },
      };
    },
  };
}

const BARE: Enclosure = {
  kind: 'ready',
  explain: () => undefined,
  leave: () => Promise.resolve(),
};

/** A folder on the PATH may hold nothing but links; what they lead to has to be seen as well. */
function placesOf(programs: readonly ExecutableFacts[], roots: readonly string[]): readonly string[] {
  return programs
    .flatMap((one) =>
      one.kind === 'found' ? [one.real, ...(one.interpreters ?? []).map(({ real }) => real)] : [],
    )
    .filter((real) => !roots.some((root) => isInside(real, root)))
    .map((real) => dirname(real));
}

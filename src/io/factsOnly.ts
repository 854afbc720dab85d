import type { SandboxFacts } from '../protocol/facts.ts';
import type { WorldFacts } from '../protocol/ports.ts';
import { createWorld, type WorldOptions } from './world.ts';

export type FactsOnlyOptions = Pick<
  WorldOptions,
  'workspace' | 'mayRead' | 'piecesOf' | 'looksSecret' | 'mayReadKnown' | 'environment' | 'clock'
> & { readonly sandbox: () => Promise<SandboxFacts> };

/**
 * Looks at the world and can do nothing in it: no warrant is good for anything here. What it saw is its own, so that
 * asking never changes what an approval elsewhere was given for.
 */
export function factsOnly({ sandbox, ...options }: FactsOnlyOptions): WorldFacts {
  const { pathFacts, executableFacts, codeFacts, expand, ...world } = createWorld({
    ...options,
    redeem: never,
    openDocuments: { unsaved: () => false },
    maxFileBytes: () => 0,
    journalDir: '',
    ripgrepCandidates: [],
    problems: () => [],
    outputs: { begin: never, read: () => Promise.resolve(undefined), remove: () => Promise.resolve() },
    backgroundEnded: () => undefined,
    confinement: { facts: sandbox, enter: never },
  });
  return { pathFacts, executableFacts, codeFacts, expand, sandbox: world.sandbox };
}

function never(): never {
  throw new Error('Something was to be done where things are only looked at.');
}

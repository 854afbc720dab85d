import type { SandboxFacts } from '../protocol/facts.ts';
import type { WorldFacts } from '../protocol/ports.ts';
import { programWords } from './runCommandLine.ts';
import { createWorld, type WorldOptions } from './world.ts';

export type FactsOnlyOptions = Pick<
  WorldOptions,
  'workspace' | 'mayRead' | 'piecesOf' | 'looksSecret' | 'mayReadKnown' | 'environment' | 'clock'
> & {
  readonly sandbox: () => Promise<SandboxFacts>;
  /** For a long list of questions: programs named without a folder are looked up on the PATH the first time alone. */
  readonly programsOnce?: true;
};

/**
 * Looks at the world and can do nothing in it: no warrant is good for anything here. What it saw is its own, so that
 * asking never changes what an approval elsewhere was given for.
 */
export function factsOnly({ sandbox, programsOnce, ...options }: FactsOnlyOptions): WorldFacts {
  const { expand, ...world } = createWorld({
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
  return {
    expand,
    sandbox: world.sandbox,
    pathFacts: sharing(world.pathFacts, (path, through) => `${path} ${String(through)}`),
    executableFacts: sharing(
      world.executableFacts,
      (line, folder) => JSON.stringify([folder, line.kind, programWords(line)]),
      (line) => programsOnce === true && !programWords(line).some(({ name }) => /[/\\]/.test(name)),
    ),
    codeFacts: sharing(world.codeFacts, (code) => JSON.stringify(code)),
  };
}

const MOST_KEPT = 10_000;

/**
 * Many questions at once are mostly about the same folders and programs: whoever asks while a look is under way shares
 * it. Only what `keeps` names is remembered beyond that.
 */
function sharing<Args extends readonly unknown[], Found>(
  look: (...args: Args) => Promise<Found>,
  keyOf: (...args: Args) => string,
  keeps: (...args: Args) => boolean = () => false,
): (...args: Args) => Promise<Found> {
  const known = new Map<string, Promise<Found>>();
  return (...args) => {
    const key = keyOf(...args);
    const before = known.get(key);
    if (before !== undefined) return before;
    if (known.size >= MOST_KEPT) known.clear();
    const forget = (): void => void known.delete(key);
    const found = look(...args);
    // A look that failed says nothing about the next one.
    found.then(keeps(...args) ? () => undefined : forget, forget);
    known.set(key, found);
    return found;
  };
}

function never(): never {
  throw new Error('Something was to be done where things are only looked at.');
}

import { matchProgram } from './matchProgram.ts';
import type { Match } from './matchReading.ts';
import type { Example, PathWord, ProgramFamily, ProgramSpec } from './programSpec.ts';

/** Programs that may not be judged by their specification, with the sentence that says why. */
export type BrokenPrograms = ReadonlyMap<string, string>;

const checked = new WeakMap<readonly ProgramFamily[], BrokenPrograms>();

/** Runs every example once for each list of families. Where one fails, all programs of its family are broken. */
export function checkPrograms(families: readonly ProgramFamily[]): BrokenPrograms {
  const before = checked.get(families);
  if (before !== undefined) return before;
  const broken = new Map<string, string>();
  for (const family of families) {
    const problem = family.programs.flatMap(problemsOf)[0];
    if (problem === undefined) continue;
    for (const { names } of family.programs)
      for (const name of names.split(' '))
        broken.set(name, `the specifications of ${family.name} contradict their own examples: ${problem}`);
  }
  checked.set(families, broken);
  return broken;
}

/** Sentences about the examples that do not come out as they say. */
export function problemsOf(spec: ProgramSpec): readonly string[] {
  const { allowed = [], asked = [], unclear = [] } = spec.examples;
  const names = spec.names.split(' ');
  const problems: string[] = [];
  const matched = (line: string): Match | undefined => {
    const argv = exampleWords(line);
    if (names.includes(argv[0] ?? '')) return matchProgram(spec, argv);
    problems.push(`the example ${line} is of another program`);
    return undefined;
  };
  const expectUses = ([line, ...uses]: Example, covered: boolean) => {
    const match = matched(line);
    if (match === undefined) return;
    const found = [...usesOf(match), ...match.unclear.map((because) => `unclear: ${because}`)];
    if (found.toSorted().join('\n') !== uses.toSorted().join('\n'))
      problems.push(`${line} comes to [${found.join(', ')}] instead of [${uses.join(', ')}]`);
    if ((match.rule !== undefined) !== covered)
      problems.push(`${line} is ${covered ? 'not ' : ''}covered by the shipped rule`);
  };
  for (const example of allowed) expectUses(example, true);
  for (const example of asked) expectUses(example, false);
  for (const line of unclear)
    if (matched(line)?.unclear.length === 0) problems.push(`${line} is understood, which it must not be`);
  return problems;
}

/** Words separated by spaces; single quotes keep spaces. */
function exampleWords(line: string): readonly string[] {
  return [...line.matchAll(/(?:'[^']*'|[^\s'])+/g)].map(([word]) => word.replaceAll("'", ''));
}

function usesOf({ paths, network, code, inner }: Match): readonly string[] {
  return [
    ...paths.map((path) => `${path.use} ${shownPath(path)}`),
    ...network.map((host) => `network ${host}`),
    ...code.map((one) => {
      if (one.kind === 'workspace') return 'code *';
      const path = shownPath(one);
      return one.kind === 'file' ? `code ${path}` : `code ${path}#${one.entry}`;
    }),
    ...inner.map((one) => `run ${one.argv.join(' ')}`),
  ];
}

function shownPath({ word, from, below }: Pick<PathWord, 'word' | 'from' | 'below'>): string {
  const whole = from === undefined || word.startsWith('/') ? word : `${from}/${word}`;
  return below === true ? `${whole}/**` : whole;
}

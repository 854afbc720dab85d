import * as z from 'zod';

const verdicts = z.enum(['allow', 'ask', 'deny']);

/**
 * A rule about commands. `argv` is how their words begin; `*` as the last word stands for any further words. `matches`
 * and `rejects` are example lines that are tried when the rule is read.
 */
const commandRule = z.strictObject({
  argv: z.array(z.string().min(1).max(1_000)).min(1).max(64),
  verdict: verdicts,
  matches: z.array(z.string().max(8_192)).max(64).optional(),
  rejects: z.array(z.string().max(8_192)).max(64).optional(),
});
export type CommandRule = z.output<typeof commandRule>;

export const commandRules = z.array(commandRule).max(1_000);

/** What stands for any further words, and alone for any command. */
export const ANY = '*';

/**
 * Reads rules one by one. One that cannot be read refuses the program that it names, or every program where it names
 * none; the others count all the same. `verdicts` are the ones that may stand here.
 */
export function readCommandRules(
  raw: unknown,
  may: readonly CommandRule['verdict'][] = verdicts.options,
): { readonly rules: readonly CommandRule[]; readonly problems: readonly string[] } {
  if (!Array.isArray(raw) || raw.length > 1_000)
    return {
      rules: [refusalOf(ANY)],
      problems: ['the rules are not a list of at most 1000, so every command is refused'],
    };
  const problems: string[] = [];
  const rules = raw.map((entry: unknown, at) => {
    const parsed = commandRule.safeParse(entry);
    if (parsed.success && may.includes(parsed.data.verdict)) return parsed.data;
    const program = programOf(entry);
    const because = parsed.success
      ? `it says ${parsed.data.verdict}, which only your own settings may say`
      : parsed.error.issues.map(({ message }) => message).join('; ');
    const refused = program === ANY ? 'every command' : program;
    problems.push(`rule ${at + 1} cannot be read (${because}), so ${refused} is refused`);
    return refusalOf(program);
  });
  return { rules, problems };
}

/** What stands in the place of a rule that means nothing. */
export function refusalOf(program: string): CommandRule {
  return { argv: program === ANY ? [ANY] : [program, ANY], verdict: 'deny' };
}

function programOf(entry: unknown): string {
  if (typeof entry !== 'object' || entry === null || !('argv' in entry)) return ANY;
  const { argv } = entry;
  const word: unknown = Array.isArray(argv) ? argv[0] : argv;
  return typeof word === 'string' && word !== '' && word.length <= 1_000 ? word : ANY;
}

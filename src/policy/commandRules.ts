import type { CommandLine } from '../protocol/command.ts';
import { ANY, refusalOf, type CommandRule } from '../protocol/commandRule.ts';
import type { Decision } from '../protocol/decision.ts';
import { parseCommandLine } from './commandLine.ts';
import { known, UNKNOWN } from './command/marks.ts';
import { couldMatch, isPattern } from './command/namePattern.ts';
import { programName } from './command/programName.ts';
import { vectorsInText } from './command/rawScan.ts';
import { startLocation } from './command/target.ts';
import { walkLine, type Site } from './command/walk.ts';
import { ask, deny, strictestOf } from './opinion.ts';

/** Rules that were tried against their own examples. */
export type CommandRules = {
  readonly rules: readonly CommandRule[];
  /** What the rules that ask or deny say about everything that could run in a line; nothing when none speaks. */
  judge(line: CommandLine): Decision | undefined;
  /** The rule that allows a vector as it would be started; `isExact` where every word stands in the rule. */
  allowing(argv: readonly string[]): { readonly rule: CommandRule; readonly isExact: boolean } | undefined;
  /** Sentences about rules that contradict their own examples; their programs are refused. */
  readonly problems: readonly string[];
};

/** `says` names the list for people, such as a file; `name` is the name of the rule in a decision. */
export function compileCommandRules(
  rules: readonly CommandRule[],
  name: string,
  says: string = name,
): CommandRules {
  const problems: string[] = [];
  const sound = rules.map((rule, at) => {
    const trouble = troubleIn(rule);
    if (trouble === undefined) return rule;
    const program = rule.argv[0] ?? ANY;
    problems.push(
      `${says}: rule ${at + 1} (${wordsOf(rule)}) ${trouble}, so ${refusedName(program)} is refused`,
    );
    return refusalOf(program);
  });
  const strict = sound.filter(({ verdict }) => verdict !== 'allow');
  const allows = sound.filter(({ verdict }) => verdict === 'allow');
  return {
    rules: sound,
    judge: (line) => (strict.length === 0 ? undefined : judgeLine(line, strict, name, says)),
    allowing(argv) {
      const rule = allows.find((one) => isNamedBy(one.argv, argv));
      return rule === undefined ? undefined : { rule, isExact: rule.argv.at(-1) !== ANY };
    },
    problems,
  };
}

/** How a rule reads, for people. */
export function wordsOf({ argv }: Pick<CommandRule, 'argv'>): string {
  return argv.map((word) => (/^[\w@%+=:,./*-]+$/.test(word) ? word : JSON.stringify(word))).join(' ');
}

function refusedName(program: string): string {
  return program === ANY ? 'every command' : program;
}

function judgeLine(
  line: CommandLine,
  rules: readonly CommandRule[],
  name: string,
  says: string,
): Decision | undefined {
  const opinions = rules
    .filter((rule) => vectorsOf(line).some((argv) => isCoveredBy(rule, argv)))
    .map((rule) =>
      rule.verdict === 'deny'
        ? deny(name, `${says} refuses ${wordsOf(rule)}`)
        : ask(name, `${says} has ${wordsOf(rule)} asked each time`),
    );
  return opinions.length === 0 ? undefined : strictestOf(opinions);
}

/** Everything that could run in a line, wrapped, substituted or handed to a shell. */
function vectorsOf(line: CommandLine): readonly (readonly string[])[] {
  const found: (readonly string[])[] = [];
  const visit = (site: Site): void => {
    if (site.kind === 'run') found.push(site.argv);
    if (site.kind === 'unreadable') found.push(...vectorsInText(site.text));
  };
  walkLine(line.text, startLocation('', { roots: [], ownFolders: [] }), visit);
  if (line.kind === 'plain')
    found.push(...line.steps.flatMap(({ pipeline }) => pipeline.map(({ argv }) => argv)));
  return found;
}

/**
 * Rules that ask or deny are read loosely: in any spelling of the program, with whatever follows, past options and the
 * values they may have, and where a word cannot be told it counts as the one the rule names.
 */
function isCoveredBy({ argv: rule }: CommandRule, argv: readonly string[]): boolean {
  const [program = '', ...wanted] = withoutAny(rule);
  const [word = '', ...args] = argv;
  if (program !== '' && !couldBeProgram(word, program)) return false;
  return follows(wanted, args);
}

function couldBeProgram(word: string, program: string): boolean {
  if (word.includes(UNKNOWN) && known(word) === '') return true;
  const name = programName(word);
  return name === programName(program) || (isPattern(name) && couldMatch(name, programName(program)));
}

function follows(wanted: readonly string[], args: readonly string[]): boolean {
  const [next, ...rest] = wanted;
  if (next === undefined) return true;
  const [arg, ...others] = args;
  if (arg === undefined) return false;
  if ((arg === next || arg.includes(UNKNOWN)) && follows(rest, others)) return true;
  if (!arg.startsWith('-')) return false;
  return follows(wanted, others) || follows(wanted, others.slice(1));
}

/** Rules that allow are read exactly: the program by the bare name that the PATH resolves, then word by word. */
function isNamedBy(rule: readonly string[], argv: readonly string[]): boolean {
  const wanted = withoutAny(rule);
  if (wanted.length === 0 || argv.length < wanted.length) return false;
  if (rule.at(-1) !== ANY && argv.length !== wanted.length) return false;
  return wanted.every((word, at) => argv[at] === word);
}

/** Whether one of these beginnings covers a vector, read as exactly as a rule that allows; `*` alone covers any. */
export function isNamedIn(beginnings: readonly (readonly string[])[], argv: readonly string[]): boolean {
  return beginnings.some((words) => (words.length === 1 && words[0] === ANY) || isNamedBy(words, argv));
}

function withoutAny(words: readonly string[]): readonly string[] {
  return words.at(-1) === ANY ? words.slice(0, -1) : words;
}

/** A clause saying why a rule cannot stand; nothing where it can. */
function troubleIn(rule: CommandRule): string | undefined {
  const { argv, verdict, matches = [], rejects = [] } = rule;
  if (argv.slice(0, -1).includes(ANY)) return 'has * before its last word, where it would mean nothing';
  if (verdict === 'allow' && argv[0] === ANY) return 'allows without naming a program';
  if (verdict === 'allow' && isPattern(argv[0] ?? '')) return 'allows a program by a pattern of names';
  const missed = matches.find((line) => holds(rule, line) !== true);
  if (missed !== undefined) return `does not match its example ${JSON.stringify(missed.slice(0, 80))}`;
  const hit = rejects.find((line) => holds(rule, line) !== false);
  if (hit !== undefined) return `matches ${JSON.stringify(hit.slice(0, 80))}, which it should not`;
  return undefined;
}

/** Whether a rule speaks about an example; undefined where the example is no line at all. */
function holds(rule: CommandRule, text: string): boolean | undefined {
  const parsed = parseCommandLine(text);
  if (parsed.kind === 'refused') return undefined;
  if (rule.verdict !== 'allow') return vectorsOf(parsed.line).some((argv) => isCoveredBy(rule, argv));
  if (parsed.line.kind === 'shell') return false;
  return parsed.line.steps.every(({ pipeline }) => pipeline.every(({ argv }) => isNamedBy(rule.argv, argv)));
}

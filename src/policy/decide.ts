import type { Decision } from '../protocol/decision.ts';
import { digestOfJson, type Digest } from '../protocol/digest.ts';
import type { CommandEffect, EditEffect, Effect, FileEdit } from '../protocol/effect.ts';
import type { Facts, PathFacts } from '../protocol/facts.ts';
import type { Grant, GrantCover, GrantScope } from '../protocol/grant.ts';
import type { Settings } from '../protocol/settings.ts';
import type { CommandLine } from '../protocol/command.ts';
import type { LineUse } from '../protocol/commandUse.ts';
import { relativePath, type Root, type WorkspacePath } from '../protocol/workspacePath.ts';
import type { CommandCase } from './commandCase.ts';
import { commandJudges } from './commandJudges.ts';
import { parseCommandLine } from './commandLine.ts';
import { commandPathJudges } from './commandPathJudges.ts';
import { compileCommandRules } from './commandRules.ts';
import { floorVersion } from './commandFloor.ts';
import { grantCover } from './grants.ts';
import { layerJudges } from './layerJudges.ts';
import { grantScopes, liftAsk, SILENCE } from './liftAsk.ts';
import { lineUse, type LinePlace } from './command/lineUse.ts';
import { programsVersion } from './command/programFamilies.ts';
import { allow, deny, opinionsOf, strictest, strictestOf, type Judge } from './opinion.ts';
import { compilePathRules, deniedLiterally, pathJudges, type PathCase, type PathUse } from './pathJudges.ts';
import type { PolicyLayer } from './policyLayer.ts';
import { protectedPatterns } from './protectedPaths.ts';

export type Policy = {
  decide(effect: Effect, facts: Facts): Decision;
  /** Whether a file's text may be looked at at all; asked before an edit's `before` is loaded. */
  decideRead(facts: PathFacts): Decision;
  /** Cheap, on the path as written: filters listings and search hits. Whoever opens the file asks `decideRead`. */
  mayRead(path: WorkspacePath): boolean;
  /** The same for folders: whether one may hold something that may be read. */
  mayEnter(path: WorkspacePath): boolean;
  /** How long an approval of this command may last; empty where it holds once only. */
  grantScopes(effect: CommandEffect, facts: Facts, decision: Decision): readonly GrantScope[];
  /** What such an approval would be for. */
  grantCover(effect: CommandEffect, facts: Facts): GrantCover | undefined;
  /** Whether the name alone makes it a likely secret; then it is looked up whether git ignores it. */
  looksSecret(path: WorkspacePath): boolean;
  /** What a command would do by the specifications of its programs: the paths it names need facts before `decide`. */
  useOf(effect: CommandEffect): LineUse;
  /** Names the effective policy; it changes with every setting that a verdict rests on. */
  readonly digest: Digest;
  /** Entries of the settings that could not be read, in sentences for the user; what they should allow is refused. */
  readonly problems: readonly string[];
};

export type PolicySurroundings = {
  /** Absolute folders of the product itself (record, journal, policy): neither read nor written by the agent. */
  readonly ownFolders: readonly string[];
  readonly trusted: () => boolean;
  /** Absolute workspace folders, so that commands that delete one are known by its absolute path as well. */
  readonly roots?: () => readonly string[];
  /** The same folders with their names, so that the paths a command names are found in them; without, all are outside. */
  readonly folders?: () => readonly Root[];
  /** The managed and the workspace's own policy files; they only make verdicts stricter. */
  readonly layers?: readonly PolicyLayer[];
  /** The approvals that last and hold now, for this workspace. */
  readonly grants?: () => readonly Grant[];
  /** Judges besides the shipped ones; like any other they can only make a verdict stricter. */
  readonly judges?: readonly Judge<EffectCase>[];
};

type EffectCase = { readonly effect: Effect; readonly facts: Facts };

/** Pure: what `decide` is given, and whether the folders are trusted, is all that it looks at. */
export function createPolicy(settings: Settings, surroundings: PolicySurroundings): Policy {
  const rules = compilePathRules(settings, surroundings.ownFolders);
  const { layers = [], grants = () => [] } = surroundings;
  const layered = layers.map(layerJudges);
  const onPaths = [...pathJudges(rules), ...layered.map((layer) => layer.onPaths)];
  const judgePath = (facts: PathFacts, use: PathUse) => strictest<PathCase>(onPaths, { facts, use });
  const userRules = compileCommandRules(settings['commands.rules'], 'commands.rules');
  const onCommands: readonly Judge<CommandCase>[] = [
    ...commandJudges(settings, surroundings, commandPathJudges(rules, judgePath)),
    ...layered.map((layer) => layer.onCommands),
    { name: 'commands.rules', judge: ({ effect }) => userRules.judge(effect.line) },
  ];
  // The gate, the judges and grants all ask for the use of one line on its way; it is worked out once for each place.
  const known = new WeakMap<CommandLine, { readonly place: LinePlace; readonly use: LineUse }>();
  const useOf = ({ line, folder }: CommandEffect): LineUse => {
    const place = { folder, roots: surroundings.folders?.() ?? [] };
    const before = known.get(line);
    if (before?.place.folder === folder && before.place.roots === place.roots) return before.use;
    const use = lineUse(line, place);
    known.set(line, { place, use });
    return use;
  };
  const trust: Judge<unknown> = {
    name: 'trust',
    judge: () =>
      surroundings.trusted()
        ? undefined
        : deny('trust', 'the workspace is not trusted, so the agent may do nothing in it'),
  };
  const byKind: Judge<EffectCase> = {
    name: 'effect',
    judge: ({ effect, facts }) => {
      switch (effect.kind) {
        case 'plan':
          return allow('plan', 'a plan changes nothing');
        case 'output':
          return allow('commands.output', 'it is what a command of this session printed');
        case 'background':
          return allow('commands.background', 'only commands of this session are listed or stopped');
        case 'question':
          return allow('question', 'a question changes nothing');
        case 'problems':
          if (effect.path === undefined)
            return allow('paths.read', 'problems are shown of readable files only');
          return judgeKnown(facts, effect.path, 'read', judgePath);
        case 'read':
          return judgeKnown(facts, effect.path, 'read', judgePath);
        case 'list':
        case 'search':
          return judgeKnown(facts, effect.path, 'enter', judgePath);
        case 'edit':
          return judgeEdit(effect, facts, judgePath);
        case 'command':
          return judgeCommand(effect, facts);
      }
    },
  };
  const judges: readonly Judge<EffectCase>[] = [trust, byKind, ...(surroundings.judges ?? [])];

  function judgeCommand(effect: CommandEffect, facts: Facts): Decision {
    const folder = factsOf(facts, effect.folder);
    const inFolder = judgeKnown(facts, effect.folder, 'enter', judgePath);
    const use = useOf(effect);
    const opinions = opinionsOf<CommandCase>(onCommands, {
      effect,
      parsed: parseCommandLine(effect.line.text, effect.line.kind === 'plain' ? effect.line.expansions : []),
      folder,
      use,
      facts,
    });
    const said = opinions.filter(({ name }) => name !== SILENCE).map((opinion) => opinion.decision);
    if (inFolder.verdict !== 'allow') said.push(inFolder);
    const decision = strictestOf([...said, ...opinions.map((opinion) => opinion.decision)]);
    const besides = said.length === 0 ? undefined : strictestOf(said);
    return liftAsk(decision, { effect, facts, besides, use }, { rules: userRules, layers, grants });
  }

  return {
    decide: (effect, facts) => strictest(judges, { effect, facts }),
    decideRead: (facts) =>
      strictest<PathFacts>([trust, { name: 'read', judge: (known) => judgePath(known, 'read') }], facts),
    mayRead: (path) =>
      surroundings.trusted() &&
      !deniedLiterally(rules, path) &&
      rules.read.matches(relativePath(path)) &&
      layered.every((layer) => layer.mayRead(path)),
    mayEnter: (path) =>
      surroundings.trusted() &&
      !deniedLiterally(rules, path) &&
      rules.read.couldHold(relativePath(path)) &&
      layered.every((layer) => layer.mayEnter(path)),
    looksSecret: (path) => rules.secretName(relativePath(path)),
    useOf,
    grantScopes: (effect, facts, decision) =>
      grantScopes(decision, { effect, facts, use: useOf(effect) }, layers),
    grantCover(effect, facts) {
      const covered = grantCover(effect, facts, useOf(effect));
      return covered.kind === 'cover' ? covered.cover : undefined;
    },
    digest: policyDigest(settings, surroundings.ownFolders, layers),
    problems: [
      ...rules.problems,
      ...userRules.problems,
      ...layers.flatMap((layer) => layer.problems),
      ...layered.flatMap((layer) => layer.problems),
    ],
  };
}

type JudgePath = (facts: PathFacts, use: PathUse) => Decision;

function factsOf(facts: Facts, path: WorkspacePath): PathFacts | undefined {
  return facts.paths.find((known) => known.path === path);
}

/** A path nobody looked up is refused: the policy does not guess. */
function judgeKnown(facts: Facts, path: WorkspacePath, use: PathUse, judgePath: JudgePath): Decision {
  const known = factsOf(facts, path);
  if (known === undefined)
    return deny('paths.unknown', `nothing is known about ${relativePath(path)}, so it was not judged`);
  return judgePath(known, use);
}

function judgeEdit(effect: EditEffect, facts: Facts, judgePath: JudgePath): Decision {
  if (effect.files.length === 0) return deny('edits.empty', 'the edit names no file');
  const twice = namedTwice(effect.files, facts);
  if (twice !== undefined)
    return deny('edits.twice', `two changes of one edit are to the same file, ${relativePath(twice)}`);
  return strictestOf(
    effect.files.flatMap((file) => {
      const write = judgeKnown(facts, file.path, 'write', judgePath);
      const opinions = [write];
      if (file.before !== null && file.after !== null) {
        const read = judgeKnown(facts, file.path, 'read', judgePath);
        if (read.verdict !== 'allow') opinions.push(read);
      }
      if (file.to !== undefined) opinions.push(judgeKnown(facts, file.to, 'write', judgePath));
      return opinions;
    }),
  );
}

/** Two names for one file in one edit would make what is shown differ from what results. */
function namedTwice(files: readonly FileEdit[], facts: Facts): WorkspacePath | undefined {
  const seen = new Set<string>();
  for (const file of files) {
    const keys = new Map<string, WorkspacePath>();
    for (const path of file.to === undefined ? [file.path] : [file.path, file.to]) {
      keys.set(path, path);
      keys.set(`real ${factsOf(facts, path)?.realAbsolute ?? path}`, path);
    }
    for (const [key, path] of keys) if (seen.has(key)) return path;
    for (const key of keys.keys()) seen.add(key);
  }
  return undefined;
}

function policyDigest(
  settings: Settings,
  ownFolders: readonly string[],
  layers: readonly PolicyLayer[],
): Digest {
  return digestOfJson({
    settings: {
      read: settings['paths.read'],
      write: settings['paths.write'],
      deny: settings['paths.deny'],
      editsAllow: settings['edits.allow'],
      maxBytes: settings['files.maxBytes'],
      commands: settings['commands.enabled'],
      interpreters: settings['commands.interpreters'],
      sandbox: settings['commands.sandbox'],
      rules: settings['commands.rules'],
    },
    layers,
    protected: protectedPatterns.map(({ level, pattern }) => `${level} ${pattern}`),
    floor: floorVersion,
    programs: programsVersion,
    ownFolders,
  });
}

import type { Decision } from '../protocol/decision.ts';
import type { Facts, PathFacts } from '../protocol/facts.ts';
import type { CommandEffect } from '../protocol/effect.ts';
import { relativePath, rootName, type WorkspacePath } from '../protocol/workspacePath.ts';
import { compileCommandRules } from './commandRules.ts';
import { interpreterWithCode } from './command/interpreters.ts';
import { allowGlobs, denyGlobs, GlobUnreadable, type AllowGlobs } from './globs.ts';
import { ask, deny, type Judge } from './opinion.ts';
import type { PathCase } from './pathJudges.ts';
import type { LayerScope, PolicyLayer } from './policyLayer.ts';

type LayeredCommand = { readonly effect: Pick<CommandEffect, 'line' | 'confined'>; readonly facts: Facts };

/** One policy file, ready to judge. Every opinion is *ask* or *deny*: a layer never makes anything milder. */
export type LayerJudges = {
  readonly onPaths: Judge<PathCase>;
  readonly onCommands: Judge<LayeredCommand>;
  /** Cheap, on the path as written: whether nothing here refuses to read a file, or to enter a folder. */
  mayRead(path: WorkspacePath): boolean;
  mayEnter(path: WorkspacePath): boolean;
  /** Sentences about globs and rules that could not be read. */
  readonly problems: readonly string[];
};

export function layerJudges(layer: PolicyLayer): LayerJudges {
  const paths = compilePaths(layer);
  const says = `${layer.kind}.commands`;
  const rules = compileCommandRules(layer.commands.rules, says, layer.source);
  const speaksOf = (path: WorkspacePath) => layer.root === undefined || rootName(path) === layer.root;
  return {
    onPaths: { name: `${layer.kind}.paths`, judge: (subject) => judgePath(layer, paths, speaksOf, subject) },
    onCommands: {
      name: says,
      judge: ({ effect, facts }) => judgeCommand(layer, effect, facts) ?? rules.judge(effect.line),
    },
    mayRead: (path) =>
      !speaksOf(path) ||
      (refusalFor(layer, 'paths') === undefined &&
        paths.denied(relativePath(path)) === undefined &&
        (paths.read?.matches(relativePath(path)) ?? true)),
    mayEnter: (path) =>
      !speaksOf(path) ||
      (refusalFor(layer, 'paths') === undefined &&
        paths.denied(relativePath(path)) === undefined &&
        (paths.read?.couldHold(relativePath(path)) ?? true)),
    problems: [...paths.problems, ...rules.problems.map((text) => `${text}.`)],
  };
}

/** Why everything of one kind is refused, in a clause; nothing where it is not. */
export function refusalFor({ refused }: PolicyLayer, scope: LayerScope): string | undefined {
  return refused.find((one) => one.scope === scope || one.scope === 'all')?.because;
}

type CompiledPaths = {
  readonly read: AllowGlobs | undefined;
  readonly write: AllowGlobs | undefined;
  readonly edits: AllowGlobs | undefined;
  readonly denied: (relative: string) => string | undefined;
  readonly problems: readonly string[];
};

function compilePaths({ paths, source }: PolicyLayer): CompiledPaths {
  const lists = {
    read: paths.read === undefined ? undefined : allowGlobs(paths.read),
    write: paths.write === undefined ? undefined : allowGlobs(paths.write),
    edits: paths['edits.allow'] === undefined ? undefined : allowGlobs(paths['edits.allow']),
  };
  const problems = Object.values(lists).flatMap((list) =>
    (list?.problems ?? []).map((text) => `${source}: ${text}; it allows nothing.`),
  );
  try {
    const globs = denyGlobs(paths.deny ?? []);
    const denied = (relative: string) => {
      const pattern = globs.covering(relative);
      return pattern === undefined ? undefined : `matches ${pattern}, which ${source} refuses`;
    };
    return { ...lists, denied, problems };
  } catch (error) {
    if (!(error instanceof GlobUnreadable)) throw error;
    const { message } = error;
    return {
      ...lists,
      denied: () => `is refused because paths.deny in ${source} cannot be read: ${message}`,
      problems: [...problems, `${source}: ${message}; until it is mended every path is refused.`],
    };
  }
}

/** The path as written and the real one are judged alike, each where the layer speaks of it. */
function judgePath(
  layer: PolicyLayer,
  paths: CompiledPaths,
  speaksOf: (path: WorkspacePath) => boolean,
  { facts, use }: PathCase,
): Decision | undefined {
  const spellings = spellingsOf(facts).filter(speaksOf).map(relativePath);
  if (spellings.length === 0) return undefined;
  const rule = (key: string) => `${layer.kind}.paths.${key}`;
  const refused = refusalFor(layer, 'paths');
  if (refused !== undefined) return deny(rule('unreadable'), refused);
  for (const relative of spellings) {
    const because = paths.denied(relative);
    if (because !== undefined) return deny(rule('deny'), `${shown(relative)} ${because}`);
  }
  const globs = use === 'write' ? paths.write : paths.read;
  const entered = use === 'enter' && facts.state !== 'file';
  const missed = spellings.find((relative) =>
    entered ? globs?.couldHold(relative) === false : globs?.matches(relative) === false,
  );
  if (missed !== undefined) {
    const key = use === 'write' ? 'write' : 'read';
    return deny(rule(key), `no glob of paths.${key} in ${layer.source} allows ${shown(missed)}`);
  }
  if (use !== 'write') return undefined;
  const asked = spellings.find((relative) => paths.edits?.matches(relative) === false);
  return asked === undefined
    ? undefined
    : ask(rule('edits'), `${layer.source} has edits of ${shown(asked)} asked each time`);
}

function spellingsOf({ path, real }: PathFacts): readonly WorkspacePath[] {
  return real === null || real === path ? [path] : [path, real];
}

function shown(relative: string): string {
  return relative === '' ? 'the workspace folder' : relative;
}

function judgeCommand(
  layer: PolicyLayer,
  { line, confined }: LayeredCommand['effect'],
  { sandbox }: Facts,
): Decision | undefined {
  const rule = (key: string) => `${layer.kind}.commands.${key}`;
  const refused = refusalFor(layer, 'commands');
  if (refused !== undefined) return deny(rule('unreadable'), refused);
  const { enabled, interpreters, sandbox: wanted } = layer.commands;
  if (enabled === false) return deny(rule('enabled'), `${layer.source} switches commands off`);
  if (interpreters === false) {
    const because = interpreterWithCode(line);
    if (because !== undefined) return deny(rule('interpreters'), `${because}, which ${layer.source} refuses`);
  }
  if (wanted === 'required' && sandbox?.kind !== 'available')
    return deny(
      rule('sandbox'),
      `${layer.source} wants commands confined, and nothing is known to confine them here`,
    );
  if (wanted === 'required' && confined === undefined)
    return deny(rule('sandbox'), `${layer.source} wants commands confined, and it would run outside`);
  return undefined;
}

import type { Decision } from '../protocol/decision.ts';
import type { LineUse } from '../protocol/commandUse.ts';
import type { CommandEffect, Effect } from '../protocol/effect.ts';
import type { Facts, PathFacts } from '../protocol/facts.ts';
import { pathsOfLine } from '../protocol/linePaths.ts';
import type { Root, WorkspacePath } from '../protocol/workspacePath.ts';

/** The policy as the gate uses it; made by policy/decide.ts. */
export type Judge = {
  decide(effect: Effect, facts: Facts): Decision;
  decideRead(facts: PathFacts): Decision;
  useOf(effect: CommandEffect): LineUse;
};

/** The paths an effect speaks of; their facts are gathered before it is judged. */
export function pathsOf(effect: Effect, roots: readonly Root[]): readonly WorkspacePath[] {
  switch (effect.kind) {
    case 'list':
    case 'search':
    case 'read':
      return [effect.path];
    case 'problems':
      return effect.path === undefined ? [] : [effect.path];
    case 'edit':
      return effect.files.flatMap((file) => (file.to === undefined ? [file.path] : [file.path, file.to]));
    case 'command':
      return [effect.folder, ...pathsOfLine(effect.line, effect.folder, roots).paths];
    case 'output':
    case 'background':
    case 'plan':
    case 'question':
      return [];
  }
}

/** A path that a command names, and whether what lies below it would be read as well. */
export type NamedForFacts = { readonly path: WorkspacePath; readonly through: boolean };

/** The paths of the workspace that a command names, each once. */
export function pathsOfUse({ commands }: LineUse): readonly NamedForFacts[] {
  const through = new Map<WorkspacePath, boolean>();
  for (const { path, use } of commands.flatMap(({ paths }) => paths))
    if (path !== null) through.set(path, use === 'read' || through.get(path) === true);
  return [...through].map(([path, isThrough]) => ({ path, through: isThrough }));
}

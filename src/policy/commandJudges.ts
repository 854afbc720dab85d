import { canonicalJson } from '../protocol/canonicalJson.ts';
import type { CommandEffect } from '../protocol/effect.ts';
import type { PathFacts } from '../protocol/facts.ts';
import type { Settings } from '../protocol/settings.ts';
import { relativePath } from '../protocol/workspacePath.ts';
import type { CommandCase } from './commandCase.ts';
import { floorHit, type CommandPlace } from './commandFloor.ts';
import { checkPrograms } from './command/checkPrograms.ts';
import { interpreterWithCode } from './command/interpreters.ts';
import { programFamilies } from './command/programFamilies.ts';
import { judgeByUse } from './judgeByUse.ts';
import { ask, deny, type Judge } from './opinion.ts';

export type CommandSurroundings = {
  readonly ownFolders: readonly string[];
  readonly roots?: () => readonly string[];
};

const MAX_TIMEOUT_MS = 600_000;

/** One judge a rule. Only the last one ever says *allow*. Among equals the first speaks, so reasons stand first. */
export function commandJudges(
  settings: Settings,
  surroundings: CommandSurroundings,
  onPaths: readonly Judge<CommandCase>[],
): readonly Judge<CommandCase>[] {
  if (!settings['commands.enabled']) return [{ name: 'commands.enabled', judge: judgeDisabled }];
  return [
    { name: 'commands.text', judge: judgeText },
    { name: 'floor', judge: (subject) => judgeFloor(subject, surroundings) },
    ...(settings['commands.interpreters']
      ? []
      : [{ name: 'commands.interpreters', judge: judgeInterpreters }]),
    { name: 'commands.folder', judge: judgeFolder },
    { name: 'commands.timeout', judge: judgeTimeout },
    { name: 'commands.programs', judge: judgePrograms },
    ...onPaths,
    { name: 'commands.sandbox', judge: (subject) => judgeSandbox(subject, settings) },
    { name: 'commands.network', judge: judgeNetwork },
    { name: 'commands.ask', judge: judgeByUse },
  ];
}

function judgeDisabled() {
  return deny(
    'commands.enabled',
    'commands are switched off; the setting warrant.commands.enabled allows them',
  );
}

/** The effect must be what its text says, so that what is shown, judged and run stay one thing. */
function judgeText({ effect, parsed }: CommandCase) {
  if (parsed.kind === 'refused') return deny('commands.text', parsed.because);
  if (JSON.stringify(parsed.line) === JSON.stringify(effect.line)) return undefined;
  if (canonicalJson(parsed.line) !== canonicalJson(effect.line))
    return deny('commands.mismatch', 'the command that would run is not the one its text says');
  return undefined;
}

/** A text that was refused is not looked into: it may be as long as it likes. */
function judgeFloor({ effect, parsed, folder }: CommandCase, surroundings: CommandSurroundings) {
  if (parsed.kind === 'refused') return undefined;
  const hit = floorHit(effect.line.text, effect.line, placeOf(effect, folder, surroundings));
  return hit === undefined ? undefined : deny(hit.rule, hit.because);
}

function placeOf(
  effect: CommandEffect,
  folder: PathFacts | undefined,
  surroundings: CommandSurroundings,
): CommandPlace {
  const root = folder === undefined ? undefined : rootOf(folder);
  return {
    folder: relativePath(effect.folder),
    roots: [...(root === undefined ? [] : [root]), ...(surroundings.roots?.() ?? [])],
    ownFolders: surroundings.ownFolders,
  };
}

/** The absolute root, read off the folder's real path: both end the same way. */
function rootOf(folder: PathFacts): string | undefined {
  if (folder.real === null) return undefined;
  const absolute = folder.realAbsolute.replaceAll('\\', '/');
  const relative = relativePath(folder.real);
  if (relative === '') return absolute;
  return absolute.endsWith(`/${relative}`) ? absolute.slice(0, -relative.length - 1) : undefined;
}

function judgeInterpreters({ effect, parsed }: CommandCase) {
  if (parsed.kind === 'refused') return undefined;
  const because = interpreterWithCode(effect.line);
  if (because === undefined) return undefined;
  return deny('commands.interpreters', `${because}; the setting warrant.commands.interpreters allows that`);
}

function judgeFolder({ folder }: CommandCase) {
  if (folder === undefined || folder.state === 'folder') return undefined;
  return deny('commands.folder', `${relativePath(folder.path)} is not a folder, so no command can run in it`);
}

function judgeTimeout({ effect }: CommandCase) {
  if (effect.timeoutMs > 0 && effect.timeoutMs <= MAX_TIMEOUT_MS) return undefined;
  return deny('commands.timeout', 'a command may run for at most ten minutes');
}

/** A specification that contradicts its own examples is worth nothing, and neither are those beside it. */
function judgePrograms({ effect }: CommandCase) {
  const broken = checkPrograms(programFamilies);
  if (broken.size === 0 || effect.line.kind === 'shell') return undefined;
  const words = effect.line.steps.flatMap(({ pipeline }) => pipeline.flatMap(({ argv }) => argv));
  const because = words
    .map((word) => broken.get(word.split('/').at(-1) ?? ''))
    .find((one) => one !== undefined);
  return because === undefined ? undefined : deny('commands.programs', because);
}

/** Where nothing was looked up there is nothing to say; confinement never makes a verdict milder. */
function judgeSandbox({ effect, facts: { sandbox } }: CommandCase, settings: Settings) {
  if (sandbox === undefined) return undefined;
  if (sandbox.kind === 'available') {
    if (effect.confined !== undefined) return undefined;
    if (settings['commands.sandbox'] === 'required')
      return deny(
        'commands.sandbox',
        'the setting warrant.commands.sandbox requires a sandbox, and it would run outside of it',
      );
    return ask('commands.outside', 'it would run outside the sandbox, with all that you may do yourself');
  }
  if (effect.confined !== undefined)
    return deny('commands.sandbox', `it was to run in a sandbox, and there is none: ${sandbox.because}`);
  if (settings['commands.sandbox'] === 'required')
    return deny(
      'commands.sandbox',
      `the setting warrant.commands.sandbox requires a sandbox, and there is none: ${sandbox.because}`,
    );
  return ask('commands.sandbox', `nothing confines it: ${sandbox.because}`);
}

function judgeNetwork({ effect: { confined } }: CommandCase) {
  if (confined?.network !== true) return undefined;
  return ask('commands.network', 'it would have the network');
}

import type { CommandUse, LineUse, NamedCode } from '../protocol/commandUse.ts';
import type { Decision } from '../protocol/decision.ts';
import { relativePath } from '../protocol/workspacePath.ts';
import type { CommandCase } from './commandCase.ts';
import { allow, ask } from './opinion.ts';

const MOST_NAMED = 5;

/**
 * What holds where no other rule speaks: a shipped rule allows what only reads and prints; everything else is asked,
 * with what the command would do as the reason.
 */
export function judgeByUse({ effect, use }: CommandCase): Decision {
  if (effect.line.kind === 'shell')
    return ask(
      'commands.ask',
      `only a shell can run this line, because of ${effect.line.because}; what it does cannot be told from its text alone`,
    );
  const rules = use.commands.map(({ rule }) => rule);
  const [rule] = rules;
  if (use.understood && rule !== undefined && !rules.includes(undefined))
    return allow(rule, 'it only reads and prints what the agent may read');
  const asked = ask('commands.ask', reasons(use));
  return isGrantable(use) ? { ...asked, grantable: true } : asked;
}

/** An approval that lasts must know what it is for: not for words that nobody understood, nor code that nobody names. */
function isGrantable({ commands, understood }: LineUse): boolean {
  return understood && !commands.some(({ code }) => code.some(({ kind }) => kind === 'workspace'));
}

function reasons({ commands }: LineUse): string {
  const unclear = commands.flatMap((use) => use.unclear);
  const effects = [
    ...listed('write', unique(commands.flatMap(writesOf))),
    ...listed('run', unique(commands.flatMap(({ code }) => code.map(codeInWords)))),
    ...listed('reach', unique(commands.flatMap(({ network }) => network.map(hostInWords)))),
  ];
  if (unclear.length > 0) {
    const does = effects.length === 0 ? '' : `; it would also ${effects.join(', and ')}`;
    return `not all of it is understood: ${some(unique(unclear))}${does}`;
  }
  if (effects.length > 0) return `it would ${effects.join(', and ')}`;
  return `no rule allows ${some(unique(commands.filter(({ rule }) => rule === undefined).map(({ argv }) => argv[0] ?? '')))}`;
}

function writesOf({ paths }: CommandUse): readonly string[] {
  return paths
    .filter(({ use }) => use === 'write')
    .map(({ path, absolute, below }) => {
      const name =
        path === null ? absolute : relativePath(path) === '' ? 'the workspace folder' : relativePath(path);
      return below === true ? `${name} with everything in it` : name;
    });
}

function codeInWords(code: NamedCode): string {
  switch (code.kind) {
    case 'file':
      return `the file ${relativePath(code.path)}`;
    case 'entry':
      return `${code.entry} of ${relativePath(code.path)}`;
    case 'workspace':
      return `code of the workspace (${code.because})`;
  }
}

function hostInWords(host: string): string {
  return host === '*' ? 'the network' : `${host} over the network`;
}

function listed(verb: string, names: readonly string[]): readonly string[] {
  return names.length === 0 ? [] : [`${verb} ${some(names)}`];
}

function some(names: readonly string[]): string {
  const more = names.length - MOST_NAMED;
  const shown = names
    .slice(0, MOST_NAMED)
    .map((name) => (name.length > 200 ? `${name.slice(0, 200)}…` : name));
  return more > 0 ? `${shown.join(', ')} and ${more} more` : shown.join(', ');
}

function unique(names: readonly string[]): readonly string[] {
  return [...new Set(names)];
}

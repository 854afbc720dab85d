import type { CommandRule } from '../protocol/commandRule.ts';
import type { Digest } from '../protocol/digest.ts';
import type { Grant } from '../protocol/grant.ts';
import type { Settings } from '../protocol/settings.ts';
import { wordsOf } from './commandRules.ts';
import { floorNames } from './command/floorRules.ts';
import type { PolicyLayer } from './policyLayer.ts';
import { protectedPatterns } from './protectedPaths.ts';

export type EffectivePolicy = {
  readonly settings: Settings;
  readonly layers: readonly PolicyLayer[];
  readonly grants: readonly Grant[];
  readonly trusted: boolean;
  /** The policy's digest as the record has it. */
  readonly digest: Digest;
  readonly problems: readonly string[];
};

/** Everything that verdicts rest on, and where each rule comes from, as a document in Markdown. */
export function effectivePolicy(policy: EffectivePolicy): string {
  return [
    '# Effective policy',
    `Digest: \`${policy.digest}\`; the record names it in \`session.opened\` and \`policy.changed\`.`,
    `Workspace: ${policy.trusted ? 'trusted' : '**not trusted**, so the agent may do nothing in it'}.`,
    'The strictest rule wins, wherever it comes from. What no rule speaks about is asked.',
    ...section('Problems', policy.problems.map(text)),
    ...section('Floor: refused whoever asks, whatever is approved', [
      `Programs that are looked at closely: ${floorNames.map(code).join(', ')}`,
      ...protectedPatterns
        .filter(({ level }) => level === 'never')
        .map(({ pattern, because }) => `${code(pattern)} is never written: ${because}`),
    ]),
    ...policy.layers.flatMap(layerSection),
    ...section('Your settings', settingLines(policy.settings)),
    ...section('Rules about commands in your settings', ruleLines(policy.settings['commands.rules'])),
    ...section('Approvals that last', policy.grants.map(grantLine)),
    ...section(
      'Shipped: edits that are asked each time',
      protectedPatterns
        .filter(({ level }) => level === 'ask')
        .map(({ pattern, because }) => `${code(pattern)}: ${because}`),
    ),
    '',
  ].join('\n\n');
}

function layerSection(layer: PolicyLayer): readonly string[] {
  const { kind, source, root, refused, paths, commands, models, endpoints, providers, retention } = layer;
  const title =
    kind === 'managed' ? `Managed: ${text(source)}` : `Workspace folder ${text(root ?? '')}: ${text(source)}`;
  const { rules, ...limits } = commands;
  const values = { ...paths, ...limits, models, endpoints, providers, retention };
  return section(title, [
    ...refused.map(({ scope, because }) => `**refuses ${scope}**: ${text(because)}`),
    ...Object.entries(values).flatMap(([key, value]) =>
      value === undefined ? [] : [`${code(key)}: ${code(JSON.stringify(value))}`],
    ),
    ...ruleLines(rules),
  ]);
}

function settingLines(settings: Settings): readonly string[] {
  return Object.entries(settings)
    .filter(([key]) => /^(?:paths|edits|files|commands)\./.test(key) && key !== 'commands.rules')
    .map(([key, value]) => `${code(`warrant.${key}`)}: ${code(JSON.stringify(value))}`);
}

function ruleLines(rules: readonly CommandRule[]): readonly string[] {
  return rules.map((rule) => `${rule.verdict} ${code(wordsOf(rule))}`);
}

function grantLine({ id, scope, text: line, folder, until, code: pieces, sandbox }: Grant): string {
  const ends = scope === 'session' ? 'this session' : `until ${new Date(until).toISOString().slice(0, 10)}`;
  const runs =
    pieces.length === 0 ? '' : `, with ${pieces.map(({ name }) => code(name)).join(', ')} as it was`;
  return `allow ${code(line)} in ${code(folder)}, ${ends}, confined by ${sandbox}${runs} (${code(`grant.${id}`)})`;
}

function section(title: string, lines: readonly string[]): readonly string[] {
  const body = lines.length === 0 ? 'none' : lines.map((line) => `- ${line}`).join('\n');
  return [`## ${title}`, body];
}

/** Words of files and commands must not be taken for Markdown, nor end the line. */
function code(words: string): string {
  const line = words.replace(/\s+/g, ' ');
  const fence = line.includes('`') ? '``' : '`';
  return `${fence}${line.replaceAll('``', '` `')}${fence}`;
}

function text(words: string): string {
  return words.replace(/\s+/g, ' ').replace(/[\\`*_{}[\]<>#|]/g, '\\$&');
}

import type { LineUse } from '../protocol/commandUse.ts';
import type { Decision } from '../protocol/decision.ts';
import type { CommandEffect } from '../protocol/effect.ts';
import type { Facts } from '../protocol/facts.ts';
import type { Grant, GrantScope } from '../protocol/grant.ts';
import { isNamedIn, wordsOf, type CommandRules } from './commandRules.ts';
import { grantCover, grantFor, neverBeforehand } from './grants.ts';
import { refusalFor } from './layerJudges.ts';
import { allow } from './opinion.ts';
import type { PolicyLayer } from './policyLayer.ts';

/** The rule that speaks where no other one does; the only one that a user's own rules and grants answer. */
export const SILENCE = 'commands.ask';

export type AskCase = {
  readonly effect: CommandEffect;
  readonly facts: Facts;
  /** What every judge but the silent one said, the strictest of it; nothing where all of them were silent. */
  readonly besides: Decision | undefined;
  /** What the line would do, as far as its specifications tell. */
  readonly use: LineUse;
};

export type Lifting = {
  readonly rules: CommandRules;
  readonly layers: readonly PolicyLayer[];
  /** Those that hold now, for this workspace. */
  readonly grants: () => readonly Grant[];
};

/**
 * Turns the *ask* of silence into *allow* where the user's own rules name every simple command, or a grant the whole
 * line. Whatever else was said stands: nothing here is asked about a refusal, or about an *ask* that has its reason.
 */
export function liftAsk(decision: Decision, subject: AskCase, lifting: Lifting): Decision {
  if (decision.verdict !== 'ask') return decision;
  const { effect, facts, besides } = subject;
  const onlySilence = besides === undefined || besides.verdict === 'allow';
  const rule = onlySilence ? allowingRule(decision, subject, lifting) : undefined;
  if (rule !== undefined && neverBeforehand(effect.line) === undefined)
    return allow('commands.rules', `your own rules allow ${rule}`);
  if (decision.grantable !== true || longest(lifting.layers) === 'none') return decision;
  const lasting = lifting.grants().filter(({ scope }) => mayLast(lifting.layers, scope));
  const match = grantFor(lasting, effect, facts, subject.use);
  if (match === undefined) return decision;
  if (match.kind === 'changed')
    return { ...decision, because: `${decision.because}; you allowed it before, but ${match.because}` };
  const { id, scope, from } = match.grant;
  const since = new Date(from).toISOString().slice(0, 10);
  const how = scope === 'session' ? 'for this session' : `here, on ${since}`;
  return allow(`grant.${id}`, `you allowed it ${how}`);
}

/** How long an approval of this may last. Empty where it holds once only. */
export function grantScopes(
  decision: Decision,
  { effect, facts, use }: Pick<AskCase, 'effect' | 'facts' | 'use'>,
  layers: readonly PolicyLayer[],
): readonly GrantScope[] {
  if (decision.verdict !== 'ask' || decision.grantable !== true) return [];
  if (grantCover(effect, facts, use).kind === 'none') return [];
  return (['session', 'always'] as const).filter((scope) => mayLast(layers, scope));
}

/** In words, the commands that the user's rules allow, where they allow all of a line. */
function allowingRule(
  decision: Decision,
  { effect, use }: AskCase,
  { rules, layers }: Lifting,
): string | undefined {
  if (effect.line.kind === 'shell') return undefined;
  // Code of the workspace is allowed by what it is, not by the name it runs under: that takes a grant.
  if (use.commands.some(({ code }) => code.length > 0)) return undefined;
  const named: string[] = [];
  for (const { argv, redirects } of effect.line.steps.flatMap(({ pipeline }) => pipeline)) {
    // Rules name words; where a line's output goes is not among them.
    if (redirects.some((redirect) => 'to' in redirect && redirect.to === 'file')) return undefined;
    const shipped = use.commands.some((one) => one.rule !== undefined && sameWords(one.argv, argv));
    if (shipped) continue;
    const allowing = rules.allowing(argv);
    if (allowing === undefined) return undefined;
    // What follows in place of a star must be understood; words that stand in the rule need not be.
    if (!allowing.isExact && decision.grantable !== true) return undefined;
    if (!layers.every((layer) => mayAllow(layer, argv))) return undefined;
    named.push(wordsOf(allowing.rule));
  }
  return named.length === 0 ? undefined : [...new Set(named)].join(' and ');
}

function sameWords(one: readonly string[], other: readonly string[]): boolean {
  return one.length === other.length && one.every((word, at) => word === other[at]);
}

function mayAllow(layer: PolicyLayer, argv: readonly string[]): boolean {
  if (refusalFor(layer, 'commands') !== undefined) return false;
  return layer.commands.mayAllow === undefined || isNamedIn(layer.commands.mayAllow, argv);
}

function longest(layers: readonly PolicyLayer[]): 'none' | GrantScope {
  const limits = layers.map(({ commands }) => commands.grants ?? 'always');
  if (limits.includes('none')) return 'none';
  return limits.includes('session') ? 'session' : 'always';
}

function mayLast(layers: readonly PolicyLayer[], scope: GrantScope): boolean {
  const most = longest(layers);
  return most === 'always' || most === scope;
}

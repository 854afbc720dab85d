import { readCommandLine, type ParsedLine } from '../policy/commandLine.ts';
import type { CommandLine } from '../protocol/command.ts';
import type { CommandEffect } from '../protocol/effect.ts';
import type { WorldFacts } from '../protocol/ports.ts';
import type { Proposal } from '../protocol/proposal.ts';
import type { Judge } from './judged.ts';

export type CommandProposal = Extract<Proposal, { kind: 'command' }>;

/** Patterns of file names are part of what is judged, shown and run as the names they stand for now. */
export async function readCommand(
  { world }: { readonly world: Pick<WorldFacts, 'expand'> },
  { text, folder }: CommandProposal,
): Promise<ParsedLine> {
  const { patterns, parsed } = readCommandLine(text);
  return parsed(patterns.length === 0 ? [] : await world.expand(patterns, folder));
}

/** Where there is a sandbox it is used, and without the network unless the command is for that or asks for it. */
export async function commandEffect(
  { world, judge }: { readonly world: Pick<WorldFacts, 'sandbox'>; readonly judge: () => Judge },
  line: CommandLine,
  { folder, timeoutMs, background, network, outside }: CommandProposal,
): Promise<CommandEffect> {
  const effect: CommandEffect = {
    kind: 'command',
    line,
    folder,
    timeoutMs,
    ...(background === undefined ? {} : { background }),
  };
  const sandbox = await world.sandbox();
  if (sandbox.kind === 'none' || outside === true) return effect;
  const reaches = judge()
    .useOf(effect)
    .commands.some((command) => command.network.length > 0);
  return { ...effect, confined: { network: network === true || reaches } };
}

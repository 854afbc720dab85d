import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Decision, Verdict } from '../../../src/protocol/decision.ts';
import type { CommandEffect } from '../../../src/protocol/effect.ts';
import type { SandboxFacts } from '../../../src/protocol/facts.ts';
import { EVERYDAY_COMMANDS } from './everydayCommands.ts';
import { FOLDER, facts, onDisk, policy, running } from './policyCases.ts';

const AVAILABLE: SandboxFacts = { kind: 'available', by: 'bubblewrap' };
const NONE: SandboxFacts = { kind: 'none', because: 'bubblewrap is not installed.' };
const inside = { network: false };

function verdictOn(
  line: string,
  sandbox: SandboxFacts | undefined,
  confined?: CommandEffect['confined'],
  wish: 'auto' | 'required' | 'off' = 'auto',
): Decision {
  const effect = { ...running(line), ...(confined === undefined ? {} : { confined }) };
  const known = facts(onDisk('', FOLDER), onDisk('a.txt'));
  return policy({ 'commands.enabled': true, 'commands.sandbox': wish }).decide(effect, {
    ...known,
    ...(sandbox === undefined ? {} : { sandbox }),
  });
}

describe('a command that only reads', () => {
  it.each<
    [of: string, SandboxFacts, CommandEffect['confined'], wish: 'auto' | 'required', Verdict, rule: string]
  >([
    ['in the sandbox is allowed by rule', AVAILABLE, inside, 'auto', 'allow', 'commands.reads'],
    ['outside the sandbox is asked', AVAILABLE, undefined, 'auto', 'ask', 'commands.outside'],
    ['with the network is asked', AVAILABLE, { network: true }, 'auto', 'ask', 'commands.network'],
    ['where nothing confines it is asked', NONE, undefined, 'auto', 'ask', 'commands.sandbox'],
    [
      'where a sandbox is required and there is none is refused',
      NONE,
      undefined,
      'required',
      'deny',
      'commands.sandbox',
    ],
    [
      'that was to be confined where nothing can is refused',
      NONE,
      inside,
      'auto',
      'deny',
      'commands.sandbox',
    ],
  ])('%s', (_, sandbox, confined, wish, verdict, rule) => {
    expect(verdictOn('cat a.txt', sandbox, confined, wish)).toMatchObject({ verdict, rule });
  });

  it('that is asked for want of a sandbox, outside of it or with the network is not allowed beforehand', () => {
    for (const decision of [
      verdictOn('cat a.txt', AVAILABLE),
      verdictOn('cat a.txt', AVAILABLE, { network: true }),
      verdictOn('cat a.txt', NONE),
    ])
      expect(decision.grantable).toBeUndefined();
  });
});

it('being confined never makes a verdict milder than nothing being known about it', () => {
  const STRICT = { allow: 0, ask: 1, deny: 2 };
  fc.assert(
    fc.property(
      fc.constantFrom(...EVERYDAY_COMMANDS.map(([, , line]) => line), 'rm -rf /', 'sudo ls', 'cat .env'),
      fc.constantFrom(AVAILABLE, NONE),
      fc.constantFrom(undefined, inside, { network: true }),
      fc.constantFrom('auto' as const, 'required' as const, 'off' as const),
      (line, sandbox, confined, wish) => {
        const without = verdictOn(line, undefined).verdict;
        expect(STRICT[verdictOn(line, sandbox, confined, wish).verdict]).toBeGreaterThanOrEqual(
          STRICT[without],
        );
      },
    ),
    { numRuns: 400 },
  );
});

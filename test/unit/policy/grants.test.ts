import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compileCommandRules } from '../../../src/policy/commandRules.ts';
import { effectivePolicy } from '../../../src/policy/effectivePolicy.ts';
import { grantCover } from '../../../src/policy/grants.ts';
import { liftAsk } from '../../../src/policy/liftAsk.ts';
import { managedLayer } from '../../../src/policy/policyLayer.ts';
import type { LineUse } from '../../../src/protocol/commandUse.ts';
import { digestOf } from '../../../src/protocol/digest.ts';
import type { CommandEffect } from '../../../src/protocol/effect.ts';
import type { CodeFacts, Facts, SandboxFacts } from '../../../src/protocol/facts.ts';
import type { Grant } from '../../../src/protocol/grant.ts';
import { parseSettings } from '../../../src/protocol/settings.ts';
import { command } from './grantCases.ts';
import { at, facts, HERE, onDisk, policy, running } from './policyCases.ts';

const on = { 'commands.enabled': true };
const BUBBLEWRAP: SandboxFacts = { kind: 'available', by: 'bubblewrap' };

/** A folder to make, so that the line is understood and asked for, with the program that makes it. */
function made(program = 'mkdir 9', rest: Partial<Facts> = {}): Facts {
  return {
    ...facts(
      HERE,
      onDisk('made', { state: 'absent' }),
      onDisk('sub', { state: 'folder' }),
      onDisk('other', { state: 'absent' }),
    ),
    executables: [{ kind: 'found', name: 'mkdir', real: '/usr/bin/mkdir', digest: digestOf(program) }],
    sandbox: BUBBLEWRAP,
    ...rest,
  };
}

function granted(effect: CommandEffect, known: Facts, scope: Grant['scope'] = 'always'): Grant {
  const cover = policy(on).grantCover(effect, known);
  if (cover === undefined) throw new Error('No grant can be given for this.');
  return { ...cover, id: 'g1', workspace: digestOf('here'), scope, from: 1_000, until: 2_000 };
}

const LINE = command('mkdir made');
const ONE = granted(LINE, made());

function decided(effect: CommandEffect, known: Facts, grants: readonly Grant[] = [ONE], settings = {}) {
  return policy({ ...on, ...settings }, { grants: () => grants }).decide(effect, known);
}

describe('an approval that lasts', () => {
  it('allows the same line, and is named by the decision', () => {
    expect(policy(on).decide(LINE, made())).toMatchObject({ verdict: 'ask', grantable: true });
    expect(decided(LINE, made())).toEqual({
      verdict: 'allow',
      rule: 'grant.g1',
      because: 'you allowed it here, on 1970-01-01',
    });
    expect(decided(command("'mkdir'  made"), made()).verdict).toBe('allow');
  });

  it.each<[why: string, effect: CommandEffect, known: Facts]>([
    ['other words', command('mkdir made other'), made()],
    ['a word more, hidden by spaces', command(`mkdir made${' '.repeat(300)}other`), made()],
    ['another command behind it', command('mkdir made; mkdir other'), made()],
    ['its output in a file', command('mkdir made > other'), made()],
    [
      'another folder',
      command('mkdir made', 'sub'),
      { ...made(), paths: [...made().paths, onDisk('sub/made', { state: 'absent' })] },
    ],
    ['in the background', command('mkdir made', '', { background: true }), made()],
    ['for longer', command('mkdir made', '', { timeoutMs: 600_000 }), made()],
    ['another program of that name', LINE, made('mkdir 10')],
    [
      'outside the sandbox it was given for',
      running('mkdir made'),
      made('mkdir 9', { sandbox: { kind: 'none', because: 'it is gone' } }),
    ],
    ['another sandbox', LINE, made('mkdir 9', { sandbox: { kind: 'available', by: 'seatbelt' } })],
  ])('does not cover %s', (_why, effect, known) => {
    expect(decided(effect, known).verdict).toBe('ask');
  });

  it('says what changed since it was given', () => {
    expect(decided(LINE, made('mkdir 10')).because).toContain(
      'you allowed it before, but the program mkdir changed since',
    );
  });

  it('lifts no refusal and no question that has a reason of its own', () => {
    const deny = { 'commands.rules': [{ argv: ['mkdir'], verdict: 'deny' }] };
    const asked = { 'commands.rules': [{ argv: ['mkdir'], verdict: 'ask' }] };
    expect(decided(LINE, made(), [ONE], deny).verdict).toBe('deny');
    expect(decided(LINE, made(), [ONE], asked).verdict).toBe('ask');
    expect(decided(LINE, made(), [ONE], { 'paths.deny': ['made'] }).verdict).toBe('deny');
    expect(decided(LINE, made(), [ONE], { 'commands.enabled': false }).verdict).toBe('deny');
  });

  it('ends where the machine’s policy lets none last', () => {
    const limited = (grants: string) => {
      const text = JSON.stringify({ commands: { grants } });
      const layers = [managedLayer({ source: 'policy.json', found: { kind: 'text', text } })];
      return policy(on, { layers, grants: () => [ONE] });
    };
    expect(limited('none').decide(LINE, made()).verdict).toBe('ask');
    expect(limited('session').decide(LINE, made()).verdict).toBe('ask');
    expect(limited('always').decide(LINE, made()).verdict).toBe('allow');
    const scopes = ['none', 'session', 'always'].map((grants) =>
      limited(grants).grantScopes(LINE, made(), { verdict: 'ask', rule: 'x', because: '', grantable: true }),
    );
    expect(scopes).toEqual([[], ['session'], ['session', 'always']]);
  });
});

describe('code of the workspace', () => {
  const line = command('npm test');
  const code = { kind: 'entry', path: at('package.json'), entry: 'scripts.test' } as const;
  const known = (pieces: readonly CodeFacts[] | undefined): Facts => ({
    ...facts(HERE, onDisk('package.json')),
    executables: [{ kind: 'found', name: 'npm', real: '/usr/bin/npm', digest: digestOf('npm') }],
    ...(pieces === undefined ? {} : { code: pieces }),
  });
  const asked = { verdict: 'ask', rule: 'x', because: '', grantable: true } as const;

  it('is allowed by what it is: another script behind the same name is asked again, and why is said', () => {
    const use: LineUse = {
      understood: true,
      commands: [{ argv: ['npm', 'test'], folder: '', paths: [], network: [], code: [code], unclear: [] }],
    };
    const then = known([{ code, digest: digestOf('vitest run') }]);
    const cover = grantCover(line, then, use);
    if (cover.kind === 'none') throw new Error(cover.because);
    const grant = { ...ONE, ...cover.cover };
    const rules = compileCommandRules([{ argv: ['npm', 'test'], verdict: 'allow' }], 'rules');
    const lifted = (state: Facts, grants: readonly Grant[]) =>
      liftAsk(
        { ...asked, because: 'it would run it' },
        { effect: line, facts: state, besides: undefined, use },
        { rules, layers: [], grants: () => grants },
      );
    expect(lifted(then, [grant]).rule).toBe('grant.g1');
    expect(lifted(known([{ code, digest: digestOf('curl evil') }]), [grant])).toMatchObject({
      verdict: 'ask',
      because: 'it would run it; you allowed it before, but scripts.test of shop:package.json changed since',
    });
    expect(lifted(known([]), [grant]).verdict).toBe('ask');
    expect(lifted(known(undefined), [grant]).verdict).toBe('ask');
    // No rule allows code by the name it runs under.
    expect(lifted(then, []).verdict).toBe('ask');
  });

  it.each<[string, readonly CodeFacts[]]>([
    ['cannot be read', [{ code, digest: null }]],
    [
      'is the workspace itself',
      [{ code: { kind: 'workspace', because: 'only make knows' }, digest: digestOf('x') }],
    ],
  ])('that %s is never granted', (_why, pieces) => {
    expect(policy(on).grantScopes(line, known(pieces), asked)).toEqual([]);
    expect(policy(on).grantCover(line, known(pieces))).toBeUndefined();
  });
});

describe('what may be granted', () => {
  const asked = { verdict: 'ask', rule: 'x', because: '', grantable: true } as const;
  it.each<[line: string]>([
    ['mkdir $X'],
    ['X=1 mkdir made'],
    ['mkdir made &'],
    ['(mkdir made)'],
    ['bash made'],
    ['env zsh made'],
    ['python3 -c "print(1)"'],
    ['node -e 1'],
    ['echo 1 | sh'],
    ['xargs sh'],
  ])('is never %s', (line) => {
    expect(
      policy({ ...on, 'commands.interpreters': true }).grantScopes(command(line), made(), asked),
    ).toEqual([]);
  });

  it('is nothing that was not asked, and nothing that may not be lifted', () => {
    const shop = policy(on);
    expect(shop.grantScopes(LINE, made(), { verdict: 'ask', rule: 'x', because: '' })).toEqual([]);
    expect(shop.grantScopes(LINE, made(), { verdict: 'allow', rule: 'x', because: '' })).toEqual([]);
    expect(shop.grantScopes(LINE, made(), { verdict: 'deny', rule: 'x', because: '' })).toEqual([]);
    const gone: Facts = { ...made(), executables: [{ kind: 'missing', name: 'mkdir' }] };
    expect(shop.grantScopes(LINE, gone, asked)).toEqual([]);
  });
});

describe('grants', () => {
  const LINES = [
    'mkdir made',
    'mkdir made other',
    'rm -rf /',
    'sudo mkdir made',
    'git push',
    'mkdir .git/hooks',
    'echo $X',
    'mkdir made; rm -rf ~',
  ];
  const line = fc.constantFrom(...LINES);
  const rules = fc.array(
    fc.record({
      argv: fc.constantFrom(['mkdir'], ['git', 'push'], ['*']),
      verdict: fc.constantFrom('ask', 'deny'),
    }),
    { maxLength: 2 },
  );

  it('never turn a refusal, or a question that nothing lifts, into anything', { timeout: 60_000 }, () => {
    let lifted = 0;
    fc.assert(
      fc.property(line, rules, fc.boolean(), (text, list, isOn) => {
        const known: Facts = {
          ...made(),
          paths: [...made().paths, onDisk('.git/hooks', { state: 'absent' })],
        };
        const effect = command(text);
        const settings = { 'commands.enabled': isOn, 'commands.rules': list, 'commands.interpreters': true };
        const before = policy(settings).decide(effect, known);
        // A grant for this very line, however it came to be.
        const cover = policy(settings).grantCover(effect, known) ?? ONE;
        const forged: Grant = { ...ONE, ...cover, text };
        const after = policy(settings, { grants: () => [forged] }).decide(effect, known);
        if (before.verdict === 'ask' && before.grantable === true) {
          if (after.verdict === 'allow') lifted += 1;
          return;
        }
        expect(after).toEqual(before);
      }),
      { numRuns: 100 },
    );
    expect(lifted).toBeGreaterThan(0);
  });
});

describe('the effective policy', () => {
  it('names each rule with where it comes from', () => {
    const text = JSON.stringify({
      models: ['m1'],
      commands: { rules: [{ argv: ['curl'], verdict: 'deny' }] },
    });
    const layers = [managedLayer({ source: '/etc/warrant/policy.json', found: { kind: 'text', text } })];
    const { settings } = parseSettings({ 'commands.rules': [{ argv: ['npm', '*'], verdict: 'ask' }] });
    const shop = policy({}, { layers });
    const grants = [{ ...ONE, text: 'mkdir `x`\n# not a heading' }];
    const document = effectivePolicy({
      settings,
      layers,
      grants,
      trusted: false,
      digest: shop.digest,
      problems: ['<b>one</b>'],
    });
    for (const part of [
      shop.digest,
      'not trusted',
      '/etc/warrant/policy.json',
      '`["m1"]`',
      'deny `curl`',
      'ask `npm *`',
      'grant.g1',
      '**/.git',
      '\\<b\\>one',
    ])
      expect(document).toContain(part);
    expect(document).not.toMatch(/^# not a heading/m);
  });
});

import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { managedLayer, workspaceLayer, type PolicyLayer } from '../../../src/policy/policyLayer.ts';
import type { CommandEffect, Effect } from '../../../src/protocol/effect.ts';
import type { Facts } from '../../../src/protocol/facts.ts';
import type { Grant } from '../../../src/protocol/grant.ts';
import { digestOf } from '../../../src/protocol/digest.ts';
import { at, changing, facts, HERE, onDisk, policy, reading, running } from './policyCases.ts';

const SOURCE = '/etc/warrant/policy.json';
const on = { 'commands.enabled': true };

function managed(value: unknown): PolicyLayer {
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  return managedLayer({ source: SOURCE, found: { kind: 'text', text } });
}

function brought(value: unknown, root = 'shop'): PolicyLayer {
  return workspaceLayer(
    { source: '.warrant/policy.json', found: { kind: 'text', text: JSON.stringify(value) } },
    root,
  );
}

function decided(layer: PolicyLayer, effect: Effect, known: Facts, settings: Record<string, unknown> = on) {
  return policy(settings, { layers: [layer] }).decide(effect, known);
}

describe('a managed policy', () => {
  it.each<[says: string, value: unknown, effect: Effect, known: Facts, rule: string, verdict: string]>([
    [
      'files that may be read',
      { paths: { read: ['src/**'] } },
      reading('lib/a.ts'),
      facts(onDisk('lib/a.ts')),
      'managed.paths.read',
      'deny',
    ],
    [
      'and leaves the others',
      { paths: { read: ['src/**'] } },
      reading('src/a.ts'),
      facts(onDisk('src/a.ts')),
      'paths.read',
      'allow',
    ],
    [
      'the real file behind a link',
      { paths: { read: ['src/**'] } },
      reading('src/link'),
      facts(onDisk('src/link', { real: 'lib/a.ts' })),
      'managed.paths.read',
      'deny',
    ],
    [
      'files that may be written',
      { paths: { write: ['src/**'] } },
      changing('lib/a.ts'),
      facts(onDisk('lib/a.ts')),
      'managed.paths.write',
      'deny',
    ],
    [
      'files that are refused, in any spelling',
      { paths: { deny: ['**/*.sql'] } },
      reading('db/A.SQL'),
      facts(onDisk('db/A.SQL')),
      'managed.paths.deny',
      'deny',
    ],
    [
      'edits that may be free',
      { paths: { 'edits.allow': ['docs/**'] } },
      changing('src/a.ts'),
      facts(onDisk('src/a.ts')),
      'managed.paths.edits',
      'ask',
    ],
    [
      'commands',
      { commands: { enabled: false } },
      running('frob x'),
      facts(HERE),
      'managed.commands.enabled',
      'deny',
    ],
    [
      'but does not switch them on',
      { commands: { enabled: true } },
      running('frob x'),
      facts(HERE),
      'commands.ask',
      'ask',
    ],
    [
      'one command',
      { commands: { rules: [{ argv: ['curl', '*'], verdict: 'deny' }] } },
      running('true; curl x'),
      facts(HERE),
      'managed.commands',
      'deny',
    ],
    [
      'what is confined',
      { commands: { sandbox: 'required' } },
      running('frob x'),
      { ...facts(HERE), sandbox: { kind: 'none', because: 'it is not installed' } },
      'managed.commands.sandbox',
      'deny',
    ],
    [
      'what nobody knows to be confined',
      { commands: { sandbox: 'required' } },
      running('frob x'),
      facts(HERE),
      'managed.commands.sandbox',
      'deny',
    ],
    [
      'what would leave the sandbox',
      { commands: { sandbox: 'required' } },
      running('frob x'),
      { ...facts(HERE), sandbox: { kind: 'available', by: 'bubblewrap' } },
      'managed.commands.sandbox',
      'deny',
    ],
    [
      'and leaves what is confined',
      { commands: { sandbox: 'required' } },
      { ...running('frob x'), confined: { network: false } },
      { ...facts(HERE), sandbox: { kind: 'available', by: 'bubblewrap' } },
      'commands.ask',
      'ask',
    ],
  ])('limits %s: %j', (_says, value, effect, known, rule, verdict) => {
    expect(decided(managed(value), effect, known, { ...on, 'edits.allow': ['**'] })).toMatchObject({
      rule,
      verdict,
    });
  });

  it('limits code on command lines whatever the switch says', () => {
    const layer = managed({ commands: { interpreters: false } });
    const both = { ...on, 'commands.interpreters': true };
    expect(decided(layer, running('node -e 1'), facts(HERE), both).rule).toBe(
      'managed.commands.interpreters',
    );
  });

  it('limits what users may allow by rules of their own', () => {
    const rules = { ...on, 'commands.rules': [{ argv: ['frob', 'lint'], verdict: 'allow' }] };
    const line = running('frob lint');
    expect(decided(managed({}), line, facts(HERE), rules).verdict).toBe('allow');
    expect(decided(managed({ commands: { mayAllow: [] } }), line, facts(HERE), rules).verdict).toBe('ask');
    expect(
      decided(managed({ commands: { mayAllow: [['npm', '*']] } }), line, facts(HERE), rules).verdict,
    ).toBe('ask');
    expect(
      decided(managed({ commands: { mayAllow: [['frob', '*']] } }), line, facts(HERE), rules).verdict,
    ).toBe('allow');
  });

  it('keeps refused files out of listings and searches', () => {
    const shop = policy(
      {},
      { layers: [managed({ paths: { deny: ['secret'], read: ['src/**', 'secret/**'] } })] },
    );
    expect(shop.mayRead(at('src/a.ts'))).toBe(true);
    expect(shop.mayRead(at('lib/a.ts'))).toBe(false);
    expect(shop.mayRead(at('secret/a.ts'))).toBe(false);
    expect(shop.mayEnter(at('src'))).toBe(true);
    expect(shop.mayEnter(at('secret'))).toBe(false);
  });
});

describe('a policy file that cannot be read', () => {
  const effects: readonly [Effect, Facts][] = [
    [reading('src/a.ts'), facts(onDisk('src/a.ts'))],
    [changing('src/a.ts'), facts(onDisk('src/a.ts'))],
    [running('frob x'), facts(HERE)],
  ];
  const REFUSED: readonly [name: string, layer: PolicyLayer, verdicts: readonly string[]][] = [
    ['no JSON', managed('{'), ['deny', 'deny', 'deny']],
    ['no object', managed([]), ['deny', 'deny', 'deny']],
    ['a key nobody knows', managed({ pathes: {} }), ['deny', 'deny', 'deny']],
    [
      'unusable',
      managedLayer({ source: SOURCE, found: { kind: 'unusable', because: 'others may write it' } }),
      ['deny', 'deny', 'deny'],
    ],
    ['an unknown key about commands', managed({ commands: { enable: false } }), ['allow', 'ask', 'deny']],
    [
      'a value about commands that does not fit',
      managed({ commands: { sandbox: 'yes' } }),
      ['allow', 'ask', 'deny'],
    ],
    ['an unknown key about paths', managed({ paths: { denied: [] } }), ['deny', 'deny', 'ask']],
    ['a list about paths that is none', managed({ paths: { deny: '**/x' } }), ['deny', 'deny', 'ask']],
    ['a refusing glob that cannot be read', managed({ paths: { deny: ['{'] } }), ['deny', 'deny', 'ask']],
    ['an allowing glob that cannot be read', managed({ paths: { read: ['{'] } }), ['deny', 'deny', 'ask']],
    ['models that are no names', managed({ models: [1] }), ['allow', 'ask', 'ask']],
    ['rules that are no list', managed({ commands: { rules: {} } }), ['allow', 'ask', 'deny']],
    [
      'a rule that allows',
      managed({ commands: { rules: [{ argv: ['frob'], verdict: 'allow' }] } }),
      ['allow', 'ask', 'deny'],
    ],
    [
      'a rule about another program',
      managed({ commands: { rules: [{ argv: ['curl'], verdict: 'allow' }] } }),
      ['allow', 'ask', 'ask'],
    ],
    ['a workspace file with a managed key', brought({ models: [] }), ['deny', 'deny', 'deny']],
  ];
  it.each(REFUSED)('refuses what it speaks of: %s', (_name, layer, verdicts) => {
    const shop = policy({ ...on, 'paths.deny': ['nothing'] }, { layers: [layer] });
    const said = effects.map(([effect, known]) => shop.decide(effect, known).verdict);
    // Commands run in a folder, which a limit on paths covers as well.
    expect(said.slice(0, 2)).toEqual(verdicts.slice(0, 2));
    expect(said[2] === 'deny' || said[2] === verdicts[2]).toBe(true);
    expect(shop.problems.length).toBeGreaterThan(0);
  });

  it('keeps the refusals beside what it cannot read', () => {
    const layer = managed({
      paths: { deny: ['src'], read: ['{'] },
      commands: {
        rules: [
          { argv: ['curl', '*'], verdict: 'deny' },
          { argv: ['git'], verdict: 'allow' },
        ],
      },
    });
    const shop = policy(on, { layers: [layer] });
    expect(shop.decide(running('curl x'), facts(HERE)).verdict).toBe('deny');
    expect(shop.decide(running('git log'), facts(HERE)).verdict).toBe('deny');
    expect(shop.decideRead(onDisk('src/a.ts')).rule).toBe('managed.paths.deny');
  });
});

describe('a policy that a folder brings along', () => {
  it('speaks of the files of that folder alone, and of every command', () => {
    const layer = brought({ paths: { deny: ['src'] }, commands: { enabled: false } }, 'lib');
    const shop = policy(on, { layers: [layer] });
    expect(shop.decideRead(onDisk('src/a.ts')).verdict).toBe('allow');
    expect(shop.decide(running('frob x'), facts(HERE)).rule).toBe('workspace.commands.enabled');
    expect(
      policy(on, { layers: [brought({ paths: { deny: ['src'] } })] }).decideRead(onDisk('src/a.ts')).rule,
    ).toBe('workspace.paths.deny');
  });

  it('is never written by the agent', () => {
    expect(
      policy({ 'edits.allow': ['**'] }).decide(
        changing('.warrant/policy.json'),
        facts(onDisk('.warrant/policy.json')),
      ),
    ).toMatchObject({
      verdict: 'deny',
      rule: 'paths.never-written',
    });
    expect(policy().decide(changing('sub/.WARRANT/other'), facts(onDisk('sub/.WARRANT/other'))).verdict).toBe(
      'deny',
    );
  });
});

describe('the policy’s digest', () => {
  it('changes with every layer and every rule', () => {
    const digests = [
      policy(),
      policy({ 'commands.rules': [{ argv: ['ls'], verdict: 'ask' }] }),
      policy({}, { layers: [managed({})] }),
      policy({}, { layers: [managed({ models: ['a'] })] }),
      policy({}, { layers: [brought({})] }),
      policy({}, { layers: [brought({ paths: { deny: ['x'] } })] }),
    ].map(({ digest }) => digest);
    expect(new Set(digests).size).toBe(digests.length);
    expect(policy({}, { layers: [managed({})] }).digest).toBe(policy({}, { layers: [managed({})] }).digest);
  });
});

const STRICTNESS: Record<string, number> = { allow: 0, ask: 1, deny: 2 };
const NAMES = ['src/a.ts', 'src/link', 'lib/b.ts', '.env', 'package.json', 'docs/x.md', ''];
const GLOBS = ['**', 'src/**', 'lib/**', '**/*.ts', 'docs/*', '{', '**/.env', 'package.json'];
const LINES = [
  'ls',
  'frob lint',
  'frob test',
  'git push',
  'git -C x push',
  'npm test',
  'rm -rf /',
  'echo $X',
  'node -e 1',
  'frob lint > out',
  'env frob lint',
  'curl x | sh',
  'frob lint && npm test',
];
const WORDS = ['ls', 'frob', 'git', 'npm', 'lint', 'test', 'push', '*'];

const globs = fc.array(fc.constantFrom(...GLOBS), { maxLength: 3 });
const rule = (...verdicts: string[]) =>
  fc.record({
    argv: fc.array(fc.constantFrom(...WORDS), { minLength: 1, maxLength: 3 }),
    verdict: fc.constantFrom(...verdicts),
  });
const maybe = <Value>(value: fc.Arbitrary<Value>) => fc.option(value, { nil: undefined });

const settingsOf = fc.record(
  {
    'paths.read': globs,
    'paths.write': globs,
    'paths.deny': globs,
    'edits.allow': globs,
    'commands.enabled': fc.constantFrom(true, true, false),
    'commands.interpreters': fc.boolean(),
    'commands.rules': fc.array(rule('allow', 'allow', 'ask', 'deny', 'nonsense'), { maxLength: 3 }),
  },
  { requiredKeys: ['commands.enabled'] },
);
const fileOf = fc.oneof(
  {
    weight: 12,
    arbitrary: fc.record({
      paths: maybe(
        fc.record({
          read: maybe(globs),
          write: maybe(globs),
          deny: maybe(globs),
          'edits.allow': maybe(globs),
        }),
      ),
      commands: maybe(
        fc.record({
          enabled: maybe(fc.boolean()),
          interpreters: maybe(fc.boolean()),
          sandbox: maybe(fc.constantFrom('required', 'any')),
          grants: maybe(fc.constantFrom('none', 'session', 'always')),
          mayAllow: maybe(
            fc.array(fc.array(fc.constantFrom(...WORDS), { minLength: 1, maxLength: 2 }), { maxLength: 2 }),
          ),
          rules: maybe(fc.array(rule('allow', 'ask', 'deny'), { maxLength: 2 })),
        }),
      ),
    }),
  },
  { weight: 1, arbitrary: fc.jsonValue() },
);
const layersOf = fc.array(
  fc.tuple(fc.boolean(), fileOf).map(([isManaged, value]) => (isManaged ? managed(value) : brought(value))),
  { minLength: 1, maxLength: 3 },
);
const MADE: [Effect, Facts] = [running('mkdir made'), facts(HERE, onDisk('made', { state: 'absent' }))];
const cover = policy(on).grantCover(MADE[0] as CommandEffect, MADE[1]);
if (cover === undefined) throw new Error('No grant can be given for this.');
const workspace = digestOf('here');
const GRANT: Grant = { ...cover, id: 'g1', workspace, scope: 'always', from: 0, until: 1 };

const caseOf = fc.oneof(
  fc
    .constantFrom(...NAMES.slice(0, -1))
    .map((name): [Effect, Facts] => [
      reading(name),
      facts(onDisk(name, name === 'src/link' ? { real: 'lib/b.ts' } : {})),
    ]),
  fc
    .constantFrom(...NAMES.slice(0, -1))
    .map((name): [Effect, Facts] => [changing(name), facts(onDisk(name))]),
  fc.constant(MADE),
  fc.constantFrom(...LINES).map((line): [Effect, Facts] => [running(line), facts(HERE)]),
);

describe('adding a layer', () => {
  it('never loosens anything, for no settings, layers and effects', { timeout: 60_000 }, () => {
    let stricter = 0;
    const cases = fc.array(caseOf, { minLength: 4, maxLength: 8 });
    fc.assert(
      fc.property(settingsOf, layersOf, layersOf, cases, (settings, few, more, subjects) => {
        const policies = [[], few, [...few, ...more]].map((layers) =>
          policy(settings, { layers, grants: () => [GRANT] }),
        );
        for (const [effect, known] of subjects) {
          const said = policies.map((one) => STRICTNESS[one.decide(effect, known).verdict] ?? Number.NaN);
          expect(said.toSorted()).toEqual(said);
          if (said[0] !== said[2]) stricter += 1;
        }
        for (const path of NAMES.map(at)) {
          const read = policies.map((one) => (one.mayRead(path) ? 0 : 1));
          const entered = policies.map((one) => (one.mayEnter(path) ? 0 : 1));
          expect([read.toSorted(), entered.toSorted()]).toEqual([read, entered]);
        }
      }),
      { numRuns: 150 },
    );
    expect(stricter).toBeGreaterThan(0);
  });
});

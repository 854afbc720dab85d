import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Effect } from '../../../src/protocol/effect.ts';
import type { Facts, PathFacts } from '../../../src/protocol/facts.ts';
import { childPath } from '../../../src/protocol/workspacePath.ts';
import {
  OWN,
  policy,
  at,
  type Disk,
  onDisk,
  facts,
  reading,
  changing,
  running,
  HERE,
} from './policyCases.ts';

describe('reading', () => {
  it.each<[relative: string, disk: Disk, rule: string, verdict: string]>([
    ['src/a.ts', {}, 'paths.read', 'allow'],
    ['.hidden', {}, 'paths.read', 'allow'],
    ['src/a.ts', { links: 3 }, 'paths.read', 'allow'],
    ['package.json', {}, 'paths.read', 'allow'],
    ['.git/config', {}, 'paths.read', 'allow'],
    ['absent.ts', { state: 'absent', links: 0, size: 0 }, 'paths.read', 'allow'],
    ['link', { real: 'src/a.ts' }, 'paths.read', 'allow'],
    ['.env', {}, 'paths.deny', 'deny'],
    ['.ENV', {}, 'paths.deny', 'deny'],
    ['sub/.env', {}, 'paths.deny', 'deny'],
    ['.env.production', {}, 'paths.deny', 'deny'],
    ['keys/server.pem', {}, 'paths.deny', 'deny'],
    ['id_rsa', {}, 'paths.deny', 'deny'],
    ['.ssh/config', {}, 'paths.deny', 'deny'],
    ['.SSH/config', {}, 'paths.deny', 'deny'],
    ['.aws/credentials', {}, 'paths.deny', 'deny'],
    ['link', { real: '.env' }, 'paths.deny', 'deny'],
    ['.env', { real: 'src/a.ts' }, 'paths.deny', 'deny'],
    ['dir/link', { real: 'keys/x.pem' }, 'paths.deny', 'deny'],
    ['link', { real: null }, 'paths.outside', 'deny'],
    ['pipe', { state: 'other' }, 'paths.kind', 'deny'],
    ['big.bin', { size: 10_485_761 }, 'files.maxBytes', 'deny'],
    ['own', { realAbsolute: `${OWN}/audit/1.jsonl` }, 'paths.own', 'deny'],
    ['own', { realAbsolute: OWN }, 'paths.own', 'deny'],
    ['own', { realAbsolute: OWN.toUpperCase() }, 'paths.own', 'deny'],
    ['own', { realAbsolute: `${OWN}-not` }, 'paths.read', 'allow'],
    ['a/../b', {}, 'paths.shape', 'deny'],
    ['..', {}, 'paths.shape', 'deny'],
    ['./a', {}, 'paths.shape', 'deny'],
    ['/etc/passwd', {}, 'paths.shape', 'deny'],
    ['a//b', {}, 'paths.shape', 'deny'],
    ['a/', {}, 'paths.shape', 'deny'],
    ['a\\b', {}, 'paths.shape', 'deny'],
    ['a\u0000b', {}, 'paths.shape', 'deny'],
    ['a:b', {}, 'paths.shape', 'deny'],
    ['a.', {}, 'paths.shape', 'deny'],
    ['a /b', {}, 'paths.shape', 'deny'],
    ['link', { real: 'a/../../x' }, 'paths.shape', 'deny'],
  ])('%j on %j: %s says %s', (relative, disk, rule, verdict) => {
    expect(policy().decide(reading(relative), facts(onDisk(relative, disk)))).toMatchObject({
      rule,
      verdict,
    });
    expect(policy().decideRead(onDisk(relative, disk))).toMatchObject({ rule, verdict });
  });

  it('needs a glob that allows it, on the path as written and on the real one', () => {
    const narrow = policy({ 'paths.read': ['src/**'] });
    expect(narrow.decideRead(onDisk('src/a.ts')).verdict).toBe('allow');
    expect(narrow.decideRead(onDisk('lib/a.ts')).rule).toBe('paths.read');
    expect(narrow.decideRead(onDisk('src/link', { real: 'lib/a.ts' })).verdict).toBe('deny');
    expect(narrow.decideRead(onDisk('link', { real: 'src/a.ts' })).verdict).toBe('deny');
    expect(narrow.decideRead(onDisk('SRC/a.ts')).verdict).toBe('deny');
    expect(narrow.decideRead(onDisk('srcs/a.ts')).verdict).toBe('deny');
  });

  it('says why, in a sentence', () => {
    expect(policy().decideRead(onDisk('src/.env')).because).toBe(
      'src/.env matches the paths.deny glob **/.env',
    );
    expect(policy().decideRead(onDisk('notes', { real: 'src/.env' })).because).toBe(
      'notes (which really is src/.env) matches the paths.deny glob **/.env',
    );
    expect(policy().decideRead(onDisk('link', { real: null })).because).toBe(
      'a link in link leads outside the workspace, to /etc/passwd',
    );
  });

  it('refuses everything while the list of refusals cannot be read, and says so', () => {
    const broken = policy({ 'paths.deny': ['**/.env', '{'] });
    expect(broken.decideRead(onDisk('src/a.ts'))).toMatchObject({ verdict: 'deny', rule: 'paths.deny' });
    expect(broken.mayRead(at('src/a.ts'))).toBe(false);
    expect(broken.problems).toHaveLength(1);
    expect(policy({ 'paths.deny': 'not a list' }).decideRead(onDisk('src/a.ts')).verdict).toBe('deny');
  });

  it('refuses a path that nobody looked up', () => {
    expect(policy().decide(reading('a'), facts(onDisk('b'))).rule).toBe('paths.unknown');
  });
});

describe('listing, searching, problems', () => {
  it.each<[Effect, PathFacts, string]>([
    [{ kind: 'list', path: at(''), depth: 2 }, HERE, 'allow'],
    [{ kind: 'list', path: at('src'), depth: 2 }, onDisk('src', { state: 'folder' }), 'allow'],
    [{ kind: 'list', path: at('.ssh'), depth: 2 }, onDisk('.ssh', { state: 'folder' }), 'deny'],
    [{ kind: 'list', path: at('link'), depth: 2 }, onDisk('link', { state: 'folder', real: null }), 'deny'],
    [
      { kind: 'search', path: at(''), query: { pattern: 'x', isRegex: false, caseSensitive: false } },
      HERE,
      'allow',
    ],
    [{ kind: 'problems', path: at('src/a.ts') }, onDisk('src/a.ts'), 'allow'],
    [{ kind: 'problems', path: at('.env') }, onDisk('.env'), 'deny'],
  ])('%j', (effect, known, verdict) => {
    expect(policy().decide(effect, facts(known)).verdict).toBe(verdict);
  });

  it('enters folders that may hold something readable, and filters what it finds', () => {
    const narrow = policy({ 'paths.read': ['src/**'] });
    const list = (relative: string) =>
      narrow.decide(
        { kind: 'list', path: at(relative), depth: 1 },
        facts(onDisk(relative, { state: 'folder' })),
      ).verdict;
    expect([list(''), list('src'), list('src/deep'), list('lib')]).toEqual([
      'allow',
      'allow',
      'allow',
      'deny',
    ]);
    expect([
      narrow.mayRead(at('src/a.ts')),
      narrow.mayRead(at('lib/a.ts')),
      narrow.mayRead(at('src/.env')),
    ]).toEqual([true, false, false]);
    expect([
      narrow.mayEnter(at('src')),
      narrow.mayEnter(at('lib')),
      narrow.mayEnter(childPath(at('src'), '.ssh')),
    ]).toEqual([true, false, false]);
  });

  it('plans and questions change nothing', () => {
    expect(policy().decide({ kind: 'plan', steps: [] }, facts()).verdict).toBe('allow');
    expect(policy().decide({ kind: 'question', text: '?', options: [] }, facts()).verdict).toBe('allow');
    expect(policy().decide({ kind: 'problems' }, facts()).verdict).toBe('allow');
  });
});

describe('the whole policy', () => {
  const EVERYTHING: readonly (readonly [Effect, Facts])[] = [
    [reading('a.ts'), facts(onDisk('a.ts'))],
    [changing('a.ts'), facts(onDisk('a.ts'))],
    [{ kind: 'list', path: at(''), depth: 1 }, facts(HERE)],
    [running('ls'), facts(HERE)],
    [{ kind: 'plan', steps: [] }, facts()],
    [{ kind: 'question', text: '?', options: [] }, facts()],
    [{ kind: 'problems' }, facts()],
  ];
  const open = { 'commands.enabled': true, 'edits.allow': ['**'] };

  it('does nothing at all in a folder that is not trusted', () => {
    const untrusted = policy(open, { trusted: () => false });
    for (const [effect, known] of EVERYTHING)
      expect(untrusted.decide(effect, known), effect.kind).toMatchObject({ verdict: 'deny', rule: 'trust' });
    expect(untrusted.decideRead(onDisk('a.ts')).rule).toBe('trust');
    expect(untrusted.mayRead(at('a.ts'))).toBe(false);
  });

  it('asks anew each time whether the folder is trusted', () => {
    let trusted = true;
    const changing = policy(open, { trusted: () => trusted });
    expect(changing.decide(reading('a.ts'), facts(onDisk('a.ts'))).verdict).toBe('allow');
    trusted = false;
    expect(changing.decide(reading('a.ts'), facts(onDisk('a.ts'))).verdict).toBe('deny');
  });

  it('denies when any judge fails, whatever the others say', () => {
    const failing = {
      name: 'failing',
      judge: () => {
        throw new TypeError('not a function');
      },
    };
    for (const [effect, known] of EVERYTHING)
      expect(policy(open, { judges: [failing] }).decide(effect, known)).toMatchObject({
        verdict: 'deny',
        rule: 'policy.error',
      });
    const broken = policy(open, {
      trusted: () => {
        throw new Error('gone');
      },
    });
    expect(broken.decide(reading('a.ts'), facts(onDisk('a.ts'))).rule).toBe('policy.error');
  });

  it('a further judge can only tighten', () => {
    const verdicts = ['allow', 'ask', 'deny'] as const;
    fc.assert(
      fc.property(
        fc.constantFrom(...EVERYTHING),
        fc.option(fc.constantFrom(...verdicts), { nil: undefined }),
        ([effect, known], verdict) => {
          const more = {
            name: 'more',
            judge: () => (verdict === undefined ? undefined : { verdict, rule: 'more', because: '' }),
          };
          const before = verdicts.indexOf(policy(open).decide(effect, known).verdict);
          return verdicts.indexOf(policy(open, { judges: [more] }).decide(effect, known).verdict) >= before;
        },
      ),
    );
  });

  it('more refusals never loosen anything', () => {
    const name = fc.constantFrom('src/a.ts', '.env', 'keys/x.pem', 'package.json', '.git/config', 'lib/b.ts');
    const pattern = fc.constantFrom('**', 'src/**', '**/*.ts', 'lib', '{', 'keys/*');
    const order = ['allow', 'ask', 'deny'];
    fc.assert(
      fc.property(name, fc.array(pattern), pattern, fc.boolean(), (path, patterns, extra, write) => {
        const effect = write ? changing(path) : reading(path);
        const rank = (deny: readonly string[]) =>
          order.indexOf(
            policy({ 'edits.allow': ['**'], 'paths.deny': deny }).decide(effect, facts(onDisk(path))).verdict,
          );
        return rank([...patterns, extra]) >= rank(patterns);
      }),
    );
  });

  it('has a digest that changes with every setting a verdict rests on', () => {
    const changes: readonly Record<string, unknown>[] = [
      {},
      { 'paths.read': ['src/**'] },
      { 'paths.write': ['src/**'] },
      { 'paths.deny': ['**/.env'] },
      { 'edits.allow': ['src/**'] },
      { 'files.maxBytes': 2_048 },
      { 'commands.enabled': true },
      { 'commands.interpreters': true },
    ];
    const digests = changes.map((raw) => policy(raw).digest);
    expect(new Set(digests).size).toBe(changes.length);
    expect(policy({}, { ownFolders: ['/elsewhere'] }).digest).not.toBe(digests[0]);
    expect(policy().digest).toBe(digests[0]);
  });

  it('gives every verdict a rule and a sentence', () => {
    const cases = [
      ...EVERYTHING,
      [reading('.env'), facts(onDisk('.env'))] as const,
      [running('sudo ls'), facts(HERE)] as const,
    ];
    for (const [effect, known] of cases) {
      const { rule, because } = policy(open).decide(effect, known);
      expect(rule).toMatch(/^[a-z]+(?:[.-][a-zA-Z-]+)*$/);
      expect(because.length).toBeGreaterThan(10);
    }
  });

  it('reaches a verdict within a millisecond, at the median', () => {
    const ready = policy(open);
    const times = Array.from({ length: 100 }, (_, index) => {
      const [effect, known] = EVERYTHING[index % 4] ?? EVERYTHING[0]!;
      const start = performance.now();
      ready.decide(effect, known);
      return performance.now() - start;
    }).sort((a, b) => a - b);
    expect(times[50]).toBeLessThan(1);
  });
});

import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { digestOf } from '../../../src/protocol/digest.ts';
import type { Content, Effect, FileEdit } from '../../../src/protocol/effect.ts';
import type { Facts, PathFacts } from '../../../src/protocol/facts.ts';
import { parseSettings } from '../../../src/protocol/settings.ts';
import { childPath, pathInRoot, type WorkspacePath } from '../../../src/protocol/workspacePath.ts';
import { createPolicy, type PolicySurroundings } from '../../../src/policy/decide.ts';
import { parseCommandLine } from '../../../src/policy/commandLine.ts';
import { EVERYDAY_LINES } from './everydayLines.ts';
import { FLOOR_LINES } from './floorLines.ts';

const OWN = '/home/ada/.config/Code/User/globalStorage/warrant';
const root = { name: 'shop', dir: '/work/shop' };

function policy(raw: Record<string, unknown> = {}, extra: Partial<PolicySurroundings> = {}) {
  const { settings } = parseSettings(raw);
  return createPolicy(settings, {
    ownFolders: [OWN],
    trusted: () => true,
    roots: () => [root.dir],
    ...extra,
  });
}

function at(relative: string): WorkspacePath {
  return pathInRoot(root, relative);
}

type Disk = Partial<Omit<PathFacts, 'path' | 'real'>> & { real?: string | null };

function onDisk(relative: string, disk: Disk = {}): PathFacts {
  const { real = relative, ...rest } = disk;
  return {
    path: at(relative),
    real: real === null ? null : at(real),
    realAbsolute: real === null ? '/etc/passwd' : `/work/shop${real === '' ? '' : '/'}${real}`,
    state: 'file',
    links: 1,
    size: 100,
    ...rest,
  };
}

function facts(...paths: readonly PathFacts[]): Facts {
  return { paths, executables: [] };
}

function content(text: string): Content {
  return { text, bom: false, eol: 'lf', mode: 0o644, digest: digestOf(text) };
}

const SOME = content('one\n');
const OTHER = content('two\n');

function reading(relative: string): Effect {
  return { kind: 'read', path: at(relative) };
}

function editing(
  ...files: readonly (Omit<FileEdit, 'path' | 'to'> & { path: string; to?: string })[]
): Effect {
  return {
    kind: 'edit',
    files: files.map(({ path, to, ...rest }) => ({
      ...rest,
      path: at(path),
      ...(to === undefined ? {} : { to: at(to) }),
    })),
  };
}

function changing(relative: string): Effect {
  return editing({ path: relative, before: SOME, after: OTHER });
}

function running(text: string, folder = ''): Effect {
  const parsed = parseCommandLine(text);
  const line = parsed.kind === 'line' ? parsed.line : ({ kind: 'shell', text, because: '' } as const);
  return { kind: 'command', line, folder: at(folder), timeoutMs: 60_000 };
}

const HERE = onDisk('', { state: 'folder', links: 2 });

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

describe('editing', () => {
  const free = { 'edits.allow': ['**'] };

  it.each<[relative: string, disk: Disk, raw: Record<string, unknown>, rule: string, verdict: string]>([
    ['src/a.ts', {}, {}, 'edits.ask', 'ask'],
    ['src/a.ts', {}, free, 'edits.allow', 'allow'],
    ['src/a.ts', {}, { 'edits.allow': ['src/**'] }, 'edits.allow', 'allow'],
    ['lib/a.ts', {}, { 'edits.allow': ['src/**'] }, 'edits.ask', 'ask'],
    ['src/link', { real: 'lib/a.ts' }, { 'edits.allow': ['src/**'] }, 'edits.ask', 'ask'],
    ['SRC/a.ts', {}, { 'edits.allow': ['src/**'] }, 'edits.ask', 'ask'],
    ['package.json', {}, free, 'paths.protected', 'ask'],
    ['.vscode/settings.json', {}, free, 'paths.protected', 'ask'],
    ['.vscode/settings.json', { state: 'absent', links: 0 }, free, 'paths.protected', 'ask'],
    ['.cUrSoR/mcp.json', { state: 'absent', links: 0 }, free, 'paths.protected', 'ask'],
    ['notes.md', { real: 'CLAUDE.md' }, free, 'paths.protected', 'ask'],
    ['Makefile', {}, {}, 'paths.protected', 'ask'],
    ['.git/config', {}, free, 'paths.never-written', 'deny'],
    ['.git', { state: 'absent' }, free, 'paths.never-written', 'deny'],
    ['link', { real: '.git/hooks/pre-commit' }, free, 'paths.never-written', 'deny'],
    ['src/a.ts', { links: 2 }, free, 'paths.hard-link', 'ask'],
    ['src/a.ts', { state: 'folder' }, free, 'paths.kind', 'deny'],
    ['src/a.ts', { state: 'other' }, free, 'paths.kind', 'deny'],
    ['src/a.ts', { real: null }, free, 'paths.outside', 'deny'],
    ['src/a.ts', { size: 20_000_000 }, free, 'files.maxBytes', 'deny'],
    ['.env', {}, free, 'paths.deny', 'deny'],
    ['a.ts', { real: '.env' }, free, 'paths.deny', 'deny'],
    ['a.ts', {}, { ...free, 'paths.write': ['src/**'] }, 'paths.write', 'deny'],
    ['src/a.ts', { real: 'a.ts' }, { ...free, 'paths.write': ['src/**'] }, 'paths.write', 'deny'],
    ['src/a.ts', {}, { ...free, 'paths.read': ['docs/**'] }, 'paths.read', 'deny'],
    ['own', { realAbsolute: `${OWN}/policy.json` }, free, 'paths.own', 'deny'],
  ])('%s on %j with %j: %s says %s', (relative, disk, raw, rule, verdict) => {
    expect(policy(raw).decide(changing(relative), facts(onDisk(relative, disk)))).toMatchObject({
      rule,
      verdict,
    });
  });

  it('creating needs no right to read; deleting is a write', () => {
    const writeOnly = policy({ 'paths.read': ['docs/**'] });
    const absent = onDisk('src/a.ts', { state: 'absent', links: 0, size: 0 });
    expect(
      writeOnly.decide(editing({ path: 'src/a.ts', before: null, after: SOME }), facts(absent)).verdict,
    ).toBe('ask');
    const deleting = editing({ path: 'src/a.ts', before: SOME, after: null });
    expect(policy().decide(deleting, facts(onDisk('src/a.ts'))).verdict).toBe('ask');
    expect(policy({ 'paths.write': [] }).decide(deleting, facts(onDisk('src/a.ts'))).verdict).toBe('deny');
  });

  it('a rename is judged on both names', () => {
    const rename = (from: string, to: string, raw = {}) =>
      policy({ ...free, ...raw }).decide(
        editing({ path: from, to, before: SOME, after: SOME }),
        facts(onDisk(from), onDisk(to, { state: 'absent', links: 0, size: 0 })),
      );
    expect(rename('a.ts', 'b.ts').verdict).toBe('allow');
    expect(rename('.env', 'env.txt').verdict).toBe('deny');
    expect(rename('env.txt', '.env').verdict).toBe('deny');
    expect(rename('a.ts', '.git/hooks/pre-commit').rule).toBe('paths.never-written');
    expect(rename('a.ts', 'package.json').rule).toBe('paths.protected');
    expect(rename('package.json', 'a.json').rule).toBe('paths.protected');
    expect(rename('a.ts', 'lib/a.ts', { 'paths.write': ['*.ts'] }).rule).toBe('paths.write');
    expect(rename('a.ts', 'b.ts', { 'paths.read': ['b.ts'] }).rule).toBe('paths.read');
  });

  it('the strictest file decides for all', () => {
    const effect = editing(
      { path: 'a.ts', before: SOME, after: OTHER },
      { path: '.env', before: SOME, after: OTHER },
    );
    expect(policy(free).decide(effect, facts(onDisk('a.ts'), onDisk('.env')))).toMatchObject({
      verdict: 'deny',
      rule: 'paths.deny',
    });
  });

  it('one edit names a file once', () => {
    const twice = editing(
      { path: 'a.ts', before: SOME, after: OTHER },
      { path: 'b.ts', before: SOME, after: OTHER },
    );
    expect(policy(free).decide(twice, facts(onDisk('a.ts'), onDisk('b.ts', { real: 'a.ts' }))).rule).toBe(
      'edits.twice',
    );
    const swap = editing(
      { path: 'a.ts', before: SOME, after: OTHER, to: 'b.ts' },
      { path: 'b.ts', before: SOME, after: OTHER },
    );
    expect(policy(free).decide(swap, facts(onDisk('a.ts'), onDisk('b.ts'))).rule).toBe('edits.twice');
    expect(policy(free).decide({ kind: 'edit', files: [] }, facts()).rule).toBe('edits.empty');
  });

  it('never quotes what a file holds', () => {
    const marker = 'the-content-of-the-file';
    const effect = editing({ path: '.env', before: content(marker), after: content(`${marker}2`) });
    expect(policy().decide(effect, facts(onDisk('.env'))).because).not.toContain(marker);
  });
});

describe('commands', () => {
  const on = { 'commands.enabled': true };

  it('are off until someone switches them on, and the refusal says where', () => {
    expect(policy().decide(running('ls'), facts(HERE))).toEqual({
      verdict: 'deny',
      rule: 'commands.enabled',
      because: 'commands are switched off; the setting warrant.commands.enabled allows them',
    });
  });

  it('are asked for, each one, when they are on', () => {
    for (const [, line, code] of EVERYDAY_LINES)
      expect(policy(on).decide(running(line), facts(HERE)), line).toMatchObject(
        code === 'code'
          ? { verdict: 'deny', rule: 'commands.interpreters' }
          : { verdict: 'ask', rule: 'commands.ask' },
      );
    expect(policy(on).decide(running('echo $HOME'), facts(HERE)).because).toContain('an expansion ($)');
  });

  it('hand code to an interpreter only when that is on as well', () => {
    const both = { ...on, 'commands.interpreters': true };
    for (const [, line] of EVERYDAY_LINES)
      expect(policy(both).decide(running(line), facts(HERE)).verdict, line).toBe('ask');
  });

  it('meet the floor with every switch on', () => {
    const all = policy({ ...on, 'commands.interpreters': true, 'edits.allow': ['**'], 'paths.deny': [] });
    for (const [rule, line] of FLOOR_LINES)
      expect(all.decide(running(line), facts(HERE)), line).toMatchObject({ verdict: 'deny', rule });
  });

  it('are what their text says', () => {
    const lying: Effect = {
      kind: 'command',
      line: {
        kind: 'plain',
        text: 'ls',
        steps: [{ when: 'always', pipeline: [{ argv: ['ls', '-R'], redirects: [] }] }],
      },
      folder: at(''),
      timeoutMs: 1_000,
    };
    expect(policy(on).decide(lying, facts(HERE)).rule).toBe('commands.mismatch');
    expect(policy(on).decide(running('ls\u202e'), facts(HERE)).rule).toBe('commands.text');
  });

  it.each<[string, Disk, string, string]>([
    ['', { state: 'folder' }, 'commands.ask', 'ask'],
    ['src', { state: 'folder' }, 'commands.ask', 'ask'],
    ['src', { state: 'folder', real: null }, 'paths.outside', 'deny'],
    ['src', { state: 'folder', real: '.ssh' }, 'paths.deny', 'deny'],
    ['.ssh', { state: 'folder' }, 'paths.deny', 'deny'],
    ['a.ts', { state: 'file' }, 'commands.folder', 'deny'],
    ['gone', { state: 'absent' }, 'commands.folder', 'deny'],
    ['own', { state: 'folder', realAbsolute: OWN }, 'paths.own', 'deny'],
  ])('run in a folder that may be entered: %j on %j', (folder, disk, rule, verdict) => {
    expect(policy(on).decide(running('ls', folder), facts(onDisk(folder, disk)))).toMatchObject({
      rule,
      verdict,
    });
  });

  it('end after ten minutes at most', () => {
    const forever = { ...running('ls'), timeoutMs: 600_001 } as Effect;
    expect(policy(on).decide(forever, facts(HERE)).rule).toBe('commands.timeout');
    expect(
      policy(on).decide({ ...running('ls'), timeoutMs: Number.NaN } as Effect, facts(HERE)).verdict,
    ).toBe('deny');
  });

  it('know the workspace folder from the disk alone', () => {
    const noRoots = policy(on, { roots: () => [] });
    expect(noRoots.decide(running('rm -rf /work/shop'), facts(HERE)).rule).toBe('floor.delete');
    const inSrc = facts(onDisk('src', { state: 'folder' }));
    expect(noRoots.decide(running('rm -rf /work/shop', 'src'), inSrc).rule).toBe('floor.delete');
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

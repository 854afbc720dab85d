import { link, mkdir, symlink, writeFile } from 'node:fs/promises';
import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { SearchQuery } from '../../../src/protocol/effect.ts';
import type { Done } from '../../../src/protocol/outcome.ts';
import { worldInFolder, type TestWorld } from './worldInFolder.ts';
import type { WorldOptions } from '../../../src/io/world.ts';

const binary = new Uint8Array([0x6f, 0x6e, 0x65, 0x0a, 0x00, 0x0a]);
const tree = {
  'a.txt': 'one\ntwo\nthree one\n',
  'crlf.txt': 'one\r\nTwo\r\nthree \r\n\r\nlast',
  'bom.txt': '\ufeffone at the start\nand more\n',
  'cr.txt': 'one\rtwo\nthree\r',
  'code.ts': 'function foo() {\n  return a[0] + "x.y";\n}\n\n',
  'unicode.md': 'GRÜN grün Ωmega 漢字 ſ K\n१२३ und ٣\nnaïve\u00a0space\u2028sep\n🙂 smile\n',
  'empty.txt': '',
  'long.txt': `${'x'.repeat(1_000)} one\n`,
  'sub/deep/b.txt': 'one below\n',
  'sub/.hidden/c.txt': 'one hidden\n',
  '.env.sample': 'one=1\n',
  'node_modules/m/index.js': 'one module\n',
  '.git/config': 'one config\n',
  'sub/node_modules/n.js': 'one nested\n',
  'ignored.log': 'one ignored\n',
  '.gitignore': '*.log\n',
  'sub/name with space.txt': 'one space\n',
  'B.TXT': 'one upper\n',
  'binary.bin': binary,
  'latin.txt': new Uint8Array([0x6f, 0x6e, 0x65, 0xfc, 0x0a]),
  'utf16.txt': new Uint8Array([0xff, 0xfe, 0x6f, 0, 0x6e, 0, 0x65, 0]),
  'big.txt': `one\n${'y'.repeat(20_000)}\n`,
};

async function treeWorld(options: Partial<WorldOptions> = {}): Promise<TestWorld> {
  const test = await worldInFolder(tree, { maxFileBytes: () => 16_000, ...options });
  await writeFile(join(test.outside, 'secret.txt'), 'one secret\n');
  await symlink(test.outside, join(test.dir, 'way-out'));
  await symlink(join(test.outside, 'secret.txt'), join(test.dir, 'file-out.txt'));
  await symlink('a.txt', join(test.dir, 'way-in.txt'));
  return test;
}

type Searched = Extract<Done, { kind: 'searched' }>;

async function search(test: TestWorld, query: Partial<SearchQuery>, path = ''): Promise<Searched> {
  const whole = { pattern: '', isRegex: false, caseSensitive: true, ...query };
  const done = await test.done({ kind: 'search', path: test.at(path), query: whole });
  if (done.kind !== 'searched') throw new Error('It did not search.');
  return done;
}

const inThisProcess = { environment: { PATH: '' }, ripgrepCandidates: [] };
/** The editor the tests run in brings one along, where the machine has none. */
const ofTheHost = join(
  process.env['WARRANT_HOST'] ?? '',
  'node_modules/code-server/lib/vscode/node_modules/@vscode/ripgrep-universal/bin',
  `${process.platform}-${process.arch}`,
  'rg',
);
const withRipgrepThere = { ripgrepCandidates: existsSync(ofTheHost) ? [ofTheHost] : [] };
const hasRipgrep =
  existsSync(ofTheHost) ||
  (process.env['PATH'] ?? '').split(delimiter).some((folder) => existsSync(join(folder, 'rg')));

const queries: readonly Partial<SearchQuery>[] = [
  { pattern: 'one' },
  { pattern: 'ONE', caseSensitive: false },
  { pattern: 'grün', caseSensitive: false },
  { pattern: 'K', caseSensitive: false },
  { pattern: 's', caseSensitive: false },
  { pattern: 'a[0]' },
  { pattern: 'x.y' },
  { pattern: 'foo() {' },
  { pattern: '漢字' },
  { pattern: '--files' },
  { pattern: '🙂' },
  { pattern: 'one', include: '*.txt' },
  { pattern: 'one', include: 'sub/**' },
  { pattern: 'one', include: '**/*.{txt,ts}' },
  { pattern: 'one', include: '**/deep/*' },
  { pattern: 'one', include: '[!a]*.txt' },
  { pattern: 'one', include: '*.TXT' },
  ...[
    '^one',
    'one$',
    '^one$',
    '^$',
    '^\\s*$',
    'three\\s$',
    'three.$',
    'two|three',
    't(wo|hree)',
    '(?:one|two) ',
    '(?<name>o)ne',
    'o.e',
    'o+ne?',
    'e{2}',
    '[a-c]ne',
    '[^a-z]one',
    '[^a]$',
    '[\\w.]+\\(',
    '\\bone\\b',
    '\\Bne\\b',
    '\\d',
    '\\d+\\s',
    '\\D$',
    '\\w+ï',
    '\\W',
    '\\S+$',
    '[\\d\\s]',
    '[^\\w]',
    '[\\]\\-]',
    '[]a]1|[a-]x',
    'foo\\(\\) {',
    '\\{$',
    '"x\\.y"',
    'a\\[0\\]',
    '\\x6fne',
    '\\u006fne',
    '\\u{1f642}',
    '.',
    '',
    '()',
    'x{990,1000}',
    '\\/|\\-|\\_?one',
    'é|ü',
    'ſ',
  ].map((pattern) => ({ pattern, isRegex: true })),
  ...['ſ', 'k', '[s-t]W', '\\w+Ü', '[^A-Z]+$', 'ω'].map((pattern) => ({
    pattern,
    isRegex: true,
    caseSensitive: false,
  })),
];

describe('searching', () => {
  it.runIf(hasRipgrep).each(queries)('gives the same with ripgrep and without: %j', async (query) => {
    const withRipgrep = await treeWorld(withRipgrepThere);
    const without = await treeWorld(inThisProcess);
    const one = await search(withRipgrep, query);
    const other = await search(without, query);
    expect([one.by, other.by]).toEqual(['ripgrep', 'walker']);
    expect(other.matches).toEqual(one.matches);
    expect(other.omitted).toBe(one.omitted);
  });

  const ways = [
    { by: 'ripgrep', options: withRipgrepThere },
    { by: 'walker', options: inThisProcess },
  ].filter(({ by }) => by === 'walker' || hasRipgrep);

  it.each(ways)(
    'finds lines by path and number, hidden and ignored files too, with $by',
    async ({ options }) => {
      const { matches, omitted } = await search(await treeWorld(options), { pattern: 'one' });
      expect(omitted).toBe(0);
      expect(matches.map(({ path, line }) => `${path}:${line}`)).toEqual([
        'workspace:.env.sample:1',
        'workspace:B.TXT:1',
        'workspace:a.txt:1',
        'workspace:a.txt:3',
        'workspace:bom.txt:1',
        'workspace:cr.txt:1',
        'workspace:crlf.txt:1',
        'workspace:ignored.log:1',
        'workspace:long.txt:1',
        'workspace:sub/.hidden/c.txt:1',
        'workspace:sub/deep/b.txt:1',
        'workspace:sub/name with space.txt:1',
      ]);
      expect(matches.find(({ path }) => path === 'workspace:crlf.txt')?.text).toBe('one');
      expect(matches.find(({ path }) => path === 'workspace:long.txt')?.text).toBe(`${'x'.repeat(400)}…`);
    },
  );

  it.each(ways)('never shows what may not be read, under any name, with $by', async ({ options }) => {
    const denied = /\.env|deep|B\.TXT/;
    const test = await treeWorld({ ...options, mayRead: (path) => !denied.test(path) });
    await symlink('sub', join(test.dir, 'linked'));
    const all = await search(test, { pattern: 'one' });
    const below = await search(test, { pattern: 'one' }, 'linked');
    const found = JSON.stringify([all, below]);
    expect(found).not.toMatch(denied);
    expect(found).toContain('linked/name with space.txt');
    expect((await search(test, { pattern: 'one below' }, 'linked/deep')).matches).toEqual([]);
  });

  it.each(ways)(
    'searches one file, and a folder that is otherwise passed over when it is named, with $by',
    async ({ options }) => {
      const test = await treeWorld(options);
      expect((await search(test, { pattern: 'one' }, 'a.txt')).matches.map(({ line }) => line)).toEqual([
        1, 3,
      ]);
      expect((await search(test, { pattern: 'one' }, 'node_modules')).matches).toMatchObject([
        { path: 'workspace:node_modules/m/index.js', line: 1 },
      ]);
    },
  );

  it.each(ways)('gives the first 500 and counts the others, with $by', async ({ options }) => {
    const many = Object.fromEntries(
      Array.from({ length: 12 }, (_, index) => [
        `f${String(index).padStart(2, '0')}.txt`,
        'hit\n'.repeat(100),
      ]),
    );
    const { matches, omitted } = await search(await worldInFolder(many, options), { pattern: 'hit' });
    expect([matches.length, omitted, matches.at(-1)?.path]).toEqual([500, 700, 'workspace:f04.txt']);
  });

  const refused = [
    '(',
    ')',
    '[a',
    'a**',
    '*a',
    '(?=a)',
    '(?<!a)b',
    '\\1',
    '\\pL',
    '(?i)a',
    'a\\nb',
    '[[:alpha:]]',
    '[a&&b]',
    '[z-a]',
    'a{2,1}',
    'a{5000}',
    '\\',
  ];
  it.each(refused)(
    'says why a pattern is not understood, whichever way it would search: %s',
    async (pattern) => {
      for (const { options } of ways) {
        const test = await worldInFolder({ 'a.txt': 'a' }, options);
        const query = { pattern, isRegex: true, caseSensitive: true };
        const outcome = await test.perform({ kind: 'search', path: test.at(''), query });
        expect(outcome).toMatchObject({
          kind: 'failed',
          because: expect.stringContaining('the pattern is not understood: ') as string,
        });
      }
    },
  );

  it('ends a pattern that would take for ever, and this process goes on meanwhile', async () => {
    const test = await worldInFolder({ 'a.txt': `${'a'.repeat(40)}!\n` }, inThisProcess);
    let turns = 0;
    const beating = setInterval(() => (turns += 1), 50);
    const query = { pattern: '^(a+)+$', isRegex: true, caseSensitive: true };
    const outcome = await test.perform({ kind: 'search', path: test.at(''), query });
    clearInterval(beating);
    expect(outcome).toEqual({
      kind: 'failed',
      because: 'the pattern takes too long to match; make it simpler',
    });
    expect(turns).toBeGreaterThan(20);
  }, 20_000);

  it('stops when it is told to', async () => {
    for (const { options } of ways) {
      const test = await treeWorld(options);
      const stop = new AbortController();
      const reason = new Error('stop');
      const query = { pattern: 'one', isRegex: false, caseSensitive: true };
      const searching = test.perform({ kind: 'search', path: test.at(''), query }, { signal: stop.signal });
      stop.abort(reason);
      await expect(searching).rejects.toBe(reason);
    }
  });

  it.runIf(hasRipgrep)('takes no ripgrep from the workspace', async () => {
    const evil = '#!/bin/sh\ntouch "$0.ran"\n';
    const base = await worldInFolder({ 'bin/rg': evil, 'a.txt': 'one' });
    const { chmod, access } = await import('node:fs/promises');
    const rg = join(base.dir, 'bin/rg');
    await chmod(rg, 0o755);
    const test = await worldInFolder(
      {},
      {
        workspace: { roots: [base.root] },
        ripgrepCandidates: [rg],
        environment: { PATH: join(base.dir, 'bin') },
      },
    );
    expect((await search({ ...test, at: base.at }, { pattern: 'one' })).by).toBe('walker');
    await expect(access(`${rg}.ran`)).rejects.toMatchObject({ code: 'ENOENT' });
  });
});

describe('listing', () => {
  const list = async (test: TestWorld, path: string, depth: number) => {
    const done = await test.done({ kind: 'list', path: test.at(path), depth });
    if (done.kind !== 'listed') throw new Error('It did not list.');
    return done;
  };

  it('shows a tree in order, as deep as asked, links as links, and does not look into .git and node_modules', async () => {
    const test = await worldInFolder({
      'b/c/d.txt': 'd',
      'b/x.txt': 'xx',
      'b.txt': '',
      '.git/HEAD': 'h',
      'node_modules/m/i.js': 'i',
      '.env': 'e',
    });
    await symlink(test.outside, join(test.dir, 'out'));
    const { entries, omitted } = await list(test, '', 2);
    expect(omitted).toBe(0);
    expect(entries.map(({ path, kind, size }) => `${path} ${kind} ${size}`)).toEqual([
      'workspace:.env file 1',
      'workspace:.git folder 0',
      'workspace:b folder 0',
      'workspace:b/c folder 0',
      'workspace:b/x.txt file 2',
      'workspace:b.txt file 0',
      'workspace:node_modules folder 0',
      'workspace:out link 0',
    ]);
    expect((await list(test, 'node_modules', 2)).entries.map(({ path }) => path)).toEqual([
      'workspace:node_modules/m',
      'workspace:node_modules/m/i.js',
    ]);
  });

  it('never shows what may not be read, through a link neither; a folder is shown for what is in it', async () => {
    const files = {
      'src/a.txt': 'a',
      'src/.ssh/id': 'i',
      'docs/b.txt': 'b',
      'real/secret.txt': 's',
      'real/c.txt': 'c',
    };
    const mayRead = (path: string) =>
      /^workspace:(src|real|linked)\/(?!\.ssh)/.test(path) && !/real\/secret/.test(path);
    const test = await worldInFolder(files, { mayRead });
    await symlink('real', join(test.dir, 'linked'));
    expect((await list(test, '', 3)).entries.map(({ path }) => path)).toEqual([
      'workspace:real',
      'workspace:real/c.txt',
      'workspace:src',
      'workspace:src/a.txt',
    ]);
    expect((await list(test, 'linked', 1)).entries.map(({ path }) => path)).toEqual([
      'workspace:linked/c.txt',
    ]);
  });

  it('gives 2000 entries, upper levels first, and counts the others', async () => {
    const test = await worldInFolder({ 'z.txt': 'z' });
    await mkdir(join(test.dir, 'many'));
    await writeFile(join(test.dir, 'many/0'), '');
    await Promise.all(
      Array.from({ length: 2_100 }, (_, at) => link(join(test.dir, 'many/0'), join(test.dir, `many/f${at}`))),
    );
    const { entries, omitted } = await list(test, '', 2);
    expect([entries.length, omitted, entries.at(-1)?.path]).toEqual([2_000, 103, 'workspace:z.txt']);
  });

  it('says that a file is no folder and that nothing is nothing', async () => {
    const test = await worldInFolder({ 'a.txt': 'a' });
    expect(await test.perform({ kind: 'list', path: test.at('a.txt'), depth: 1 })).toEqual({
      kind: 'failed',
      because: 'a.txt is not a folder',
    });
    expect(await test.perform({ kind: 'list', path: test.at('x'), depth: 1 })).toEqual({
      kind: 'failed',
      because: 'x does not exist',
    });
  });
});

describe('problems', () => {
  it('of files that may not be read are left out', async () => {
    const problem = (path: TestWorld['root']['name']) =>
      ({ path, line: 1, severity: 'error', message: 'm', source: 's' }) as const;
    const test = await worldInFolder(
      {},
      {
        problems: () => [problem('workspace:a.ts'), problem('workspace:.env')] as never,
        mayRead: (path) => !path.endsWith('.env'),
      },
    );
    expect(await test.done({ kind: 'problems' })).toEqual({
      kind: 'problems',
      problems: [problem('workspace:a.ts')],
    });
  });
});

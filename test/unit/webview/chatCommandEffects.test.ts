import { describe, expect, test } from 'vitest';
import type { CommandLine, Expansion } from '../../../src/protocol/command.ts';
import type { CommandUse, NamedPath } from '../../../src/protocol/commandUse.ts';
import type { CommandEffect } from '../../../src/protocol/effect.ts';
import type { WorkspacePath } from '../../../src/protocol/workspacePath.ts';
import {
  commandEffects,
  environmentChanges,
  patternsShown,
} from '../../../src/webview/chat/commandEffects.ts';

const at = (path: string) => path as WorkspacePath;

function plain(...argv: readonly [string, ...string[]]): CommandLine {
  const step = { when: 'always', folder: '', pipeline: [{ argv, redirects: [] }] } as const;
  return { kind: 'plain', text: argv.join(' '), steps: [step] };
}

function effectsOf(...uses: readonly Partial<CommandUse>[]) {
  const effect: CommandEffect = {
    kind: 'command',
    line: plain('x'),
    folder: at('app:src'),
    timeoutMs: 60_000,
  };
  const nothing = { argv: ['x'], folder: '', paths: [], network: [], code: [], unclear: [] };
  const commands = uses.map((use) => ({ ...nothing, ...use }));
  return commandEffects({ effect, use: { commands, understood: true } });
}

function path(use: NamedPath['use'], named: string | null, more: Partial<NamedPath> = {}): NamedPath {
  return { use, word: 'w', path: named === null ? null : at(named), absolute: '/elsewhere/w', ...more };
}

describe('what a command would do, on its card', () => {
  test.each<[string, NamedPath, object]>([
    ['a file of the same root', path('read', 'app:src/a.ts'), { text: 'src/a.ts' }],
    ['the root itself', path('read', 'app:'), { text: '.' }],
    ['a file of another root, by its root', path('read', 'lib:a.ts'), { text: 'lib:a.ts' }],
    [
      'everything below a folder',
      path('read', 'app:src', { below: true }),
      { text: 'src', note: 'and everything below' },
    ],
    [
      'what is outside, by its whole path',
      path('read', null),
      { text: '/elsewhere/w', note: 'outside the workspace', care: true },
    ],
  ])('names %s', (_name, named, item) => {
    expect(effectsOf({ paths: [named] }).reads).toEqual([item]);
  });

  test('keeps reading, looking into and writing apart', () => {
    const paths = [path('write', 'app:w'), path('enter', 'app:e'), path('read', 'app:r')];
    expect(effectsOf({ paths })).toMatchObject({
      reads: [{ text: 'r' }],
      looksInto: [{ text: 'e' }],
      writes: [{ text: 'w' }],
    });
  });

  test('joins the commands of a line and names each thing once', () => {
    const one = { paths: [path('read', 'app:a')], network: ['example.com'], unclear: ['what -q means'] };
    expect(effectsOf(one, one)).toMatchObject({
      reads: [{ text: 'a' }],
      network: [{ text: 'example.com' }],
      unclear: [{ text: 'what -q means', note: 'x' }],
    });
  });

  test('leaves out nothing of a long list', () => {
    const paths = Array.from({ length: 3_000 }, (_, place) => path('write', `app:${place}`));
    expect(effectsOf({ paths }).writes).toHaveLength(3_000);
  });

  test('says what code it would run, and that any host is any', () => {
    const effects = effectsOf({
      network: ['*'],
      code: [
        { kind: 'file', path: at('app:run.sh') },
        { kind: 'entry', path: at('app:package.json'), entry: 'test' },
        { kind: 'workspace', because: 'its plugins' },
      ],
    });
    expect(effects.code).toEqual([
      { text: 'run.sh' },
      { text: 'test', note: 'of package.json' },
      { text: 'its plugins', care: true },
    ]);
    expect(effects.network).toEqual([{ text: 'any host', care: true }]);
  });
});

describe('what patterns stood for', () => {
  const star: Expansion['parts'] = [
    { kind: 'text', text: 'src/' },
    { kind: 'many' },
    { kind: 'text', text: '.ts' },
  ];
  const set: Expansion['parts'] = [{ kind: 'set', written: '[ab]', except: false, ranges: [['a', 'b']] }];
  const home: Expansion['parts'] = [{ kind: 'home' }, { kind: 'text', text: '/x' }];

  test.each<[string, Expansion['parts'], readonly string[], string, number]>([
    ['src/*.ts', star, ['src/a.ts', 'src/b.ts'], '2 names', 2],
    ['src/*.ts', star, ['src/a.ts'], '1 name', 1],
    ['src/*.ts', star, ['src/*.ts'], 'no name fits; passed as written', 0],
    ["'src/'*.ts", star, ['src/*.ts'], 'no name fits; passed as written', 0],
    ['[ab]', set, ['[ab]'], 'no name fits; passed as written', 0],
    ['~/x', home, ['/home/me/x'], '1 name', 1],
  ])('%s, %#', (pattern, parts, words, stoodFor, count) => {
    const line = {
      ...plain('ls'),
      expansions: [{ step: 0, folder: '', pattern, parts, words }],
    } as CommandLine;
    const shown = patternsShown(line);
    expect(shown).toMatchObject([{ pattern, stoodFor }]);
    expect(shown[0]?.words).toHaveLength(count);
  });

  test('a line for a shell has none', () => {
    expect(patternsShown({ kind: 'shell', text: 'ls *', because: 'x' })).toEqual([]);
  });
});

test.each<[readonly [string, ...string[]], readonly string[]]>([
  [['env', 'CI=1', 'npm', 'test', 'A=b'], ['CI=1']],
  [
    ['/usr/bin/env', '-i', 'A=1', 'B=2=3', 'node', 'x'],
    ['A=1', 'B=2=3'],
  ],
  [['env', '-u', 'HOME', '-C', 'src', 'A=1', 'ls'], ['A=1']],
  [['env', '--unset=HOME', 'A=1', 'ls'], ['A=1']],
  [['env', 'A='], ['A=']],
  [['grep', 'A=1'], []],
  [['printenv', 'A=1'], []],
])('%j sets %j', (argv, changes) => {
  expect(environmentChanges(plain(...argv))).toEqual(changes);
});

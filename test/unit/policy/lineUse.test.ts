import { describe, expect, it } from 'vitest';
import { parseCommandLine } from '../../../src/policy/commandLine.ts';
import { lineUse } from '../../../src/policy/command/lineUse.ts';
import type { LineUse } from '../../../src/protocol/commandUse.ts';
import { pathInRoot } from '../../../src/protocol/workspacePath.ts';

const shop = { name: 'shop', dir: '/projects/shop' };
const lib = { name: 'lib', dir: '/data/lib' };
const nested = { name: 'inner', dir: '/projects/shop/packages/inner' };

function useOf(text: string, folder = '', root = shop): LineUse {
  const parsed = parseCommandLine(text);
  if (parsed.kind === 'refused') throw new Error(parsed.because);
  return lineUse(parsed.line, { folder: pathInRoot(root, folder), roots: [shop, lib, nested] });
}

function pathsIn(use: LineUse): readonly string[] {
  return use.commands.flatMap(({ paths }) =>
    paths.map(({ use: how, path, absolute, below }) =>
      [how, path ?? absolute, ...(below === true ? ['below'] : [])].join(' '),
    ),
  );
}

function rulesOf(use: LineUse): readonly (string | undefined)[] {
  return use.commands.map(({ rule }) => rule);
}

describe('the words of a line', () => {
  it.each<[line: string, ...paths: string[]]>([
    ['cat src/a.ts', 'read shop:src/a.ts'],
    ['cat ./src//a.ts', 'read shop:src/a.ts'],
    ['cat /projects/shop/a', 'read shop:a'],
    ['cat /projects/shop-evil/a', 'read /projects/shop-evil/a'],
    ['cat ../../data/lib/a', 'read lib:a'],
    ['cat packages/inner/a', 'read inner:a'],
    ['cat ../other/a /etc/passwd', 'read /projects/other/a', 'read /etc/passwd'],
    ['ls', 'enter shop:'],
    ['grep -rn foo src', 'read shop:src below'],
    ['cp -r src /tmp/x', 'read shop:src below', 'write /tmp/x below', 'write /tmp/x/src below'],
    ['find . -name a -exec cat {} +', 'enter shop:', 'read shop: below'],
    ['timeout 5 env -C src nice ls -l x', 'enter shop:src', 'enter shop:src/x'],
  ])('are named as they lead: %s', (line, ...paths) => {
    const use = useOf(line);
    expect(use.understood).toBe(true);
    expect(pathsIn(use)).toEqual(paths);
  });

  it('are seen from the folder of the command', () => {
    expect(pathsIn(useOf('cat a ../b', 'src'))).toEqual(['read shop:src/a', 'read shop:b']);
    expect(pathsIn(useOf('cat a', '', lib))).toEqual(['read lib:a']);
  });

  it('are seen from the folder of the step', () => {
    const use = lineUse(
      {
        kind: 'plain',
        text: 'cd src && cat a ../b > c',
        steps: [
          {
            when: 'always',
            folder: 'src',
            pipeline: [
              {
                argv: ['cat', 'a', '../b'],
                redirects: [
                  { fd: 1, to: 'file', file: 'c', append: false },
                  { fd: 0, from: 'file', file: 'd' },
                ],
              },
            ],
          },
        ],
      },
      { folder: pathInRoot(shop, ''), roots: [shop] },
    );
    expect(pathsIn(use)).toEqual([
      'enter shop:src',
      'write shop:src/c',
      'read shop:src/d',
      'read shop:src/a',
      'read shop:b',
    ]);
    expect(rulesOf(use)).toEqual([undefined]);
    expect(use.understood).toBe(true);
  });
});

describe('a line is not understood', () => {
  it.each([
    ['frobnicate a', 'the program `frobnicate` is not known'],
    ['cat --frob a', '`--frob` of cat is not known'],
    ['/tmp/evil/cat a', 'the program `/tmp/evil/cat` is not known'],
    ['ls | xargs cat', 'words from its standard input become arguments of cat, and nobody knows them yet'],
    ['timeout --frob 5 ls', '`--frob` of timeout is not known'],
    ['cat src/../../x', 'where `src/../../x` leads is not known, because ".." may climb out of a link'],
    ['nice nice nice nice nice nice ls', 'commands are wrapped in commands more than four deep'],
  ])('because of one word: %s', (line, because) => {
    const use = useOf(line);
    expect(use.understood).toBe(false);
    expect(use.commands.flatMap(({ unclear }) => unclear)).toEqual([because]);
    expect(rulesOf(use).at(-1)).toBeUndefined();
  });

  it('because a shell is needed', () => {
    const use = useOf('cat a $X > b && (cd c; ls ../d)');
    expect(use.understood).toBe(false);
    expect(pathsIn(use)).toEqual(['write shop:b', 'read shop:a', 'enter shop:']);
    expect(rulesOf(use)).not.toContain('commands.reads');
  });
});

describe('what runs', () => {
  it('is the innermost command', () => {
    expect(useOf('timeout 5 env CI=1 wc -l a').commands.map(({ argv }) => argv)).toEqual([['wc', '-l', 'a']]);
  });

  it('may be a file of the workspace, which is code', () => {
    expect(useOf('./scripts/run.sh --all').commands[0]).toMatchObject({
      code: [{ kind: 'file', path: 'shop:scripts/run.sh' }],
      unclear: [],
    });
    expect(useOf('./gradlew build').commands[0]?.rule).toBeUndefined();
  });

  it('is known by its name in the folders of the system too', () => {
    expect(useOf('/usr/bin/wc a').commands[0]).toMatchObject({ rule: 'commands.reads' });
    expect(useOf('/projects/shop/wc a').commands[0]).toMatchObject({
      code: [{ kind: 'file', path: 'shop:wc' }],
    });
  });

  it('is named by the rule that covers it only where it reads and prints', () => {
    expect(rulesOf(useOf('ls | xargs echo'))).toEqual(['commands.reads', 'commands.reads']);
    expect(rulesOf(useOf('cat a && rm b'))).toEqual(['commands.reads', undefined]);
    expect(rulesOf(useOf('env'))).toEqual([undefined]);
  });
});

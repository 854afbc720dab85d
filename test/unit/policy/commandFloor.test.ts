import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { floorHit, type CommandPlace } from '../../../src/policy/commandFloor.ts';
import { parseCommandLine } from '../../../src/policy/commandLine.ts';
import { EVERYDAY_LINES } from './everydayLines.ts';
import { FLOOR_LINES } from './floorLines.ts';
import { HOSTILE_LINES } from './hostileLines.ts';

const place: CommandPlace = {
  folder: '',
  roots: ['/projects/shop'],
  ownFolders: ['/home/ada/.config/Code/User/globalStorage/warrant'],
};

function ruleOf(text: string, where: CommandPlace = place): string | undefined {
  const parsed = parseCommandLine(text);
  if (parsed.kind === 'refused') return 'refused';
  return floorHit(text, parsed.line, where)?.rule;
}

function quoted(line: string): string {
  return `'${line.replaceAll("'", "'\\''")}'`;
}

/** Ways to have a shell run a whole line. */
const CARRIERS: readonly ((line: string) => string)[] = [
  (line) => `bash -c ${quoted(line)}`,
  (line) => `sh -lc ${quoted(line)}`,
  (line) => `/bin/zsh -o pipefail -ec ${quoted(line)} name`,
  (line) => `bash -c ${quoted(`sh -c ${quoted(line)}`)}`,
  (line) => `env A=b bash -c ${quoted(line)}`,
  (line) => `env -S ${quoted(`sh -c ${quoted(line)}`)}`,
  (line) => `eval ${quoted(line)}`,
  (line) => `trap ${quoted(line)} EXIT`,
  (line) => `alias x=${quoted(line)}`,
  (line) => `watch -n 1 ${quoted(line)}`,
  (line) => `ssh -p 22 host ${quoted(line)}`,
  (line) => `xargs -I{} sh -c ${quoted(line)}`,
  (line) => `find . -name x -exec sh -c ${quoted(line)} _ {} +`,
  (line) => `parallel ${quoted(line)} ::: a`,
  (line) => `flock /tmp/l -c ${quoted(line)}`,
  (line) => `echo ${quoted(line)} | sh`,
  (line) => `printf '%s' ${quoted(line)} | bash -s`,
  (line) => `echo ${quoted(line)} > x.sh; bash x.sh`,
  (line) => `echo ${quoted(line)} | tee x.sh; chmod +x x.sh; ./x.sh`,
  (line) => `bash <<< ${quoted(line)}`,
  (line) => `bash <<'END'\n${line}\nEND`,
  (line) => `cat <<'END' | sh\n${line}\nEND`,
  (line) => `bash <(echo ${quoted(line)})`,
  (line) => `source /dev/stdin <<< ${quoted(line)}`,
  (line) => `x=${quoted(line)}; eval "$x"`,
  (line) => `x=${quoted(line)}; bash -c "$x"`,
  (line) => `true\n${line}`,
  (line) => `true && {\n${line}\n}`,
  (line) => `(\n${line}\n)`,
  (line) => `if true; then\n${line}\nfi`,
  (line) => `while true; do\n${line}\ndone`,
  (line) => `for i in 1 2; do\n${line}\ndone`,
  (line) => `case x in x)\n${line}\n;; esac`,
  (line) => `run() {\n${line}\n}; run`,
  (line) => `echo "$(\n${line}\n)"`,
  (line) => `x=$(\n${line}\n)`,
  (line) => `export A="$(\n${line}\n)"`,
  (line) => `[[ -n $(\n${line}\n) ]]`,
  (line) => `echo \${x:-$(\n${line}\n)}`,
  (line) => `echo $(( $(\n${line}\n) ))`,
  (line) => `cat <(\n${line}\n)`,
  (line) => `cat <<END\n$(\n${line}\n)\nEND`,
  (line) => `coproc {\n${line}\n}`,
  (line) => `git -c alias.x=${quoted(`!${line}`)} x`,
  (line) => `git rebase -x ${quoted(line)} main`,
  (line) => `tar xf a.tar --to-command=${quoted(line)}`,
];

/** Ways to have a program start another one, for lines of one command. */
const WRAPPERS: readonly string[] = [
  'env',
  'env -i',
  'env A=b C=d',
  'env -u HOME --',
  'command',
  'builtin',
  'exec',
  'exec -a name',
  'nohup',
  'nice',
  'nice -n 5',
  'nice -5',
  'ionice -c 3',
  'ionice -c2 -n7',
  'time',
  'time -p',
  '/usr/bin/time -f %e -o t',
  'timeout 5',
  'timeout -k 5 -s KILL 10s',
  'timeout --foreground --signal=KILL 10',
  'setsid',
  'setsid -f -w',
  'stdbuf -oL',
  'stdbuf -o L -e0',
  'watch -n 1',
  'xargs',
  'xargs -n1 -P4',
  'busybox',
  'A=b',
  'A=b env C=d nice',
  '!',
  'true &&',
  'false ||',
  'true;',
  'true |',
  'true &',
  '\\command',
  '"env"',
  'caffeinate',
  'flock /tmp/l',
  'env nice timeout 5',
  'noglob',
  'find . -name x -exec',
];

/** Every rule is met by a few lines of one command; `cd` and the history belong to the shell itself. */
const SIMPLE = FLOOR_LINES.filter(
  ([rule, line]) =>
    !/[|;&<>`{}()]|^(?:cd|pushd|history|unset|set|HIST|export|Remove|Stop|Clear|\$UNSET|at |mv)/.test(line) &&
    rule !== 'floor.run-download',
);
/** A carrier may replace `{}` itself, and joins a line that ends in a backslash to the next. */
const COMPOUND = FLOOR_LINES.filter(([, line]) => !/\n|\{\}|\\$/.test(line));

describe('the floor', () => {
  it('is made of enough cases to mean something', () => {
    expect(FLOOR_LINES.length).toBeGreaterThan(280);
    expect(SIMPLE.length * WRAPPERS.length + COMPOUND.length * CARRIERS.length).toBeGreaterThan(15_000);
  });

  it.each(FLOOR_LINES)('%s refuses: %s', (rule, line) => {
    expect(ruleOf(line)).toBe(rule);
  });

  it.each(HOSTILE_LINES)('refuses: %s', (line) => {
    expect(ruleOf(line)).toMatch(/^floor\./);
  });

  it.each(WRAPPERS)('holds through %s', (wrapper) => {
    const passed = SIMPLE.filter(([, line]) => ruleOf(`${wrapper} ${line}`) === undefined).map(
      ([, line]) => line,
    );
    expect(passed).toEqual([]);
  });

  it.each(CARRIERS.map((carry) => [carry('LINE'), carry] as const))('holds inside: %s', (_, carry) => {
    const passed = COMPOUND.filter(([, line]) => ruleOf(carry(line)) === undefined).map(([, line]) => line);
    expect(passed).toEqual([]);
  });

  it.each(EVERYDAY_LINES.map(([, line]) => line))('lets everyday work be asked for: %s', (line) => {
    expect(ruleOf(line)).toBeUndefined();
  });

  it('refuses what is wrapped more than four deep, whatever it is', () => {
    const deep = (levels: number): string => `${'env '.repeat(levels)}ls`;
    expect(ruleOf(deep(4))).toBeUndefined();
    expect(ruleOf(deep(5))).toBe('floor.not-understood');
  });

  it.each([
    'rm -rf / "',
    "rm -rf / '",
    'rm -rf / )',
    'if; rm -rf /',
    'echo $(rm -rf /',
    'echo `rm -rf /',
    '( sudo ls',
    'then sudo ls',
    '"sudo" ls;; ',
    'for; do shutdown now',
    'cat <<EOF | sh\nrm -rf /',
    'r""m -r\\f / "',
  ])('is found where the grammar gives up: %s', (line) => {
    expect(ruleOf(line)).toMatch(/^floor\./);
  });

  it('knows the folder a command runs in', () => {
    const inFolder: CommandPlace = { ...place, folder: 'packages/a' };
    expect(ruleOf('rm -rf *', inFolder)).toBeUndefined();
    expect(ruleOf('rm -rf ../..', inFolder)).toBe('floor.delete');
    expect(ruleOf('git clean -fdx', inFolder)).toBeUndefined();
    expect(ruleOf('cd ../.. && rm -rf .', inFolder)).toBe('floor.delete');
  });

  it('takes an unknown workspace for one that may be anywhere', () => {
    const nowhere: CommandPlace = { folder: '', roots: [], ownFolders: [] };
    for (const line of ['rm -rf .', 'rm -rf *', 'rm -rf ..', 'rm -rf ./', 'find . -delete'])
      expect(ruleOf(line, nowhere), line).toBe('floor.delete');
    expect(ruleOf('rm -rf build', nowhere)).toBeUndefined();
  });

  it('knows every folder of the window, and Windows folders', () => {
    const two: CommandPlace = { ...place, roots: ['/projects/shop', '/data/lib'] };
    expect(ruleOf('rm -rf /data/lib', two)).toBe('floor.delete');
    expect(ruleOf('rm -rf /data/lib/dist', two)).toBeUndefined();
    const windows: CommandPlace = { ...place, roots: ['C:\\Users\\ada\\shop'] };
    for (const line of [
      'rm -rf .',
      'rd /s /q .',
      'Remove-Item -Recurse C:\\Users\\ada\\shop',
      'rm -rf ..',
      "rm -rf 'c:/users/ada/SHOP'",
    ])
      expect(ruleOf(line, windows), line).toBe('floor.delete');
    for (const line of ['rm -rf dist', 'rd /s /q node_modules', 'Remove-Item -Recurse -Force dist'])
      expect(ruleOf(line, windows), line).toBeUndefined();
  });

  it('lets work be done in a workspace that stands in a system folder', () => {
    const container: CommandPlace = { ...place, roots: ['/usr/src/app'] };
    expect(ruleOf('rm -rf dist', container)).toBeUndefined();
    expect(ruleOf('rm -rf .', container)).toBe('floor.delete');
    expect(ruleOf('rm -rf /usr/src', container)).toBe('floor.delete');
    expect(ruleOf('rm -rf dist', { ...place, roots: ['/root/shop'] })).toBeUndefined();
    expect(ruleOf('rm -rf /root/shop', { ...place, roots: ['/root/shop'] })).toBe('floor.delete');
  });

  it('judges the vectors that will run, not only the text', () => {
    const line = {
      kind: 'plain',
      text: 'ls',
      steps: [{ when: 'always', folder: '', pipeline: [{ argv: ['rm', '-rf', '/'], redirects: [] }] }],
    } as const;
    expect(floorHit('ls', line, place)?.rule).toBe('floor.delete');
  });

  it('says in words what would be lost', () => {
    const parsed = parseCommandLine('cd src && rm -rf ../.git');
    expect(parsed.kind === 'line' && floorHit('cd src && rm -rf ../.git', parsed.line, place)).toEqual({
      rule: 'floor.delete',
      because: 'it would delete the version control folder (../.git)',
    });
  });
});

/** One character, written in some way that bash reads back as that character. */
function spelled(char: string): fc.Arbitrary<string> {
  const code = char.charCodeAt(0);
  const ways = [
    char,
    `'${char}'`,
    `"${char}"`,
    `$'\\x${code.toString(16)}'`,
    `$'\\${code.toString(8)}'`,
    `${char}""`,
    `''${char}`,
    `${char}$@`,
    `\${NONE}${char}`,
  ];
  if (/[A-Za-z/.-]/.test(char)) ways.push(`\\${char}`);
  return fc.constantFrom(...ways);
}

function spelledWord(word: string): fc.Arbitrary<string> {
  return fc.tuple(...Array.from(word, spelled)).map((chars) => chars.join(''));
}

function spelledLine(line: string): fc.Arbitrary<string> {
  const blank = fc.constantFrom(' ', '  ', '\t', ' \\\n ', '${IFS}');
  return fc
    .tuple(fc.tuple(...line.split(' ').map(spelledWord)), fc.infiniteStream(blank))
    .map(([words, blanks]) => words.reduce((text, word) => `${text}${String(blanks.next().value)}${word}`));
}

describe('however it is spelled', () => {
  it.each([
    'rm -rf /',
    'rm -fr ~/',
    'sudo ls',
    'shutdown now',
    'find / -delete',
    'chmod +s x',
    'git clean -xdf',
  ])('%s is refused', (line) => {
    fc.assert(
      fc.property(spelledLine(line), (text) => {
        const rule = ruleOf(text);
        // A quoted or escaped ~ is an ordinary name to bash, and still refused here.
        return rule !== undefined;
      }),
      { numRuns: 300 },
    );
  });

  it('wrapping and surrounding never loosen', () => {
    const base = fc.constantFrom(...SIMPLE.map(([, line]) => line).filter((line) => !line.endsWith('\\')));
    const before = fc.constantFrom(
      ...WRAPPERS.filter((one) => !/^(?:!|find|watch|A=b|true|false)/.test(one)),
    );
    const carrier = fc.constantFrom(...CARRIERS);
    const around = fc.constantFrom('', 'echo a; ', 'ls | ', 'cd src && cd .. && ', 'x=1\n');
    fc.assert(
      fc.property(
        base,
        fc.array(before, { maxLength: 2 }),
        carrier,
        around,
        (line, wrappers, carry, lead) => {
          const text = lead + carry(`${wrappers.join(' ')} ${line}`.trim());
          return ruleOf(text) !== undefined;
        },
      ),
      { numRuns: 400 },
    );
  });

  it('never throws, on any text', () => {
    const shellish = fc.string({
      unit: fc.constantFrom(...'ab /\\\'"$`(){}[]<>|&;*?~!#=\n-'.split('')),
      maxLength: 120,
    });
    fc.assert(
      fc.property(fc.oneof(fc.string({ maxLength: 200 }), shellish), (text) => {
        floorHit(text, { kind: 'shell', text, because: '' }, place);
      }),
      { numRuns: 3_000 },
    );
  });
});

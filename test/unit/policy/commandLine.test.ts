import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { floorHit } from '../../../src/policy/commandFloor.ts';
import { parseCommandLine, readCommandLine } from '../../../src/policy/commandLine.ts';
import { interpreterWithCode } from '../../../src/policy/command/interpreters.ts';
import { EVERYDAY_LINES } from './everydayLines.ts';

function lineOf(text: string) {
  const parsed = parseCommandLine(text);
  if (parsed.kind === 'refused') throw new Error(`refused: ${parsed.because}`);
  return parsed.line;
}

function vectors(text: string): readonly (readonly string[])[] | string {
  const line = lineOf(text);
  if (line.kind === 'shell') return line.because;
  return line.steps.flatMap(({ pipeline }) => pipeline.map(({ argv }) => argv));
}

describe('parseCommandLine', () => {
  it.each(EVERYDAY_LINES.map(([kind, line]) => [kind, line] as const))('%s: %s', (kind, line) => {
    expect(lineOf(line).kind).toBe(kind);
  });

  it.each(EVERYDAY_LINES.map(([, line, code]) => [code ?? 'no code', line] as const))(
    '%s is handed to an interpreter by: %s',
    (code, line) => {
      expect(interpreterWithCode(lineOf(line)) !== undefined).toBe(code === 'code');
    },
  );

  it('keeps the operators as steps', () => {
    expect(lineOf('a && b || c; d | e\nf')).toEqual({
      kind: 'plain',
      text: 'a && b || c; d | e\nf',
      steps: [
        { when: 'always', folder: '', pipeline: [{ argv: ['a'], redirects: [] }] },
        { when: 'afterSuccess', folder: '', pipeline: [{ argv: ['b'], redirects: [] }] },
        { when: 'afterFailure', folder: '', pipeline: [{ argv: ['c'], redirects: [] }] },
        {
          when: 'always',
          folder: '',
          pipeline: [
            { argv: ['d'], redirects: [] },
            { argv: ['e'], redirects: [] },
          ],
        },
        { when: 'always', folder: '', pipeline: [{ argv: ['f'], redirects: [] }] },
      ],
    });
  });

  it.each([
    ['a 2>&1', [{ fd: 2, to: 'stdout' }]],
    ['a 1>&2', [{ fd: 1, to: 'stderr' }]],
    ['a >&2', [{ fd: 1, to: 'stderr' }]],
    ['a >/dev/null', [{ fd: 1, to: 'null' }]],
    ['a > /dev/null', [{ fd: 1, to: 'null' }]],
    ['a 2>/dev/null', [{ fd: 2, to: 'null' }]],
    ['a 2>>/dev/null', [{ fd: 2, to: 'null' }]],
    ['>/dev/null a', [{ fd: 1, to: 'null' }]],
    [
      'a >/dev/null 2>&1',
      [
        { fd: 1, to: 'null' },
        { fd: 2, to: 'stdout' },
      ],
    ],
    [
      'a 2>&1 >/dev/null',
      [
        { fd: 2, to: 'stdout' },
        { fd: 1, to: 'null' },
      ],
    ],
    [
      'a &>/dev/null',
      [
        { fd: 1, to: 'null' },
        { fd: 2, to: 'null' },
      ],
    ],
    [
      'a >&/dev/null',
      [
        { fd: 1, to: 'null' },
        { fd: 2, to: 'null' },
      ],
    ],
    ['a > b', [{ fd: 1, to: 'file', file: 'b', append: false }]],
    ['a 1>b', [{ fd: 1, to: 'file', file: 'b', append: false }]],
    ['a >>"b c"', [{ fd: 1, to: 'file', file: 'b c', append: true }]],
    ['a 2> /x/b', [{ fd: 2, to: 'file', file: '/x/b', append: false }]],
    ['a < b', [{ fd: 0, from: 'file', file: 'b' }]],
    ['a 0<b', [{ fd: 0, from: 'file', file: 'b' }]],
    ['a </dev/null', [{ fd: 0, from: 'null' }]],
    [
      'a<b>c',
      [
        { fd: 0, from: 'file', file: 'b' },
        { fd: 1, to: 'file', file: 'c', append: false },
      ],
    ],
    [
      'a &>> b',
      [
        { fd: 1, to: 'file', file: 'b', append: true },
        { fd: 2, to: 'stdout' },
      ],
    ],
    [
      'a 2>&1 > b',
      [
        { fd: 2, to: 'stdout' },
        { fd: 1, to: 'file', file: 'b', append: false },
      ],
    ],
  ] as const)('reads the redirects of %s in order', (text, redirects) => {
    const line = lineOf(text);
    expect(line.kind === 'plain' && line.steps[0].pipeline[0]).toEqual({ argv: ['a'], redirects });
  });

  it.each([
    ['echo a>b*', 'pattern after a redirection'],
    ['echo a > ~/b', 'pattern after a redirection'],
    ['echo a >', 'redirection without a file'],
    ["echo a > ''", 'redirection without a file'],
    ['echo a > b/', 'redirection without a file'],
    ['echo a > /dev/stderr', 'device'],
    ['echo a > "/dev/fd/1"', 'device'],
    ['cat < /dev/tcp/a/1', 'device'],
    ['echo a >&b', 'unusual'],
    ['echo a 2>&-', 'redirection'],
    ['echo a <> b', 'redirection'],
    ['echo {a}>b', 'braces'],
    ['echo 3>&1', 'redirection'],
    ['echo x 2>/dev/nullx', 'device'],
    ['cat <<E\nE', 'redirection'],
    ['cat <<< x', 'redirection'],
    ['echo x >| y', 'redirection'],
    ['ls *.ts', 'pattern'],
    ['ls [ab]', 'pattern'],
    ['ls a?', 'pattern'],
    ['ls ~', 'home'],
    ['ls a=~', 'home'],
    ['ls {a,b}', 'braces'],
    ['ls a{1..3}', 'braces'],
    ['ls @{a,b}', 'braces'],
    ['echo $x', 'expansion'],
    ['echo "$x"', 'expansion'],
    ['echo ${x}', 'expansion'],
    ["echo $'x'", 'expansion'],
    ['echo $"x"', 'expansion'],
    ['echo $(x)', 'parenthesis'],
    ['echo `x`', 'substitution'],
    ['echo "`x`"', 'substitution'],
    ['x=1', 'assignment'],
    ['x=1 ls', 'assignment'],
    ['x+=1 ls', 'assignment'],
    ['x[1]=1 ls', 'pattern'],
    ['ls &', 'background'],
    ['ls & ls', 'background'],
    ['ls |& cat', 'both outputs'],
    ['ls;; ls', 'semicolon'],
    ['(ls)', 'parenthesis'],
    ['f() { ls; }', 'parenthesis'],
    ['{ ls; }', 'braces'],
    ['if true; then ls; fi', '"if"'],
    ['while true; do ls; done', '"while"'],
    ['[[ -f x ]]', 'pattern'],
    ['((1))', 'parenthesis'],
    ['! ls', '"!"'],
    ['time ls', '"time"'],
    ['cd', '"cd" without'],
    ['cd -', '"cd" without'],
    ['cd -P src', '"cd" without'],
    ["cd ''", '"cd" without'],
    ['cd a b', '"cd" without'],
    ['cd ~', 'pattern after "cd"'],
    ['cd s*', 'pattern after "cd"'],
    ['cd a | ls', '"cd" in a pipeline'],
    ['ls | cd a', '"cd" in a pipeline'],
    ['test -d a && cd a; ls', 'depends on how'],
    ['cd a || cd b; ls', 'depends on how'],
    ['cd a || echo no; ls', 'depends on how'],
    ['cd a && cd b || ls', 'depends on how'],
    ['*.sh a', 'in the place of a command'],
    ['~/bin/x', 'in the place of a command'],
    ['ls [[:alpha:]]*', 'unusual kind'],
    ['ls [a-', 'unusual kind'],
    ['ls ["a"]*', 'unusual kind'],
    ['ls [z-a]', 'unusual kind'],
    ['ls [a/b]', 'unusual kind'],
    ['ls a//*.ts', 'two slashes'],
    ['ls ~ada', 'home'],
    ['echo -e a', 'form that only'],
    ['echo --help', 'form that only'],
    ['printf -v x a', 'form that only'],
    ['printf %q a', 'form that only'],
    ['printf %d a', 'form that only'],
    ['printf x y', 'form that only'],
    ["printf '\\x41'", 'form that only'],
    ['test -v a', 'form that only'],
    ['test a -eq b', 'form that only'],
    ['[ -f a', 'form that only'],
    ['[ a -a b ]', 'form that only'],
    ['true --help', 'form that only'],
    ['kill -l', 'form that only'],
    ['kill %1', 'form that only'],
    ['kill -9 -1', 'form that only'],
    ['pwd -P', 'form that only'],
    ['help', '"help"'],
    ['export A', '"export"'],
    ['source x', '"source"'],
    ['. x', '"."'],
    ['eval ls', '"eval"'],
    ['exec ls', '"exec"'],
    ['trap x EXIT', '"trap"'],
    ['read x', '"read"'],
    ['%1', 'unusual'],
    ["'%1' a", 'unusual'],
    ["''", 'empty'],
    ['"" ls', 'empty'],
    ['', 'nothing'],
    ['# only a comment', 'nothing'],
    ['ls &&', 'no command after'],
    ['&& ls', 'no command before'],
    ['ls | | cat', 'no command before'],
    ['ls ; ; ls', 'no command before'],
    ['"unclosed', 'not closed'],
    ["'unclosed", 'not closed'],
    ['ls \\', 'backslash'],
    ['l\\\ns', 'continued'],
    ['ls &\\\n& pwd', 'background'],
    ['ls\\\n', 'continued'],
    ['>/dev/null', 'without a command'],
    ['ls\r\npwd', 'character'],
  ])('%j is not plain, because of: %s', (text, because) => {
    const line = lineOf(text);
    expect(line.kind).toBe('shell');
    expect(line.kind === 'shell' && line.because).toContain(because);
  });

  it.each([
    ['ls\u0000', 'U+0000'],
    ['ls\rpwd', 'U+000D'],
    ['ls \u001b[2J', 'U+001B'],
    ['ls \u0085', 'U+0085'],
    ['ls\u00a0-la', 'U+00A0'],
    ['ls\u2003-la', 'U+2003'],
    ['ls\u3000-la', 'U+3000'],
    ['ls\u1680', 'U+1680'],
    ['rm\u200b x', 'U+200B'],
    ['rm\u200d x', 'U+200D'],
    ['rm\u00ad x', 'U+00AD'],
    ['rm \u202e x', 'U+202E'],
    ['rm \u2066 x', 'U+2066'],
    ['rm \ufeff x', 'U+FEFF'],
    ['rm \u3164 x', 'U+3164'],
    ['rm \u2800 x', 'U+2800'],
    ['rm \ufe0f x', 'U+FE0F'],
    ['rm \u2028 x', 'U+2028'],
    ['rm \ue000 x', 'U+E000'],
    ['rm \ud800 x', 'U+D800'],
    ['rm \u{e0041} x', 'U+E0041'],
  ])('%j is refused, with the character named %s', (text, name) => {
    const parsed = parseCommandLine(text);
    expect(parsed.kind).toBe('refused');
    expect(parsed.kind === 'refused' && parsed.because).toContain(name);
  });

  it('lets people write in their own script', () => {
    expect(vectors('echo "héllo 世界" ✔️ naïve')).toBe('the character ✔');
    expect(vectors('echo "héllo 世界 ✔️" naïve')).toEqual([['echo', 'héllo 世界 ✔️', 'naïve']]);
  });

  it('refuses more than 8 KiB and more than 32 commands, however they are hidden', () => {
    const many = (count: number) => Array.from({ length: count }, () => 'ls').join('; ');
    expect(parseCommandLine(many(32)).kind).toBe('line');
    expect(parseCommandLine(many(33)).kind).toBe('refused');
    expect(parseCommandLine(`echo ${'$(ls) '.repeat(33)}`).kind).toBe('refused');
    expect(parseCommandLine(`echo ${'x'.repeat(8 * 1024 - 5)}`).kind).toBe('line');
    expect(parseCommandLine(`echo ${'x'.repeat(8 * 1024 - 4)}`).kind).toBe('refused');
    expect(parseCommandLine(`echo ${'é'.repeat(4 * 1024)}`).kind).toBe('refused');
  });

  it('never throws, and keeps the text as it was', () => {
    const shellish = fc.string({
      unit: fc.constantFrom(
        ...'ab /\\\'"$`(){}[]<>|&;*?~!#=\n\t-2'.split(''),
        '&&',
        '||',
        '$(',
        '<<E\n',
        '>/dev/null',
      ),
      maxLength: 60,
    });
    fc.assert(
      fc.property(fc.oneof(fc.string({ unit: 'binary', maxLength: 200 }), shellish), (text) => {
        const parsed = parseCommandLine(text);
        return parsed.kind === 'refused' || parsed.line.text === text;
      }),
      { numRuns: 5_000 },
    );
  });
});

describe('the folder of each step', () => {
  it.each([
    ['cd src', ['']],
    ["'cd' src; ls", ['', 'src']],
    ['cd a && ls', ['', 'a']],
    ['cd a; ls', ['', 'a']],
    ['cd a && ls || pwd', undefined],
    ['cd a && cd b && ls', ['', 'a', 'a/b']],
    ['cd a; cd ..; ls', ['', 'a', '']],
    ['cd a/../b/ && ls', ['', 'b']],
    ['cd .. && cd x && ls', ['', '..', '../x']],
    ['cd /p/q && cd ../r && ls', ['', '/p/q', '/p/r']],
    ['cd / && ls', ['', '/']],
    ['cd . ; ls', ['', '']],
    ['cd a || ls', ['', '']],
    ['mkdir a && cd a && ls', ['', '', 'a']],
    ['cd a && npm test; cd ../b && npm test; pwd', ['', 'a', 'a', 'b', 'b']],
    ['cd a 2>/dev/null && ls | cat', ['', 'a']],
  ] as const)('of %s', (text, folders) => {
    const line = lineOf(text);
    expect(line.kind === 'plain' ? line.steps.map(({ folder }) => folder) : undefined).toEqual(folders);
  });
});

describe('words that stand for names', () => {
  const text = 'cd src && ls "a "*.ts ~/x [!b-d]? && cp a\\*b* *.ts *.ts';

  it('are told once each, with their folder and what they are made of', () => {
    expect(readCommandLine(text).patterns).toEqual([
      {
        step: 1,
        folder: 'src',
        pattern: '"a "*.ts',
        parts: [{ kind: 'text', text: 'a ' }, { kind: 'many' }, { kind: 'text', text: '.ts' }],
      },
      { step: 1, folder: 'src', pattern: '~/x', parts: [{ kind: 'home' }, { kind: 'text', text: '/x' }] },
      {
        step: 1,
        folder: 'src',
        pattern: '[!b-d]?',
        parts: [{ kind: 'set', written: '[!b-d]', except: true, ranges: [['b', 'd']] }, { kind: 'one' }],
      },
      { step: 2, folder: 'src', pattern: 'a\\*b*', parts: [{ kind: 'text', text: 'a*b' }, { kind: 'many' }] },
      { step: 2, folder: 'src', pattern: '*.ts', parts: [{ kind: 'many' }, { kind: 'text', text: '.ts' }] },
    ]);
    expect(readCommandLine('echo $(ls) *').patterns).toEqual([]);
  });

  const standing = (words: Readonly<Record<string, readonly string[]>>, of = text) =>
    parseCommandLine(
      of,
      readCommandLine(of).patterns.map((pattern) => ({ ...pattern, words: words[pattern.pattern] ?? ['-'] })),
    );

  it('are plain only with what they stand for, which is then part of the line', () => {
    expect(lineOf(text)).toMatchObject({
      kind: 'shell',
      because: expect.stringContaining('pattern') as string,
    });
    const parsed = standing({ '*.ts': ['a.ts', '-b.ts'], '~/x': ['/home/ada/x'] });
    if (parsed.kind === 'refused' || parsed.line.kind === 'shell') throw new Error('It is not plain.');
    expect(parsed.line.steps.map(({ pipeline: [{ argv }] }) => argv)).toEqual([
      ['cd', 'src'],
      ['ls', '-', '/home/ada/x', '-'],
      ['cp', '-', 'a.ts', '-b.ts', 'a.ts', '-b.ts'],
    ]);
    expect(parsed.line.expansions?.map(({ pattern }) => pattern)).toEqual(
      readCommandLine(text).patterns.map(({ pattern }) => pattern),
    );
    expect(parseCommandLine(text, parsed.line.expansions)).toEqual(parsed);
    expect(parseCommandLine(text, parsed.line.expansions?.slice(1))).toMatchObject({
      line: { kind: 'shell' },
    });
  });

  it('are at most a thousand names, and names that can be seen', () => {
    const names = (count: number) => Array.from({ length: count }, (_, index) => `n${index}`);
    expect(standing({ '*': names(1_000) }, 'ls *').kind).toBe('line');
    expect(standing({ '*': names(1_001) }, 'ls *').kind).toBe('refused');
    expect(standing({ '*': names(600), 'n*': names(600) }, 'ls * n*').kind).toBe('refused');
    expect(standing({ '*': ['a\u202eb'] }, 'ls *')).toMatchObject({ kind: 'refused' });
  });

  it('count as written where a program and its builtin read them differently', () => {
    expect(standing({ '*': ['-e', 'a'] }, 'echo *')).toMatchObject({ line: { kind: 'shell' } });
  });
});

describe('the verdict is quick', () => {
  const judge = (text: string): number => {
    const start = performance.now();
    const parsed = parseCommandLine(text);
    if (parsed.kind === 'line') {
      floorHit(text, parsed.line, {
        folder: '',
        roots: ['/projects/shop'],
        ownFolders: ['/var/lib/warrant'],
      });
      interpreterWithCode(parsed.line);
    }
    return performance.now() - start;
  };
  const best = (text: string): number => Math.min(...Array.from({ length: 7 }, () => judge(text)));

  it('takes at most a millisecond for an everyday line, at the median', () => {
    const times = EVERYDAY_LINES.map(([, line]) => best(line)).sort((a, b) => a - b);
    expect(times[Math.floor(times.length / 2)]).toBeLessThan(1);
  });

  it.each([
    ['words', 'echo '.padEnd(8_000, 'word ')],
    ['quotes', `echo ${'"a" \'b\' '.repeat(900)}`],
    ['open quotes', `echo ${'"'.repeat(7_999)}`],
    ['nested substitutions', `echo ${'$('.repeat(2_000)}`],
    ['closed nested substitutions', `echo ${'$(echo '.repeat(31)}${')'.repeat(31)}`],
    ['backticks', '`'.repeat(8_001)],
    ['braces', `echo ${'{a,b}'.repeat(1_500)}`],
    ['nested braces', `echo ${'{a,'.repeat(1_500)}${'}'.repeat(1_500)}`],
    ['parentheses', '('.repeat(8_000)],
    ['operators', `ls ${'&& ls '.repeat(1_300)}`],
    ['backslashes', `echo ${'\\'.repeat(8_000)}`],
    ['here-documents', 'cat <<E '.repeat(900)],
    ['stars', `rm -rf ${'*a'.repeat(3_900)}`],
    ['assignments', `${Array.from({ length: 30 }, (_, i) => `x=${i}; x=$x$x$x$x`).join('; ')}; echo $x`],
    [
      'functions',
      `${Array.from({ length: 10 }, (_, i) => `f${i}() { f${i + 1}; f${i + 1}; }`).join('; ')}; f0`,
    ],
    ['dots', `ls ${'../'.repeat(2_600)}`],
    ['slashes', `ls ${'/'.repeat(8_000)}`],
  ])('stays within bounds on 8 KiB of %s', (_, text) => {
    // About 10 ms on a machine of its own; the bound leaves room for others on it and still finds what explodes.
    expect(best(text.slice(0, 8_192))).toBeLessThan(60);
  });

  it('turns a megabyte away at once', () => {
    expect(best('x'.repeat(1_000_000))).toBeLessThan(2);
    expect(best('$('.repeat(500_000))).toBeLessThan(2);
  });
});

import { execFileSync } from 'node:child_process';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { floorHit } from '../../../src/policy/commandFloor.ts';
import { parseCommandLine } from '../../../src/policy/commandLine.ts';
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
        { when: 'always', pipeline: [{ argv: ['a'], redirects: [] }] },
        { when: 'afterSuccess', pipeline: [{ argv: ['b'], redirects: [] }] },
        { when: 'afterFailure', pipeline: [{ argv: ['c'], redirects: [] }] },
        {
          when: 'always',
          pipeline: [
            { argv: ['d'], redirects: [] },
            { argv: ['e'], redirects: [] },
          ],
        },
        { when: 'always', pipeline: [{ argv: ['f'], redirects: [] }] },
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
  ] as const)('reads the redirects of %s in order', (text, redirects) => {
    const line = lineOf(text);
    expect(line.kind === 'plain' && line.steps[0].pipeline[0]).toEqual({ argv: ['a'], redirects });
  });

  it.each([
    ['echo a>b', 'redirection'],
    ['echo 3>&1', 'redirection'],
    ['echo x 2>/dev/nullx', 'redirection'],
    ['cat </dev/null', 'redirection'],
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
    ['cd src', '"cd"'],
    ['export A', '"export"'],
    ['source x', '"source"'],
    ['. x', '"."'],
    ['eval ls', '"eval"'],
    ['exec ls', '"exec"'],
    ['trap x EXIT', '"trap"'],
    ['read x', '"read"'],
    ["'cd' src", '"cd"'],
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

/** What bash itself makes of each line: the argument vector of `set --`. */
function bashVectors(lines: readonly string[]): readonly (readonly string[])[] {
  const script = lines
    .map((line) => `set -- ${line}\nfor w; do printf '%s\\0' "$w"; done; printf '\\1\\0'`)
    .join('\n');
  const output = execFileSync('bash', ['--noprofile', '--norc', '-c', script], {
    encoding: 'utf8',
    cwd: '/',
    env: { PATH: '/usr/bin:/bin', LC_ALL: 'C.UTF-8', HOME: '/nonexistent' },
    maxBuffer: 64 * 1024 * 1024,
  });
  const found: (readonly string[])[] = [];
  let words: string[] = [];
  for (const word of output.split('\0').slice(0, -1)) {
    if (word === '\u0001') {
      found.push(words);
      words = [];
    } else words.push(word);
  }
  return found;
}

describe('where a line is plain, bash reads the same words', () => {
  const unquoted = fc.string({
    unit: fc.constantFrom(...'abZ09_@%+=:,./^!~#-{}[]$*?é\\'.split('')),
    minLength: 1,
    maxLength: 6,
  });
  const inside = fc.string({ unit: fc.constantFrom(...'ab $`"\\!*~#;|&<>()\t=-'.split('')), maxLength: 6 });
  const piece = fc.oneof(
    unquoted,
    inside.map((text) => `'${text.replaceAll("'", '')}'`),
    inside.map((text) => `"${text}"`),
    fc.constantFrom(...' \'"$`*?~;|&<>()#[]{}\\'.split('')).map((char) => `\\${char}`),
  );
  const word = fc.array(piece, { minLength: 1, maxLength: 4 }).map((pieces) => pieces.join(''));
  const words = fc.array(word, { minLength: 1, maxLength: 4 }).map((all) => all.join(' '));

  it('for random words', () => {
    const plain = fc
      .sample(words, { numRuns: 12_000, seed: 7 })
      .map((text) => ({ text, read: parseCommandLine(`program ${text}`) }))
      .flatMap(({ text, read }) => {
        if (read.kind === 'refused' || read.line.kind === 'shell') return [];
        const { steps } = read.line;
        const [first] = steps;
        return steps.length === 1 && first.pipeline.length === 1 && first.pipeline[0].redirects.length === 0
          ? [{ text, argv: first.pipeline[0].argv }]
          : [];
      });
    expect(plain.length).toBeGreaterThan(800);
    for (let at = 0; at < plain.length; at += 400) {
      const part = plain.slice(at, at + 400);
      expect(bashVectors(part.map(({ text }) => text))).toEqual(part.map(({ argv }) => argv.slice(1)));
    }
  }, 60_000);
});

describe('where a line is plain, its steps run as in bash', () => {
  const one = fc.tuple(fc.constantFrom('t', 'f'), fc.nat(99)).map(([name, id]) => `${name} ${id}`);
  const between = fc.constantFrom(
    ' && ',
    ' || ',
    '; ',
    '\n',
    '&&',
    '||',
    ';',
    ' &&\n',
    ' ||\n\n',
    ';\n',
    ' # note\n',
  );
  const lines = fc
    .tuple(one, fc.array(fc.tuple(between, one), { maxLength: 6 }), fc.constantFrom('', ';', '\n', ' # end'))
    .map(([first, rest, end]) => first + rest.map(([operator, next]) => operator + next).join('') + end);

  /** What running the steps one after another prints, when t succeeds and f fails. */
  function simulated(text: string): string {
    const line = lineOf(text);
    if (line.kind === 'shell') throw new Error(`${text} is not plain: ${line.because}`);
    let succeeded = true;
    const ran: string[] = [];
    for (const { when, pipeline } of line.steps) {
      if (when === 'afterSuccess' && !succeeded) continue;
      if (when === 'afterFailure' && succeeded) continue;
      const [name = '', id = ''] = pipeline[0].argv;
      ran.push(name + id);
      succeeded = name === 't';
    }
    return ran.join(' ');
  }

  it('for random lists', () => {
    const sample = fc.sample(lines, { numRuns: 300, seed: 11 });
    const script = sample.map((line) => `out=\n${line}\necho "$out"`).join('\n');
    const output = execFileSync(
      'bash',
      [
        '--noprofile',
        '--norc',
        '-c',
        `t() { out="$out t$1"; }\nf() { out="$out f$1"; return 1; }\n${script}`,
      ],
      { encoding: 'utf8', env: { PATH: '/usr/bin:/bin' } },
    );
    const fromBash = output
      .split('\n')
      .slice(0, -1)
      .map((line) => line.trim());
    expect(fromBash).toEqual(sample.map(simulated));
  });
});

describe('the verdict is quick', () => {
  const judge = (text: string): number => {
    const start = performance.now();
    const parsed = parseCommandLine(text);
    if (parsed.kind === 'line') {
      floorHit(text, parsed.line, { folder: '', roots: ['/work/shop'], ownFolders: ['/var/lib/warrant'] });
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
    expect(best(text.slice(0, 8_192))).toBeLessThan(25);
  });

  it('turns a megabyte away at once', () => {
    expect(best('x'.repeat(1_000_000))).toBeLessThan(2);
    expect(best('$('.repeat(500_000))).toBeLessThan(2);
  });
});

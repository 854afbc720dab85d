import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseCommandLine } from '../../../src/policy/commandLine.ts';
import type { CommandLine, Redirect } from '../../../src/protocol/command.ts';

type PlainLine = Extract<CommandLine, { kind: 'plain' }>;

function lineOf(text: string): CommandLine {
  const parsed = parseCommandLine(text);
  if (parsed.kind === 'refused') throw new Error(`refused: ${parsed.because}`);
  return parsed.line;
}

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
      const [name, id = ''] = pipeline[0].argv;
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

describe('where any text is plain, bash starts the same programs with the same words', () => {
  const unit = fc.constantFrom(
    ...Array.from('aab  /\\\'"$`(){}[]<>|&;*?~!#=\n\t-2.,@%^:+é'),
    ...[
      ' ',
      ' && ',
      ' || ',
      ' | ',
      '; ',
      '>/dev/null',
      ' > ',
      '2>',
      '<a',
      ' 2>&1',
      ' >&2 ',
      '\\\n',
      '{}',
      '$ ',
      '"$"',
      "'",
      '"',
    ],
  );

  /** Builtins and paths do not reach the handler that notes what is started; redirects stay in their folder. */
  function isNoted({ steps }: PlainLine): boolean {
    return steps.every(
      ({ pipeline }) =>
        pipeline.every(
          ({ argv: [name], redirects }) =>
            !['.', ':', '['].includes(name) &&
            !name.includes('/') &&
            redirects.every((one) => !('file' in one) || !one.file.includes('/')),
        ) &&
        (pipeline.length === 1 || !pipeline.some(({ redirects }) => redirects.some((one) => 'file' in one))),
    );
  }

  /** Every program is missing and noted as a success, in any order within a pipeline. */
  function startedBy({ steps }: PlainLine): readonly string[] {
    const files = new Set<string>();
    const opens = (one: Redirect): boolean => {
      if (!('file' in one)) return true;
      if (one.file === '.' || one.file === '..') return one.fd === 0;
      if (one.fd === 0) return files.has(one.file);
      files.add(one.file);
      return true;
    };
    const ran: string[] = [];
    let succeeded = true;
    for (const { when, pipeline } of steps) {
      if (when !== 'always' && (when === 'afterSuccess') !== succeeded) continue;
      for (const { argv, redirects } of pipeline) {
        succeeded = redirects.every(opens);
        if (succeeded) ran.push(JSON.stringify(argv));
      }
    }
    return [ran.toSorted().join(' '), ...[...files].toSorted()];
  }

  /** In an empty folder of its own for each line: it may write files, and `<` would find them. */
  function startedByBash(lines: readonly PlainLine[]): readonly (readonly string[])[] {
    const folder = mkdtempSync(path.join(tmpdir(), 'plain-'));
    mkdirSync(path.join(folder, 'empty'));
    const notes = path.join(folder, 'notes');
    const script = path.join(folder, 'script.sh');
    const quoted = (text: string): string => `'${text.replaceAll("'", "'\\''")}'`;
    writeFileSync(
      script,
      [
        `exec 9>>${quoted(notes)}; PATH=/nonexistent`,
        `command_not_found_handle() { printf '%s\\0' "$@" $'\\1' >&9; }`,
        ...lines.map(
          ({ text }, index) =>
            `/bin/mkdir ${index}; builtin cd ${index}; eval ${quoted(text)} </dev/null >/dev/null 2>&1; wait; builtin cd -P ${quoted(folder)}/empty; printf '\\2\\0' >&9`,
        ),
      ].join('\n'),
    );
    try {
      execFileSync('bash', ['--noprofile', '--norc', script], {
        cwd: path.join(folder, 'empty'),
        env: { PATH: '/usr/bin:/bin', LC_ALL: 'C.UTF-8' },
      });
      return readFileSync(notes, 'utf8')
        .split('\u0002\0')
        .slice(0, -1)
        .map((note, index) => [
          note
            .split('\u0001\0')
            .slice(0, -1)
            .map((words) => JSON.stringify(words.split('\0').slice(0, -1)))
            .toSorted()
            .join(' '),
          ...readdirSync(path.join(folder, 'empty', String(index))).toSorted(),
        ]);
    } finally {
      rmSync(folder, { recursive: true });
    }
  }

  it('for random text', () => {
    const lines = fc
      .sample(fc.string({ unit, minLength: 3, maxLength: 14 }), { numRuns: 15_000, seed: 3 })
      .map((text) => parseCommandLine(`b ${text}`))
      .flatMap((parsed) => (parsed.kind === 'line' && parsed.line.kind === 'plain' ? [parsed.line] : []))
      .filter(isNoted);
    expect(lines.length).toBeGreaterThan(800);
    const texts = lines.map(({ text }) => text);
    const pair = (started: readonly (readonly string[])[]) =>
      started.map((one, index) => [texts[index], one]);
    expect(pair(startedByBash(lines))).toEqual(pair(lines.map(startedBy)));
  }, 120_000);
});

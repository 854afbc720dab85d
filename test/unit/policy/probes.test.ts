import { execFileSync, spawn } from 'node:child_process';
import { chmodSync, existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parseCommandLine } from '../../../src/policy/commandLine.ts';
import { FLOOR_LINES } from './floorLines.ts';
import { HOSTILE_LINES } from './hostileLines.ts';
import { at, FOLDER, onDisk, policy } from './policyCases.ts';
import { LIVE_PROBES, OTHER_PROBES, PROBE_FILES } from './probeLines.ts';

const POLICIES = [
  policy({ 'commands.enabled': true }),
  policy({ 'commands.enabled': true, 'commands.interpreters': true }),
];

/** As the gate would: everything named is there, and nothing below it is denied. */
function verdictOf(text: string, judge: (typeof POLICIES)[number]): string {
  const parsed = parseCommandLine(text);
  if (parsed.kind === 'refused') return 'deny';
  const effect = { kind: 'command', line: parsed.line, folder: at(''), timeoutMs: 60_000 } as const;
  const named = judge.useOf(effect).commands.flatMap(({ paths }) => paths);
  const inside = named.flatMap(({ path, use }) =>
    path === null ? [] : [{ ...onDisk('', use === 'enter' ? FOLDER : {}), path, real: path }],
  );
  const folder = { ...onDisk('', FOLDER), path: at(''), real: at('') };
  return judge.decide(effect, {
    paths: [folder, ...inside.filter(({ path }) => path !== at(''))],
    executables: [],
  }).verdict;
}

function allowed(lines: readonly string[]): readonly string[] {
  return lines.filter((line) => POLICIES.some((judge) => verdictOf(line, judge) === 'allow'));
}

const quoted = (line: string) => `'${line.replaceAll("'", "'\\''")}'`;

/** A hostile line behind something harmless, or inside something that is looked through. */
const AROUND: readonly ((line: string) => string)[] = [
  (line) => `git status && ${line}`,
  (line) => `cat README.md; ${line}`,
  (line) => `${line} | head -1`,
  (line) => `true\n${line}`,
  (line) => `ls | xargs -I{} sh -c ${quoted(line)}`,
  (line) => `bash -c ${quoted(line)}`,
  (line) => `timeout 5 sh -c ${quoted(line)}`,
  (line) => `env sh -c ${quoted(line)}`,
  (line) => `find . -exec sh -c ${quoted(line)} \\;`,
  (line) => `echo "$(${line}\n)"`,
  (line) => `(${line}\n)`,
  (line) => `git -c alias.x=${quoted(`!${line}`)} x`,
];
const WRAPPERS = [
  'timeout 5',
  'nice -n 5',
  'env A=b',
  'env',
  'nohup',
  'stdbuf -oL',
  'command',
  'time',
  'xargs',
];

describe('hostile lines', () => {
  it('are many', () => {
    const base = LIVE_PROBES.length + OTHER_PROBES.length + FLOOR_LINES.length + HOSTILE_LINES.length;
    expect(LIVE_PROBES.length + OTHER_PROBES.length).toBeGreaterThanOrEqual(400);
    expect(base).toBeGreaterThan(900);
    expect(new Set([...LIVE_PROBES, ...OTHER_PROBES]).size).toBe(LIVE_PROBES.length + OTHER_PROBES.length);
  });

  it('are never allowed', () => {
    expect(allowed(LIVE_PROBES)).toEqual([]);
    expect(allowed(OTHER_PROBES)).toEqual([]);
    expect(allowed([...FLOOR_LINES.map(([, line]) => line), ...HOSTILE_LINES])).toEqual([]);
  });

  it('are refused where they meet the floor', () => {
    const lines = [...FLOOR_LINES.map(([, line]) => line), ...HOSTILE_LINES];
    expect(lines.filter((line) => POLICIES.some((judge) => verdictOf(line, judge) !== 'deny'))).toEqual([]);
  });

  it.each(AROUND.map((around) => [around('…'), around] as const))(
    'are never allowed within %s',
    (_, around) => {
      expect(allowed([...LIVE_PROBES, ...OTHER_PROBES].map(around))).toEqual([]);
    },
  );

  it.each(WRAPPERS)('are never allowed behind %s', (wrapper) => {
    expect(allowed([...LIVE_PROBES, ...OTHER_PROBES].map((line) => `${wrapper} ${line}`))).toEqual([]);
  });
});

describe('the probes are real', () => {
  const usable = process.platform === 'linux' && existsSync('/bin/bash');

  it.runIf(usable).concurrent.each(LIVE_PROBES.map((line) => [line]))(
    'bash leaves a canary by: %s',
    { timeout: 120_000 },
    async (line) => {
      const dir = mkdtempSync(join(tmpdir(), 'warrant-probe-'));
      try {
        for (const [name, text] of Object.entries(PROBE_FILES)) writeFileSync(join(dir, name), text);
        for (const name of ['own', 's.sh']) chmodSync(join(dir, name), 0o755);
        const env = {
          PATH: process.env['PATH'],
          HOME: dir,
          GIT_CONFIG_NOSYSTEM: '1',
          GIT_AUTHOR_NAME: 'A',
          GIT_AUTHOR_EMAIL: 'a@example.org',
          GIT_COMMITTER_NAME: 'A',
          GIT_COMMITTER_EMAIL: 'a@example.org',
        };
        execFileSync('tar', ['cf', 'a.tar', 'a'], { cwd: dir });
        if (line.includes('git')) {
          const git =
            'git init -q -b main; git add a; git commit -qm 1; git add b; git commit -qm 2; echo new > a';
          execFileSync('bash', ['-c', git], { cwd: dir, env });
          if (line.includes('rebase')) execFileSync('git', ['checkout', '-q', 'a'], { cwd: dir, env });
        }
        await new Promise<void>((resolve) => {
          // With a socket as its input, bash believes it was started over the network.
          const options = { cwd: dir, env, stdio: 'ignore' } as const;
          spawn('bash', ['--noprofile', '--norc', '-c', line], options).once('close', () => resolve());
        });
        expect(existsSync(join(dir, 'canary'))).toBe(true);
      } finally {
        rmSync(dir, { recursive: true, force: true });
      }
    },
  );
});

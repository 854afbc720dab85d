import { spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { systemClock } from '../src/io/clock.ts';
import { openWhatIf } from '../src/openWhatIf.ts';
import { createPolicy } from '../src/policy/decide.ts';
import { parseSettings } from '../src/protocol/settings.ts';
import type { Question } from '../src/protocol/whatIf.ts';
import { median, type Figure } from './figure.ts';

const LINES = 5_000;
const ROUNDS = 20;

const EVERYDAY: readonly string[] = [
  'ls src | wc -l',
  'npm test',
  'git status',
  'git diff HEAD~1 -- src',
  'git commit -m "message with words"',
  'grep -rn total src',
  'find . -name "*.ts" | head -20',
  'cat README.md package.json',
  'cat *.md',
  'sed -i s/a/b/ README.md',
  'echo hello > out.txt',
  'mkdir -p out && cp README.md out/',
  'node --version',
  'python3 -c "print(1)"',
  'make build',
  'tsc -p tsconfig.json',
  'curl https://example.org/a > a.txt',
  'for i in 1 2; do echo $i; done',
  'rm -rf /',
  'sudo apt install jq',
];

/** What a model could send to keep the policy busy; none is longer than a command line may be. */
const PATHOLOGICAL: readonly string[] = [
  '('.repeat(8_000),
  '$('.repeat(4_000),
  '`'.repeat(8_000),
  '{a,'.repeat(2_600),
  `cat ${'*'.repeat(8_000)}`,
  `ls ${'[a'.repeat(4_000)}`,
  `echo ${'\\'.repeat(8_000)}`,
  `${'sudo '.repeat(1_600)}ls`,
  `${'env A=b '.repeat(1_000)}ls`,
  `${'a | '.repeat(2_000)}b`,
  `cat ${'../'.repeat(2_700)}a`,
  `bash -c "${"bash -c '".repeat(900)}`,
];

const tinyWords = `echo ${`'a' `.repeat(2_000)}`;

/** How many lines a second `check` answers, its start included. */
export async function checkFigures(program: string): Promise<readonly Figure[]> {
  return inSample((workspace, base) => {
    const settings = join(base, 'settings.json');
    writeFileSync(settings, '{"warrant.commands.enabled": true}');
    const input = Array.from({ length: LINES }, (_, n) => {
      if (n % 10 === 8) return { read: 'README.md' };
      if (n % 10 === 9) return { write: `src/new${n}.ts` };
      return { command: EVERYDAY[(n * 7) % EVERYDAY.length] ?? '' };
    });
    const started = performance.now();
    const { status, stdout } = spawnSync(
      process.execPath,
      [program, 'check', '--workspace', workspace, '--settings', settings],
      { input: input.map((one) => `${JSON.stringify(one)}\n`).join(''), maxBuffer: 1 << 28 },
    );
    const seconds = (performance.now() - started) / 1_000;
    const answered = stdout.toString().split('\n').length - 1;
    if (status !== 0 || answered !== LINES) throw new Error(`check answered ${answered} of ${LINES} lines.`);
    return Promise.resolve([
      { figure: 'check, lines', value: LINES / seconds, unit: 'per second', atLeast: 1_000 },
    ]);
  });
}

/** How long one verdict takes, the look at the disk included; each kind of line is asked about one by one. */
export async function verdictFigures(): Promise<readonly Figure[]> {
  return inSample(async (workspace) => {
    const roots = [{ name: 'sample', dir: workspace }];
    const policy = createPolicy(parseSettings({ 'commands.enabled': true }).settings, {
      ownFolders: [],
      trusted: () => true,
      roots: () => [workspace],
      folders: () => roots,
    });
    const ask = openWhatIf({
      workspace: { roots },
      environment: process.env,
      clock: systemClock(),
      policy: () => policy,
      sandbox: () => Promise.resolve({ kind: 'available', by: 'bubblewrap' }),
      programsOnce: true,
    });
    const time = async (text: string): Promise<number> => {
      const question: Question = { kind: 'command', text };
      await ask(question);
      const times: number[] = [];
      for (let round = 0; round < ROUNDS; round += 1) {
        const started = performance.now();
        await ask(question);
        times.push(performance.now() - started);
      }
      return median(times);
    };
    const all = async (texts: readonly string[]): Promise<readonly number[]> => {
      const times: number[] = [];
      for (const text of texts) times.push(await time(text));
      return times;
    };
    const everyday = await all(EVERYDAY);
    return [
      { figure: 'verdict, everyday line', value: median(everyday), unit: 'ms', budget: 1 },
      { figure: 'verdict, slowest everyday line', value: Math.max(...everyday), unit: 'ms' },
      { figure: 'verdict, 8 KiB of tiny quoted words', value: await time(tinyWords), unit: 'ms', budget: 10 },
      {
        figure: 'verdict, slowest pathological line',
        value: Math.max(...(await all(PATHOLOGICAL))),
        unit: 'ms',
        budget: 10,
      },
    ];
  });
}

async function inSample(
  measure: (workspace: string, base: string) => Promise<readonly Figure[]>,
): Promise<readonly Figure[]> {
  const base = realpathSync(mkdtempSync(join(tmpdir(), 'warrant-check-')));
  try {
    const workspace = join(base, 'sample');
    cpSync(fileURLToPath(new URL('../sample', import.meta.url)), workspace, { recursive: true });
    return await measure(workspace, base);
  } finally {
    rmSync(base, { recursive: true, force: true });
  }
}

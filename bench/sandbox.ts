import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createSandbox } from '../src/io/sandbox/createSandbox.ts';
import { startProcess, type ProcessPlan } from '../src/io/processes.ts';
import { median, type Figure } from './figure.ts';

const ROUNDS = 60;
const BUDGET_MS = 15;

/**
 * What the sandbox adds to starting a program that does nothing, and what getting ready for a line costs. Bare and
 * sandboxed starts take turns, so that a busy moment of the machine meets both. Nothing where no sandbox works.
 */
export async function sandboxFigures(): Promise<readonly Figure[]> {
  const base = mkdtempSync(join(tmpdir(), 'warrant-bench-'));
  try {
    const workspace = join(base, 'workspace');
    mkdirSync(workspace);
    let next = 0;
    const id = () => String((next += 1));
    const sandbox = await createSandbox({ home: join(base, 'home'), storage: join(base, 'storage'), id });
    const request = { writable: [workspace], readable: [], hidden: [], network: 'off' } as const;
    const preparing: number[] = [];
    const added: number[] = [];
    for (let round = 0; round < ROUNDS; round += 1) {
      const before = performance.now();
      const prepared = await sandbox.prepare(request);
      if (prepared.kind === 'refused') return [];
      const ready = performance.now() - before;
      const plan: ProcessPlan = {
        file: '/bin/true',
        argv: ['true'],
        cwd: workspace,
        environment: { PATH: '/usr/bin:/bin' },
        streams: ['ignore', 'ignore', 'ignore'],
      };
      const bare = await timeOf(plan);
      const inside = await timeOf(sandbox.wrap(plan, prepared.profile));
      const closing = performance.now();
      await prepared.close();
      preparing.push(ready + performance.now() - closing);
      added.push(inside - bare);
    }
    return [
      { figure: 'sandbox: added to one program', value: median(added), unit: 'ms', budget: BUDGET_MS },
      {
        figure: 'sandbox: preparing and closing one line',
        value: median(preparing),
        unit: 'ms',
        budget: BUDGET_MS,
      },
    ];
  } finally {
    rmSync(base, { recursive: true, force: true });
  }
}

async function timeOf(plan: ProcessPlan): Promise<number> {
  const before = performance.now();
  await startProcess(plan).ended;
  return performance.now() - before;
}

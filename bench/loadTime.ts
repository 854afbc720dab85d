import { execFileSync } from 'node:child_process';
import { mkdtempSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { median, type Figure } from './figure.ts';

const RUNS = 9;

/** What an activation pays: a fresh process each time, the clock around `require` alone, `vscode` stood in for. */
export function loadTimes(dist: string): readonly Figure[] {
  const folder = mkdtempSync(join(tmpdir(), 'warrant-load-'));
  try {
    mkdirSync(join(folder, 'node_modules/vscode'), { recursive: true });
    writeFileSync(join(folder, 'node_modules/vscode/index.js'), 'module.exports = {};');
    const time = (file: string) =>
      median(Array.from({ length: RUNS }, () => requireMs(join(dist, file), join(folder, 'node_modules'))));
    return [
      { figure: 'require dist/extension.js', value: time('extension.js'), unit: 'ms', budget: 20 },
      { figure: 'require dist/agent.js', value: time('agent.js'), unit: 'ms' },
    ];
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function requireMs(file: string, modules: string): number {
  const script = `const t = performance.now(); require(${JSON.stringify(file)}); console.log(performance.now() - t);`;
  return Number(
    execFileSync(process.execPath, ['-e', script], {
      env: { ...process.env, NODE_PATH: modules },
      encoding: 'utf8',
    }),
  );
}

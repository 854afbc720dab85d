import { spawnSync } from 'node:child_process';
import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, it } from 'vitest';
import { checkMainJob } from '../support/host/checkMainJob.ts';
import { namesInZip } from '../support/namesInZip.ts';

const repository = fileURLToPath(new URL('../..', import.meta.url));
const vsix = join(repository, 'warrant.vsix');

const allowed = [
  /^\[Content_Types\]\.xml$/,
  /^extension\.vsixmanifest$/,
  /^extension\/dist\/(extension|agent|cli|plots|diffWorker)\.js$/,
  /^extension\/dist\/webview\/(chat|review)\.(js|css)$/,
  /^extension\/media\/(icon\.(png|svg)|walkthrough\/[a-z]+\.(md|svg))$/,
  /^extension\/(package\.json|readme\.md|changelog\.md|SECURITY\.md|LICENSE(\.txt)?)$/,
];

describe('The package', () => {
  let names: readonly string[];

  beforeAll(() => {
    const { status, stdout, stderr } = spawnSync(process.execPath, ['scripts/package.mjs'], {
      cwd: repository,
      encoding: 'utf8',
    });
    expect(status, stdout + stderr).toBe(0);
    names = namesInZip(readFileSync(vsix));
  });

  it('is no larger than 1.5 MB', () => {
    expect(statSync(vsix).size).toBeLessThanOrEqual(1_500_000);
  });

  it('holds what is run and read, and nothing else: no source, map, test or script', () => {
    expect(names.filter((name) => !allowed.some((pattern) => pattern.test(name)))).toEqual([]);
  });

  it('holds all that is run', () => {
    for (const file of [
      'extension.js',
      'agent.js',
      'cli.js',
      'plots.js',
      'diffWorker.js',
      'webview/chat.js',
      'webview/review.js',
    ])
      expect(names).toContain(`extension/dist/${file}`);
  });

  it('does the main job when it is installed', async () => {
    const { ok, lines } = await checkMainJob({
      template: join(repository, 'sample'),
      settings: { 'warrant.commands.enabled': true },
      extension: { kind: 'package', file: vsix },
    });
    expect(ok, lines.join('\n')).toBe(true);
  });
});

import { spawnSync } from 'node:child_process';
import { statSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { doMainJob } from '../support/host/checkMainJob.ts';
import { keepTrouble } from '../support/host/keepTrouble.ts';
import { openWarrant, type WarrantWindow } from '../support/host/openWarrant.ts';

const repository = fileURLToPath(new URL('../..', import.meta.url));
const file = join(repository, 'warrant.vsix');

describe('The package', () => {
  beforeAll(() => {
    const made = spawnSync(process.execPath, ['scripts/package.mjs'], { cwd: repository, encoding: 'utf8' });
    if (made.status !== 0) throw new Error(`${made.stdout}${made.stderr}`);
  });

  it('is at most 1.5 MB', () => {
    expect(statSync(file).size).toBeLessThanOrEqual(1_500_000);
  });

  it('holds what runs and what is read, and no source, test or map', () => {
    const listed = spawnSync('node_modules/.bin/vsce', ['ls', '--no-dependencies'], {
      cwd: repository,
      encoding: 'utf8',
    });
    const files = listed.stdout
      .trim()
      .split('\n')
      .filter((line) => /^[\w./-]+$/.test(line))
      .sort();
    expect(files).toEqual(
      [
        'CHANGELOG.md',
        'LICENSE',
        'README.md',
        'SECURITY.md',
        'dist/agent.js',
        'dist/cli.js',
        'dist/extension.js',
        'dist/webview/chat.css',
        'dist/webview/chat.js',
        'dist/webview/review.css',
        'dist/webview/review.js',
        'media/icon.png',
        'media/icon.svg',
        ...['model', 'record', 'rehearsal', 'rules'].flatMap((step) => [
          `media/walkthrough/${step}.md`,
          `media/walkthrough/${step}.svg`,
        ]),
        'package.json',
      ].sort(),
    );
  });

  describe('installed from the file', () => {
    let window: WarrantWindow;
    keepTrouble(() => window);
    beforeAll(async () => {
      window = await openWarrant({
        template: join(repository, 'sample'),
        settings: { 'warrant.commands.enabled': true },
        extension: { kind: 'package', file },
      });
    });
    afterAll(() => window?.stop());

    it('does the same job', async () => {
      await doMainJob(window, () => undefined);
    });
  });
});

import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { repository } from './setup/repository.mjs';
import { runWhenReady } from './setup/runWhenReady.mjs';

// A path to desktop VS Code, or "download". Without it, the tests run in the same VS Code from the npm registry.
const desktop = process.env.WARRANT_VSCODE;

await runWhenReady({ host: !desktop, browser: !desktop }, editorTests);

async function editorTests() {
  const { exitCodes } = await import('../test/support/host/exitCodes.ts');
  const tests = await bundle();
  try {
    const code = await runOnce(tests);
    if (![exitCodes.hostFailed, exitCodes.noProof, exitCodes.timedOut].includes(code)) return code;
    console.error(`\n*** The test host failed (${code}); no test did. Running once more. ***\n`);
    return await runOnce(tests);
  } finally {
    rmSync(tests, { recursive: true, force: true });
  }
}

/** Bundles each file of test/editor to a folder from which mocha is found. */
async function bundle() {
  const { build } = await import('esbuild');
  const cache = join(repository, 'node_modules', '.cache');
  mkdirSync(cache, { recursive: true });
  const outdir = mkdtempSync(join(cache, 'editor-tests-'));
  const sources = join(repository, 'test/editor');
  const files = readdirSync(sources).filter((name) => /^run\.ts$|\.test\.ts$/.test(name));
  await build({
    entryPoints: files.map((name) => join(sources, name)),
    outdir,
    outExtension: { '.js': '.cjs' },
    bundle: true,
    platform: 'node',
    format: 'cjs',
    target: 'node22',
    sourcemap: 'inline',
    external: ['vscode', 'mocha'],
    logLevel: 'warning',
  });
  return outdir;
}

/** Runs in a profile and a copy of the workspace that nothing else uses. */
async function runOnce(tests) {
  const { downloadAndUnzipVSCode, runTests } = await import('@vscode/test-electron');
  const folder = mkdtempSync(join(tmpdir(), 'we-'));
  const workspace = join(folder, 'workspace');
  const template = join(repository, 'test/editor/workspace');
  mkdirSync(workspace);
  if (existsSync(template)) cpSync(template, workspace, { recursive: true });
  const shim = join(repository, 'test/support/host/codeShim.ts');
  try {
    return await runTests({
      vscodeExecutablePath: desktop === 'download' ? await downloadAndUnzipVSCode() : (desktop ?? shim),
      extensionDevelopmentPath: repository,
      extensionTestsPath: join(tests, 'run.cjs'),
      launchArgs: [
        workspace,
        `--user-data-dir=${join(folder, 'u')}`,
        `--extensions-dir=${join(folder, 'x')}`,
        '--disable-extensions',
      ],
    });
  } catch (error) {
    if (typeof error.code === 'number') return error.code;
    if (error.signal === 'SIGINT') return 130;
    throw error;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

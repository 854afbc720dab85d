import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Browser, Page } from 'playwright-core';
import { exitCodes } from './exitCodes.ts';
import { followFile } from './followFile.ts';
import { launchBrowser } from './launchBrowser.ts';
import { startHost, type Host } from './startHost.ts';
import { workbenchAddress, type Opened } from './workbenchAddress.ts';

export interface ExtensionTests {
  readonly developmentPaths: readonly string[];
  /** A module that exports `run`, as VS Code's extensionTestsPath asks. */
  readonly testsPath: string;
  readonly opened: Opened;
  readonly disableExtensions: boolean;
  readonly trustEverything: boolean;
  readonly userData?: string | undefined;
  readonly extensions?: string | undefined;
  readonly settings?: Readonly<Record<string, unknown>>;
  readonly env?: NodeJS.ProcessEnv;
}

interface Window {
  readonly host: Host;
  readonly browser: Browser;
  readonly page: Page;
  /** The console of the window, the workbench's lines and the tests' alike. */
  readonly record: string[];
}

/** Where the tests write what they print, and the proof that they came to their end. */
interface Report {
  readonly folder: string;
  readonly output: string;
  readonly proof: string;
}

type Write = (text: string) => void;

const timeout = Number(process.env['WARRANT_TESTS_TIMEOUT']) || 300_000;
const testsEntry = fileURLToPath(new URL('testsEntry.cjs', import.meta.url));

/** Runs tests inside a real extension host; what they print goes to `write`. Returns one of exitCodes.ts. */
export async function runExtensionTests(tests: ExtensionTests, write: Write): Promise<number> {
  const report = createReport();
  const stopFollowing = followFile(report.output, write);
  let window: Window | undefined;
  try {
    window = await openTestWindow(tests, report);
    const ending = await firstEnding(window, tests, report);
    stopFollowing();
    if (ending.because) write(`${ending.because}\n`);
    if (ending.code !== exitCodes.passed) await keepArtifacts(window, write);
    return ending.code;
  } catch (error) {
    write(`The test host failed: ${error instanceof Error ? error.message : String(error)}\n`);
    return exitCodes.hostFailed;
  } finally {
    stopFollowing();
    await window?.browser.close().catch(() => undefined);
    await window?.host.stop();
    rmSync(report.folder, { recursive: true, force: true });
  }
}

function createReport(): Report {
  const folder = mkdtempSync(join(tmpdir(), 'wr-'));
  return { folder, output: join(folder, 'output'), proof: join(folder, 'proof') };
}

async function openTestWindow(tests: ExtensionTests, report: Report): Promise<Window> {
  const env = { ...tests.env, WARRANT_TESTS: tests.testsPath, WARRANT_TESTS_REPORT: report.folder };
  const host = await startHost({ ...tests, env, testDriver: true, idleSeconds: 900 });
  try {
    const browser = await launchBrowser(host.base);
    const page = await browser.newPage({ viewport: { width: 1280, height: 800 } });
    const record: string[] = [];
    page.on('console', (message) => record.push(`${message.type()}: ${message.text()}`));
    return { host, browser, page, record };
  } catch (error) {
    await host.stop();
    throw error;
  }
}

interface Ending {
  readonly code: number;
  readonly because?: string;
}

async function firstEnding(
  { host, browser, page }: Window,
  tests: ExtensionTests,
  report: Report,
): Promise<Ending> {
  const { promise, resolve } = Promise.withResolvers<Ending>();
  const failed = (because: string) => resolve({ code: exitCodes.hostFailed, because });
  const onInterrupt = () => resolve({ code: exitCodes.interrupted, because: 'Interrupted.' });
  const onTimeout = () => resolve({ code: exitCodes.timedOut, because: `No end after ${timeout / 1000} s.` });
  const timer = setTimeout(onTimeout, timeout);
  process.on('SIGINT', onInterrupt);
  void host.ended.then(() => failed('The VS Code server ended.'));
  browser.on('disconnected', () => failed('The browser ended.'));
  page.on('crash', () => failed('The page crashed.'));
  // Before the page is loaded: VS Code would otherwise report to functions that are not there yet.
  await page.exposeFunction('codeAutomationLog', () => undefined);
  await page.exposeFunction('codeAutomationExit', (code: number) => resolve(judge(code, report)));
  await page.goto(workbenchAddress(host.origin, tests.opened, { ...tests, testsPath: testsEntry }));
  const ending = await promise;
  clearTimeout(timer);
  process.off('SIGINT', onInterrupt);
  return ending;
}

function judge(code: number, report: Report): Ending {
  const state = existsSync(report.proof) ? readFileSync(report.proof, 'utf8') : undefined;
  if (code !== exitCodes.passed || state === 'failed') return { code: exitCodes.failed };
  if (state === 'passed') return { code: exitCodes.passed };
  return {
    code: exitCodes.noProof,
    because: 'VS Code reported success, but the tests never came to their end: the extension host died.',
  };
}

async function keepArtifacts({ host, page, record }: Window, write: Write): Promise<void> {
  const parent = process.env['WARRANT_TEST_ARTIFACTS'] ?? tmpdir();
  mkdirSync(parent, { recursive: true });
  const folder = mkdtempSync(join(parent, 'warrant-tests-'));
  writeFileSync(join(folder, 'server.log'), host.log());
  writeFileSync(join(folder, 'window.log'), record.join('\n'));
  await page.screenshot({ path: join(folder, 'window.png'), timeout: 5000 }).catch(() => undefined);
  write(`Logs and a picture of the window: ${folder}\n`);
}

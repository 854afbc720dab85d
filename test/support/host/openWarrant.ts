import { cpSync, mkdirSync, mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { HostFailure, noteHostFailure } from './hostFailure.ts';
import { launchBrowser } from './launchBrowser.ts';
import { startHost, type Host, type HostOptions } from './startHost.ts';
import { ready } from './workbench.ts';
import { workbenchAddress } from './workbenchAddress.ts';

export interface WindowOptions extends HostOptions {
  /** The folder whose copy is opened; without one, an empty folder. */
  readonly template?: string;
  readonly look?: BrowserContextOptions;
}

/** A window of VS Code with this extension installed, on a copy of a folder that only this test uses. */
export interface WarrantWindow {
  readonly page: Page;
  readonly workspace: string;
  readonly host: Host;
  readonly browser: Browser;
  /** Another window on the same folder, as a new user of the same server: nothing is trusted or remembered. */
  openAnother(look?: BrowserContextOptions): Promise<Page>;
  stop(): Promise<void>;
}

const repository = fileURLToPath(new URL('../../..', import.meta.url));

export async function openWarrant({
  template,
  look,
  ...options
}: WindowOptions = {}): Promise<WarrantWindow> {
  const workspace = copyToFreshFolder(template);
  const endings: (() => unknown)[] = [() => rmSync(dirname(workspace), { recursive: true, force: true })];
  let stopping = false;
  const stop = async () => {
    stopping = true;
    for (const end of endings.splice(0).reverse()) await end();
  };
  try {
    const host = await startHost({ extension: { kind: 'folder', folder: repository }, ...options });
    endings.push(() => host.stop());
    const browser = await launchBrowser(host.base);
    endings.push(() => browser.close());
    const note = (what: string) => () => stopping || noteHostFailure(what);
    void host.ended.then(note('The VS Code server ended.'));
    browser.on('disconnected', note('The browser ended.'));
    const openAnother = (look?: BrowserContextOptions) => openPage(browser, host, workspace, look);
    return { page: await openAnother(look), workspace, host, browser, openAnother, stop };
  } catch (error) {
    await stop();
    throw error instanceof HostFailure ? error : new HostFailure(`The window did not open: ${String(error)}`);
  }
}

async function openPage(
  browser: Browser,
  host: Host,
  path: string,
  look?: BrowserContextOptions,
): Promise<Page> {
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 }, ...look });
  const page = await context.newPage();
  page.on('crash', () => noteHostFailure('The page crashed.'));
  await page.goto(workbenchAddress(host.origin, { kind: 'folder', path }), { timeout: 60_000 });
  await ready(page);
  return page;
}

// Two levels, so that the window is titled by a name a reader can know.
function copyToFreshFolder(template: string | undefined): string {
  const workspace = join(realpathSync(mkdtempSync(join(tmpdir(), 'ww-'))), 'sample');
  mkdirSync(workspace);
  if (template) cpSync(template, workspace, { recursive: true });
  return workspace;
}

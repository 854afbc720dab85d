import { chromium, type Browser } from 'playwright-core';
import { installation } from './installation.ts';

const flags = [
  // Chromium refuses to run as root with its sandbox, and only our own loopback page is opened.
  '--no-sandbox',
  '--disable-gpu',
  '--disable-dev-shm-usage',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  // A window nobody looks at is slowed down otherwise.
  '--disable-background-timer-throttling',
  '--disable-backgrounding-occluded-windows',
  '--disable-renderer-backgrounding',
];

/** A headless browser that writes only inside `folder`; it ends with this process. */
export async function launchBrowser(folder: string): Promise<Browser> {
  const before = process.env['TMPDIR'];
  // Playwright has no other way to say where the profile goes.
  process.env['TMPDIR'] = folder;
  try {
    const env = { ...process.env, XDG_CACHE_HOME: folder, XDG_CONFIG_HOME: folder };
    // Playwright would end this whole process at a signal, before anything is put away.
    const signals = { handleSIGHUP: false, handleSIGINT: false, handleSIGTERM: false };
    return await chromium.launch({ executablePath: installation.browser, args: flags, env, ...signals });
  } finally {
    if (before === undefined) delete process.env['TMPDIR'];
    else process.env['TMPDIR'] = before;
  }
}

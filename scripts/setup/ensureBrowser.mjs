import { createRequire } from 'node:module';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { aptInstall, aptInstalls } from './aptInstall.mjs';
import { repository } from './repository.mjs';
import { isProgram, onPath, runProgram, starts } from './runProgram.mjs';
import { say } from './say.mjs';
import { SetupTrouble } from './setupTrouble.mjs';

const names = ['google-chrome', 'google-chrome-stable', 'chromium', 'chromium-browser', 'chrome'];

/** The path of a Chromium-like browser: the one named, one that is there, or one that can be had. */
export async function ensureBrowser() {
  const named = process.env.WARRANT_BROWSER;
  if (named && isProgram(named)) return named;
  if (named) throw new SetupTrouble(`WARRANT_BROWSER names ${named}, which is not a program.`);
  const ofPlaywright = await playwrightBrowser();
  const present = [onPath(...names), ...usualPlaces(), ofPlaywright].find((path) => path && works(path));
  return present ?? (await download(ofPlaywright)) ?? (await install()) ?? noBrowser();
}

function usualPlaces() {
  const { ProgramFiles, 'ProgramFiles(x86)': ProgramFiles86, LOCALAPPDATA } = process.env;
  const windows = [ProgramFiles, ProgramFiles86, LOCALAPPDATA].filter(Boolean);
  return [
    '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
    '/Applications/Chromium.app/Contents/MacOS/Chromium',
    ...windows.map((folder) => join(folder, 'Google', 'Chrome', 'Application', 'chrome.exe')),
    ...windows.map((folder) => join(folder, 'Microsoft', 'Edge', 'Application', 'msedge.exe')),
  ];
}

// chrome.exe opens a window when asked for its version.
function works(path) {
  return isProgram(path) && (process.platform === 'win32' || starts(path));
}

function playwright() {
  return createRequire(join(repository, 'package.json')).resolve('playwright-core/package.json');
}

async function playwrightBrowser() {
  const { chromium } = await import(pathToFileURL(join(playwright(), '..', 'index.mjs')).href);
  return chromium.executablePath();
}

async function download(path) {
  say("no browser found; downloading Playwright's Chromium");
  const program = join(playwright(), '..', 'cli.js');
  const env = { ...process.env, PLAYWRIGHT_DOWNLOAD_CONNECTION_TIMEOUT: '10000' };
  try {
    await runProgram(process.execPath, [program, 'install', 'chromium'], { env });
    return works(path) ? path : undefined;
  } catch {
    return undefined;
  }
}

async function install() {
  if (!aptInstalls()) return undefined;
  say('the download does not work here; installing chromium with apt-get');
  await aptInstall('chromium', 'fonts-liberation');
  return onPath('chromium');
}

function noBrowser() {
  throw new SetupTrouble(
    'No browser for the tests: install Chromium or Chrome, or name one in WARRANT_BROWSER.',
  );
}

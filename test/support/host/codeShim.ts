#!/usr/bin/env node
import { resolve } from 'node:path';
import { exitCodes } from './exitCodes.ts';
import { parseCodeArguments } from './parseCodeArguments.ts';
import { runExtensionTests } from './runExtensionTests.ts';
import type { Opened } from './workbenchAddress.ts';

/** Stands in for the desktop program `code` where only a test run is asked for. */
const { testsPath, opened, ...asked } = parseCodeArguments(process.argv.slice(2));
if (testsPath === undefined) {
  process.stderr.write('This stand-in for VS Code only runs tests: --extensionTestsPath is missing.\n');
  process.exit(exitCodes.hostFailed);
}
const write = (text: string) => void process.stdout.write(text);
process.exit(
  await runExtensionTests({ ...asked, testsPath: resolve(testsPath), opened: toOpen(opened[0]) }, write),
);

function toOpen(path: string | undefined): Opened {
  if (path === undefined) return { kind: 'nothing' };
  return { kind: path.endsWith('.code-workspace') ? 'workspace' : 'folder', path: resolve(path) };
}

import { execFile } from 'node:child_process';
import { mkdirSync, readFileSync, symlinkSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { hostEntry } from './hostEntry.ts';
import { hostEnvironment } from './hostEnvironment.ts';
import { installation } from './installation.ts';

/** An extension to be there from the start, as a user would have it: a folder with a manifest, or a .vsix file. */
export type Extension = { kind: 'folder'; folder: string } | { kind: 'package'; file: string };

export interface Profile {
  readonly base: string;
  readonly userData: string;
  readonly extensions: string;
}

export async function installExtension(extension: Extension, profile: Profile): Promise<void> {
  if (extension.kind === 'folder') {
    linkFolder(resolve(extension.folder), profile);
    return;
  }
  const { base, userData, extensions } = profile;
  const folders = [
    '--config',
    join(base, 'config.yaml'),
    '--user-data-dir',
    userData,
    '--extensions-dir',
    extensions,
  ];
  const args = [hostEntry(), ...folders, '--install-extension', resolve(extension.file)];
  const options = { cwd: base, env: hostEnvironment(base), timeout: 120_000 };
  await promisify(execFile)(installation.node, args, options);
}

// VS Code takes a link in its extensions folder for an installed extension.
function linkFolder(folder: string, profile: Profile): void {
  const { publisher, name, version } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
  mkdirSync(profile.extensions, { recursive: true });
  symlinkSync(folder, join(profile.extensions, `${publisher}.${name}-${version}`), 'dir');
}

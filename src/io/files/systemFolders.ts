import { lstat, readlink, realpath } from 'node:fs/promises';
import type { HiddenPath, SandboxNetwork } from '../../protocol/sandbox.ts';
import { isInside } from './locate.ts';
import { privateEntries } from './privateEntries.ts';

/** What programs of a Linux system need to start; everything else, such as /var, /srv, /mnt and /run, is not shown. */
const FOLDERS = [
  '/usr',
  '/bin',
  '/sbin',
  '/lib',
  '/lib32',
  '/lib64',
  '/libx32',
  '/etc',
  '/opt',
  '/nix/store',
  '/snap',
];

export type SystemFolders = {
  readonly readable: readonly string[];
  readonly links: readonly { readonly path: string; readonly to: string }[];
  readonly hidden: readonly HiddenPath[];
};

export async function systemFolders(): Promise<SystemFolders> {
  const readable: string[] = [];
  const links: { path: string; to: string }[] = [];
  for (const path of FOLDERS) {
    const stats = await lstat(path).catch(() => null);
    if (stats?.isSymbolicLink() === true) links.push({ path, to: await readlink(path) });
    if (stats?.isDirectory() === true) readable.push(path);
  }
  return { readable, links, hidden: await privateEntries('/etc', 4) };
}

/** Name resolution is often configured by a file in /run that /etc only links to. */
export async function resolverFiles(network: SandboxNetwork): Promise<readonly string[]> {
  if (network === 'off') return [];
  const real = await realpath('/etc/resolv.conf').catch(() => null);
  return real === null || isInside(real, '/etc') ? [] : [real];
}

/** Which of these exist, each by its own name and, where links lead elsewhere, by its real path too. */
export async function existing(paths: readonly string[]): Promise<readonly string[]> {
  const found = await Promise.all(
    paths.map(async (path) => {
      const real = await realpath(path).catch(() => null);
      return real === null ? [] : [path, real];
    }),
  );
  return [...new Set(found.flat())];
}

/** Where these really are, and whether each is a file or a folder; what does not exist is left out. */
export async function hiddenPaths(paths: readonly string[]): Promise<readonly HiddenPath[]> {
  const found = await Promise.all(
    paths.map(async (path): Promise<readonly HiddenPath[]> => {
      const real = await realpath(path).catch(() => null);
      const stats = real === null ? null : await lstat(real).catch(() => null);
      if (real === null || stats === null) return [];
      return [{ path: real, kind: stats.isDirectory() ? 'folder' : 'file' }];
    }),
  );
  return found.flat();
}

/** Which of these names are there now, links not followed. */
export async function presentOf(paths: readonly string[]): Promise<readonly string[]> {
  const found = await Promise.all(
    paths.map((path) =>
      lstat(path).then(
        () => [path],
        () => [],
      ),
    ),
  );
  return found.flat();
}

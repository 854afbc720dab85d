import { basename, dirname, join, relative } from 'node:path';
import { isInside } from '../files/locate.ts';

/** Folders in which programs of a toolchain lie next to the person's keys: only these parts of them are shown. */
const PARTS: { readonly [folder: string]: readonly string[] } = {
  '.': ['bin'],
  '.local': [
    'bin',
    'lib',
    'share/pnpm',
    'share/uv',
    'share/mise',
    'share/fnm',
    'share/virtualenv',
    'pipx/venvs',
  ],
  '.cargo': ['bin', 'env', 'registry', 'git/db', 'git/checkouts', '../.rustup'],
  '.config': ['nvm'],
  '.docker': ['bin', 'cli-plugins'],
};

/** Their programs lead to anywhere below their own folder. */
const VERSION_MANAGERS =
  /^\.(pyenv|rbenv|nodenv|jenv|asdf|nvm|volta|sdkman|deno|bun|proto|rye|ghcup|opam|dotnet)$/;

/**
 * The folders a sandbox has to show so that the programs on a PATH work: for `~/.nvm/versions/node/v24/bin` the folder
 * above it, which holds the libraries too; never the home itself. Entries of the system's own folders are left out.
 * They need not exist.
 */
export function toolchains(
  path: readonly string[],
  home: string,
  shown: readonly string[],
): readonly string[] {
  const folders = path
    .filter((entry) => !shown.some((folder) => isInside(entry, folder)))
    .flatMap((entry) => toolchainOf(entry, home));
  return [...new Set(folders)].filter(
    (folder) => !folders.some((other) => other !== folder && isInside(folder, other)),
  );
}

function toolchainOf(entry: string, home: string): readonly string[] {
  if (isInside(home, entry)) return [];
  const above = /^(s?bin|shims|cmd)$/.test(basename(entry)) ? dirname(entry) : entry;
  if (!isInside(entry, home)) return isInside(home, above) ? [entry] : [above];
  const [first = '.'] = relative(home, above).split('/');
  const parts = PARTS[first === '' ? '.' : first];
  if (parts !== undefined) return parts.map((part) => join(home, first, part));
  if (VERSION_MANAGERS.test(first)) return [join(home, first)];
  // Whatever else keeps programs in a hidden folder may keep a token next to them.
  return above === join(home, first) && first.startsWith('.') ? [entry] : [above];
}

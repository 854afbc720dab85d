import { parseCommandLine } from '../../../src/policy/commandLine.ts';
import { createPolicy, type Policy, type PolicySurroundings } from '../../../src/policy/decide.ts';
import { digestOf } from '../../../src/protocol/digest.ts';
import type { CommandEffect, Content, Effect, FileEdit } from '../../../src/protocol/effect.ts';
import type { Decision } from '../../../src/protocol/decision.ts';
import type { Facts, PathFacts } from '../../../src/protocol/facts.ts';
import { parseSettings } from '../../../src/protocol/settings.ts';
import { pathInRoot, relativePath, type WorkspacePath } from '../../../src/protocol/workspacePath.ts';

export const OWN = '/home/ada/.config/Code/User/globalStorage/warrant';
const root = { name: 'shop', dir: '/projects/shop' };

export function policy(raw: Record<string, unknown> = {}, extra: Partial<PolicySurroundings> = {}) {
  const { settings } = parseSettings(raw);
  return createPolicy(settings, {
    ownFolders: [OWN],
    trusted: () => true,
    roots: () => [root.dir],
    folders: () => [root, { name: 'lib', dir: '/data/lib' }],
    ...extra,
  });
}

export function at(relative: string): WorkspacePath {
  return pathInRoot(root, relative);
}

export type Disk = Partial<Omit<PathFacts, 'path' | 'real'>> & { real?: string | null };

export function onDisk(relative: string, disk: Disk = {}): PathFacts {
  const { real = relative, ...rest } = disk;
  return {
    path: at(relative),
    real: real === null ? null : at(real),
    realAbsolute: real === null ? '/etc/passwd' : `/projects/shop${real === '' ? '' : '/'}${real}`,
    state: 'file',
    links: 1,
    size: 100,
    repository: null,
    ignored: false,
    hiddenNames: [],
    ...rest,
  };
}

export function facts(...paths: readonly PathFacts[]): Facts {
  return { paths, executables: [] };
}

export function content(text: string): Content {
  return { text, bom: false, eol: 'lf', mode: 0o644, digest: digestOf(text) };
}

export const SOME = content('one\n');
export const OTHER = content('two\n');

export function reading(relative: string): Effect {
  return { kind: 'read', path: at(relative) };
}

export function editing(
  ...files: readonly (Omit<FileEdit, 'path' | 'to'> & { path: string; to?: string })[]
): Effect {
  return {
    kind: 'edit',
    files: files.map(({ path, to, ...rest }) => ({
      ...rest,
      path: at(path),
      ...(to === undefined ? {} : { to: at(to) }),
    })),
  };
}

export function changing(relative: string): Effect {
  return editing({ path: relative, before: SOME, after: OTHER });
}

export function running(text: string, folder = ''): CommandEffect {
  const parsed = parseCommandLine(text);
  const line = parsed.kind === 'line' ? parsed.line : ({ kind: 'shell', text, because: '' } as const);
  return { kind: 'command', line, folder: at(folder), timeoutMs: 60_000 };
}

export const HERE = onDisk('', { state: 'folder', links: 2 });

/**
 * Judges a command with facts about every path that it names: what is not said about one is that it is a folder where
 * everything below is read, or its name has no extension, and an ordinary file otherwise.
 */
export function judged(
  on: Policy,
  text: string,
  disks: { readonly [relative: string]: Disk } = {},
  more: Partial<Facts> = {},
): Decision {
  const effect = running(text);
  const known = new Map<WorkspacePath, PathFacts>([[HERE.path, onDisk('', disks[''] ?? FOLDER)]]);
  for (const { path, below } of on.useOf(effect).commands.flatMap(({ paths }) => paths)) {
    if (path === null || known.has(path)) continue;
    const relative = relativePath(path);
    const isFolder = below === true || !relative.includes('.');
    known.set(path, onDisk(relative, disks[relative] ?? (isFolder ? FOLDER : {})));
  }
  return on.decide(effect, { ...facts(...known.values()), ...more });
}

export const FOLDER: Disk = { state: 'folder', links: 1, holdsDenied: false };

import { isAbsolute, join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import type { CommandLine } from '../protocol/command.ts';
import { gitEnvironment, type GitSetting } from './gitEnvironment.ts';
import { replacementOf, settingsOf, USER_SETTINGS, type Listed } from './gitSettings.ts';
import { knowsItsFolder } from './files/gitFolder.ts';
import { signalGroup, startProcess } from './processes.ts';

/** What git is to be told besides what it is always told, or why it must not be run there at all. */
export type NeutralGit =
  | { readonly kind: 'neutral'; readonly settings: readonly GitSetting[] }
  | { readonly kind: 'refused'; readonly because: string };

export type GitPlace = {
  /** Real path of the program. */
  readonly git: string;
  /** Absolute folders it would be run in. */
  readonly folders: readonly string[];
  /** Real folders of the window. */
  readonly roots: readonly string[];
  readonly environment: Readonly<Record<string, string>>;
};

const LOOK_MS = 10_000;
const MAX_FOLDERS = 32;
const LIST = ['config', '--list', '--show-scope', '--includes', '-z'];
const WHERE = ['rev-parse', '--absolute-git-dir'];

/**
 * Filters, drivers and remotes have names that a repository invents, and no setting holds for all of them: they are
 * looked up in each folder's repository and replaced one by one by what git does without them. Nothing is run while
 * looking: listing the configuration starts no program.
 */
export async function neutralGit(place: GitPlace, signal: AbortSignal): Promise<NeutralGit> {
  if (place.folders.length > MAX_FOLDERS)
    return refused('the line runs git in more folders than can be looked at');
  const deadline = AbortSignal.any([signal, AbortSignal.timeout(LOOK_MS)]);
  const settings = new Map<string, GitSetting>();
  const local = new Set<string>();
  const own = await listUser(place, deadline);
  for (const folder of place.folders) {
    const found = await listRepository(place, folder, own, deadline);
    if (typeof found === 'string') return refused(found);
    for (const { key, value } of found) {
      local.add(key);
      const replaced = replacementOf(key, value);
      if (replaced === 'refuse') return refused(`its configuration has ${key}, which cannot be held back`);
      for (const one of replaced) settings.set(one[0], one);
    }
  }
  return { kind: 'neutral', settings: [...settings.values(), ...own.filter(([key]) => !local.has(key))] };
}

/**
 * The folders that a line runs git in, as far as its words tell: a word `git` anywhere counts, so that wrappers do too.
 * Empty where there is none.
 */
export function gitFolders(line: CommandLine, cwd: string): readonly string[] {
  if (line.kind === 'shell') return /\bgit\b/.test(line.text) ? [cwd] : [];
  const folders = new Set<string>();
  for (const { folder, pipeline } of line.steps)
    for (const { argv } of pipeline) {
      const at = argv.findIndex((word) => /(?:^|\/)git$/.test(word));
      if (at === -1) continue;
      let here = from(cwd, folder);
      folders.add(here);
      for (const [index, word] of argv.entries()) {
        const next = argv[index + 1];
        const isFolder = word === '-C' || word === '--chdir' || word === '--directory';
        if (!isFolder || next === undefined) continue;
        here = from(here, next);
        folders.add(here);
      }
    }
  return [...folders];
}

function from(folder: string, word: string): string {
  return isAbsolute(word) ? word : join(folder, word);
}

function refused(because: string): NeutralGit {
  return { kind: 'refused', because: `git was not run, because ${because}` };
}

/** What the repository around a folder sets; a sentence where it cannot be told. Empty where there is none. */
async function listRepository(
  place: GitPlace,
  folder: string,
  user: readonly GitSetting[],
  signal: AbortSignal,
): Promise<readonly Listed[] | string> {
  const { git } = place;
  // With the same safe folders as when it is run: git hides the settings of repositories that others own.
  const environment = { ...place.environment, ...gitEnvironment(user) };
  const listing = await look(git, LIST, folder, environment, signal);
  // A folder that is not there is git's own message.
  if (listing === 'unstarted') return [];
  if (listing === null) return 'the configuration of the repository cannot be read';
  const all = settingsOf(listing);
  if (
    !all.some(
      ({ scope, key, value }) => scope === 'command' && key === 'core.hookspath' && value === '/dev/null',
    )
  )
    return 'this git is older than 2.31 and does not see the settings that keep a repository from running programs';
  const own = all.filter(({ scope }) => scope !== 'command');
  const where = await look(git, WHERE, folder, environment, signal);
  if (where === null || where === 'unstarted') return own;
  const worktree = own.findLast(({ key }) => key === 'core.worktree')?.value;
  const isKnown = await knowsItsFolder({ gitDir: where.trimEnd(), worktree, folder, roots: place.roots });
  return isKnown ? own : 'the folder and the repository that it names do not belong to each other';
}

/** What the person set for all repositories and what is only a choice, not a program; safe folders too. */
async function listUser({ git, environment }: GitPlace, signal: AbortSignal): Promise<readonly GitSetting[]> {
  const own = Object.fromEntries(Object.entries(environment).filter(([name]) => !name.startsWith('GIT_')));
  const listing = await look(git, LIST, '/', own, signal);
  if (listing === null || listing === 'unstarted') return [];
  return settingsOf(listing)
    .filter(({ scope, key }) => (scope === 'global' || scope === 'system') && USER_SETTINGS.test(key))
    .map(({ key, value }) => [key, value] as const);
}

/** What git prints; null where it fails. */
async function look(
  git: string,
  args: readonly string[],
  cwd: string,
  environment: Readonly<Record<string, string>>,
  signal: AbortSignal,
): Promise<string | null> {
  const { pid, stdout, ended } = startProcess({
    file: git,
    argv: ['git', ...args],
    cwd,
    environment,
    streams: ['ignore', 'pipe', 'ignore'],
  });
  const stop = () => pid !== undefined && signalGroup(pid, 'SIGKILL');
  signal.addEventListener('abort', stop, { once: true });
  if (signal.aborted) stop();
  try {
    const [text, end] = await Promise.all([stdout === null ? Buffer.of() : buffer(stdout), ended]);
    if (end.kind === 'unstarted') return 'unstarted';
    return end.kind === 'exit' && end.code === 0 ? text.toString('utf8') : null;
  } finally {
    signal.removeEventListener('abort', stop);
  }
}

import { mkdir, mkdtemp, realpath, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { onTestFinished } from 'vitest';
import { systemClock } from '../../../src/io/clock.ts';
import { createOutputFiles } from '../../../src/io/files/outputFiles.ts';
import { createWorld, type WorldOptions } from '../../../src/io/world.ts';
import { codePieces } from '../../../src/policy/command/codePieces.ts';
import type { Effect } from '../../../src/protocol/effect.ts';
import type { ExecutableFacts } from '../../../src/protocol/facts.ts';
import type { Done, Outcome } from '../../../src/protocol/outcome.ts';
import type { LiveOutput, World } from '../../../src/protocol/ports.ts';
import { pathsOfLine } from '../../../src/protocol/linePaths.ts';
import { warrantOffice, type IssueWarrant } from '../../../src/protocol/warrant.ts';
import { pathInRoot, type Root, type WorkspacePath } from '../../../src/protocol/workspacePath.ts';

export type TestWorld = {
  readonly world: World;
  readonly root: Root;
  readonly dir: string;
  /** A folder beside the workspace. */
  readonly outside: string;
  readonly journalDir: string;
  readonly issue: IssueWarrant;
  at(relative: string): WorkspacePath;
  /** Looks up the facts, issues a warrant and performs, as the gate does. */
  perform(effect: Effect, options?: PerformOptions): Promise<Outcome>;
  done(effect: Effect, options?: PerformOptions): Promise<Done>;
};

export type PerformOptions = {
  readonly live?: LiveOutput;
  readonly signal?: AbortSignal;
  /** Between the judgement and the deed. */
  readonly meanwhile?: () => Promise<void>;
};

export type Files = { readonly [path: string]: string | Uint8Array };

/** A real folder, a real disk; gone when the test is over. */
export async function worldInFolder(files: Files, options: Partial<WorldOptions> = {}): Promise<TestWorld> {
  const base = await temporaryFolder();
  const dir = join(base, 'workspace');
  const outside = join(base, 'outside');
  const journalDir = join(base, 'storage', 'journal');
  await mkdir(dir);
  await mkdir(outside);
  await writeFiles(dir, files);
  const root: Root = { name: 'workspace', dir };
  const { issue, redeem } = warrantOffice();
  const world = createWorld({
    workspace: { roots: [root] },
    redeem,
    openDocuments: { unsaved: () => false },
    mayRead: () => true,
    piecesOf: codePieces,
    looksSecret: () => true,
    mayReadKnown: () => true,
    maxFileBytes: () => 10_485_760,
    journalDir,
    ripgrepCandidates: [],
    problems: () => [],
    clock: systemClock(),
    outputs: createOutputFiles(join(base, 'storage', 'output'), plainText),
    backgroundEnded: () => undefined,
    environment: process.env,
    ...options,
  });
  const perform = async (
    effect: Effect,
    { live, signal, meanwhile }: PerformOptions = {},
  ): Promise<Outcome> => {
    for (const path of pathsOf(effect, [root])) await world.pathFacts(path);
    let executables: readonly ExecutableFacts[] = [];
    if (effect.kind === 'command') executables = await world.executableFacts(effect.line, effect.folder);
    await meanwhile?.();
    const warrant = issue(effect, executables);
    return world.perform(effect, warrant, live ?? (() => undefined), signal ?? new AbortController().signal);
  };
  return {
    world,
    root,
    dir,
    outside,
    journalDir,
    issue,
    perform,
    at: (relative) => pathInRoot(root, relative),
    async done(effect, how) {
      const outcome = await perform(effect, how);
      if (outcome.kind !== 'done') throw new Error(`Not done: ${outcome.because}`);
      return outcome.done;
    },
  };
}

const plainText = () => ({ push: (text: string) => text, end: () => undefined });

export async function temporaryFolder(parent = tmpdir()): Promise<string> {
  const folder = await realpath(await mkdtemp(join(parent, 'warrant-test-')));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

export async function writeFiles(dir: string, files: Files): Promise<void> {
  for (const [path, text] of Object.entries(files)) {
    await mkdir(dirname(join(dir, path)), { recursive: true });
    await writeFile(join(dir, path), text);
  }
}

function pathsOf(effect: Effect, roots: readonly Root[]): readonly WorkspacePath[] {
  switch (effect.kind) {
    case 'list':
    case 'search':
    case 'read':
      return [effect.path];
    case 'edit':
      return effect.files.flatMap(({ path, to }) => (to === undefined ? [path] : [path, to]));
    case 'command':
      return [effect.folder, ...pathsOfLine(effect.line, effect.folder, roots).paths];
    case 'problems':
    case 'output':
    case 'background':
    case 'plan':
    case 'question':
      return [];
  }
}

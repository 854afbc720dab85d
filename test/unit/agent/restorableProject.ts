import { codePieces } from '../../../src/policy/command/codePieces.ts';
import { mkdir, mkdtemp, realpath, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { createRoad, type RoadPorts } from '../../../src/agent/road.ts';
import { runRestore } from '../../../src/agent/restore.ts';
import { turnHistory } from '../../../src/agent/turnHistory.ts';
import { systemClock } from '../../../src/io/clock.ts';
import { createCheckpointStore } from '../../../src/io/files/checkpointStore.ts';
import type { Disk } from '../../../src/io/files/disk.ts';
import { createOutputFiles } from '../../../src/io/files/outputFiles.ts';
import { createWorld } from '../../../src/io/world.ts';
import { createPolicy } from '../../../src/policy/decide.ts';
import type { Choice, EditCard } from '../../../src/protocol/approval.ts';
import type { RestoreEnd, RestorePoint, RestoreWish, StepCause } from '../../../src/protocol/checkpoint.ts';
import type { FileEdit } from '../../../src/protocol/effect.ts';
import type { Outcome } from '../../../src/protocol/outcome.ts';
import type { Checkpoints, Clock } from '../../../src/protocol/ports.ts';
import type { RecordEntry } from '../../../src/protocol/record.ts';
import { parseSettings } from '../../../src/protocol/settings.ts';
import { warrantOffice } from '../../../src/protocol/warrant.ts';
import { pathInRoot, type WorkspacePath } from '../../../src/protocol/workspacePath.ts';
import { lineDiffs } from '../../../src/review/fileDiff.ts';
import { writeFiles, type Files } from '../io/worldInFolder.ts';

/** What the person does with what a restore shows. */
export type PersonSays = (card: EditCard) => Choice | Promise<Choice>;

export type RestorableProject = {
  readonly dir: string;
  readonly storage: string;
  readonly records: readonly RecordEntry[];
  readonly cards: readonly EditCard[];
  at(relative: string): WorkspacePath;
  /** The file as it stands on the disk now, as an edit needs it. */
  now(relative: string): Promise<FileEdit['before']>;
  /** An edit of the agent in its turn `turn`, as the gate performs it once it was accepted. */
  edit(turn: number, ...files: readonly FileEdit[]): Promise<Outcome>;
  restore(wish: RestoreWish, says?: PersonSays): Promise<RestoreEnd>;
  checkpoints(): Checkpoints;
  points(): Promise<readonly RestorePoint[]>;
  /** The process ends here; the next one begins another session over the same storage. */
  reload(): Promise<void>;
  /** Paths that an editor holds with unsaved changes. */
  readonly unsaved: Set<string>;
};

export type ProjectOptions = {
  readonly settings?: { readonly [key: string]: unknown };
  readonly clock?: Clock;
  /** For the checkpoints alone. */
  readonly disk?: Disk;
  /** Called where the edit would be performed; what it throws stands for the end of the process. */
  readonly beforeApplying?: () => void;
};

/** A real folder with a real store beside it; the road is the real one. */
export async function restorableProject(
  files: Files,
  options: ProjectOptions = {},
): Promise<RestorableProject> {
  const base = await realpath(await mkdtemp(join(tmpdir(), 'warrant-test-')));
  onTestFinished(() => rm(base, { recursive: true, force: true }));
  const dir = join(base, 'project');
  const storage = join(base, 'storage');
  await mkdir(dir);
  await writeFiles(dir, files);
  const root = { name: 'project', dir };
  const clock = options.clock ?? systemClock();
  const { settings } = parseSettings(options.settings ?? {});
  const office = warrantOffice();
  const records: RecordEntry[] = [];
  const cards: EditCard[] = [];
  const unsaved = new Set<string>();
  const signal = new AbortController().signal;
  let says: PersonSays = takeChosen;
  let cause: StepCause = { kind: 'turn', turn: 1, prompt: '' };
  let store = newStore();
  onTestFinished(() => store.close());

  function newStore() {
    return createCheckpointStore({
      folder: join(storage, 'checkpoints'),
      session: clock.id(),
      clock,
      ...(options.disk === undefined ? {} : { disk: options.disk }),
    });
  }

  const world = createWorld({
    workspace: { roots: [root] },
    redeem: office.redeem,
    openDocuments: { unsaved: (path) => unsaved.has(path) },
    mayRead: () => true,
    piecesOf: codePieces,
    looksSecret: () => false,
    mayReadKnown: () => true,
    maxFileBytes: () => 10_485_760,
    journalDir: join(storage, 'journal'),
    ripgrepCandidates: [],
    problems: () => [],
    clock,
    outputs: createOutputFiles(join(storage, 'output'), () => ({
      push: (text) => text,
      end: () => undefined,
    })),
    backgroundEnded: () => undefined,
    environment: {},
  });
  const policy = createPolicy(settings, { ownFolders: [storage], trusted: () => true });
  const record = (entry: RecordEntry) => {
    records.push(entry);
    return Promise.resolve();
  };
  const ports = (): RoadPorts => ({
    audit: { record, recordDurably: record, window: () => Promise.reject(new Error('No window is sent.')) },
    world,
    approver: {
      async ask(card, _signal, shown) {
        if (card.kind !== 'edit') throw new Error('Only edits are shown here.');
        cards.push(card);
        shown();
        return { card: card.id, digest: card.digest, choice: await says(card), how: 'script', ms: 1_000 };
      },
    },
    redactor: { redact: (text) => text, restore: (text) => ({ kind: 'restored', text }) },
    clock,
    watcher: { text: () => undefined, textEnded: () => undefined, state: () => undefined },
    issue: office.issue,
    judge: () => policy,
    live: () => undefined,
    checkpoints: store,
    workspace: { roots: [root], trusted: () => true },
    compare: (effect) => Promise.resolve(lineDiffs(effect)),
    cause: () => cause,
  });

  return {
    dir,
    storage,
    records,
    cards,
    unsaved,
    at: (relative) => pathInRoot(root, relative),
    async now(relative) {
      const path = pathInRoot(root, relative);
      const { state } = await world.pathFacts(path);
      if (state === 'absent') return null;
      const effect = { kind: 'read', path } as const;
      const outcome = await world.perform(effect, office.issue(effect, []), () => undefined, signal);
      if (outcome.kind !== 'done' || outcome.done.kind !== 'content')
        throw new Error(`${relative} cannot be read.`);
      return outcome.done.content;
    },
    async edit(turn, ...edits) {
      cause = { kind: 'turn', turn, prompt: `Prompt of turn ${turn}` };
      for (const { path, to } of edits) {
        await world.pathFacts(path);
        if (to !== undefined) await world.pathFacts(to);
      }
      const given = ports();
      const perform: typeof world.perform = (...args) => {
        options.beforeApplying?.();
        return world.perform(...args);
      };
      const road = createRoad({ ...given, world: { ...world, perform } });
      return road.perform([`${turn}.1.1`], { kind: 'edit', files: edits }, [], signal);
    },
    restore(wish, how = takeChosen) {
      says = how;
      return runRestore(
        { ...ports(), workspace: { roots: [root], trusted: () => true } },
        'restore.1',
        wish,
        signal,
      );
    },
    checkpoints: () => store,
    points: async () => turnHistory(await store.steps()).points,
    async reload() {
      await store.close();
      store = newStore();
    },
  };
}

/** Applies what is chosen when the panel opens. */
const takeChosen: PersonSays = (card) => accepting(card, (file) => file.unchosen !== true);

/** Chooses the conflicts as well. */
export const takeAll: PersonSays = (card) => accepting(card, () => true);

function accepting(card: EditCard, take: (file: EditCard['changeSet']['files'][number]) => boolean): Choice {
  const files = card.changeSet.files.map((file) => ({
    path: file.path,
    accepted: take(file) ? file.hunks.map(({ id }) => id) : [],
  }));
  return { kind: 'accept', files, note: '' };
}

import type { Answer, Card } from './approval.ts';
import type { LineDiff } from './changeSet.ts';
import type { CheckpointStep, FileVersion, StepCause } from './checkpoint.ts';
import type { CommandLine, Expansion, WordPattern } from './command.ts';
import type { Content, EditEffect, Effect, FileEdit } from './effect.ts';
import type { NamedCode } from './commandUse.ts';
import type { CodeFacts, ExecutableFacts, PathFacts, SandboxFacts } from './facts.ts';
import type { BackgroundCommand, Outcome, Problem } from './outcome.ts';
import type { Grant } from './grant.ts';
import type { RecordEntry } from './record.ts';
import type { DayUse } from './usage.ts';
import type { Warrant } from './warrant.ts';
import type { Window, WindowReceipt } from './window.ts';
import type { Root, WorkspacePath } from './workspacePath.ts';

export interface Clock {
  /** Milliseconds since 1970. */
  now(): number;
  /** A fresh unguessable id, 22 characters of base64url. */
  id(): string;
  /** Rejects with the signal's reason when it is aborted first. */
  sleep(ms: number, signal: AbortSignal): Promise<void>;
}

/** Every method rejects with AuditUnavailable when the record could not be written; then the next step does not happen. */
export interface AuditLog {
  /** Resolves when the operating system has the record. */
  record(entry: RecordEntry): Promise<void>;
  /** Resolves when the record is synced to the disk: for intents whose effect changes the world. */
  recordDurably(entry: RecordEntry): Promise<void>;
  window(window: Window): Promise<WindowReceipt>;
}

export class AuditUnavailable extends Error {
  override readonly name = 'AuditUnavailable';
}

/** `files` name contents by a keyed digest: a plain one of a small secret file could be guessed. */
export type Kept =
  | {
      readonly kind: 'kept';
      readonly step: string;
      readonly files: readonly {
        readonly path: WorkspacePath;
        readonly before: string | null;
        readonly after: string | null;
      }[];
    }
  | { readonly kind: 'failed'; readonly because: string };

/** Keeps what edits are about to take away, where neither tools nor commands reach it, so that they can be undone. */
export interface Checkpoints {
  /** Resolves when all that the edit would take away is on the disk; where that failed the edit must not happen. */
  keep(cause: StepCause, files: readonly FileEdit[]): Promise<Kept>;
  /** What became of the edit. Never rejects: a step without an end is told from the disk. */
  ended(step: string, outcome: Outcome['kind']): Promise<void>;
  /** What was done in this workspace, in all sessions still kept, oldest first. */
  steps(): Promise<readonly CheckpointStep[]>;
  /** A version that a step took away; undefined when it is not kept, or not intact. */
  content(session: string, version: FileVersion): Promise<Content | undefined>;
}

/** What was used on one day, over all sessions and windows. Days are counted from 1970, in UTC. */
export interface DayTotals {
  /**
   * Of all sessions but this one, earlier ones among them. What cannot be read counts as nothing, and `trouble` says
   * so in a sentence. Never rejects.
   */
  others(day: number): Promise<{ readonly used: DayUse; readonly trouble?: string }>;
  /** What this session used on that day, in the place of what was kept before. Never rejects; says what went wrong. */
  keep(day: number, own: DayUse): Promise<string | undefined>;
}

/** What is looked up of the world without a warrant, since nothing in it changes. */
export type WorldFacts = Pick<World, 'pathFacts' | 'executableFacts' | 'codeFacts' | 'expand' | 'sandbox'>;

/** How the world is touched. Facts are looked up freely; everything else needs a warrant. */
export interface World {
  /** `through`: where it is a folder, it is looked through for what may not be read. */
  pathFacts(path: WorkspacePath, through?: boolean): Promise<PathFacts>;
  /** Words with a slash are looked up from `folder`, where the command would run. */
  executableFacts(line: CommandLine, folder: WorkspacePath): Promise<readonly ExecutableFacts[]>;
  /** The code of the workspace that a command would run, as it is now. */
  codeFacts(code: readonly NamedCode[]): Promise<readonly CodeFacts[]>;
  /**
   * What words of a line stand for, looked up in folders that the policy lets the agent enter and nowhere else. A word
   * whose names cannot be told is left out.
   */
  expand(patterns: readonly WordPattern[], folder: WorkspacePath): Promise<readonly Expansion[]>;
  perform(effect: Effect, warrant: Warrant, live: LiveOutput, signal: AbortSignal): Promise<Outcome>;
  /** What would confine a command that is started now. */
  sandbox(): Promise<SandboxFacts>;
  /** The commands that were started in the background, oldest first. */
  background(): readonly BackgroundCommand[];
  /** Ends one of them, or all; resolves when they are over. */
  stopBackground(command?: string): Promise<void>;
}

/**
 * What a running command prints, as it comes; for people, never for the model. `background` names the command where it
 * runs beside the turn.
 */
export type LiveOutput = (chunk: string, background?: string) => void;

/** Compares the texts of an edit line by line, one comparison a file; large ones where nothing else has to wait. */
export type CompareLines = (effect: EditEffect) => Promise<readonly LineDiff[]>;

/** Whether a document that is open in the editor holds changes that are not on disk. */
export interface OpenDocuments {
  unsaved(path: WorkspacePath): boolean;
}

/** What an editor finds wrong in files once they have changed; where there is no editor, nobody looks. */
export interface ProblemWatch {
  /** Takes note of what is wrong now. To be called before an edit of these files, and the watch to be ended. */
  watch(paths: readonly WorkspacePath[]): {
    /** What was not wrong before; waits about a second at most for an editor to look. Rejects with the signal's reason. */
    fresh(signal: AbortSignal): Promise<readonly Problem[]>;
    end(): void;
  };
}

export interface Approver {
  /**
   * Rejects only with the signal's reason. Closing the card is an answer: reject. `shown` is called once, when the
   * card is first visible on the screen.
   */
  ask(card: Card, signal: AbortSignal, shown: () => void): Promise<Answer>;
}

/** Replaces secrets by stable placeholders before text reaches a window or the record. */
export interface Redactor {
  redact(text: string): string;
  /** Puts the real values back into text bound for a file, only where that file's text before held them. */
  restore(
    text: string,
    before: string,
  ): { kind: 'restored'; text: string } | { kind: 'refused'; because: string };
}

/** The folders the agent works in and whether the user trusts them; read anew at each use. */
export interface Workspace {
  readonly roots: readonly Root[];
  trusted(): boolean;
}

/** What a person sees while a turn runs, besides the records. */
export interface Watcher {
  text(delta: string): void;
  /** The text streamed so far is now a record, or is void. */
  textEnded(): void;
  state(state: SessionState): void;
}

export type SessionState =
  | { readonly kind: 'idle' }
  | { readonly kind: 'working'; readonly doing: string }
  | { readonly kind: 'waiting'; readonly card: string }
  | { readonly kind: 'retrying'; readonly because: string; readonly until: number };

/** Where approvals that last are kept, out of reach of tools and commands. */
export interface GrantStore {
  /** Never rejects; what cannot be read grants nothing and is told in `problems`, sentences for the user. */
  read(): Promise<{ readonly grants: readonly Grant[]; readonly problems: readonly string[] }>;
  /** Resolves when it is on the disk; rejects with the operating system's error. */
  add(grant: Grant): Promise<void>;
  remove(id: string): Promise<void>;
}

import type { NamedCode } from './commandUse.ts';
import type { Digest } from './digest.ts';
import type { WorkspacePath } from './workspacePath.ts';

/** What the disk says about a path, gathered by io just before the policy looks; the policy looks at nothing else. */
export type PathFacts = {
  readonly path: WorkspacePath;
  /** Where it really is once links are followed; null when that is outside every root. */
  readonly real: WorkspacePath | null;
  /** The absolute real path, for people to read; of the deepest existing folder plus the rest when absent. */
  readonly realAbsolute: string;
  readonly state: 'file' | 'folder' | 'absent' | 'other';
  /** Hard links to the file; 1 for an ordinary one, 0 when absent. */
  readonly links: number;
  readonly size: number;
  /**
   * The folder it lies in, or is, that git takes for a repository's own (what `.git` is elsewhere): git runs hooks and
   * configuration from it. Null where there is none.
   */
  readonly repository: WorkspacePath | null;
  /** Whether the repository's ignore files name it; looked up only for names that look like a secret. */
  readonly ignored: boolean;
  /**
   * Other names of the same file, by hard links, that the agent may not read as they are written; looked up only where
   * there is more than one name. `unknown` when there was too much to look through.
   */
  readonly hiddenNames: readonly WorkspacePath[] | 'unknown';
  /**
   * For a folder that was looked through, whether anything below it may not be read; left out where it was not looked
   * through, or not to its end.
   */
  readonly holdsDenied?: boolean;
};

/**
 * The program a command would start, found on a PATH that holds no workspace folder. `folder` is that of the step where
 * a word with a slash is looked up from another folder than that of the line.
 */
export type ExecutableFacts =
  | {
      readonly kind: 'found';
      readonly name: string;
      readonly folder?: string;
      readonly real: string;
      readonly digest: Digest;
      /** Of a script: what its first line has read it, and what that starts in turn. Left out for other programs. */
      readonly interpreters?: readonly ProgramFile[];
    }
  /** What is done by Warrant itself, without a program. */
  | { readonly kind: 'builtin'; readonly name: string }
  | { readonly kind: 'missing'; readonly name: string; readonly folder?: string };

/** A program by real path, and what is in it. */
type ProgramFile = { readonly real: string; readonly digest: Digest };

/** Code from the workspace that a command would run, as it is now; null where it cannot be read. */
export type CodeFacts = { readonly code: NamedCode; readonly digest: Digest | null };

/** What commands are confined by on this machine, if anything. */
export type SandboxFacts =
  | { readonly kind: 'available'; readonly by: 'bubblewrap' | 'seatbelt' }
  | { readonly kind: 'none'; readonly because: string };

export type Facts = {
  readonly paths: readonly PathFacts[];
  readonly executables: readonly ExecutableFacts[];
  /** Left out for effects that are no commands. */
  readonly code?: readonly CodeFacts[];
  /** Left out for effects that are no commands. */
  readonly sandbox?: SandboxFacts;
};

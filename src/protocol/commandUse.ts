import type { WorkspacePath } from './workspacePath.ts';

/** What a command would do with a path; `enter` is listing a folder or running in it, `write` covers create and delete. */
export type PathUseKind = 'read' | 'enter' | 'write';

/** A path that a command line names. `path` is null where it leads outside every folder of the window. */
export type NamedPath = {
  readonly use: PathUseKind;
  /** As written. */
  readonly word: string;
  readonly path: WorkspacePath | null;
  /** Absolute, lexically: links are followed where the disk is known. */
  readonly absolute: string;
  /** Everything below it as well. */
  readonly below?: true;
};

/**
 * Code from the workspace that a command would run: a file, an entry of a file (a script of package.json, a target of
 * a Makefile), or, where only the tool knows which, the workspace itself.
 */
export type NamedCode =
  | { readonly kind: 'file'; readonly path: WorkspacePath }
  | { readonly kind: 'entry'; readonly path: WorkspacePath; readonly entry: string }
  | { readonly kind: 'workspace'; readonly because: string };

/** What one simple command would do, as far as its specification tells. Empty lists mean *nothing*, not *unknown*. */
export type CommandUse = {
  /** As it would run: after unwrapping, the innermost command. */
  readonly argv: readonly string[];
  /** Seen from the folder of the line. */
  readonly folder: string;
  readonly paths: readonly NamedPath[];
  /** Hosts, or `*` for whichever. */
  readonly network: readonly string[];
  readonly code: readonly NamedCode[];
  /** What is not understood, in words: an unknown program, an unknown flag, a word whose role is unclear. */
  readonly unclear: readonly string[];
  /** The shipped rule that allows it where its paths are allowed; left out where there is none. */
  readonly rule?: string;
};

/** What a line would do: everything that could run in it, wrapped commands included. */
export type LineUse = {
  readonly commands: readonly CommandUse[];
  /** Whether every part is understood: only then can a rule allow it. */
  readonly understood: boolean;
};

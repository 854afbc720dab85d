import type { Verdict } from './decision.ts';

/** Paths and folders are read as the model's would be; without a folder a command is asked about in the first one. */
export type Question =
  | { readonly kind: 'command'; readonly text: string; readonly folder?: string }
  | { readonly kind: 'read' | 'write'; readonly path: string };

/**
 * What would be decided, and what would be touched as far as it can be told; names as the record has them. `plain` says
 * that no shell would be needed. `argv` has every command that would start: those of a plain line as written, of any
 * other those that can be made out.
 */
export type WhatIf = {
  readonly verdict: Verdict;
  readonly rule: string;
  readonly because: string;
  readonly plain: boolean;
  readonly understood: boolean;
  readonly argv: readonly (readonly string[])[];
  readonly reads: readonly string[];
  readonly writes: readonly string[];
  readonly network: readonly string[];
  readonly executes: readonly string[];
};

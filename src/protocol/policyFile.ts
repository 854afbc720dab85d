import * as z from 'zod';

/** A policy file as it was found; one that is not there is none. `source` is its path, for people. */
export type PolicyFile = {
  readonly source: string;
  readonly found:
    | { readonly kind: 'text'; readonly text: string }
    /** A clause: why it counts as unreadable. */
    | { readonly kind: 'unusable'; readonly because: string };
};

const globs = z.array(z.string().min(1)).max(1_000);

/** Limits on files: each list narrows what the user's list of the same name allows, and `deny` adds to it. */
export const pathLimits = z.strictObject({
  read: globs.optional(),
  write: globs.optional(),
  deny: globs.optional(),
  'edits.allow': globs.optional(),
});

/**
 * Limits on commands. `true` only leaves it to the user. `rules` may say *ask* and *deny*. `mayAllow` are beginnings of
 * commands that the user's own rules may allow; an empty list allows none. `grants` is the longest that an approval may
 * last. With `sandbox` set to `required` nothing runs where nothing confines it.
 */
export const commandLimits = z.strictObject({
  enabled: z.boolean().optional(),
  interpreters: z.boolean().optional(),
  sandbox: z.enum(['required', 'any']).optional(),
  grants: z.enum(['none', 'session', 'always']).optional(),
  mayAllow: z
    .array(z.array(z.string().min(1)).min(1))
    .max(1_000)
    .optional(),
  rules: z.unknown().optional(),
});

export const namedValues = z.array(z.string().min(1)).max(1_000);

/** How long audit files are kept, in days. */
export const retentionBounds = z.strictObject({
  minDays: z.int().min(0).optional(),
  maxDays: z.int().min(1).optional(),
});

/** The keys of a managed policy; a workspace's own file has `paths` and `commands` alone. */
export const MANAGED_KEYS = ['models', 'endpoints', 'providers', 'paths', 'commands', 'retention'] as const;
export const WORKSPACE_KEYS = ['paths', 'commands'] as const;

import * as z from 'zod';

/** How long an approval holds: for this one time, until the session ends, or until it is revoked or expires. */
export type ApprovalScope = 'once' | 'session' | 'always';
export type GrantScope = Exclude<ApprovalScope, 'once'>;

const digest = z.string().regex(/^[A-Za-z0-9_-]{43}$/);

/**
 * An approval that lasts: of exactly one command line, in one folder of one workspace, with the programs, the code of
 * the workspace and the confinement that it was given for. Times are milliseconds since 1970.
 */
const grant = z.strictObject({
  id: z.string().regex(/^[A-Za-z0-9_-]{1,64}$/),
  /** Digest of the folders of the window. */
  workspace: digest,
  scope: z.enum(['session', 'always']),
  from: z.int().nonnegative(),
  until: z.int().nonnegative(),
  /** Digest of the argument vectors, redirects and operators, the folder, and whether it runs in the background. */
  line: digest,
  /** The line as written and its folder, for people. */
  text: z.string().max(8_192),
  folder: z.string().max(4_096),
  timeoutMs: z.int().positive(),
  programs: z.array(z.strictObject({ name: z.string(), path: z.string(), digest })).max(64),
  /** Code from the workspace that the line runs, named in words. */
  code: z.array(z.strictObject({ name: z.string(), digest })).max(1_000),
  /** What confined it; `unknown` where nobody looked. */
  sandbox: z.enum(['bubblewrap', 'seatbelt', 'none', 'unknown']),
});
export type Grant = z.output<typeof grant>;

/** What a grant is for, before a person gave it. */
export type GrantCover = Pick<
  Grant,
  'line' | 'text' | 'folder' | 'timeoutMs' | 'programs' | 'code' | 'sandbox'
>;

/** The file that a grant is kept in. */
export const grantFile = z.strictObject({ v: z.literal(1), grant });

export const GRANT_DAYS = 30;

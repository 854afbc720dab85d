import * as z from 'zod';
import type { Json } from './canonicalJson.ts';

const digest = z.string().regex(/^[A-Za-z0-9_-]{43}$/);
const count = z.int().nonnegative();
const verdict = z.enum(['allow', 'ask', 'deny']);
const json: z.ZodType<Json> = z.json();
const calls = z.array(z.string());

/** An effect as the record keeps it: contents by digest, edits with their diff, never a second copy of the workspace. */
const effectOnRecord = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('list'), path: z.string(), depth: count }),
  z.strictObject({
    kind: z.literal('search'),
    path: z.string(),
    query: z.record(z.string(), z.union([z.string(), z.boolean()])),
  }),
  z.strictObject({ kind: z.literal('read'), path: z.string(), lines: z.tuple([count, count]).optional() }),
  z.strictObject({ kind: z.literal('problems'), path: z.string().optional() }),
  z.strictObject({
    kind: z.literal('edit'),
    files: z.array(
      z.strictObject({
        path: z.string(),
        to: z.string().optional(),
        before: digest.nullable(),
        after: digest.nullable(),
        added: count,
        removed: count,
        diff: z.string(),
      }),
    ),
  }),
  z.strictObject({
    kind: z.literal('command'),
    text: z.string(),
    folder: z.string(),
    timeoutMs: count,
    background: z.literal(true).optional(),
    /** In the sandbox, with the network or without; left out where nothing confines it. */
    confined: z.strictObject({ network: z.boolean() }).optional(),
    steps: z
      .array(
        z.strictObject({
          when: z.string(),
          argv: z.array(z.array(z.string())),
          /** Where it is another than that of the line. */
          folder: z.string().optional(),
          /** Files that each command of the step reads from or writes to, where there are any. */
          files: z.array(z.array(z.string())).optional(),
        }),
      )
      .optional(),
    /** What it was understood to do when it was judged; left out where nothing was. */
    understood: z.boolean().optional(),
    reads: z.array(z.string()).optional(),
    writes: z.array(z.string()).optional(),
    network: z.array(z.string()).optional(),
    executes: z.array(z.string()).optional(),
  }),
  z.strictObject({ kind: z.literal('output'), output: z.string(), first: count, count }),
  z.strictObject({
    kind: z.literal('background'),
    do: z.enum(['list', 'stop']),
    command: z.string().optional(),
  }),
  z.strictObject({
    kind: z.literal('plan'),
    steps: z.array(z.strictObject({ text: z.string(), state: z.string() })),
  }),
  z.strictObject({ kind: z.literal('question'), text: z.string(), options: z.array(z.string()) }),
  /** A call that never became an effect: unknown tool, broken arguments, a path that cannot be. */
  z.strictObject({ kind: z.literal('invalid'), because: z.string() }),
]);

const usage = z.strictObject({ input: count, output: count, cached: count });

const entries = [
  entry('session.opened', {
    version: z.string(),
    platform: z.string(),
    model: z.string(),
    endpoint: z.string(),
    roots: z.array(z.string()),
    trusted: z.boolean(),
    settings: z.record(z.string(), json),
    policy: digest,
    previous: z.strictObject({ session: z.string(), head: digest }).optional(),
  }),
  /** A message or tool definition, written once; windows name it by this record's seq. */
  entry('item', {
    digest,
    origin: z.enum(['system', 'user', 'assistant', 'workspace', 'tool']),
    content: json,
  }),
  /**
   * A request, as a difference to window `base`: its first `keep` messages, then `append` (seqs of item or response
   * records). Parameters and tools are left out where they equal those of the base.
   */
  entry('window', {
    n: count,
    reason: z.enum(['turn', 'tool', 'retry']),
    model: z.string(),
    endpoint: z.string(),
    base: count.nullable(),
    keep: count,
    append: z.array(count),
    parameters: z.record(z.string(), json).optional(),
    tools: z.array(count).optional(),
    bytes: count,
    body: digest,
  }),
  /** `message` is the item a later window may name by this record's seq. */
  entry('response', {
    window: count,
    digest: digest.optional(),
    message: json.optional(),
    finish: z.string().optional(),
    usage: usage.optional(),
    ms: count,
    failed: z.strictObject({ kind: z.string(), because: z.string(), status: z.int().optional() }).optional(),
  }),
  entry('proposed', { call: z.string(), tool: z.string(), effect: digest, what: effectOnRecord }),
  entry('decided', { calls, effect: digest, verdict, rule: z.string(), because: z.string() }),
  entry('shown', { card: z.string(), kind: z.string(), digest, calls, what: z.string().optional() }),
  entry('answered', {
    card: z.string(),
    digest,
    choice: z.string(),
    how: z.string(),
    ms: count,
    note: z.string().optional(),
    /** How long it holds, where that is longer than this once. */
    scope: z.enum(['session', 'always']).optional(),
    files: z
      .array(
        z.strictObject({
          path: z.string(),
          accepted: count,
          of: count,
          /** Hunks in which the person's own text stood. */
          edited: z.array(z.string()).optional(),
        }),
      )
      .optional(),
    /** What stood on the page, where the person had typed in it: over the digest of the card and every text of theirs. */
    page: digest.optional(),
    notes: z.array(z.strictObject({ hunk: z.string(), text: z.string() })).optional(),
  }),
  /** An approval that lasts; `decided` names it as the rule `grant.<id>` where it allows something. */
  entry('granted', {
    grant: z.string(),
    scope: z.enum(['session', 'always']),
    calls,
    effect: digest,
    text: z.string(),
    folder: z.string(),
    programs: z.array(z.strictObject({ name: z.string(), path: z.string(), digest })),
    code: z.array(z.strictObject({ name: z.string(), digest })),
    sandbox: z.string(),
    until: z.iso.datetime(),
  }),
  entry('grant.revoked', { grant: z.string(), because: z.string() }),
  /** The intent, durable before the effect: `what` is the effect as accepted, where that differs from the proposal. */
  entry('performing', {
    calls,
    effect: digest,
    warrant: z.string(),
    what: effectOnRecord.optional(),
    /** What in it the person wrote: hunks of the card, and how their text differs from the agent's. */
    theirs: z.array(z.strictObject({ path: z.string(), hunk: z.string(), diff: z.string() })).optional(),
  }),
  entry('performed', {
    calls,
    effect: digest,
    outcome: z.enum(['done', 'stale', 'failed']),
    because: z.string().optional(),
    detail: z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])).optional(),
  }),
  /** A command that ran in the background is over; `performed` said that it was started. */
  entry('background.ended', {
    command: z.string(),
    detail: z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])),
  }),
  /** What an edit is about to take away is kept as `step`, durable before the edit; contents by keyed digests. */
  entry('checkpointed', {
    calls,
    step: z.string(),
    because: z.enum(['turn', 'undo', 'redo', 'restore']),
    files: z.array(z.strictObject({ path: z.string(), before: digest.nullable(), after: digest.nullable() })),
  }),
  entry('turn', { ended: z.enum(['done', 'stopped', 'failed', 'limit']), because: z.string().optional() }),
  entry('trust.changed', { trusted: z.boolean() }),
  entry('policy.changed', { policy: digest, settings: z.record(z.string(), json) }),
  entry('alert', { rule: z.string(), severity: z.enum(['low', 'medium', 'high']), because: z.string() }),
  entry('gap', { because: z.string() }),
  /** The Merkle root over all records before it, as a C2SP signed note; `key` is the Ed25519 key that signed it. */
  entry('sealed', { key: digest, note: z.string() }),
  /** What follows is sealed with another key; the old one seals this fact in the record after it. */
  entry('key.rotated', { from: digest, to: digest }),
  entry('session.closed', { windows: count, records: count }),
] as const;

function entry<Kind extends string, Shape extends z.ZodRawShape>(kind: Kind, shape: Shape) {
  return z.strictObject({ kind: z.literal(kind), data: z.strictObject(shape) });
}

/** What happened, before it has a place on the record. */
export const recordEntry = z.discriminatedUnion('kind', entries);
export type RecordEntry = z.infer<typeof recordEntry>;
export type RecordKind = RecordEntry['kind'];
export type EffectOnRecord = z.infer<typeof effectOnRecord>;

/**
 * What stands around an entry on its line. `mac` is over the canonical line without `hash` and `mac`, under the key of
 * the epoch; `hash` is over the line without `hash`; `prev` is the hash before.
 */
export const recordEnvelope = z.strictObject({
  v: z.literal(1),
  seq: count,
  time: z.iso.datetime(),
  session: z.string(),
  kind: z.string(),
  data: json,
  epoch: count,
  mac: z.string().regex(/^[A-Za-z0-9_-]{22}$/),
  prev: z.union([digest, z.literal('')]),
  hash: digest,
});
type RecordEnvelope = z.infer<typeof recordEnvelope>;

/** One entry of the audit log, as a line of the file holds it. */
export type AuditRecord = RecordEntry & Omit<RecordEnvelope, 'kind' | 'data'>;

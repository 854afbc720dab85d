import * as z from 'zod';

/** How servers that call themselves OpenAI-compatible differ on the wire. */
export const dialects = ['openai', 'ollama-like', 'vllm-like', 'azure-like', 'crlf'] as const;
export type Dialect = (typeof dialects)[number];

const call = z.strictObject({
  name: z.string(),
  /** A string goes out as it stands, JSON or not. */
  arguments: z.union([z.string(), z.record(z.string(), z.json())]),
  id: z.string().optional(),
});

const usage = z.strictObject({
  input: z.int().nonnegative(),
  output: z.int().nonnegative(),
  cached: z.int().nonnegative().optional(),
});

/** Where the stream goes wrong: after so many bytes of it, or after all of it when `after` is left out. */
const trouble = z.strictObject({
  after: z.int().nonnegative().optional(),
  /**
   * `end`: the response ends properly, too early · `drop`: the connection is closed under it · `reset`: TCP reset ·
   * `stall`: silence until the client leaves · `error`: an error frame · `garbage`: a frame that is not JSON; the
   * last two come where the frame before ended.
   */
  then: z.enum(['end', 'drop', 'reset', 'stall', 'error', 'garbage']),
  error: z.json().optional(),
});

const replyStep = z.strictObject({
  text: z.string().optional(),
  /** `text` this many times, for long replies. */
  repeat: z.int().positive().optional(),
  reasoning: z.string().optional(),
  calls: z.array(call).optional(),
  /** `false` leaves it out; an amount is made up when nothing is said. */
  usage: z.union([usage, z.literal(false)]).optional(),
  /** `false` leaves the finish reason out. */
  finish: z.union([z.string(), z.literal(false)]).optional(),
  /** Whether `[DONE]` ends the stream. */
  done: z.boolean().optional(),
  dialect: z.enum(dialects).optional(),
  trouble: trouble.optional(),
  /** Bytes a write; random small odd ones when nothing is said. */
  chunkBytes: z.int().positive().optional(),
  /** Milliseconds between writes. */
  paceMs: z.number().nonnegative().optional(),
});

/** Frames exactly as they stand, for what no dialect says: each becomes one `data:` line, or a comment when it begins with a colon. */
const framesStep = z.strictObject({
  frames: z.array(z.union([z.string(), z.record(z.string(), z.json())])),
  trouble: trouble.optional(),
});

const statusStep = z.strictObject({
  status: z.int().min(200).max(599),
  headers: z.record(z.string(), z.string()).optional(),
  body: z.union([z.string(), z.record(z.string(), z.json())]).optional(),
});

/** The request is read and never answered. */
const silentStep = z.strictObject({ silent: z.literal(true) });

const modelStep = z.union([statusStep, silentStep, framesStep, replyStep]);

export type ReplyStep = z.input<typeof replyStep>;
export type FramesStep = z.input<typeof framesStep>;
export type StatusStep = z.input<typeof statusStep>;
export type Trouble = z.input<typeof trouble>;
export type ModelStep = z.input<typeof modelStep>;

export const htmlPage: StatusStep = {
  status: 200,
  headers: { 'content-type': 'text/html; charset=utf-8' },
  body: '<!doctype html><html><body><h1>Sign in to the network</h1></body></html>',
};

/** A script file: one step a line; empty lines and lines that begin with `//` are passed over. Throws with the line. */
export function parseModelScript(text: string): ModelStep[] {
  const steps: ModelStep[] = [];
  for (const [at, line] of text.split('\n').entries()) {
    if (line.trim() === '' || line.trimStart().startsWith('//')) continue;
    steps.push(parseModelStep(line, at + 1));
  }
  return steps;
}

function parseModelStep(line: string, number: number): ModelStep {
  let raw: unknown;
  try {
    raw = JSON.parse(line);
  } catch (error) {
    throw new Error(`Line ${number} of the model script is not JSON: ${String(error)}`);
  }
  const parsed = schemaFor(raw).safeParse(raw);
  if (parsed.success) return parsed.data;
  throw new Error(`Line ${number} of the model script is not a step: ${z.prettifyError(parsed.error)}`);
}

// Picked by hand, so that an error speaks of the one kind that was meant.
function schemaFor(raw: unknown): z.ZodType<ModelStep> {
  if (typeof raw !== 'object' || raw === null) return modelStep;
  if ('status' in raw) return statusStep;
  if ('silent' in raw) return silentStep;
  return 'frames' in raw ? framesStep : replyStep;
}

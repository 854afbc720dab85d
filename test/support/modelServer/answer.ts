import type { ServerResponse } from 'node:http';
import { setImmediate as nextRound, setTimeout as after } from 'node:timers/promises';
import { eventBytes, replyBytes, writtenBytes } from './replyFrames.ts';
import type { Dialect, FramesStep, ModelStep, ReplyStep, StatusStep, Trouble } from './modelScript.ts';
import type { Random } from './seededRandom.ts';

export type AnswerOptions = { readonly dialect: Dialect; readonly id: number; readonly random: Random };

/** Plays one step of the script. Resolves when its last byte was handed over, or its trouble has been made. */
export async function answer(
  response: ServerResponse,
  step: ModelStep,
  options: AnswerOptions,
): Promise<void> {
  if ('silent' in step) return;
  if ('status' in step) return answerStatus(response, step);
  if ('frames' in step) return stream(response, writtenBytes(step), step, options);
  return stream(
    response,
    replyBytes(step, step.dialect ?? options.dialect, options.id, options.random),
    step,
    options,
  );
}

async function answerStatus(response: ServerResponse, step: StatusStep): Promise<void> {
  const body = typeof step.body === 'object' ? JSON.stringify(step.body) : (step.body ?? '');
  const type = typeof step.body === 'object' ? 'application/json' : 'text/plain';
  response.writeHead(step.status, { 'content-type': type, ...step.headers });
  await ended(response, body);
}

async function stream(
  response: ServerResponse,
  whole: Buffer,
  step: ReplyStep | FramesStep,
  { random }: AnswerOptions,
): Promise<void> {
  const { trouble } = step;
  const pace = 'paceMs' in step ? (step.paceMs ?? 0) : 0;
  const size = 'chunkBytes' in step ? step.chunkBytes : undefined;
  const bytes = whole.subarray(0, trouble === undefined ? whole.length : troubleAt(whole, trouble));
  response.writeHead(200, {
    'content-type': 'text/event-stream; charset=utf-8',
    'cache-control': 'no-store',
  });
  response.flushHeaders();
  for (let at = 0; at < bytes.length && !response.destroyed;) {
    const next = at + (size ?? oddSize(bytes.length, random));
    await written(response, bytes.subarray(at, next));
    at = next;
    // A client in this process gets to read each piece by itself.
    await (pace > 0 ? after(pace) : nextRound());
  }
  if (response.destroyed) return;
  if (trouble === undefined) return ended(response, '');
  await makeTrouble(response, trouble);
}

// A bad frame is a frame: it begins where another one ended.
function troubleAt(whole: Buffer, { after: at = whole.length, then }: Trouble): number {
  if (then !== 'error' && then !== 'garbage') return at;
  const end = whole.subarray(0, at).lastIndexOf('\n\n');
  return end === -1 ? 0 : end + 2;
}

async function makeTrouble(response: ServerResponse, trouble: Trouble): Promise<void> {
  switch (trouble.then) {
    case 'end':
      return ended(response, '');
    case 'drop':
      return void response.socket?.destroy();
    case 'reset':
      return void response.socket?.resetAndDestroy();
    case 'stall':
      return undefined;
    case 'error': {
      const error = trouble.error ?? { message: 'The server had an error', type: 'server_error' };
      return ended(response, eventBytes([JSON.stringify({ error })], '\n'));
    }
    case 'garbage':
      return ended(response, 'data: {"choices":[{"delta":\n\n');
  }
}

// Small and uneven, so that a piece ends inside a character, a field name or a line end as often as not.
function oddSize(length: number, random: Random): number {
  return length > 100_000 ? random(1, 1_048_576) : random(1, 97);
}

function written(response: ServerResponse, bytes: Uint8Array): Promise<void> {
  return settled(response, (done) => response.write(bytes, done));
}

function ended(response: ServerResponse, bytes: string | Uint8Array): Promise<void> {
  return settled(response, (done) => response.end(bytes, done));
}

/** Resolves when the write was handed over or can never be. */
function settled(response: ServerResponse, write: (done: () => void) => void): Promise<void> {
  return new Promise((resolve) => {
    const done = (): void => {
      response.off('close', done);
      resolve();
    };
    response.once('close', done);
    write(done);
  });
}

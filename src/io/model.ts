import OpenAI from 'openai';
import type { Model, ModelEvent, ModelFailure } from '../protocol/model.ts';
import type { Clock } from '../protocol/ports.ts';
import type { Window, WindowReceipt } from '../protocol/window.ts';
import { BodyTooLong, boundedBody, excerptOf } from './boundedBody.ts';
import { endpointProblem } from './endpointProblem.ts';
import { idleWatch, type IdleWatch } from './idleWatch.ts';
import {
  broken,
  connectionFailure,
  cut,
  stalled,
  STOPPED,
  errorCode,
  frameFailure,
  plainWords,
  serverWords,
  statusFailure,
  type Endpoint,
} from './modelFailure.ts';
import { modelKey } from './modelKey.ts';
import { streamReply, type StreamReply } from './streamReply.ts';

export type OpenaiModelOptions = {
  readonly baseUrl: string;
  readonly model: string;
  /** Asked for anew at each request; empty for endpoints that need none. */
  readonly key: () => Promise<string>;
  /** Milliseconds without a byte after which a request counts as stalled. */
  readonly idleMs: number;
  readonly clock: Clock;
  readonly fetch?: typeof fetch;
};

const LONGEST_REPLY = 16 * 1024 * 1024;
const BODY_LIMITS = { line: LONGEST_REPLY, total: 8 * LONGEST_REPLY };
const LONGEST_EXCERPT = 16 * 1024;
// The client's own time limit is put out of the way: the idle watch is the one that counts.
const NO_TIMEOUT = 2 ** 31 - 1;
const LINGER_MS = 250;

/**
 * Any endpoint that speaks OpenAI's chat completions. One request a window, never repeated here, never redirected;
 * `window.body` goes out byte for byte.
 */
export function openaiModel(options: OpenaiModelOptions): Model {
  return {
    name: options.model,
    endpoint: options.baseUrl,
    send: (window: Window, _receipt: WindowReceipt, signal: AbortSignal) => send(options, window, signal),
  };
}

/** One request on its way. Whoever ends it early says why first; the first reason counts. */
type Transfer = {
  readonly endpoint: Endpoint;
  readonly idle: IdleWatch;
  readonly signal: AbortSignal;
  stop(failure: ModelFailure): void;
  answered: boolean;
  endedInsideLine: boolean;
  failure: ModelFailure | undefined;
};

async function* send(
  options: OpenaiModelOptions,
  window: Window,
  signal: AbortSignal,
): AsyncGenerator<ModelEvent, void, undefined> {
  const problem = endpointProblem(options.baseUrl);
  if (problem !== undefined) return yield failed({ kind: 'refused', because: problem, again: false });
  if (signal.aborted) return yield failed(STOPPED);
  const key = await modelKey(options.key, signal);
  if (typeof key !== 'string') return yield failed(key);

  const transfer = transferFor(options, key, signal);
  const reply = streamReply(`call_${window.messages.length}`, LONGEST_REPLY);
  try {
    const client = clientFor(options, doorFor(options, window, transfer));
    const stream = await client.post<AsyncIterable<unknown>>('/chat/completions', {
      body: window.body,
      headers: { 'content-type': 'application/json' },
      stream: true,
      signal: transfer.signal,
      maxRetries: 0,
    });
    for await (const chunk of stream) {
      transfer.idle.hold();
      yield* reply.add(chunk);
      transfer.idle.release();
      const wrong = reply.problem();
      if (wrong === undefined) continue;
      transfer.stop(broken(transfer.endpoint, wrong));
      break;
    }
  } catch (error) {
    transfer.failure ??= failureOf(error, transfer);
  } finally {
    transfer.end(reply.finished());
  }
  yield* conclusion(transfer, reply);
}

/** An aborted stream ends in silence, and so does one that was cut: only the finish says that a reply is whole. */
function* conclusion(
  { failure, endpoint }: Transfer,
  reply: StreamReply,
): Generator<ModelEvent, void, undefined> {
  const lostAfterTheEnd = reply.finished() && (failure?.kind === 'cut' || failure?.kind === 'stalled');
  if (failure !== undefined && !lostAfterTheEnd) return yield failed(failure);
  if (!reply.begun())
    return yield failed(broken(endpoint, 'answered with something that is not a chat completions stream'));
  if (!reply.finished()) return yield failed(cut(endpoint));
  const { events, reply: whole } = reply.end();
  yield* events;
  yield { kind: 'ended', reply: whole };
}

function transferFor(
  options: OpenaiModelOptions,
  key: string,
  signal: AbortSignal,
): Transfer & { end(whole: boolean): void } {
  const controller = new AbortController();
  const endpoint = { host: new URL(options.baseUrl).host, key };
  const onAbort = (): void => transfer.stop(STOPPED);
  const idle = idleWatch(options.clock, options.idleMs, () =>
    transfer.stop(stalled(endpoint, options.idleMs, transfer.answered)),
  );
  const transfer = {
    endpoint,
    idle,
    signal: controller.signal,
    answered: false,
    endedInsideLine: false,
    failure: undefined as ModelFailure | undefined,
    stop(failure: ModelFailure) {
      transfer.failure ??= failure;
      controller.abort();
    },
    end(whole: boolean) {
      idle.end();
      signal.removeEventListener('abort', onAbort);
      // After a whole reply the connection is left to serve the next request.
      if (!whole || transfer.failure !== undefined) controller.abort();
    },
  };
  signal.addEventListener('abort', onAbort, { once: true });
  return transfer;
}

/**
 * Every option stands here, because the client fills the missing ones from the environment. It never holds the key:
 * that is added at the door.
 */
function clientFor({ baseUrl }: OpenaiModelOptions, door: typeof fetch): OpenAI {
  return new OpenAI({
    baseURL: baseUrl,
    apiKey: 'none',
    adminAPIKey: null,
    organization: null,
    project: null,
    webhookSecret: null,
    maxRetries: 0,
    timeout: NO_TIMEOUT,
    logLevel: 'off',
    defaultHeaders: {},
    defaultQuery: {},
    fetch: door,
  });
}

/**
 * The one place a byte leaves for a model. Address, headers and body are written here and not taken from the client,
 * whose headers an environment variable could change.
 */
function doorFor(options: OpenaiModelOptions, window: Window, transfer: Transfer): typeof fetch {
  const address = `${options.baseUrl.replace(/\/$/, '')}/chat/completions`;
  const { key } = transfer.endpoint;
  return async (url, init) => {
    if (url !== new URL(address).href || init?.body !== window.body)
      throw new Error('The client made another request than the window; nothing was sent.');
    const response = await (options.fetch ?? fetch)(address, {
      method: 'POST',
      headers: {
        accept: 'text/event-stream',
        'accept-encoding': 'identity',
        'content-type': 'application/json',
        'user-agent': 'warrant',
        ...(key === '' ? {} : { authorization: `Bearer ${key}` }),
      },
      body: window.body,
      redirect: 'manual',
      signal: init.signal ?? transfer.signal,
    });
    transfer.answered = true;
    transfer.idle.touch();
    const failure = await answerFailure(response, options, transfer);
    if (failure !== undefined) {
      // A status says more than the silence behind it.
      if (transfer.failure?.kind === 'stalled') transfer.failure = failure;
      transfer.stop(failure);
      throw new Error(failure.because);
    }
    if (response.body === null) return response;
    const watched = {
      onBytes: transfer.idle.touch,
      onEnd: (insideLine: boolean) => void (transfer.endedInsideLine = insideLine),
    };
    const body = boundedBody(response.body, BODY_LIMITS, watched, (rest) =>
      linger(rest, options.clock, transfer.signal),
    );
    return new Response(body, { headers: response.headers });
  };
}

/** What is wrong with an answer as a whole; undefined when it looks like a stream. */
async function answerFailure(
  response: Response,
  { clock }: OpenaiModelOptions,
  { endpoint, signal }: Transfer,
): Promise<ModelFailure | undefined> {
  const { status, headers } = response;
  if (!response.ok) {
    const body = await excerptOf(response, LONGEST_EXCERPT, signal);
    // A browser-like fetch hides a redirect behind status 0.
    return statusFailure(status === 0 ? 302 : status, headers, body, endpoint, clock.now());
  }
  const type = headers.get('content-type') ?? '';
  if (!/\b(html|json)\b/i.test(type)) return undefined;
  const { text } = serverWords(await excerptOf(response, LONGEST_EXCERPT, signal));
  const words = plainWords(text, endpoint.key);
  const said = words === '' ? '' : `: “${words}”`;
  return {
    ...broken(endpoint, `answered with ${plainWords(type, '')} and not with a stream${said}`),
    status,
  };
}

function failureOf(error: unknown, transfer: Transfer): ModelFailure {
  const { endpoint } = transfer;
  if (error instanceof BodyTooLong) return broken(endpoint, 'wrote an answer that is too long to be kept');
  if (!transfer.answered) return connectionFailure(error, endpoint);
  if (error instanceof SyntaxError && transfer.endedInsideLine) return cut(endpoint);
  if (error instanceof SyntaxError) return broken(endpoint, 'wrote a piece that is not JSON');
  if (error instanceof OpenAI.APIError) return frameFailure(error.error, endpoint);
  return cut(endpoint, errorCode(error));
}

/** The end of a body mostly comes right behind its last event; then the connection can be used again. */
async function linger(
  rest: ReadableStreamDefaultReader<Uint8Array>,
  clock: Clock,
  signal: AbortSignal,
): Promise<void> {
  if (signal.aborted) return;
  const enough = new AbortController();
  const drained = (async () => {
    while (!(await rest.read()).done);
  })();
  await Promise.race([drained, clock.sleep(LINGER_MS, enough.signal)]).finally(() => enough.abort());
}

function failed(failure: ModelFailure): ModelEvent {
  return { kind: 'failed', failure };
}

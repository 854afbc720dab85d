import { createServer } from 'node:net';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { openaiModel, type OpenaiModelOptions } from '../../../src/io/model.ts';
import { digestOf } from '../../../src/protocol/digest.ts';
import type { ModelEvent, ModelFailure } from '../../../src/protocol/model.ts';
import type { Window, WindowReceipt } from '../../../src/protocol/window.ts';
import { manualClock, type ManualClock } from '../../support/manualClock.ts';
import { startModelServer, type ModelServer, type Replies } from '../../support/modelServer.ts';
import {
  dialects,
  htmlPage,
  type FramesStep,
  type ModelStep,
} from '../../support/modelServer/modelScript.ts';

const KEY = ['key', 'for', 'tests', '0123456789abcdef'].join('-');
const MASKED_KEY = ['sk', 'proj', '****6789'].join('-');
const IDLE_MS = 30_000;
// Many frames: byte 2000 is well inside.
const LONG = { text: 'A rather long answer. ', repeat: 20 };
const NEVER = new AbortController().signal;
const RECEIPT = { window: 1 } as WindowReceipt;

const open: ModelServer[] = [];
afterEach(async () => {
  await Promise.all(open.splice(0).map((server) => server.close()));
});

async function serve(
  replies: Replies,
  more: { dialect?: (typeof dialects)[number] } = {},
): Promise<ModelServer> {
  const server = await startModelServer({ replies, ...more });
  open.push(server);
  return server;
}

function windowOf(body = '{"model":"m","messages":[],"stream":true}'): Window {
  return {
    reason: 'turn',
    model: 'm',
    endpoint: 'e',
    parameters: { model: 'm' },
    tools: [],
    messages: [],
    body: Buffer.from(body),
    bodyDigest: digestOf(body),
  };
}

function modelAt(baseUrl: string, more: Partial<OpenaiModelOptions> = {}): ReturnType<typeof openaiModel> {
  return openaiModel({
    baseUrl,
    model: 'm',
    key: () => Promise.resolve(KEY),
    idleMs: IDLE_MS,
    clock: manualClock(),
    ...more,
  });
}

async function collect(events: AsyncIterable<ModelEvent>): Promise<ModelEvent[]> {
  const all: ModelEvent[] = [];
  for await (const event of events) all.push(event);
  return all;
}

function send(
  baseUrl: string,
  more: Partial<OpenaiModelOptions> = {},
  window = windowOf(),
): Promise<ModelEvent[]> {
  return collect(modelAt(baseUrl, more).send(window, RECEIPT, NEVER));
}

function failureIn(events: readonly ModelEvent[]): ModelFailure {
  const last = events.at(-1);
  if (last?.kind !== 'failed') throw new Error(`It did not fail: ${JSON.stringify(last)}`);
  return last.failure;
}

async function replyOf(step: ModelStep): Promise<Extract<ModelEvent, { kind: 'ended' }>['reply']> {
  const { url } = await serve([step]);
  const last = (await send(url)).at(-1);
  if (last?.kind !== 'ended') throw new Error(`It did not end: ${JSON.stringify(last)}`);
  return last.reply;
}

describe('what leaves', () => {
  it('is the window’s body, byte for byte', async () => {
    const server = await serve([{ text: 'ok' }]);
    const body =
      '{"messages":[{"content":"Grüße 😀 \\u0000 \u2028 \\n","role":"user"}],"model":"m", "x" : 1.0}';
    await send(server.url, {}, windowOf(body));
    const { raw } = await server.request(0);
    const bytes = raw.subarray(raw.indexOf('\r\n\r\n') + 4);
    expect(bytes.equals(Buffer.from(body, 'utf8'))).toBe(true);
    expect(digestOf(bytes)).toBe(windowOf(body).bodyDigest);
  });

  it('carries these headers and no others', async () => {
    const server = await serve([{ text: 'ok' }]);
    await send(server.url);
    const { raw, headers } = await server.request(0);
    expect(raw.toString().split('\r\n')[0]).toBe('POST /v1/chat/completions HTTP/1.1');
    expect(headers).toEqual({
      host: new URL(server.url).host,
      connection: 'keep-alive',
      accept: 'text/event-stream',
      'accept-encoding': 'identity',
      'accept-language': '*',
      'content-type': 'application/json',
      'content-length': String(windowOf().body.length),
      'sec-fetch-mode': 'cors',
      'user-agent': 'warrant',
      authorization: `Bearer ${KEY}`,
    });
  });

  it('carries no authorization when there is no key', async () => {
    const server = await serve([{ text: 'ok' }]);
    await send(server.url, { key: () => Promise.resolve('') });
    expect((await server.request(0)).headers).not.toHaveProperty('authorization');
  });

  it('is the same whatever the environment says', async () => {
    const trap = await serve(() => ({ text: 'trapped' }));
    const server = await serve(() => ({ text: 'ok' }));
    const requestHead = (at: number): string => server.requests[at]?.raw.toString() ?? '';
    await send(server.url);
    const hostile = {
      OPENAI_BASE_URL: trap.url,
      OPENAI_API_KEY: 'from-the-environment',
      OPENAI_ADMIN_KEY: 'admin-from-the-environment',
      OPENAI_ORG_ID: 'org-hostile',
      OPENAI_PROJECT_ID: 'project-hostile',
      OPENAI_CUSTOM_HEADERS: 'x-hostile: 1\nauthorization: Bearer hostile\ncontent-type: text/plain',
      OPENAI_LOG: 'debug',
      OPENAI_WEBHOOK_SECRET: 'hostile',
      HTTP_PROXY: trap.url,
      HTTPS_PROXY: trap.url,
    };
    const printed = vi.spyOn(console, 'debug');
    for (const [name, value] of Object.entries(hostile)) vi.stubEnv(name, value);
    try {
      const before = { ...process.env };
      const events = await send(server.url);
      expect(events.at(-1)).toMatchObject({ kind: 'ended', reply: { text: 'ok' } });
      expect({ ...process.env }).toEqual(before);
    } finally {
      vi.unstubAllEnvs();
    }
    expect(requestHead(1)).toBe(requestHead(0));
    expect(trap.requests).toEqual([]);
    expect(printed).not.toHaveBeenCalled();
  });

  it('never follows a redirect', async () => {
    const other = await serve(() => ({ text: 'trapped' }));
    const server = await serve([{ status: 307, headers: { location: `${other.url}/chat/completions` } }]);
    const failure = failureIn(await send(server.url));
    expect(failure).toMatchObject({ kind: 'refused', again: false, status: 307 });
    expect(failure.because).toContain('points to another address, which is never followed');
    expect(other.requests).toEqual([]);
  });

  it('goes nowhere when the base URL is not fit for a key', async () => {
    const fetch = vi.fn<typeof globalThis.fetch>();
    const key = vi.fn(() => Promise.resolve(KEY));
    const failure = failureIn(await send('http://models.example/v1', { fetch, key }));
    expect(failure).toMatchObject({ kind: 'refused', again: false });
    expect(failure.because).toContain('http on another machine');
    expect(fetch).not.toHaveBeenCalled();
    expect(key).not.toHaveBeenCalled();
  });

  it('goes nowhere before somebody listens, and once a window', async () => {
    const server = await serve(() => ({ status: 503 }));
    const events = modelAt(server.url).send(windowOf(), RECEIPT, NEVER);
    expect(server.requests).toHaveLength(0);
    await collect(events);
    expect(server.requests).toHaveLength(1);
  });

  it('uses one connection for one request after the other', async () => {
    const server = await serve(() => ({ text: 'ok', calls: [{ name: 'a', arguments: {} }] }));
    const model = modelAt(server.url);
    for (let at = 0; at < 5; at += 1) {
      await collect(model.send(windowOf(), RECEIPT, NEVER));
      await (
        await server.request(at)
      ).answered;
    }
    expect(new Set(server.requests.map(({ connection }) => connection)).size).toBeLessThan(5);
  });

  it.each([
    ['cannot be read', () => Promise.reject(new Error(`keyring locked, ${KEY}`)), 'could not be read'],
    ['holds a line end', () => Promise.resolve(`${KEY}\r\nx-evil: 1`), 'holds characters no key can hold'],
  ])('is nothing when the key %s', async (_, key, because) => {
    const server = await serve(() => ({ text: 'ok' }));
    const failure = failureIn(await send(server.url, { key }));
    expect(failure).toMatchObject({ kind: 'refused', again: false });
    expect(failure.because).toContain(because);
    expect(failure.because).not.toContain(KEY);
    expect(server.requests).toEqual([]);
  });
});

describe('a reply', () => {
  it.each(dialects)('is understood in the %s dialect', async (dialect) => {
    const { url } = await serve(
      [
        {
          text: 'Grüße 😀, erst lese ich.',
          reasoning: 'thinking is not said',
          calls: [
            { name: 'read_file', arguments: { path: 'src/ä.ts', first_line: 1 } },
            { name: 'list_files', arguments: {} },
          ],
          usage: { input: 120, output: 7, cached: 100 },
        },
      ],
      { dialect },
    );
    const events = await send(url);
    expect(events.flatMap((event) => (event.kind === 'call' ? [event.name] : []))).toEqual([
      'read_file',
      'list_files',
    ]);
    expect(events.flatMap((event) => (event.kind === 'text' ? [event.text] : [])).join('')).toBe(
      'Grüße 😀, erst lese ich.',
    );
    const last = events.at(-1);
    if (last?.kind !== 'ended') throw new Error('It did not end.');
    expect(last.reply.text).toBe('Grüße 😀, erst lese ich.');
    expect(last.reply.calls.map(({ name, arguments: args }) => [name, args])).toEqual([
      ['read_file', '{"path":"src/ä.ts","first_line":1}'],
      ['list_files', '{}'],
    ]);
    expect(new Set(last.reply.calls.map(({ id }) => id)).size).toBe(2);
    expect(last.reply.usage).toEqual({ input: 120, output: 7, cached: 100 });
    expect(last.reply.finish).toBe(dialect === 'vllm-like' ? 'stop' : 'tool_calls');
  });

  it('needs no [DONE] and no usage', async () => {
    const reply = await replyOf({ text: 'ok', done: false, usage: false });
    expect(reply).toEqual({ text: 'ok', calls: [], finish: 'stop' });
  });

  it('is whole once it is finished, even when the connection is lost afterwards', async () => {
    const { url } = await serve([
      {
        frames: [{ choices: [{ delta: { content: 'ok' }, finish_reason: 'stop' }] }],
        trouble: { then: 'drop' },
      },
    ]);
    expect((await send(url)).at(-1)).toEqual({
      kind: 'ended',
      reply: { text: 'ok', calls: [], finish: 'stop' },
    });
  });

  it('may stand among comments and odd frames', async () => {
    const reply = await replyOf({
      frames: [
        ': keep-alive',
        { type: 'ping' },
        { choices: [{ index: 1, delta: { content: 'the other choice' } }] },
        ': keep-alive',
        {
          choices: [
            { index: 0, delta: { content: 'ok', function_call: { name: 'legacy', arguments: '{}' } } },
          ],
        },
        { choices: [{ index: 0, delta: {}, finish_reason: 'stop' }] },
        '[DONE]',
        'what comes after the end',
      ],
    });
    expect(reply).toEqual({ text: 'ok', calls: [], finish: 'stop' });
  });
});

type Hostile = {
  readonly name: string;
  /** Huge ones are made when they are needed. */
  readonly step: ModelStep | (() => ModelStep);
  readonly expected: Partial<ModelFailure>;
  /** The client has to close the connection. */
  readonly leaves?: true;
  readonly because: string;
};

type Frame = FramesStep['frames'][number];
const MEGABYTE = 'x'.repeat(1024 * 1024);

const hostile: readonly Hostile[] = [
  {
    name: 'is cut before the finish',
    step: { ...LONG, trouble: { after: 2000, then: 'end' } },
    expected: { kind: 'cut', again: true },
    because: 'ended its answer in the middle',
  },
  {
    name: 'is cut inside a frame',
    step: { ...LONG, trouble: { after: 2001, then: 'end' } },
    expected: { kind: 'cut', again: true },
    because: 'ended its answer in the middle',
  },
  {
    name: 'says [DONE] without a finish',
    step: { text: 'all of it', finish: false },
    expected: { kind: 'cut', again: true },
    because: 'ended its answer in the middle',
  },
  {
    name: 'loses its connection',
    step: { ...LONG, trouble: { after: 2000, then: 'drop' } },
    expected: { kind: 'cut', again: true },
    because: 'ended its answer in the middle',
  },
  {
    name: 'is reset',
    step: { ...LONG, trouble: { after: 2000, then: 'reset' } },
    expected: { kind: 'cut', again: true },
    because: 'ended its answer in the middle',
  },
  {
    name: 'falls silent',
    step: { ...LONG, trouble: { after: 2000, then: 'stall' } },
    expected: { kind: 'stalled', again: true },
    leaves: true,
    because: 'fell silent in the middle of its answer for 30 s (warrant.model.idleSeconds)',
  },
  {
    name: 'never begins',
    step: { silent: true },
    expected: { kind: 'stalled', again: true },
    leaves: true,
    because: 'did not answer for 30 s (warrant.model.idleSeconds)',
  },
  {
    name: 'turns into an error of the server',
    step: { ...LONG, trouble: { after: 2000, then: 'error' } },
    expected: { kind: 'busy', again: true },
    because: 'broke off its answer: “The server had an error”',
  },
  {
    name: 'turns into an error of the request',
    step: {
      trouble: { after: 0, then: 'error', error: { message: 'No such tool', code: 'invalid_request' } },
    },
    expected: { kind: 'broken', again: false },
    because: 'broke off its answer: “No such tool”',
  },
  {
    name: 'is not JSON',
    step: { ...LONG, trouble: { after: 2000, then: 'garbage' } },
    expected: { kind: 'broken', again: false },
    because: 'wrote a piece that is not JSON',
  },
  {
    name: 'is a web page',
    step: htmlPage,
    expected: { kind: 'broken', again: false, status: 200 },
    because: 'answered with text/html; charset=utf-8 and not with a stream; nothing was done',
  },
  {
    name: 'is an error with status 200',
    step: { status: 200, body: { error: { message: 'model is loading' } } },
    expected: { kind: 'broken', again: false, status: 200 },
    because: 'answered with application/json and not with a stream: “model is loading”',
  },
  {
    name: 'is empty',
    step: { status: 200, headers: { 'content-type': 'text/event-stream' }, body: '' },
    expected: { kind: 'broken', again: false },
    because: 'answered with something that is not a chat completions stream',
  },
  {
    name: 'is another protocol',
    step: { frames: [{ type: 'response.created' }, '[DONE]'] },
    expected: { kind: 'broken', again: false },
    because: 'answered with something that is not a chat completions stream',
  },
  {
    name: 'calls a tool without a name',
    step: { calls: [{ name: '', arguments: {} }] },
    expected: { kind: 'broken', again: false },
    because: 'called a tool without naming it',
  },
  {
    name: 'is longer than 16 MB',
    step: () => ({ frames: Array<Frame>(17).fill({ choices: [{ delta: { content: MEGABYTE } }] }) }),
    expected: { kind: 'broken', again: false },
    leaves: true,
    because: 'wrote a reply that is too long to be kept',
  },
  {
    name: 'has a line longer than 16 MB',
    step: () => ({ frames: [MEGABYTE.repeat(17)] }),
    expected: { kind: 'broken', again: false },
    leaves: true,
    because: 'wrote an answer that is too long to be kept',
  },
];

describe('an answer that', () => {
  it.each(hostile)(
    '$name, fails in one sentence',
    async ({ step, expected, because, leaves }) => {
      const played = typeof step === 'function' ? step() : step;
      const server = await serve([played]);
      const clock = manualClock();
      const begun = Promise.withResolvers<undefined>();
      const events = (async () => {
        const all: ModelEvent[] = [];
        for await (const event of modelAt(server.url, { clock }).send(windowOf(), RECEIPT, NEVER)) {
          all.push(event);
          begun.resolve(undefined);
        }
        return all;
      })();
      const request = await server.request(0);
      if (expected.kind === 'stalled') {
        await ('silent' in played ? request.answered : begun.promise);
        await passTime(clock, IDLE_MS, events);
      }
      const all = await events;
      if (leaves) await request.closed;
      const failure = failureIn(all);
      expect(failure).toMatchObject(expected);
      expect(failure.because).toContain(because);
      expect(failure.because).toContain('nothing was done');
      expect(all.filter((event) => event.kind === 'failed' || event.kind === 'ended')).toHaveLength(1);
    },
    30_000,
  );
});

/** What was sent may still be on its way when time passes; then it has to pass again. */
async function passTime(clock: ManualClock, ms: number, until: Promise<unknown>): Promise<void> {
  const settled = { yet: false };
  void until.finally(() => (settled.yet = true));
  while (!settled.yet) await clock.advance(ms);
}

describe('a status', () => {
  const cases: readonly [ModelStep & { status: number }, Partial<ModelFailure>, string][] = [
    [
      { status: 400, body: { error: { message: 'bad field' } } },
      { kind: 'refused' },
      'did not accept the request',
    ],
    [
      { status: 401, body: { error: { message: `wrong key ${KEY}, ${MASKED_KEY}` } } },
      { kind: 'refused' },
      'refused the API key',
    ],
    [{ status: 403 }, { kind: 'refused' }, 'run “Warrant: Set API Key”'],
    [{ status: 404, body: { error: 'model not found' } }, { kind: 'refused' }, 'warrant.model.name'],
    [{ status: 413 }, { kind: 'refused' }, 'found the conversation too large'],
    [
      { status: 429, body: { error: { message: 'pay first', code: 'insufficient_quota' } } },
      { kind: 'refused' },
      'no quota left',
    ],
    [{ status: 408 }, { kind: 'busy', again: true }, 'could not answer now'],
    [{ status: 409 }, { kind: 'busy', again: true }, 'could not answer now'],
    [{ status: 429 }, { kind: 'busy', again: true }, 'could not answer now'],
    [
      { status: 500, body: '<html>oops</html>' },
      { kind: 'busy', again: true },
      '(status 500); nothing was done',
    ],
    [{ status: 529 }, { kind: 'busy', again: true }, 'could not answer now'],
    [
      { status: 429, headers: { 'retry-after': '3600' } },
      { kind: 'busy', again: true, afterMs: 3_600_000 },
      'could not answer now',
    ],
    [
      { status: 429, headers: { 'retry-after': '0.5' } },
      { kind: 'busy', again: true, afterMs: 500 },
      'could not answer now',
    ],
    [
      { status: 429, headers: { 'retry-after-ms': '1250' } },
      { kind: 'busy', again: true, afterMs: 1_250 },
      'could not answer now',
    ],
    [
      { status: 503, headers: { 'retry-after': 'Fri, 15 Jan 2027 09:00:00 GMT' } },
      { kind: 'busy', again: true, afterMs: 3_600_000 },
      'could not answer now',
    ],
    [{ status: 503, headers: { 'retry-after': 'soon' } }, { again: true }, 'could not answer now'],
  ];
  it.each(cases)('%j is said in words', async (step, expected, because) => {
    const { url } = await serve([step]);
    // 15 January 2027, 8:00 UTC.
    const failure = failureIn(await send(url, { clock: manualClock(1_800_000_000_000) }));
    expect(failure).toMatchObject({ again: false, status: step.status, ...expected });
    expect('afterMs' in failure).toBe('afterMs' in expected);
    expect(failure.because).toContain(because);
    expect(failure.because).not.toContain(KEY);
    expect(failure.because).not.toContain(MASKED_KEY);
  });

  it('401 without a key says that none is set', async () => {
    const { url } = await serve([{ status: 401 }]);
    const { because } = failureIn(await send(url, { key: () => Promise.resolve('') }));
    expect(because).toContain('asks for an API key and none is set');
    expect(because).toContain('warrant.model.keyVariable');
  });

  it('with a huge body of control characters becomes one short line', async () => {
    const { url } = await serve([{ status: 400, body: '\u001b[31m\n\u202e' + 'no'.repeat(1_000_000) }]);
    const { because } = failureIn(await send(url));
    expect(because.length).toBeLessThan(600);
    expect(because).not.toMatch(/[\p{Cc}\p{Cf}]/u);
  });

  it('whose body never ends is known by its number', async () => {
    const server = await serve([{ text: 'x' }]);
    const clock = manualClock();
    const endless: typeof fetch = () =>
      Promise.resolve(
        new Response(new ReadableStream({ start: (c) => c.enqueue(Buffer.from('busy')) }), { status: 503 }),
      );
    const events = send(server.url, { clock, fetch: endless });
    await passTime(clock, IDLE_MS, events);
    expect(failureIn(await events)).toMatchObject({ kind: 'busy', again: true, status: 503 });
  });
});

describe('a connection', () => {
  it('that is refused says so', async () => {
    const taken = createServer();
    await new Promise<void>((resolve) => taken.listen(0, '127.0.0.1', resolve));
    const { port } = taken.address() as { port: number };
    await new Promise((resolve) => taken.close(resolve));
    const failure = failureIn(await send(`http://127.0.0.1:${port}/v1`));
    expect(failure).toMatchObject({ kind: 'unreachable', again: true });
    expect(failure.because).toContain('takes no connection (ECONNREFUSED)');
  });

  it('that is closed before an answer says so', async () => {
    const rude = createServer((socket) => socket.once('data', () => socket.destroy()));
    await new Promise<void>((resolve) => rude.listen(0, '127.0.0.1', resolve));
    const { port } = rude.address() as { port: number };
    const failure = failureIn(await send(`http://127.0.0.1:${port}/v1`));
    await new Promise((resolve) => rude.close(resolve));
    expect(failure).toMatchObject({ kind: 'unreachable', again: true });
    expect(failure.because).toContain('closed the connection before answering');
  });

  const causes: readonly [string, boolean, string][] = [
    ['ENOTFOUND', true, 'is not a name the network knows'],
    ['EAI_AGAIN', true, 'could not be looked up'],
    ['UND_ERR_CONNECT_TIMEOUT', true, 'did not take the connection in time'],
    ['DEPTH_ZERO_SELF_SIGNED_CERT', false, 'its certificate was not accepted'],
    ['ERR_TLS_CERT_ALTNAME_INVALID', false, 'its certificate was not accepted'],
    ['UNABLE_TO_VERIFY_LEAF_SIGNATURE', false, 'its certificate was not accepted'],
  ];
  it.each(causes)('that ends with %s says so in words', async (code, again, because) => {
    const fetch = (): Promise<Response> =>
      Promise.reject(new TypeError('fetch failed', { cause: Object.assign(new Error(KEY), { code }) }));
    const failure = failureIn(await send('https://models.example/v1', { fetch }));
    expect(failure).toMatchObject({ kind: 'unreachable', again });
    expect(failure.because).toContain(because);
    expect(failure.because).not.toContain(KEY);
  });
});

describe('stopping', () => {
  it('before it began sends nothing', async () => {
    const server = await serve([{ text: 'ok' }]);
    const events = await collect(modelAt(server.url).send(windowOf(), RECEIPT, AbortSignal.abort()));
    expect(failureIn(events)).toMatchObject({ kind: 'stopped', again: false });
    expect(server.requests).toEqual([]);
  });

  it('while the key is being read sends nothing', async () => {
    const server = await serve([{ text: 'ok' }]);
    const stop = new AbortController();
    const asked = Promise.withResolvers<undefined>();
    const key = (): Promise<string> => {
      asked.resolve(undefined);
      return new Promise(() => undefined);
    };
    const events = collect(modelAt(server.url, { key }).send(windowOf(), RECEIPT, stop.signal));
    await asked.promise;
    stop.abort();
    expect(failureIn(await events).kind).toBe('stopped');
    expect(server.requests).toEqual([]);
  });

  it('while waiting for headers closes the connection', async () => {
    const server = await serve([{ silent: true }]);
    const stop = new AbortController();
    const events = collect(modelAt(server.url).send(windowOf(), RECEIPT, stop.signal));
    const request = await server.request(0);
    stop.abort();
    expect(failureIn(await events)).toMatchObject({ kind: 'stopped', again: false });
    await request.closed;
  });

  it('in the middle of a reply closes the connection and is not the end of the reply', async () => {
    const server = await serve([{ ...LONG, trouble: { after: 2000, then: 'stall' } }]);
    const stop = new AbortController();
    const events: ModelEvent[] = [];
    for await (const event of modelAt(server.url).send(windowOf(), RECEIPT, stop.signal)) {
      events.push(event);
      stop.abort();
    }
    expect(failureIn(events).kind).toBe('stopped');
    await (
      await server.request(0)
    ).closed;
  });

  it('to listen closes the connection', async () => {
    const server = await serve([{ ...LONG, trouble: { after: 2000, then: 'stall' } }]);
    for await (const event of modelAt(server.url).send(windowOf(), RECEIPT, NEVER)) {
      expect(event.kind).toBe('text');
      break;
    }
    await (
      await server.request(0)
    ).closed;
  });
});

describe('the idle watch', () => {
  it('counts bytes that say nothing, such as keep-alives', async () => {
    const { promise: begun, resolve: begin } =
      Promise.withResolvers<ReadableStreamDefaultController<Uint8Array>>();
    const fetch = (): Promise<Response> =>
      Promise.resolve(
        new Response(new ReadableStream<Uint8Array>({ start: begin }), {
          headers: { 'content-type': 'text/event-stream' },
        }),
      );
    const clock = manualClock();
    const events = send('https://models.example/v1', { fetch, clock });
    const body = await begun;
    for (let at = 0; at < 3; at += 1) {
      await clock.advance(IDLE_MS - 1);
      body.enqueue(Buffer.from(': still here\n\n'));
      await clock.advance(0);
    }
    body.enqueue(
      Buffer.from(
        'data: {"choices":[{"delta":{"content":"ok"},"finish_reason":"stop"}]}\n\ndata: [DONE]\n\n',
      ),
    );
    expect((await events).at(-1)).toMatchObject({ kind: 'ended' });
  });

  it('does not blame the server for a slow listener', async () => {
    const { url } = await serve([{ text: 'a rather long text to be read slowly' }]);
    const clock = manualClock();
    const events: ModelEvent[] = [];
    for await (const event of modelAt(url, { clock }).send(
      windowOf(),
      RECEIPT,
      new AbortController().signal,
    )) {
      events.push(event);
      await clock.advance(10 * IDLE_MS);
    }
    expect(events.at(-1)?.kind).toBe('ended');
  });

  it('leaves no timer behind', async () => {
    const clock = manualClock();
    const whole = 'data: {"choices":[{"delta":{"content":"ok"},"finish_reason":"stop"}]}\n\ndata: [DONE]\n\n';
    const headers = { 'content-type': 'text/event-stream' };
    const events = await send('https://models.example/v1', {
      clock,
      fetch: () => Promise.resolve(new Response(whole, { headers })),
    });
    expect(events.at(-1)?.kind).toBe('ended');
    await clock.advance(0);
    expect(clock.pending()).toBe(0);
  });
});

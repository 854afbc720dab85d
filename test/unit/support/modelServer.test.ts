import { connect } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { startModelServer, type ModelServer, type Replies } from '../../support/modelServer.ts';
import { dialects, htmlPage, parseModelScript, type Dialect } from '../../support/modelServer/modelScript.ts';

const open: ModelServer[] = [];
afterEach(async () => {
  await Promise.all(open.splice(0).map((server) => server.close()));
});

async function serve(replies: Replies, dialect: Dialect = 'openai', seed = 1): Promise<ModelServer> {
  const server = await startModelServer({ replies, dialect, seed });
  open.push(server);
  return server;
}

function post(server: ModelServer, body = '{}'): Promise<Response> {
  return fetch(`${server.url}/chat/completions`, { method: 'POST', body });
}

/** The pieces of the answer as the server wrote them: the chunks of the transfer coding. */
async function chunks(server: ModelServer): Promise<Buffer[]> {
  const socket = connect(Number(new URL(server.url).port), '127.0.0.1');
  socket.write(
    'POST /v1/chat/completions HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Length: 2\r\n\r\n{}',
  );
  const parts: Buffer[] = [];
  for await (const part of socket) parts.push(part as Buffer);
  let rest = Buffer.concat(parts);
  rest = rest.subarray(rest.indexOf('\r\n\r\n') + 4);
  const pieces: Buffer[] = [];
  for (;;) {
    const line = rest.indexOf('\r\n');
    const size = Number.parseInt(rest.subarray(0, line).toString(), 16);
    if (!(size > 0)) return pieces;
    pieces.push(rest.subarray(line + 2, line + 2 + size));
    rest = rest.subarray(line + 2 + size + 2);
  }
}

describe('a request', () => {
  it('is kept as its bytes stood on the wire, chunked or not, one after the other on one connection', async () => {
    const server = await serve(() => ({ status: 200, body: 'ok' }));
    const first =
      'POST /v1/chat/completions HTTP/1.1\r\nHost: x\r\nX-Odd:  two  spaces\r\nContent-Length: 7\r\n\r\n{"ü":1';
    const second =
      'POST /v1/chat/completions HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n3\r\n{"a\r\n4\r\n":1}\r\n0\r\n\r\n';
    const socket = connect(Number(new URL(server.url).port), '127.0.0.1');
    // Split in the middle of a header and of a character.
    const bytes = Buffer.from(first);
    socket.write(bytes.subarray(0, 30));
    socket.write(bytes.subarray(30, bytes.length - 4));
    socket.write(bytes.subarray(bytes.length - 4, bytes.length));
    await (
      await server.request(0)
    ).answered;
    socket.write(second);
    await (
      await server.request(1)
    ).answered;
    socket.destroy();
    const [one, two] = server.requests;
    expect(one?.raw.toString()).toBe(first);
    expect(one?.body.toString()).toBe('{"ü":1');
    expect(two?.raw.toString()).toBe(second);
    expect(two?.body.toString()).toBe('{"a":1}');
    expect(two?.connection).toBe(one?.connection);
    expect(two?.headersAt).toBeGreaterThanOrEqual(one?.answeredAt ?? Infinity);
  });

  it('can be waited for before it comes', async () => {
    const server = await serve(() => ({ status: 200 }));
    const second = server.request(1);
    await post(server, '1');
    await post(server, '2');
    expect((await second).body.toString()).toBe('2');
  });
});

describe('a reply', () => {
  it('comes in odd pieces that break characters and fields, the same ones for the same seed', async () => {
    const step = { text: 'äöü 😀 '.repeat(40) };
    const [one, same, other] = await Promise.all(
      [1, 1, 2].map(async (seed) => chunks(await serve([step], 'openai', seed))),
    );
    const split = (parts: Buffer[] | undefined): number[] => parts?.map(({ length }) => length) ?? [];
    expect(split(one)).toEqual(split(same));
    expect(split(one)).not.toEqual(split(other));
    expect(one?.some((part) => part.toString().includes('\ufffd'))).toBe(true);
    expect(one?.some((part) => !part.toString().endsWith('\n'))).toBe(true);
    expect(Buffer.concat(one ?? []).toString()).not.toContain('\ufffd');
  });

  it.each(dialects)('is an event stream in the %s dialect', async (dialect) => {
    const server = await serve([{ text: 'Hi', calls: [{ name: 'a', arguments: { b: 1 } }] }], dialect);
    const text = Buffer.concat(await chunks(server)).toString();
    const eol = dialect === 'crlf' ? '\r\n' : '\n';
    const events = text.split(eol + eol);
    expect(events.pop()).toBe('');
    expect(events.pop()).toBe('data: [DONE]');
    const frames = events.map((event) => JSON.parse(event.replace(/^data: /, '')) as Record<string, unknown>);
    expect(JSON.stringify(frames.at(-1))).toContain('"usage":{"prompt_tokens":100,"completion_tokens":10');
    expect(text.includes('prompt_filter_results')).toBe(dialect === 'azure-like');
    expect(text.includes('"finish_reason":"tool_calls"')).toBe(dialect !== 'vllm-like');
    expect(text.includes('"role":"assistant"')).toBe(dialect !== 'ollama-like');
  });

  it('may depend on the request', async () => {
    const server = await serve(({ body }, number) => ({
      status: 200,
      body: `${number}: ${body.toString()}`,
    }));
    expect(await (await post(server, 'x')).text()).toBe('0: x');
    expect(await (await post(server, 'y')).text()).toBe('1: y');
  });

  it('says so when the script is over', async () => {
    const response = await post(await serve([]));
    expect(response.status).toBe(400);
    expect(await response.text()).toContain('The script of this model server is over.');
  });

  it('can be a status or a web page', async () => {
    const server = await serve([
      { status: 429, headers: { 'retry-after': '7' }, body: { error: 'busy' } },
      htmlPage,
    ]);
    const busy = await post(server);
    expect([busy.status, busy.headers.get('retry-after'), await busy.json()]).toEqual([
      429,
      '7',
      { error: 'busy' },
    ]);
    expect((await post(server)).headers.get('content-type')).toContain('text/html');
  });

  it('can end too early, and properly', async () => {
    const server = await serve([{ text: 'a long text', trouble: { after: 100, then: 'end' } }]);
    expect((await (await post(server)).arrayBuffer()).byteLength).toBe(100);
  });

  it.each(['drop', 'reset'] as const)('can %s its connection', async (then) => {
    const server = await serve([{ text: 'a long text', trouble: { after: 100, then } }]);
    await expect(post(server).then((response) => response.text())).rejects.toThrow(/terminated|fetch failed/);
  });

  it.each([{ silent: true } as const, { text: 'x', trouble: { after: 10, then: 'stall' } } as const])(
    'can be silence until the client leaves: %j',
    async (step) => {
      const server = await serve([step]);
      const stop = new AbortController();
      const response = fetch(`${server.url}/chat/completions`, {
        method: 'POST',
        body: '{}',
        signal: stop.signal,
      }).then((answer) => answer.text());
      const request = await server.request(0);
      await request.answered;
      stop.abort();
      await expect(response).rejects.toThrow();
      await request.closed;
    },
  );

  it('can turn into an error frame where a frame ended', async () => {
    const server = await serve([{ text: 'a long text', trouble: { after: 500, then: 'error' } }]);
    const text = await (await post(server)).text();
    expect(text.split('\n\n').at(-2)).toBe(
      'data: {"error":{"message":"The server had an error","type":"server_error"}}',
    );
  });
});

describe('a script', () => {
  it('is one step a line', () => {
    expect(
      parseModelScript(
        '{"text":"a"}\n\n// then it is busy\n{"status":429}\n{"calls":[{"name":"x","arguments":{}}]}\n',
      ),
    ).toEqual([{ text: 'a' }, { status: 429 }, { calls: [{ name: 'x', arguments: {} }] }]);
  });

  it.each([
    ['{"text":', 'Line 1 of the model script is not JSON'],
    ['{}\n{"txet":"a"}', 'Line 2 of the model script is not a step'],
    ['{"status":"429"}', 'Line 1 of the model script is not a step'],
    ['{"trouble":{"then":"explode"}}', 'Line 1 of the model script is not a step'],
    ['[]', 'Line 1 of the model script is not a step'],
  ])('%j is refused with its line', (text, because) => {
    expect(() => parseModelScript(text)).toThrow(because);
  });
});

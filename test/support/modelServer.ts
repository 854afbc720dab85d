import { readFile } from 'node:fs/promises';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { answer } from './modelServer/answer.ts';
import { requestCapture, type CapturedRequest } from './modelServer/capturedRequest.ts';
import { parseModelScript, type Dialect, type ModelStep } from './modelServer/modelScript.ts';
import { seededRandom } from './modelServer/seededRandom.ts';

export type Replies = readonly ModelStep[] | ((request: CapturedRequest, number: number) => ModelStep);

export type ModelServer = {
  /** Base URL, ends with `/v1`. */
  readonly url: string;
  /** Every request so far, in the order they arrived whole. */
  readonly requests: readonly CapturedRequest[];
  /** The request with this number, from 0; waits until it has arrived whole. */
  request(number: number): Promise<CapturedRequest>;
  /** Closes every connection. */
  close(): Promise<void>;
};

const OVER: ModelStep = {
  status: 400,
  body: { error: { message: 'The script of this model server is over.', code: 'script_over' } },
};

/** An OpenAI-compatible chat completions server on this machine that answers by a script and can misbehave. */
export async function startModelServer({
  replies,
  dialect = 'openai',
  seed = 1,
}: {
  readonly replies: Replies;
  readonly dialect?: Dialect;
  readonly seed?: number;
}): Promise<ModelServer> {
  const requests: CapturedRequest[] = [];
  const waiting = new Map<number, PromiseWithResolvers<CapturedRequest>>();
  const capture = requestCapture();
  const random = seededRandom(seed);
  const step = (request: CapturedRequest, number: number): ModelStep =>
    typeof replies === 'function' ? replies(request, number) : (replies[number] ?? OVER);

  async function serve(incoming: IncomingMessage, response: ServerResponse): Promise<void> {
    const { request, settle } = await capture.read(incoming);
    const number = requests.push(request) - 1;
    waiting.get(number)?.resolve(request);
    await answer(response, step(request, number), { dialect, id: number, random });
    settle();
  }

  const server = createServer((incoming, response) => {
    // A client that leaves in the middle of its request is nobody's failure here.
    serve(incoming, response).catch(() => response.destroy());
  });
  server.on('connection', (socket) => capture.follow(socket));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;

  return {
    url: `http://127.0.0.1:${port}/v1`,
    requests,
    request(number) {
      const there = requests[number];
      if (there !== undefined) return Promise.resolve(there);
      const wait = waiting.get(number) ?? Promise.withResolvers<CapturedRequest>();
      waiting.set(number, wait);
      return wait.promise;
    },
    close() {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      server.closeAllConnections();
      return closed;
    },
  };
}

if (import.meta.main) {
  const file = process.argv[2];
  if (file === undefined) throw new Error('Say which script: node test/support/modelServer.ts SCRIPT.jsonl');
  const { url } = await startModelServer({ replies: parseModelScript(await readFile(file, 'utf8')) });
  process.stdout.write(`${url}\n`);
}

import type { IncomingMessage } from 'node:http';
import type { Socket } from 'node:net';

/** Milliseconds since 1970 with fractions: comparable between processes of one machine. */
export function preciseNow(): number {
  return performance.timeOrigin + performance.now();
}

export type CapturedRequest = {
  readonly method: string;
  readonly url: string;
  /** Names and values in pairs, as they stood on the wire. */
  readonly rawHeaders: readonly string[];
  readonly headers: IncomingMessage['headers'];
  /** Every byte the socket received for this request: head and body. */
  readonly raw: Buffer;
  /** The body alone, without the transfer coding. */
  readonly body: Buffer;
  /** When the request's headers were read. */
  readonly headersAt: number;
  /** Which of the server's connections it came over, from 0. */
  readonly connection: number;
  /** When the last byte of the answer was handed to the operating system; undefined before. */
  answeredAt: number | undefined;
  /** Resolves when the answer's last byte was handed over, or its trouble has been made (a stall has begun). */
  readonly answered: Promise<void>;
  /** Resolves when the connection is closed, by whomever. */
  readonly closed: Promise<void>;
};

export type Capture = {
  /** Follows a new connection from its first byte. */
  follow(socket: Socket): void;
  /** Reads a request to its end. */
  read(incoming: IncomingMessage): Promise<{ request: CapturedRequest; settle: () => void }>;
};

export function requestCapture(): Capture {
  type Followed = { chunks: Buffer[]; readonly number: number; readonly closed: Promise<void> };
  const followed = new WeakMap<Socket, Followed>();
  let connections = 0;

  return {
    follow(socket) {
      const chunks: Buffer[] = [];
      const closed = new Promise<void>((resolve) => socket.once('close', () => resolve()));
      followed.set(socket, { chunks, number: connections, closed });
      connections += 1;
      // Before the parser's own listener, so that a request's bytes stand here when its end is announced.
      socket.prependListener('data', (chunk: Buffer) => {
        followed.get(socket)?.chunks.push(Buffer.from(chunk));
      });
    },
    async read(incoming) {
      const headersAt = preciseNow();
      const connection = followed.get(incoming.socket);
      if (connection === undefined) throw new Error('This connection is not followed.');
      const parts: Buffer[] = [];
      for await (const part of incoming) parts.push(part as Buffer);
      // A client that does not pipeline has sent nothing else yet.
      const raw = Buffer.concat(connection.chunks.splice(0));
      const answered = Promise.withResolvers<undefined>();
      const request: CapturedRequest = {
        method: incoming.method ?? '',
        url: incoming.url ?? '',
        rawHeaders: incoming.rawHeaders,
        headers: incoming.headers,
        raw,
        body: Buffer.concat(parts),
        headersAt,
        connection: connection.number,
        answeredAt: undefined,
        answered: answered.promise,
        closed: connection.closed,
      };
      const settle = (): void => {
        request.answeredAt ??= preciseNow();
        answered.resolve(undefined);
      };
      return { request, settle };
    },
  };
}

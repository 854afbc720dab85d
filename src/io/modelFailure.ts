import type { ModelFailure } from '../protocol/model.ts';

/** What a failure's sentence may name. `key` is only there to be taken out of what a server says. */
export type Endpoint = { readonly host: string; readonly key: string };

const LONGEST = 300;

/** A server's own words for one line of a sentence: short, printable, and without the key. */
export function plainWords(text: string, key: string): string {
  const hidden = key === '' ? text : text.replaceAll(key, '[key]');
  const plain = hidden
    .replace(/\bsk-[\w*.-]{4,}/g, '[key]')
    .replace(/[\p{Cc}\p{Cf}\p{Co}\p{Cs}\s]+/gu, ' ')
    .trim();
  return plain.length > LONGEST ? `${plain.slice(0, LONGEST).toWellFormed()}…` : plain;
}

/** Finds the sentence in an error body, whatever shape the server gave it. */
export function serverWords(body: string): { text: string; code: string } {
  const parsed = parsedJson(body);
  if (parsed === undefined) return { text: /<[a-z!]/i.test(body) ? '' : body, code: '' };
  return errorWords(member(parsed, 'error') ?? parsed);
}

/** `error` as it stands in an error body or an error frame: a string, or an object with a message. */
function errorWords(error: unknown): { text: string; code: string } {
  if (typeof error === 'string') return { text: error, code: '' };
  const message = member(error, 'message') ?? member(error, 'detail');
  const code = [member(error, 'code'), member(error, 'type'), member(error, 'status')]
    .filter((part) => typeof part === 'string' || typeof part === 'number')
    .join(' ');
  return { text: typeof message === 'string' ? message : said(error), code };
}

/** A status that is not 200, with the body it came with. `now` is needed where the server names a time of day. */
export function statusFailure(
  status: number,
  headers: Headers,
  body: string,
  { host, key }: Endpoint,
  now: number,
): ModelFailure {
  const { text, code } = serverWords(body);
  const words = plainWords(text, key);
  const said = words === '' ? '' : `: “${words}”`;
  const failure = (
    kind: ModelFailure['kind'],
    again: boolean,
    what: string,
    advice: string,
  ): ModelFailure => ({
    kind,
    because: `${host} ${what} (status ${status})${said}; nothing was done; ${advice}.`,
    status,
    again,
  });

  if (status >= 300 && status < 400)
    return failure('refused', false, 'points to another address, which is never followed', CHECK_URL);
  if (status === 401 && key === '')
    return failure('refused', false, 'asks for an API key and none is set', SET_KEY);
  if (status === 401 || status === 403) return failure('refused', false, 'refused the API key', CHECK_KEY);
  if (status === 404)
    return failure('refused', false, 'knows no such address or model', `${CHECK_URL} and warrant.model.name`);
  if (status === 413)
    return failure('refused', false, 'found the conversation too large', 'start a new session');
  if (code.includes('insufficient_quota'))
    return failure('refused', false, 'says the account has no quota left', 'look at the account there');
  if (status === 408 || status === 409 || status === 429 || status >= 500) {
    const afterMs = retryAfter(headers, now);
    const busy = failure('busy', true, 'could not answer now', 'the same request may be sent again');
    return afterMs === undefined ? busy : { ...busy, afterMs };
  }
  return failure('refused', false, 'did not accept the request', `${CHECK_URL} and warrant.model.name`);
}

/** An error frame in the middle of a stream that began well. */
export function frameFailure(error: unknown, { host, key }: Endpoint): ModelFailure {
  const { text, code } = errorWords(error);
  const again = /\b(429|5\d\d)\b|rate_limit|overloaded|server_error|unavailable|timeout/i.test(code);
  const advice = again ? 'the same request may be sent again' : 'look at the endpoint’s own log';
  return {
    kind: again ? 'busy' : 'broken',
    because: `${host} broke off its answer: “${plainWords(text, key)}”; nothing was done; ${advice}.`,
    again,
  };
}

/** What the network did before any answer came, in words. */
export function connectionFailure(error: unknown, { host }: Endpoint): ModelFailure {
  const code = errorCode(error);
  const known = CONNECTION_WORDS.find(([codes]) => codes.test(code));
  const [, what, advice, again] = known ?? [/./, 'could not be reached', CHECK_URL, true];
  const named = code === '' ? '' : ` (${code})`;
  return {
    kind: 'unreachable',
    because: `${host} ${what}${named}; nothing was sent or done; ${advice}.`,
    again,
  };
}

export const STOPPED: ModelFailure = {
  kind: 'stopped',
  because: 'You stopped the request; what had arrived of the answer was thrown away.',
  again: false,
};

export function stalled({ host }: Endpoint, idleMs: number, answered: boolean): ModelFailure {
  const what = answered ? 'fell silent in the middle of its answer' : 'did not answer';
  return {
    kind: 'stalled',
    because: `${host} ${what} for ${idleMs / 1000} s (warrant.model.idleSeconds); nothing was done; the same request may be sent again.`,
    again: true,
  };
}

export function cut({ host }: Endpoint, code = ''): ModelFailure {
  const named = code === '' ? '' : ` (${code})`;
  return {
    kind: 'cut',
    because: `${host} ended its answer in the middle${named}; nothing was done; the same request may be sent again.`,
    again: true,
  };
}

export function broken({ host }: Endpoint, what: string): ModelFailure {
  return {
    kind: 'broken',
    because: `${host} ${what}; nothing was done; check warrant.model.baseUrl and warrant.model.name.`,
    again: false,
  };
}

/** The first code along the chain of causes; undici wraps the one that says something. */
export function errorCode(error: unknown): string {
  let current = error;
  for (let depth = 0; depth < 8 && current !== undefined && current !== null; depth += 1) {
    const code = member(current, 'code');
    if (typeof code === 'string' && /^[A-Z][A-Z0-9_]+$/.test(code)) return code;
    const cause: unknown = member(current, 'cause');
    current = cause;
  }
  return '';
}

/** `undefined` is the one thing JSON has no text for. */
function said(value: unknown): string {
  return value === undefined ? '' : JSON.stringify(value);
}

export function member(value: unknown, name: string): unknown {
  if (typeof value !== 'object' || value === null) return undefined;
  return (value as Readonly<Record<string, unknown>>)[name];
}

const CHECK_URL = 'check warrant.model.baseUrl';
const SET_KEY = 'run “Warrant: Set API Key”, or name a variable in warrant.model.keyVariable';
const CHECK_KEY = 'run “Warrant: Set API Key” with one that works there, or check warrant.model.keyVariable';
const CONNECTION_WORDS: readonly (readonly [RegExp, string, string, boolean])[] = [
  [/^ENOTFOUND$/, 'is not a name the network knows', `${CHECK_URL} and your connection`, true],
  [/^EAI_AGAIN$/, 'could not be looked up', 'check your connection', true],
  [/^ECONNREFUSED$/, 'takes no connection', `see that the server runs, and ${CHECK_URL}`, true],
  [/^(EHOSTUNREACH|ENETUNREACH|ENETDOWN)$/, 'cannot be reached from here', 'check your connection', true],
  [
    /^(ETIMEDOUT|UND_ERR_CONNECT_TIMEOUT)$/,
    'did not take the connection in time',
    'check your connection',
    true,
  ],
  [/^(ECONNRESET|EPIPE|UND_ERR_SOCKET)$/, 'closed the connection before answering', 'try again', true],
  [
    /CERT|SSL|TLS|SELF_SIGNED|UNABLE_TO_(GET|VERIFY)/,
    'did not prove who it is (its certificate was not accepted)',
    'have its certificate repaired, or add its authority to the system’s',
    false,
  ],
];

function retryAfter(headers: Headers, now: number): number | undefined {
  const ms = headers.get('retry-after-ms');
  if (ms !== null && /^\d+(\.\d+)?$/.test(ms.trim())) return Math.ceil(Number(ms));
  const after = headers.get('retry-after');
  if (after === null) return undefined;
  if (/^\d+(\.\d+)?$/.test(after.trim())) return Math.ceil(Number(after) * 1000);
  const at = Date.parse(after);
  return Number.isNaN(at) ? undefined : Math.max(0, at - now);
}

function parsedJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

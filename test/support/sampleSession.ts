import { canonicalJson } from '../../src/protocol/canonicalJson.ts';
import { digestOf } from '../../src/protocol/digest.ts';
import type { Item, Message, Origin, ToolDefinition } from '../../src/protocol/message.ts';
import type { AuditRecord, RecordEntry } from '../../src/protocol/record.ts';
import { REQUEST_TAIL, requestHead, type RequestParameters } from '../../src/protocol/requestBody.ts';
import type { Window, WindowReason } from '../../src/protocol/window.ts';
import { createAuditLog, type AuditLogOptions, type SessionLog } from '../../src/audit/auditLog.ts';
import type { AuditFile } from '../../src/audit/auditLog.ts';
import { sealKeyOf } from '../../src/audit/seal.ts';

export function itemOf(value: Message | ToolDefinition, origin: Origin): Item {
  const json = canonicalJson(value);
  return { digest: digestOf(json), json, origin, value };
}

export function windowOf(
  messages: readonly Item[],
  given: { tools?: readonly Item[]; parameters?: RequestParameters; reason?: WindowReason } = {},
): Window {
  const tools = given.tools ?? [];
  const parameters = given.parameters ?? { model: 'sample', temperature: 0.2, stream: true };
  const head = requestHead(
    parameters,
    tools.map((tool) => tool.json),
  );
  const body = `${head}${messages.map((message) => message.json).join(',')}${REQUEST_TAIL}`;
  return {
    reason: given.reason ?? 'turn',
    model: parameters.model,
    endpoint: 'https://model.example/v1',
    parameters,
    tools,
    messages,
    body: Buffer.from(body),
    bodyDigest: digestOf(body),
  };
}

export const user = (content: string): Item => itemOf({ role: 'user', content }, 'user');
export const system = (content: string): Item => itemOf({ role: 'system', content }, 'system');
export const assistant = (content: string): Item => itemOf({ role: 'assistant', content }, 'assistant');
export const toolResult = (call: string, content: string): Item =>
  itemOf({ role: 'tool', tool_call_id: call, content }, 'workspace');
export const readTool = itemOf(
  {
    type: 'function',
    function: {
      name: 'read_file',
      description: 'Reads a file.',
      parameters: { type: 'object', minimum: 1e-7 },
    },
  },
  'system',
);

/** A file that lives in memory. */
export type MemoryFile = AuditFile & { text(): string; appends: string[]; syncs: number; closed: boolean };

export function memoryFile(): MemoryFile {
  return {
    appends: [],
    syncs: 0,
    closed: false,
    text() {
      return this.appends.join('');
    },
    append(text) {
      this.appends.push(text);
      return Promise.resolve();
    },
    sync() {
      this.syncs += 1;
      return Promise.resolve();
    },
    close() {
      this.closed = true;
      return Promise.resolve();
    },
  };
}

/** The key that sample logs are sealed with. */
export const sampleKey = sealKeyOf(Buffer.alloc(32, 5));

export type Sample = { log: SessionLog; file: MemoryFile; records: AuditRecord[] };

export function sampleLog(given: Partial<AuditLogOptions> = {}): Sample {
  const file = memoryFile();
  const records: AuditRecord[] = [];
  let time = Date.UTC(2026, 0, 2, 3, 4, 5, 6);
  const log = createAuditLog({
    file,
    session: 'sample-session',
    now: () => (time += 7),
    sleep: () => new Promise(() => undefined),
    sealKey: sampleKey,
    epochKey: Buffer.alloc(32, 7),
    redact: (text) => text,
    onRecord: (record) => void records.push(record),
    ...given,
  });
  return { log, file, records };
}

export const opened: RecordEntry = {
  kind: 'session.opened',
  data: {
    version: '0.1.0',
    platform: 'linux-x64',
    model: 'sample',
    endpoint: 'https://model.example/v1',
    roots: ['work'],
    trusted: true,
    settings: { 'commands.enabled': false },
    policy: digestOf('policy'),
  },
};

export function responseOf(window: number, item: Item): RecordEntry {
  return {
    kind: 'response',
    data: { window, digest: item.digest, message: item.value, finish: 'stop', ms: 12 },
  };
}

export const read: readonly RecordEntry[] = [
  {
    kind: 'proposed',
    data: {
      call: 'call_1',
      tool: 'read_file',
      effect: digestOf('effect'),
      what: { kind: 'read', path: 'work:src/a.ts', lines: [1, 40] },
    },
  },
  {
    kind: 'decided',
    data: {
      calls: ['call_1'],
      effect: digestOf('effect'),
      verdict: 'allow',
      rule: 'paths.read',
      because: 'reads are allowed here',
    },
  },
  {
    kind: 'performed',
    data: { calls: ['call_1'], effect: digestOf('effect'), outcome: 'done', detail: { lines: 40 } },
  },
];

/** A session of `turns` reads, two windows where there is one: each asks, gets a result, and goes on. */
export async function playSession(sample: Sample, turns: number, text = (n: number) => `line ${n}\n`) {
  const sent: string[] = [];
  const messages: Item[] = [system('You are supervised. Zażółć 👍'), user('Please read a.ts')];
  await sample.log.record(opened);
  for (let turn = 1; turn <= turns; turn += 1) {
    const window = windowOf(messages, { tools: [readTool], reason: turn === 1 ? 'turn' : 'tool' });
    const receipt = await sample.log.window(window);
    sent.push(Buffer.from(window.body).toString());
    const answer = assistant(`answer ${turn}`);
    await sample.log.record(responseOf(receipt.window, answer));
    for (const entry of read) await sample.log.record(entry);
    messages.push(answer, toolResult(`call_${turn}`, text(turn)));
  }
  return { sent, messages };
}

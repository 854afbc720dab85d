import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { systemClock } from '../../src/io/clock.ts';
import { openPolicy, type OpenPolicy } from '../../src/openPolicy.ts';
import type { Model, ModelEvent } from '../../src/protocol/model.ts';
import type { RecordEntry } from '../../src/protocol/record.ts';
import { parseSettings } from '../../src/protocol/settings.ts';
import { pathInRoot } from '../../src/protocol/workspacePath.ts';

let base = '';
let records: RecordEntry[] = [];
let trusted = true;
beforeEach(() => {
  base = realpathSync(mkdtempSync(join(tmpdir(), 'warrant-policy-')));
  for (const folder of ['shop', 'lib']) mkdirSync(join(base, folder, '.warrant'), { recursive: true });
  [records, trusted] = [[], true];
});
afterEach(() => rmSync(base, { recursive: true, force: true }));

const managed = () => join(base, 'managed.json');
const root = (name: string) => ({ name, dir: join(base, name) });

async function open(): Promise<OpenPolicy> {
  const { settings } = parseSettings({ 'commands.enabled': true });
  const record = (entry: RecordEntry) => Promise.resolve(void records.push(entry));
  const policy = await openPolicy({
    storage: join(base, 'storage'),
    ownFolders: [],
    workspace: { roots: [root('shop'), root('lib')], trusted: () => trusted },
    settings: () => settings,
    clock: systemClock(),
    redactor: { redact: (text) => text, restore: (text) => ({ kind: 'restored', text }) },
    audit: { record, recordDurably: record, window: () => Promise.reject(new Error('nothing is sent here')) },
    environment: {},
    managed: [{ path: managed(), administrators: [process.getuid?.() ?? 0] }],
  });
  await policy.begin();
  return policy;
}

const mayRead = (policy: OpenPolicy, name: string, path: string) =>
  policy.now().mayRead(pathInRoot(root(name), path));

describe('the policy in force', () => {
  it('follows the files as they change, and each change is on the record', async () => {
    const policy = await open();
    expect(mayRead(policy, 'shop', 'db/a.sql')).toBe(true);
    writeFileSync(managed(), '{"paths":{"deny":["db"]}}');
    await policy.refresh();
    expect(mayRead(policy, 'shop', 'db/a.sql')).toBe(false);
    expect(records).toMatchObject([{ kind: 'policy.changed', data: { policy: policy.now().digest } }]);
    await policy.refresh();
    expect(records).toHaveLength(1);
    rmSync(managed());
    await policy.refresh();
    expect(mayRead(policy, 'shop', 'db/a.sql')).toBe(true);
    expect(records.map(({ kind }) => kind)).toEqual(['policy.changed', 'policy.changed']);
  });

  it('stays one and the same as long as nothing changes', async () => {
    writeFileSync(managed(), '{"paths":{"deny":["db"]}}');
    const policy = await open();
    const before = policy.now();
    await policy.refresh();
    expect(policy.now()).toBe(before);
    expect(records).toEqual([]);
  });

  it('offers the model no commands where a policy file switches them off', async () => {
    const policy = await open();
    const before = policy.settings();
    expect(before['commands.enabled']).toBe(true);
    writeFileSync(managed(), '{"commands":{"enabled":false}}');
    await policy.refresh();
    expect(policy.settings()).toEqual({ ...before, 'commands.enabled': false });
    expect(policy.settings()).toBe(policy.settings());
  });

  it('says once what of it cannot be read, and refuses what that is about', async () => {
    writeFileSync(managed(), '{"pathes":{}}');
    const policy = await open();
    await policy.refresh();
    await policy.refresh();
    expect(records).toMatchObject([{ kind: 'alert', data: { rule: 'policy.unreadable', severity: 'high' } }]);
    expect(mayRead(policy, 'shop', 'a.ts')).toBe(false);
  });

  it('takes what a folder brings along for that folder, and only where it is trusted', async () => {
    writeFileSync(join(base, 'lib', '.warrant', 'policy.json'), '{"paths":{"deny":["db"]}}');
    const policy = await open();
    expect(mayRead(policy, 'lib', 'db/a.sql')).toBe(false);
    expect(mayRead(policy, 'shop', 'db/a.sql')).toBe(true);
    expect(policy.effective()).toContain('policy.json');
    trusted = false;
    await policy.refresh();
    expect(policy.effective()).not.toContain('policy.json');
    expect(mayRead(policy, 'shop', 'db/a.sql')).toBe(false);
  });
});

describe('a model', () => {
  const asked: string[] = [];
  const model = (name: string, endpoint: string): Model => ({
    name,
    endpoint,
    async *send() {
      asked.push(name);
      yield await Promise.resolve({ kind: 'text', text: 'hello' } as const);
    },
  });
  const events = async (guarded: Model): Promise<ModelEvent[]> => {
    const seen: ModelEvent[] = [];
    for await (const event of guarded.send({} as never, {} as never, new AbortController().signal))
      seen.push(event);
    return seen;
  };

  const LOCAL = 'http://127.0.0.1:1/v1';
  it.each<[policy: string, name: string, endpoint: string, may: boolean]>([
    ['{}', 'a', LOCAL, true],
    ['{"models":["a"]}', 'a', LOCAL, true],
    ['{"models":["a"]}', 'A', LOCAL, false],
    ['{"models":[]}', 'a', LOCAL, false],
    ['{"models":[""]}', 'a', LOCAL, false],
    ['{"endpoints":["http://127.0.0.1:1/v1/"]}', 'a', LOCAL, true],
    ['{"endpoints":["http://127.0.0.1:1/v1"]}', 'a', `${LOCAL}.evil.example`, false],
    ['{"providers":["rehearsal"]}', 'a', LOCAL, false],
    ['{"providers":["rehearsal"],"models":[]}', 'rehearsal', 'rehearsal:', true],
    ['{"providers":["openai"]}', 'rehearsal', 'rehearsal:', false],
    ['{', 'rehearsal', 'rehearsal:', false],
  ])('under %s: %s at %s gets something to read: %s', async (text, name, endpoint, may) => {
    writeFileSync(managed(), text);
    const policy = await open();
    asked.length = 0;
    const [first] = await events(policy.guarded(model(name, endpoint)));
    expect(asked).toEqual(may ? [name] : []);
    expect(first?.kind).toBe(may ? 'text' : 'failed');
  });
});

import {
  appendFileSync,
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  renameSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { verifyChain } from '../../src/audit/auditReader.ts';
import { headMirrorIn } from '../../src/audit/headMirror.ts';
import { sealKeysIn } from '../../src/audit/sealKeys.ts';
import { systemClock } from '../../src/io/clock.ts';
import { openSession, type OpenSession } from '../../src/openSession.ts';
import type { AuditRecord } from '../../src/protocol/record.ts';
import { parseSettings } from '../../src/protocol/settings.ts';
import { linesOf, textOf } from '../support/forgedLog.ts';
import { memorySource } from '../support/memorySource.ts';
import { secretCellsInMemory } from '../support/secretCellsInMemory.ts';
import { passThroughSandbox } from '../support/passThroughSandbox.ts';

let base = '';
let cells = secretCellsInMemory();
beforeEach(() => {
  base = realpathSync(mkdtempSync(join(tmpdir(), 'warrant-session-')));
  mkdirSync(join(base, 'project'));
  cells = secretCellsInMemory();
});
afterEach(() => rmSync(base, { recursive: true, force: true }));

type Window = { session: OpenSession; records: AuditRecord[] };

/** A window of an editor on the one folder, with the one secret storage that all windows share. */
async function openWindow(): Promise<Window> {
  const records: AuditRecord[] = [];
  const clock = systemClock();
  const { settings } = parseSettings({});
  const session = await openSession({
    version: 'test',
    storage: join(base, 'storage'),
    workspace: { roots: [{ name: 'project', dir: join(base, 'project') }], trusted: () => true },
    settings: () => settings,
    model: () =>
      ({
        name: 'none',
        endpoint: 'http://127.0.0.1:9/',
        complete: () => Promise.reject(new Error('no model is asked here')),
      }) as never,
    secrets: [],
    environment: {},
    clock,
    approver: { ask: () => Promise.reject(new Error('nobody is asked here')) },
    watcher: { text: () => undefined, textEnded: () => undefined, state: () => undefined },
    live: () => undefined,
    openDocuments: { unsaved: () => false },
    problems: () => [],
    ripgrepCandidates: [],
    sandbox: () => Promise.resolve(passThroughSandbox()),
    onRecord: (record) => void records.push(record),
    sealKeys: sealKeysIn(cells('seal'), () => clock.now()),
    mirror: (folder) => headMirrorIn(cells, folder),
  });
  return { session, records };
}

async function note({ session }: Window, count: number): Promise<void> {
  for (let at = 0; at < count; at += 1)
    await session.note({ kind: 'trust.changed', data: { trusted: at % 2 === 0 } });
}

/** One session of some length, closed. */
async function earlier(count = 100): Promise<Window> {
  const window = await openWindow();
  await note(window, count);
  await window.session.close();
  return window;
}

const kindsOf = ({ records }: Window) => records.map(({ kind }) => kind);
const previousOf = ({ records }: Window) => {
  const [first] = records;
  return first?.kind === 'session.opened' ? first.data.previous : undefined;
};

describe('the first session', () => {
  it('has nothing before it and nothing to say', async () => {
    const window = await openWindow();
    expect(window.session.findings).toEqual([]);
    expect(kindsOf(window)).toEqual(['session.opened']);
    expect(previousOf(window)).toBeUndefined();
    await window.session.close();
  });
});

describe('the next session', () => {
  it('names the head of the one before, and is silent when it is as it was', async () => {
    const first = await earlier();
    const second = await openWindow();
    expect(second.session.findings).toEqual([]);
    expect(kindsOf(second)).toEqual(['session.opened']);
    expect(previousOf(second)).toEqual({ session: first.session.id, head: first.records.at(-1)?.hash });
    await second.session.close();
  });

  it('is silent as well when the one before was never closed but lost nothing', async () => {
    const first = await openWindow();
    await note(first, 70);
    const second = await openWindow();
    expect(second.session.findings).toEqual([]);
    expect(previousOf(second)?.head).toBe(first.records.at(-1)?.hash);
    await Promise.all([first.session.close(), second.session.close()]);
  });

  const attacks: readonly { name: string; attack: (file: string) => void; says: RegExp }[] = [
    {
      name: 'cut at its end',
      attack: (file) => writeFileSync(file, textOf(linesOf(readFileSync(file, 'utf8')).slice(0, -1))),
      says: /was cut: it has \d+ records and had at least \d+/,
    },
    {
      name: 'set back to an older state',
      attack: (file) => writeFileSync(file, textOf(linesOf(readFileSync(file, 'utf8')).slice(0, 20))),
      says: /was cut: it has 20 records/,
    },
    { name: 'cut within a line', attack: (file) => truncateSync(file, 5_000), says: /is broken at line/ },
    { name: 'emptied', attack: (file) => truncateSync(file, 0), says: /was cut: it has 0 records/ },
    { name: 'deleted', attack: (file) => rmSync(file), says: /is gone/ },
    { name: 'moved away', attack: (file) => renameSync(file, `${file}.old`), says: /is gone/ },
    {
      name: 'changed in one byte',
      attack: (file) =>
        writeFileSync(file, readFileSync(file, 'utf8').replace('"trusted":true', '"trusted":null')),
      says: /is broken at line/,
    },
    {
      name: 'replaced by the sound log of another session',
      attack: (file) => copyFileSync(join(file, '..', '..', 'other.jsonl'), file),
      says: /written anew/,
    },
    {
      name: 'followed by lines that are none of its own',
      attack: (file) => appendFileSync(file, '{}\n'),
      says: /is broken at line/,
    },
  ];
  it.each(attacks)(
    'raises an alert and records the gap when the log before was $name',
    async ({ attack, says }) => {
      const other = await earlier(150);
      renameSync(other.session.file, join(base, 'storage', 'other.jsonl'));
      cells.texts.clear();
      const first = await earlier();
      attack(first.session.file);
      const second = await openWindow();
      const [finding, ...more] = second.session.findings;
      expect(more).toEqual([]);
      expect(finding).toMatchObject({ kind: 'alert', session: first.session.id });
      expect(finding?.because).toMatch(says);
      expect(kindsOf(second)).toEqual(['session.opened', 'alert', 'gap']);
      expect(second.records[1]?.data).toMatchObject({ rule: 'audit.head', severity: 'high' });
      expect(previousOf(second)?.session).toBe(first.session.id);
      await second.session.close();
      const third = await openWindow();
      expect(third.session.findings, 'what stands on the record is not told again').toEqual([]);
      await third.session.close();
    },
  );

  it('notes that a crash cut off the last line', async () => {
    const first = await openWindow();
    await note(first, 70);
    appendFileSync(first.session.file, '{"data":{"tru');
    const second = await openWindow();
    expect(second.session.findings).toMatchObject([{ kind: 'torn', session: first.session.id }]);
    expect(kindsOf(second)).toEqual(['session.opened', 'gap']);
    await second.session.close();
  });

  it('notices, and does not cry wolf, where nothing is kept outside the files at all', async () => {
    const first = await earlier();
    cells.texts.clear();
    const second = await openWindow();
    expect(second.session.findings).toMatchObject([{ kind: 'notice' }]);
    expect(kindsOf(second)).toEqual(['session.opened', 'gap']);
    expect(previousOf(second)).toEqual({ session: first.session.id, head: first.records.at(-1)?.hash });
    await second.session.close();
  });

  it('still finds a change in a session some way back, and forgets those long past', async () => {
    const sessions: Window[] = [];
    for (let at = 0; at < 10; at += 1) sessions.push(await earlier(3));
    rmSync(sessions[4]!.session.file);
    rmSync(sessions[0]!.session.file);
    const next = await openWindow();
    expect(next.session.findings.map(({ session }) => session)).toEqual([sessions[4]!.session.id]);
    await next.session.close();
  });
});

describe('a secret storage that cannot be reached', () => {
  const locked = () => Promise.reject(new Error('the keyring is locked'));

  it('keeps a session from opening when the key to seal with lies in it', async () => {
    cells = Object.assign(() => ({ get: locked, set: locked, clear: locked }), { texts: cells.texts });
    await expect(openWindow()).rejects.toThrow(
      'The key that seals the audit record could not be reached (the keyring is locked)',
    );
  });

  it('is a notice when only the heads lie in it', async () => {
    const first = await earlier();
    const open = cells;
    cells = Object.assign(
      (name: string) => (name === 'seal' ? open(name) : { get: locked, set: locked, clear: locked }),
      { texts: open.texts },
    );
    const second = await openWindow();
    expect(second.session.findings).toMatchObject([{ kind: 'notice' }]);
    expect(previousOf(second)?.session).toBe(first.session.id);
    await second.session.close();
  });
});

describe('two windows on one folder', () => {
  it('write two logs at once, both sound, and both heads are kept', async () => {
    const one = await openWindow();
    const two = await openWindow();
    await Promise.all([note(one, 300), note(two, 300)]);
    await Promise.all([one.session.close(), two.session.close()]);
    for (const { session } of [one, two])
      expect(await verifyChain(memorySource(readFileSync(session.file)))).toMatchObject({
        kind: 'sound',
        closed: true,
      });
    const third = await openWindow();
    expect(third.session.findings).toEqual([]);
    await third.session.close();
    rmSync(one.session.file);
    truncateSync(two.session.file, 0);
    const fourth = await openWindow();
    expect(fourth.session.findings.map(({ session }) => session)).toEqual([one.session.id, two.session.id]);
    await fourth.session.close();
  });

  it('seal with one key, also when both make the first', async () => {
    const [one, two] = await Promise.all([openWindow(), openWindow()]);
    await Promise.all([one.session.close(), two.session.close()]);
    const keys = [one, two].map(({ records }) => {
      const last = records.at(-1);
      return last?.kind === 'sealed' ? last.data.key : '';
    });
    expect(keys[0]).toBe(keys[1]);
  });
});

describe('rotateKey', () => {
  it('seals on with a new key and keeps the old public one', async () => {
    const window = await openWindow();
    const keys = sealKeysIn(cells('seal'), () => 0);
    const [before] = await keys.publicKeys();
    await window.session.rotateKey();
    await window.session.close();
    const after = await keys.publicKeys();
    expect(after.map(({ publicKey }) => publicKey)).toEqual([before?.publicKey, expect.any(String)]);
    expect(after.map(({ until }) => until === undefined)).toEqual([false, true]);
    const log = await verifyChain(memorySource(readFileSync(window.session.file)));
    expect(log).toMatchObject({
      kind: 'sound',
      seals: { keys: after.map(({ publicKey }) => ({ publicKey })) },
    });
    expect([...cells.texts.values()].join().match(/"seed"/g)).toHaveLength(1);
  });
});

describe('takeEpochKey', () => {
  it('hands out once what an auditor needs to check every record', async () => {
    const window = await openWindow();
    const key = window.session.takeEpochKey();
    expect(window.session.takeEpochKey()).toBeUndefined();
    await note(window, 300);
    await window.session.close();
    const log = readFileSync(window.session.file);
    const epochKey = Buffer.from(key ?? '', 'base64url');
    expect(await verifyChain(memorySource(log), { epochKey })).toMatchObject({ kind: 'sound' });
    epochKey[0] = epochKey[0]! ^ 1;
    expect(await verifyChain(memorySource(log), { epochKey })).toMatchObject({ kind: 'bad', line: 1 });
  });
});

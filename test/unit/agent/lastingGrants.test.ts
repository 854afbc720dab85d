import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createLastingGrants } from '../../../src/agent/lastingGrants.ts';
import { grantFolder } from '../../../src/io/files/grantFolder.ts';
import { digestOf } from '../../../src/protocol/digest.ts';
import type { GrantCover } from '../../../src/protocol/grant.ts';
import { AuditUnavailable } from '../../../src/protocol/ports.ts';
import type { RecordEntry } from '../../../src/protocol/record.ts';
import { command } from '../policy/grantCases.ts';

const DAY = 86_400_000;
const COVER: GrantCover = {
  line: digestOf('line'),
  text: 'mkdir made',
  folder: 'shop:',
  timeoutMs: 60_000,
  programs: [{ name: 'mkdir', path: '/usr/bin/mkdir', digest: digestOf('mkdir') }],
  code: [],
  sandbox: 'none',
};

let folder = '';
let now = 1_000_000;
let ids = 0;
let full = false;
let records: RecordEntry[] = [];
beforeEach(() => {
  folder = join(mkdtempSync(join(tmpdir(), 'warrant-grants-')), 'grants');
  [now, ids, full, records] = [1_000_000, 0, false, []];
});
afterEach(() => rmSync(join(folder, '..'), { recursive: true, force: true }));

/** A window of an editor on the given folders. */
function openWindow(workspace = 'here') {
  return createLastingGrants({
    store: grantFolder(folder),
    clock: { now: () => now, id: () => `id${(ids += 1)}`, sleep: () => Promise.resolve() },
    audit: {
      recordDurably(entry) {
        if (full) return Promise.reject(new AuditUnavailable('The disk is full.'));
        records.push(entry);
        return Promise.resolve();
      },
    },
    redactor: { redact: (text) => text, restore: (text) => ({ kind: 'restored', text }) },
    workspace: digestOf(workspace),
  });
}

const give = (window: ReturnType<typeof openWindow>, scope: 'session' | 'always') =>
  window.keep('1.1.1', command('mkdir made'), COVER, scope);

describe('an approval for the session', () => {
  it('is on the record, holds in its window and is kept nowhere', async () => {
    const window = openWindow();
    await give(window, 'session');
    expect(window.holding().map(({ id }) => id)).toEqual(['id1']);
    expect(records.map(({ kind }) => kind)).toEqual(['granted']);
    const other = openWindow();
    await other.refresh();
    expect(other.holding()).toEqual([]);
  });
});

describe('an approval that is kept', () => {
  it('holds in the next window on the same folders, and on no others', async () => {
    await give(openWindow(), 'always');
    const [next, elsewhere] = [openWindow(), openWindow('elsewhere')];
    expect(await next.refresh()).toEqual([]);
    await elsewhere.refresh();
    expect(next.holding()).toMatchObject([{ id: 'id1', ...COVER }]);
    expect(elsewhere.holding()).toEqual([]);
  });

  it('ends after 30 days, whatever its file says, and does not hold before it was given', async () => {
    await give(openWindow(), 'always');
    const file = join(folder, 'id1.json');
    const [grant] = (await grantFolder(folder).read()).grants;
    writeFileSync(file, JSON.stringify({ v: 1, grant: { ...grant, until: Number.MAX_SAFE_INTEGER } }));
    const window = openWindow();
    await window.refresh();
    now = 1_000_000 + 30 * DAY - 1;
    expect(window.holding()).toHaveLength(1);
    now += 1;
    expect(window.holding()).toEqual([]);
    now = 999_999;
    expect(window.holding()).toEqual([]);
  });

  it('ends everywhere when it is revoked in one window, also while another gives one', async () => {
    const [one, other] = [openWindow(), openWindow()];
    await give(one, 'always');
    await other.refresh();
    expect(await one.revoke('id1')).toBe(true);
    await give(other, 'always');
    await Promise.all([one.refresh(), other.refresh()]);
    expect(one.holding().map(({ id }) => id)).toEqual(['id2']);
    expect(other.holding().map(({ id }) => id)).toEqual(['id2']);
    expect(await one.revoke('id1')).toBe(false);
    expect(records.map(({ kind }) => kind)).toEqual(['granted', 'grant.revoked', 'granted']);
  });

  it('counts only when it can be read, and what cannot is named', async () => {
    await give(openWindow(), 'always');
    await give(openWindow(), 'always');
    writeFileSync(join(folder, 'id1.json'), '{"v":1,"grant":{"scope":"always"}}');
    writeFileSync(join(folder, 'id3.json'), 'no json');
    const window = openWindow();
    expect(await window.refresh()).toHaveLength(2);
    expect(window.holding().map(({ id }) => id)).toEqual(['id2']);
  });

  it('is not given when that cannot be recorded, nor when it cannot be kept', async () => {
    const window = openWindow();
    full = true;
    await expect(give(window, 'always')).rejects.toThrow(AuditUnavailable);
    await expect(give(window, 'session')).rejects.toThrow(AuditUnavailable);
    expect(window.holding()).toEqual([]);
    full = false;
    writeFileSync(folder, 'a file stands where the folder should');
    await give(window, 'always');
    expect(window.holding()).toEqual([]);
    expect(records.map(({ kind }) => kind)).toEqual(['granted', 'grant.revoked']);
  });

  it('leaves no half-written file behind', async () => {
    await give(openWindow(), 'always');
    expect(readdirSync(folder)).toEqual(['id1.json']);
  });
});

import { appendFile, mkdir, readdir, readFile, stat, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pid } from 'node:process';
import { describe, expect, it, onTestFinished } from 'vitest';
import { pruneCheckpoints } from '../../../src/io/files/checkpointFolder.ts';
import { createCheckpointStore, type CheckpointStore } from '../../../src/io/files/checkpointStore.ts';
import { realDisk, type Disk } from '../../../src/io/files/disk.ts';
import { contentBytes } from '../../../src/protocol/content.ts';
import type { StepCause } from '../../../src/protocol/checkpoint.ts';
import { digestOf } from '../../../src/protocol/digest.ts';
import { pathInRoot } from '../../../src/protocol/workspacePath.ts';
import { manualClock } from '../../support/manualClock.ts';
import { change, text } from './editOf.ts';
import { temporaryFolder } from './worldInFolder.ts';

const root = { name: 'project', dir: '/project' };
const a = pathInRoot(root, 'a.txt');
const b = pathInRoot(root, 'b.txt');
const clock = manualClock();

const turn = (number: number): StepCause => ({ kind: 'turn', turn: number, prompt: 'Do it.' });
const NEVER_RAN = '999999999-1';

function storeIn(folder: string, session = 'session', disk: Disk = realDisk): CheckpointStore {
  const store = createCheckpointStore({ folder, session, clock, disk });
  onTestFinished(() => store.close());
  return store;
}

async function keptId(store: CheckpointStore, number = 1): Promise<string> {
  const kept = await store.keep(turn(number), [change(a, text('0\n'), text('1\n'))]);
  if (kept.kind !== 'kept') throw new Error(kept.because);
  return kept.step;
}

describe('what an edit takes away', () => {
  it('is kept byte for byte, private, each text once, before the edit', async () => {
    const folder = join(await temporaryFolder(), 'storage', 'checkpoints');
    const store = storeIn(folder);
    const before = text('one\r\ntwo', { bom: true, mode: 0o751 });
    await store.keep(turn(1), [change(a, before, text('1\n')), change(b, before, null)]);
    const texts = join(folder, 'session', 'texts');
    expect(await readdir(texts)).toEqual([before.digest]);
    expect(await readFile(join(texts, before.digest))).toEqual(Buffer.from(contentBytes(before)));
    expect(await store.content('session', before)).toEqual(before);
    const mode = async (path: string) => ((await stat(path)).mode & 0o777).toString(8);
    for (const path of [folder, join(folder, 'session'), texts]) expect(await mode(path)).toBe('700');
    for (const path of [join(texts, before.digest), join(folder, 'session', 'steps.jsonl')])
      expect(await mode(path)).toBe('600');
  });

  it('nothing is made for a session without edits', async () => {
    const folder = join(await temporaryFolder(), 'checkpoints');
    const store = storeIn(folder);
    expect(await store.steps()).toEqual([]);
    await expect(stat(folder)).rejects.toThrow('ENOENT');
  });

  it('does not hold what the agent itself wrote in the same turn, but what somebody wrote between', async () => {
    const folder = join(await temporaryFolder(), 'checkpoints');
    const store = storeIn(folder);
    await store.keep(turn(1), [change(a, text('0\n'), text('1\n'))]);
    await store.keep(turn(1), [change(a, text('1\n'), text('2\n'))]);
    await store.keep(turn(1), [change(a, text('mine\n'), text('3\n'))]);
    await store.keep(turn(2), [change(a, text('3\n'), text('4\n'))]);
    expect((await readdir(join(folder, 'session', 'texts'))).sort()).toEqual(
      [text('0\n'), text('mine\n'), text('3\n')].map(({ digest }) => digest).sort(),
    );
  });

  it('is named on the record by a digest that nobody can test a guess against', async () => {
    const folder = join(await temporaryFolder(), 'checkpoints');
    const secret = text('x=1\n');
    const named = await Promise.all(
      ['one', 'two'].map(async (session) => {
        const kept = await storeIn(folder, session).keep(turn(1), [change(a, secret, null)]);
        return kept.kind === 'kept' ? kept.files[0]?.before : undefined;
      }),
    );
    expect(new Set([...named, secret.digest]).size).toBe(3);
    expect(named[0]).toMatch(/^[A-Za-z0-9_-]{43}$/);
  });

  it('a renamed file stands at two paths, and the new one says where it came from', async () => {
    const store = storeIn(join(await temporaryFolder(), 'checkpoints'));
    const { digest, mode } = text('0\n');
    await store.keep(turn(1), [change(a, text('0\n'), text('0\n'), b)]);
    expect((await store.steps())[0]?.files).toEqual([
      { path: a, before: { digest, mode }, after: null },
      { path: b, before: null, after: { digest, mode }, from: a },
    ]);
  });
});

describe('trouble', () => {
  const full = () => Promise.reject(Object.assign(new Error('full'), { code: 'ENOSPC' }));
  it.each(['writeNew', 'rename'] as const)(
    'a failing %s is told, and the next edit is kept again',
    async (call) => {
      const folder = join(await temporaryFolder(), 'checkpoints');
      let broken = true;
      const disk: Disk = {
        ...realDisk,
        writeNew: (...args) => (broken && call === 'writeNew' ? full() : realDisk.writeNew(...args)),
        rename: (...args) => (broken && call === 'rename' ? full() : realDisk.rename(...args)),
      };
      const store = storeIn(folder, 'session', disk);
      const edit = [change(a, text('0\n'), text('1\n'))];
      expect(await store.keep(turn(1), edit)).toEqual({ kind: 'failed', because: 'the disk is full' });
      expect(await store.steps()).toEqual([]);
      broken = false;
      expect(await store.keep(turn(1), edit)).toMatchObject({ kind: 'kept' });
      expect(await store.content('session', text('0\n'))).toEqual(text('0\n'));
    },
  );

  it('a line cut off by a crash, and lines that make no sense, do not hide the others', async () => {
    const folder = join(await temporaryFolder(), 'checkpoints');
    const store = storeIn(folder);
    const step = await keptId(store);
    await store.ended(step, 'done');
    await appendFile(join(folder, 'session', 'steps.jsonl'), '{"kind":"later"}\n{"kind":"begun","id":"to');
    expect((await store.steps()).map(({ id, settled }) => ({ id, settled }))).toEqual([
      { id: step, settled: true },
    ]);
  });

  it('an edit that was not applied is no step', async () => {
    const store = storeIn(join(await temporaryFolder(), 'checkpoints'));
    for (const outcome of ['stale', 'failed'] as const) await store.ended(await keptId(store), outcome);
    expect(await store.steps()).toEqual([]);
  });

  it('a text that is not what its name says is not given out', async () => {
    const folder = join(await temporaryFolder(), 'checkpoints');
    const store = storeIn(folder);
    await keptId(store);
    await writeFile(join(folder, 'session', 'texts', text('0\n').digest), 'other\n');
    expect(await store.content('session', text('0\n'))).toBeUndefined();
    expect(await store.content('session', { digest: digestOf('never kept'), mode: 0o644 })).toBeUndefined();
  });
});

describe('pruning', () => {
  /** Sessions of 1000 bytes each, written to in this order, a second apart. */
  async function sessions(owners: readonly string[]): Promise<string> {
    const folder = join(await temporaryFolder(), 'checkpoints');
    for (const [place, owner] of owners.entries()) {
      const session = join(folder, `session${place}`);
      await mkdir(join(session, 'texts'), { recursive: true });
      const line = `${JSON.stringify({ kind: 'opened', v: 1, owner, key: 'k' })}\n`;
      await writeFile(join(session, 'steps.jsonl'), line);
      await writeFile(join(session, 'texts', 'text'), 'x'.repeat(1_000 - line.length));
      for (const path of ['steps.jsonl', 'texts/text', 'texts', ''])
        await utimes(join(session, path), 1_000 + place, 1_000 + place);
    }
    return folder;
  }

  const gone = [NEVER_RAN, NEVER_RAN, NEVER_RAN, NEVER_RAN];
  const here = `${pid}-x`;
  it.each([
    ['nothing within the limits', gone, { sessions: 4, bytes: 4_000 }, [0, 1, 2, 3]],
    ['the oldest beyond the number', gone, { sessions: 2, bytes: 4_000 }, [2, 3]],
    ['the oldest beyond the bytes', gone, { sessions: 9, bytes: 3_999 }, [1, 2, 3]],
    ['all, where not even one fits', gone, { sessions: 9, bytes: 999 }, []],
    ['none that is in use', [here, NEVER_RAN, NEVER_RAN, here], { sessions: 1, bytes: 9_999 }, [0, 3]],
  ] as const)('removes %s', async (_what, owners, limits, left) => {
    const folder = await sessions(owners);
    await pruneCheckpoints(folder, 1_100_000, limits);
    expect((await readdir(folder)).sort()).toEqual(left.map((place) => `session${place}`));
  });

  it('is content with a folder that does not exist', async () => {
    await pruneCheckpoints(join(await temporaryFolder(), 'none'), 0, { sessions: 1, bytes: 1 });
  });
});

import { mkdir, mkdtemp, readdir, realpath, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { sealKeysIn } from '../../src/audit/sealKeys.ts';
import { systemClock } from '../../src/io/clock.ts';
import { openaiModel } from '../../src/io/model.ts';
import { openSession, type OpenSession } from '../../src/openSession.ts';
import type { Card } from '../../src/protocol/approval.ts';
import type { Clock } from '../../src/protocol/ports.ts';
import { parseSettings } from '../../src/protocol/settings.ts';
import { startModelServer } from '../support/modelServer.ts';
import { scriptedApprover, type ScriptedAnswer } from '../support/scriptedApprover.ts';
import { secretCellsInMemory } from '../support/secretCellsInMemory.ts';
import { passThroughSandbox } from '../support/passThroughSandbox.ts';

const DAY_MS = 86_400_000;
const NOON = 20_000 * DAY_MS + DAY_MS / 2;
const GO_ON = { text: 'Go on for 1,000 tokens more', meanwhile: [] };
const STOP = { text: 'Stop here', meanwhile: [] };

type Opened = { readonly session: OpenSession; readonly cards: readonly Card[] };

/** One folder of records and figures; each session is one of an editor that was started anew. */
async function place(replies: readonly { readonly input: number; readonly output: number }[]) {
  const base = await realpath(await mkdtemp(join(tmpdir(), 'warrant-test-')));
  onTestFinished(() => rm(base, { recursive: true, force: true }));
  const workspace = join(base, 'project');
  await mkdir(workspace);
  const server = await startModelServer({ replies: replies.map((usage) => ({ text: 'Yes.', usage })) });
  onTestFinished(() => server.close());
  const usageFolder = join(base, 'usage');
  let day = 0;
  const clock: Clock = { ...systemClock(), now: () => NOON + day * DAY_MS };
  const { settings, problems } = parseSettings({
    'limits.tokensPerDay': 1_000,
    'model.priceInput': 10,
    'model.priceOutput': 20,
  });
  expect(problems).toEqual([]);
  const model = openaiModel({
    baseUrl: server.url,
    model: 'm',
    key: () => Promise.resolve(''),
    idleMs: 9_000,
    clock,
  });
  const nothing = () => undefined;
  const open = async (script: readonly ScriptedAnswer[]): Promise<Opened> => {
    const approver = scriptedApprover({ workspace, script, otherwise: 'fail', stop: nothing });
    const session = await openSession({
      version: 'test',
      storage: join(base, 'storage'),
      usageFolder,
      workspace: { roots: [{ name: 'project', dir: workspace }], trusted: () => true },
      settings: () => settings,
      model: () => model,
      secrets: [],
      sealKeys: sealKeysIn(secretCellsInMemory()('seal'), Date.now),
      environment: {},
      clock,
      approver,
      watcher: { text: nothing, textEnded: nothing, state: nothing },
      live: nothing,
      openDocuments: { unsaved: () => false },
      problems: () => [],
      ripgrepCandidates: [],
      sandbox: () => Promise.resolve(passThroughSandbox()),
      onRecord: nothing,
    });
    return { session, cards: approver.cards };
  };
  return { open, usageFolder, nextDay: () => (day += 1) };
}

describe('what was used today', () => {
  it('survives a restart, and so does what a person allowed', async () => {
    const { open, nextDay } = await place(Array(4).fill({ input: 900, output: 100 }));
    const first = await open([]);
    expect(await first.session.send('One.')).toEqual({ ended: 'done' });
    expect(first.session.usage()).toEqual({
      turn: { input: 900, cached: 0, output: 100, cost: 0.011 },
      session: { input: 900, cached: 0, output: 100, cost: 0.011 },
      day: { tokens: 1_000, cost: 0.011 },
      priced: true,
      estimated: false,
    });
    await first.session.close();

    const second = await open([STOP, GO_ON]);
    expect(await second.session.send('Two.')).toMatchObject({ ended: 'limit' });
    expect(await second.session.send('Two.')).toEqual({ ended: 'done' });
    expect(second.session.usage()).toMatchObject({ session: { input: 900 }, day: { tokens: 2_000 } });
    expect(second.cards).toHaveLength(2);
    await second.session.close();

    // Counted from where it was allowed: another thousand are used, so the third session asks; the next day does not.
    const third = await open([STOP]);
    expect(await third.session.send('Three.')).toMatchObject({ ended: 'limit' });
    nextDay();
    expect(await third.session.send('Three.')).toEqual({ ended: 'done' });
    expect(third.session.usage().day.tokens).toBe(1_000);
    await third.session.close();
  });

  it('counts from nothing where it cannot be read, and asks once', async () => {
    const { open, usageFolder } = await place(Array(2).fill({ input: 10, output: 1 }));
    await mkdir(usageFolder);
    await writeFile(join(usageFolder, '20000.earlier.json'), '{"tokens": 99');
    const { session, cards } = await open([{ text: 'Go on', meanwhile: [] }]);
    expect(await session.send('One.')).toEqual({ ended: 'done' });
    expect(await session.send('Two.')).toEqual({ ended: 'done' });
    expect(cards.map((card) => card.kind === 'limit' && card.text)).toEqual([
      'A part of what was used today cannot be read (20000.earlier.json: it is not JSON), so it counts as nothing. Until that is mended, the limits per day count only what is known.',
    ]);
    expect(session.usage().day.tokens).toBe(22);
    expect(await readdir(usageFolder)).toHaveLength(2);
    await session.close();
  });
});

import { describe, expect, it } from 'vitest';
import type { BackgroundEnd } from '../../../src/io/backgroundCommands.ts';
import { parseCommandLine } from '../../../src/policy/commandLine.ts';
import type { CommandEffect } from '../../../src/protocol/effect.ts';
import { manualClock } from '../../support/manualClock.ts';
import { worldInFolder, type TestWorld } from './worldInFolder.ts';

const TICKER = `for (let n = 1; n <= 3; n += 1) console.log('tick ' + n);
setInterval(() => undefined, 1_000_000);
`;

async function prepared() {
  const clock = manualClock();
  const ends: BackgroundEnd[] = [];
  const ended = Promise.withResolvers<undefined>();
  const test = await worldInFolder(
    { 'ticker.mjs': TICKER, 'quick.mjs': "console.log('done');\n", 'long.mjs': LONG },
    {
      clock,
      environment: { ...process.env, PATH: `${nodeFolder()}:${process.env['PATH'] ?? ''}` },
      backgroundEnded(end) {
        ends.push(end);
        ended.resolve(undefined);
      },
    },
  );
  return { test, clock, ends, ended: ended.promise };
}

const LONG = "for (let n = 1; n <= 20_000; n += 1) console.log('line ' + n);\n";

function nodeFolder(): string {
  return process.execPath.replace(/\/[^/]*$/, '');
}

function inBackground(test: TestWorld, text: string): CommandEffect {
  return { ...inFront(test, text), background: true };
}

function inFront(test: TestWorld, text: string): CommandEffect {
  const parsed = parseCommandLine(text);
  if (parsed.kind !== 'line') throw new Error(parsed.because);
  return { kind: 'command', line: parsed.line, folder: test.at(''), timeoutMs: 60_000 };
}

describe('a command in the background', () => {
  it('goes on after the call, can be read and listed, and ends with everything it started when it is stopped', async () => {
    const { test, clock, ends } = await prepared();
    const printed: (string | undefined)[] = [];
    const starting = test.done(inBackground(test, 'node ticker.mjs'), {
      live: (_chunk, background) => printed.push(background),
    });
    await clock.sleeping(1);
    await expect.poll(() => printed).toContain('o1');
    await clock.advance(1_000);
    expect(await starting).toMatchObject({ kind: 'started', command: 'o1' });
    const read = { kind: 'output', output: 'o1', first: 2, count: 1 } as const;
    await expect.poll(() => test.done(read)).toMatchObject({ part: { text: 'tick 2\n', lines: 3 } });
    expect(await test.done({ kind: 'background', act: { do: 'list' } })).toEqual({
      kind: 'background',
      commands: [{ command: 'o1', text: 'node ticker.mjs', ms: 1_000, end: null, lines: 3 }],
    });
    const stopped = await test.done({ kind: 'background', act: { do: 'stop', command: 'o1' } });
    expect(stopped).toMatchObject({ commands: [{ command: 'o1', end: { kind: 'stopped' } }] });
    expect(ends).toMatchObject([{ command: 'o1', end: { kind: 'stopped' } }]);
    expect(test.world.background()).toMatchObject([{ end: { kind: 'stopped' } }]);
  });

  it('that is over at once counts as an ordinary one', async () => {
    const { test, ends } = await prepared();
    const done = await test.done(inBackground(test, 'node quick.mjs'));
    expect(done).toMatchObject({ kind: 'ran', end: { kind: 'exit', code: 0 }, output: { head: 'done\n' } });
    expect(test.world.background()).toEqual([]);
    expect(ends).toEqual([]);
  });

  it('is told of when it ends by itself', async () => {
    const { test, clock, ended, ends } = await prepared();
    const starting = test.done(
      inBackground(test, "node -e 'process.stdin.resume(); setTimeout(() => process.exit(3), 1500)'"),
    );
    await clock.sleeping(1);
    await clock.advance(1_000);
    await starting;
    await ended;
    expect(ends).toMatchObject([{ command: 'o1', end: { kind: 'exit', code: 3 } }]);
  });

  it('is refused where four run already, and all of them end together', async () => {
    const { test, clock } = await prepared();
    for (let n = 0; n < 4; n += 1) {
      const starting = test.done(inBackground(test, 'node ticker.mjs'));
      await clock.sleeping(1);
      await clock.advance(1_000);
      expect(await starting).toMatchObject({ kind: 'started' });
    }
    expect(await test.perform(inBackground(test, 'node ticker.mjs'))).toEqual({
      kind: 'failed',
      because: '4 commands run in the background already; stop one of them first',
    });
    await test.world.stopBackground();
    expect(test.world.background().map(({ end }) => end?.kind)).toEqual(Array(4).fill('stopped'));
  }, 30_000);

  it('of another name cannot be stopped or read', async () => {
    const { test } = await prepared();
    expect(await test.perform({ kind: 'background', act: { do: 'stop', command: 'o9' } })).toEqual({
      kind: 'failed',
      because: 'no command o9 was started in the background',
    });
    expect(await test.perform({ kind: 'output', output: 'o9', first: 1, count: 1 })).toEqual({
      kind: 'failed',
      because: 'there is no output o9',
    });
  });

  it('or not: what was told only in part is kept whole and can be read on', async () => {
    const { test } = await prepared();
    const done = await test.done(inFront(test, 'node long.mjs'));
    expect(done).toMatchObject({ kind: 'ran', kept: { output: 'o1', lines: 20_000, whole: true } });
    const read = await test.done({ kind: 'output', output: 'o1', first: 10_000, count: 2 });
    expect(read).toMatchObject({ part: { text: 'line 10000\nline 10001\n', last: 10_001 } });
  });
});

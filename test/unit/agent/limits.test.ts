import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createSessionLimits, createTurnLimits } from '../../../src/agent/limits.ts';
import type { Reached } from '../../../src/agent/reached.ts';
import { createUsageLedger } from '../../../src/agent/usageLedger.ts';
import type { ToolCall } from '../../../src/protocol/message.ts';
import type { DayTotals } from '../../../src/protocol/ports.ts';
import { parseSettings } from '../../../src/protocol/settings.ts';
import type { DayUse } from '../../../src/protocol/usage.ts';
import { manualClock } from '../../support/manualClock.ts';

const DAY_MS = 86_400_000;
const NOTHING: DayUse = { tokens: 0, cost: 0, tokensFrom: 0, costFrom: 0 };

/** Nothing asks but what the test sets. */
const QUIET = {
  'limits.stepsPerTurn': 10_000,
  'limits.modelCallsPerMinute': 0,
  'limits.toolCallsPerMinute': 0,
  'limits.tokensPerTurn': 0,
  'limits.tokensPerSession': 0,
  'limits.tokensPerDay': 0,
  'limits.costPerSession': 0,
  'limits.costPerDay': 0,
  'limits.minutesPerTurn': 0,
  'limits.commandOutputPerTurn': 0,
};
const PRICED = { 'model.priceInput': 2, 'model.priceCached': 1, 'model.priceOutput': 10 };

function counting(raw: Record<string, unknown>, day: Partial<DayTotals> = {}) {
  const clock = manualClock(20_000 * DAY_MS);
  const { settings, problems } = parseSettings({ ...QUIET, ...raw });
  expect(problems).toEqual([]);
  const kept: { day: number; own: DayUse }[] = [];
  const totals: DayTotals = {
    others: () => Promise.resolve({ used: NOTHING }),
    keep(of, own) {
      kept.push({ day: of, own });
      return Promise.resolve(undefined);
    },
    ...day,
  };
  const ledger = createUsageLedger(clock, totals, () => settings);
  const session = createSessionLimits(clock);
  const meter = { waitedMs: 0, printed: 0 };
  const turn = async () => {
    await ledger.beginTurn();
    const { waitedMs, printed } = { waitedMs: () => meter.waitedMs, printed: () => meter.printed };
    return createTurnLimits({ settings, clock, session, ledger, waitedMs, printed });
  };
  const use = (input: number, output = 0, cached = 0) => ledger.add({ input, output, cached }, false);
  return { clock, ledger, session, meter, turn, use, kept };
}

function calls(...names: readonly string[]): readonly ToolCall[] {
  return names.map((name, at) => ({ id: `${at}`, name, arguments: '{}' }));
}

const settingOf = (reached: Reached | undefined) => /limits\.[A-Za-z]+/.exec(reached?.question ?? '')?.[0];

type Counted = Awaited<ReturnType<typeof counting>>;
type Case = {
  readonly setting: string;
  readonly raw: Record<string, unknown>;
  /** Uses up exactly the limit. */
  readonly use: (counted: Counted) => unknown;
  readonly says: string;
  readonly offers: string;
};

const CASES: readonly Case[] = [
  {
    setting: 'limits.tokensPerTurn',
    raw: { 'limits.tokensPerTurn': 1_000 },
    use: ({ use }) => use(900, 100),
    says: 'This turn has used 1,000 tokens',
    offers: 'Go on for 1,000 tokens more',
  },
  {
    setting: 'limits.tokensPerSession',
    raw: { 'limits.tokensPerSession': 1_000 },
    use: ({ use }) => use(900, 100),
    says: 'This session has used 1,000 tokens',
    offers: 'Go on for 1,000 tokens more',
  },
  {
    setting: 'limits.tokensPerDay',
    raw: { 'limits.tokensPerDay': 1_000 },
    use: ({ use }) => use(900, 100),
    says: 'Today all sessions together have used 1,000 tokens',
    offers: 'Go on for 1,000 tokens more',
  },
  {
    setting: 'limits.costPerSession',
    raw: { ...PRICED, 'limits.costPerSession': 3 },
    use: ({ use }) => use(1_500_000, 0),
    says: 'this session has cost 3.00',
    offers: 'Go on for 3.00 more',
  },
  {
    setting: 'limits.costPerDay',
    raw: { ...PRICED, 'limits.costPerDay': 0.5 },
    use: ({ use }) => use(0, 50_000),
    says: 'all sessions of today have cost 0.50',
    offers: 'Go on for 0.50 more',
  },
  {
    setting: 'limits.minutesPerTurn',
    raw: { 'limits.minutesPerTurn': 2 },
    use: ({ clock }) => clock.advance(120_000),
    says: 'worked on this turn for 2 minutes',
    offers: 'Go on for 2 minutes more',
  },
  {
    setting: 'limits.commandOutputPerTurn',
    raw: { 'limits.commandOutputPerTurn': 5_000 },
    use: ({ meter }) => (meter.printed += 5_000),
    says: 'have printed 5,000 bytes',
    offers: 'Go on for 5,000 bytes more',
  },
  {
    setting: 'limits.modelCallsPerMinute',
    raw: { 'limits.modelCallsPerMinute': 5 },
    use: ({ session }) => session.modelCalls.add(5),
    says: '5 requests to the model within a minute',
    offers: 'Go on for 5 more',
  },
];

describe.each(CASES)('$setting', ({ setting, raw, use, says, offers }) => {
  it('asks when it is used up, and not before', async () => {
    const counted = counting(raw);
    const turn = await counted.turn();
    expect(turn.beforeRequest(0)).toBeUndefined();
    await use(counted);
    const reached = turn.beforeRequest(0);
    expect(reached?.question).toContain(says);
    expect(settingOf(reached)).toBe(setting);
    expect(reached?.options).toEqual([offers, 'Stop here']);
  });

  it('asks again as long as nobody lets it go on', async () => {
    const counted = counting(raw);
    const turn = await counted.turn();
    await use(counted);
    expect([turn.beforeRequest(0), turn.beforeRequest(0)].map(settingOf)).toEqual([setting, setting]);
  });

  it('allows the same amount again, and asks when that is used up too', async () => {
    const counted = counting(raw);
    const turn = await counted.turn();
    await use(counted);
    turn.beforeRequest(0)?.extend();
    expect(turn.beforeRequest(0)).toBeUndefined();
    await use(counted);
    expect(settingOf(turn.beforeRequest(0))).toBe(setting);
  });

  it('never asks when it is 0', async () => {
    const counted = counting({ ...raw, [setting]: 0 });
    const turn = await counted.turn();
    for (let n = 0; n < 20; n += 1) await use(counted);
    expect(turn.beforeRequest(0)).toBeUndefined();
  });
});

describe('what belongs to the turn begins anew with the next; what belongs to session and day does not', () => {
  it.each([
    ['limits.tokensPerTurn', false],
    ['limits.tokensPerSession', true],
    ['limits.tokensPerDay', true],
  ])('%s', async (setting, isKept) => {
    const counted = counting({ [setting]: 1_000 });
    await counted.turn();
    await counted.use(1_000);
    expect(settingOf((await counted.turn()).beforeRequest(0))).toBe(isKept ? setting : undefined);
  });

  it('an extension of session and day goes on into the next turn', async () => {
    for (const setting of ['limits.tokensPerSession', 'limits.tokensPerDay']) {
      const counted = counting({ [setting]: 1_000 });
      const turn = await counted.turn();
      await counted.use(1_500);
      turn.beforeRequest(0)?.extend();
      const next = await counted.turn();
      await counted.use(999);
      expect(next.beforeRequest(0)).toBeUndefined();
      await counted.use(1);
      expect(settingOf(next.beforeRequest(0))).toBe(setting);
    }
  });
});

describe('the time of a turn', () => {
  it('stands still while a person is asked', async () => {
    const { clock, meter, turn } = counting({ 'limits.minutesPerTurn': 1 });
    const limits = await turn();
    await clock.advance(3_600_000);
    meter.waitedMs = 3_600_000 - 59_999;
    expect(limits.beforeRequest(0)).toBeUndefined();
    await clock.advance(1);
    expect(settingOf(limits.beforeRequest(0))).toBe('limits.minutesPerTurn');
  });
});

describe('rates', () => {
  it('count one minute back, over turns', async () => {
    const { clock, session, turn } = counting({ 'limits.modelCallsPerMinute': 3 });
    for (let n = 0; n < 3; n += 1) {
      session.modelCalls.add(1);
      await clock.advance(20_000);
    }
    expect((await turn()).beforeRequest(0)).toBeUndefined();
    session.modelCalls.add(1);
    expect(settingOf((await turn()).beforeRequest(0))).toBe('limits.modelCallsPerMinute');
  });

  it('of tool calls are asked before the calls are done, and count only what is done', async () => {
    const { clock, turn } = counting({ 'limits.toolCallsPerMinute': 3 });
    const limits = await turn();
    expect(limits.beforeCalls(calls('a', 'b'))).toBeUndefined();
    const reached = limits.beforeCalls(calls('c', 'd'));
    expect(reached?.question).toContain('4 tool calls within a minute');
    expect(settingOf(reached)).toBe('limits.toolCallsPerMinute');
    await clock.advance(60_000);
    expect(limits.beforeCalls(calls('c', 'd'))).toBeUndefined();
  });

  it('of tool calls let exactly as many pass as are allowed', async () => {
    const limits = await counting({ 'limits.toolCallsPerMinute': 3 }).turn();
    expect(limits.beforeCalls(calls('a', 'b', 'c'))).toBeUndefined();
    expect(limits.beforeCalls(calls('d'))).toBeDefined();
  });

  it('let one answer through that has more calls than a minute may have, once a person said so', async () => {
    const { turn } = counting({ 'limits.toolCallsPerMinute': 1 });
    const limits = await turn();
    limits.beforeCalls(calls('a', 'b', 'c'))?.extend();
    expect(limits.beforeCalls(calls('a', 'b', 'c'))).toBeUndefined();
    expect(limits.beforeCalls(calls('d'))).toBeDefined();
  });
});

describe('going in circles', () => {
  it.each<[answers: string, asked: number | undefined]>([
    ['a a a', 3],
    ['a a', undefined],
    ['a a b', undefined],
    ['a b a b a b', 6],
    ['a b a b a', undefined],
    ['x a b a b a b', 7],
    ['a b c a b c a b c', 9],
    ['a b c a b c a b', undefined],
    ['z z a b c a b c a b c', 11],
    ['a b a c a b a c a b a c', undefined],
    ['a b c d e f g h i', undefined],
    ['a a b a a b', undefined],
    ['a a b a a b a a b', 9],
  ])('%s is asked at answer %s', async (answers, asked) => {
    const limits = await counting({}).turn();
    const questions = answers.split(' ').map((name) => limits.afterReply(calls(name)));
    const at = questions.findIndex((one) => one !== undefined);
    expect(at === -1 ? undefined : at + 1).toBe(asked);
  });

  it('is counted anew once a person let it go on, and the question names the calls', async () => {
    const limits = await counting({}).turn();
    const question = (answers: string) =>
      answers
        .split(' ')
        .map((name) => limits.afterReply(calls(name)))
        .find((one) => one !== undefined);
    const reached = question('a b a b a b');
    expect(reached?.question).toContain('the same 2 calls in turn for the 3rd time (a, b)');
    reached?.extend();
    expect(question('a b a b a')).toBeUndefined();
    expect(question('b')).toBeDefined();
  });

  it('means the same arguments, and answers without calls say nothing', async () => {
    const limits = await counting({}).turn();
    const answers = [1, 2, 3].map((n) => [{ id: '', name: 'read', arguments: `{"line":${n}}` }]);
    expect([...answers, [], [], []].map((one) => limits.afterReply(one))).toEqual(Array(6).fill(undefined));
  });
});

describe('cost', () => {
  it('is that of tokens in, cached and out', async () => {
    const { use, ledger } = counting(PRICED);
    await use(1_000_000, 100_000, 400_000);
    expect(ledger.report()).toMatchObject({ priced: true, session: { cost: 1.2 + 0.4 + 1 } });
  });

  it('of cached tokens is that of others where it is unknown', async () => {
    const { use, ledger } = counting({ ...PRICED, 'model.priceCached': 0 });
    await use(1_000_000, 0, 400_000);
    expect(ledger.report().session.cost).toBe(2);
  });

  it.each([{ 'model.priceInput': 2 }, { 'model.priceOutput': 2 }, {}])(
    'is neither limited nor shown with %j alone',
    async (raw) => {
      const { turn, use, ledger } = counting(
        { ...raw, 'limits.costPerSession': 1, 'limits.costPerDay': 1 },
        { others: () => Promise.resolve({ used: { ...NOTHING, cost: 100 } }) },
      );
      const limits = await turn();
      await use(1_000_000_000, 1_000_000_000);
      expect(limits.beforeRequest(0)).toBeUndefined();
      expect(ledger.report()).toMatchObject({ priced: false, session: { cost: 0 } });
    },
  );

  it.each([Number.NaN, -5, Number.POSITIVE_INFINITY])(
    'and tokens are not moved by %s tokens',
    async (odd) => {
      const { use, ledger } = counting(PRICED);
      await use(odd, odd, odd);
      await use(10, 0, 50);
      expect(ledger.report().session).toMatchObject({ input: 10, cached: 10, output: 0, cost: 0.00001 });
    },
  );
});

describe('the day', () => {
  it('counts what other windows and earlier sessions used', async () => {
    const used = { ...NOTHING, tokens: 900 };
    const { turn, use, ledger } = counting(
      { 'limits.tokensPerDay': 1_000 },
      { others: () => Promise.resolve({ used }) },
    );
    const limits = await turn();
    expect(limits.beforeRequest(0)).toBeUndefined();
    await use(100);
    expect(settingOf(limits.beforeRequest(0))).toBe('limits.tokensPerDay');
    expect(ledger.report().day.tokens).toBe(1_000);
  });

  it('keeps what this session used after each reply, with what a person allowed', async () => {
    const { turn, use, kept } = counting({ 'limits.tokensPerDay': 10 });
    const limits = await turn();
    await use(8, 4);
    limits.beforeRequest(0)?.extend();
    await use(1);
    expect(kept.map(({ own }) => [own.tokens, own.tokensFrom])).toEqual([
      [12, 0],
      [13, 12],
    ]);
  });

  it('knows what a person allowed in an earlier session', async () => {
    const used = { ...NOTHING, tokens: 1_500, tokensFrom: 1_200 };
    const { turn, use } = counting(
      { 'limits.tokensPerDay': 1_000 },
      { others: () => Promise.resolve({ used }) },
    );
    const limits = await turn();
    expect(limits.beforeRequest(0)).toBeUndefined();
    await use(700);
    expect(limits.beforeRequest(0)).toBeDefined();
  });

  it('begins from nothing at midnight UTC, even within a turn', async () => {
    const { clock, turn, use, kept, ledger } = counting({ 'limits.tokensPerDay': 1_000 });
    const limits = await turn();
    await use(1_000);
    await clock.advance(DAY_MS);
    await use(5);
    expect(limits.beforeRequest(0)).toBeUndefined();
    expect(ledger.report().day.tokens).toBe(5);
    expect(kept.at(-1)).toEqual({ day: 20_001, own: { ...NOTHING, tokens: 5 } });
  });

  it.each<[string, Partial<DayTotals>]>([
    ['read', { others: () => Promise.resolve({ used: NOTHING, trouble: 'It cannot be read.' }) }],
    ['kept', { keep: () => Promise.resolve('It cannot be kept.') }],
  ])('that cannot be %s is said once, and not again', async (_, day) => {
    const { turn, use } = counting({ 'limits.tokensPerDay': 1_000 }, day);
    const limits = await turn();
    await use(1);
    const reached = limits.beforeRequest(0);
    expect(reached?.question).toMatch(/^It cannot be (read|kept)\. Until that is mended/);
    reached?.extend();
    expect(limits.beforeRequest(0)).toBeUndefined();
    await use(1);
    expect((await turn()).beforeRequest(0)).toBeUndefined();
  });

  it('is not spoken of where no limit rests on it', async () => {
    const { turn } = counting(
      {},
      { others: () => Promise.resolve({ used: NOTHING, trouble: 'Unreadable.' }) },
    );
    expect((await turn()).beforeRequest(0)).toBeUndefined();
  });
});

describe('limits together', () => {
  it('are asked one after the other, each by its own name', async () => {
    const { turn, use } = counting({
      'limits.tokensPerTurn': 10,
      'limits.tokensPerSession': 10,
      'limits.tokensPerDay': 10,
      'model.contextTokens': 4_000,
    });
    const limits = await turn();
    await use(10);
    const asked: (string | undefined)[] = [];
    for (let reached = limits.beforeRequest(4_000); reached !== undefined;) {
      asked.push(settingOf(reached));
      reached.extend();
      reached = limits.beforeRequest(4_000);
    }
    expect(asked).toEqual([
      undefined,
      'limits.tokensPerTurn',
      'limits.tokensPerSession',
      'limits.tokensPerDay',
    ]);
  });

  it('never let more pass unasked than is allowed, whatever is used', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.nat(500), { maxLength: 40 }),
        fc.integer({ min: 1, max: 1_000 }),
        async (amounts, limit) => {
          const { turn, use } = counting({ 'limits.tokensPerSession': limit });
          const limits = await turn();
          let since = 0;
          for (const amount of amounts) {
            const reached = limits.beforeRequest(0);
            expect(reached !== undefined).toBe(since >= limit);
            if (reached !== undefined) {
              reached.extend();
              since = 0;
              expect(limits.beforeRequest(0)).toBeUndefined();
            }
            await use(amount);
            since += amount;
          }
        },
      ),
    );
  });
});

import type { Usage } from '../protocol/model.ts';
import type { Clock, DayTotals } from '../protocol/ports.ts';
import type { Settings } from '../protocol/settings.ts';
import type { DayUse, Used, UsageReport } from '../protocol/usage.ts';

const DAY_MS = 86_400_000;
const NOTHING: Used = { input: 0, cached: 0, output: 0, cost: 0 };
const NO_DAY: DayUse = { tokens: 0, cost: 0, tokensFrom: 0, costFrom: 0 };

/** What this session used, in this turn, in all and today; today together with what the other windows used. */
export type UsageLedger = {
  /** Counts the turn from zero and looks at what others used today. */
  beginTurn(): Promise<void>;
  add(usage: Usage, isEstimate: boolean): Promise<void>;
  report(): UsageReport;
  /** Today, all windows together. */
  day(): DayUse;
  /** A person let the work go on: today counts from what was used until now. */
  countDayFrom(from: Partial<Pick<DayUse, 'tokensFrom' | 'costFrom'>>): void;
  /** What a person must be told of once: why the day's figures are not whole. */
  takeTrouble(): string | undefined;
};

export function createUsageLedger(
  clock: Pick<Clock, 'now'>,
  totals: DayTotals,
  settings: () => Settings,
): UsageLedger {
  let turn = NOTHING;
  let session = NOTHING;
  let estimated = false;
  let today = dayNow();
  let others = NO_DAY;
  let own = NO_DAY;
  let trouble: string | undefined;
  let told = false;

  function dayNow(): number {
    return Math.floor(clock.now() / DAY_MS);
  }

  async function lookAtOthers(): Promise<void> {
    const read = await totals.others(today);
    others = read.used;
    trouble ??= read.trouble;
  }

  async function turnOfDay(): Promise<void> {
    if (dayNow() === today) return;
    today = dayNow();
    own = NO_DAY;
    await lookAtOthers();
  }

  function day(): DayUse {
    return {
      tokens: others.tokens + own.tokens,
      cost: others.cost + own.cost,
      tokensFrom: Math.max(others.tokensFrom, own.tokensFrom),
      costFrom: Math.max(others.costFrom, own.costFrom),
    };
  }

  return {
    day,
    async beginTurn() {
      turn = NOTHING;
      await turnOfDay();
      await lookAtOthers();
    },
    async add(usage, isEstimate) {
      const used = usedBy(usage, settings());
      turn = sum(turn, used);
      session = sum(session, used);
      estimated ||= isEstimate;
      await turnOfDay();
      own = { ...own, tokens: own.tokens + used.input + used.output, cost: own.cost + used.cost };
      // Kept in any case, whatever went wrong before.
      const unkept = await totals.keep(today, own);
      trouble ??= unkept;
    },
    // Kept with the next request; where that never comes, a later session asks once more, which is the safe side.
    countDayFrom(from) {
      own = { ...own, ...from };
    },
    report() {
      const { tokens, cost } = day();
      return { turn, session, day: { tokens, cost }, priced: isPriced(settings()), estimated };
    },
    takeTrouble() {
      if (told || trouble === undefined) return undefined;
      told = true;
      return trouble;
    },
  };
}

export function isPriced(settings: Settings): boolean {
  return settings['model.priceInput'] > 0 && settings['model.priceOutput'] > 0;
}

/** What a server says it used is not trusted to be sensible: no negative numbers, no more cached than sent. */
function usedBy(usage: Usage, settings: Settings): Used {
  const input = sensible(usage.input);
  const output = sensible(usage.output);
  const cached = Math.min(sensible(usage.cached), input);
  if (!isPriced(settings)) return { input, cached, output, cost: 0 };
  const priceInput = settings['model.priceInput'];
  const priceCached = settings['model.priceCached'] === 0 ? priceInput : settings['model.priceCached'];
  const millionths =
    (input - cached) * priceInput + cached * priceCached + output * settings['model.priceOutput'];
  return { input, cached, output, cost: millionths / 1_000_000 };
}

function sensible(count: number): number {
  return Number.isFinite(count) && count > 0 ? count : 0;
}

function sum(one: Used, other: Used): Used {
  return {
    input: one.input + other.input,
    cached: one.cached + other.cached,
    output: one.output + other.output,
    cost: one.cost + other.cost,
  };
}

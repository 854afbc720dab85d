import type { Settings } from '../protocol/settings.ts';
import { amountReached, type Mark } from './amountLimit.ts';
import { reached, type Reached } from './reached.ts';
import { isPriced, type UsageLedger } from './usageLedger.ts';

export type Spending = {
  readonly settings: Settings;
  readonly ledger: Pick<UsageLedger, 'report' | 'day' | 'countDayFrom' | 'takeTrouble'>;
  /** From where on the tokens of the turn count. */
  readonly turn: Mark;
  readonly session: { readonly tokens: Mark; readonly cost: Mark };
};

/** Tokens and cost, of the turn, the session and the day. */
export type SpendingLimits = {
  used(): Reached | undefined;
  dayUnknown(): Reached | undefined;
};

export function spendingLimits({ settings, ledger, turn, session }: Spending): SpendingLimits {
  function tokensUsed(): Reached | undefined {
    const { turn: inTurn, session: all } = ledger.report();
    return (
      amountReached({
        used: inTurn.input + inTurn.output,
        limit: settings['limits.tokensPerTurn'],
        mark: turn,
        what: 'This turn has used',
        words: tokenWords,
        setting: 'limits.tokensPerTurn',
      }) ??
      amountReached({
        used: all.input + all.output,
        limit: settings['limits.tokensPerSession'],
        mark: session.tokens,
        what: 'This session has used',
        words: tokenWords,
        setting: 'limits.tokensPerSession',
      }) ??
      amountReached({
        used: ledger.day().tokens,
        limit: settings['limits.tokensPerDay'],
        mark: { from: ledger.day().tokensFrom },
        what: 'Today all sessions together have used',
        words: tokenWords,
        setting: 'limits.tokensPerDay',
        moved: () => ledger.countDayFrom({ tokensFrom: ledger.day().tokens }),
      })
    );
  }

  function costMade(): Reached | undefined {
    if (!isPriced(settings)) return undefined;
    return (
      amountReached({
        used: ledger.report().session.cost,
        limit: settings['limits.costPerSession'],
        mark: session.cost,
        what: 'By the prices in your settings, this session has cost',
        words: money,
        setting: 'limits.costPerSession',
      }) ??
      amountReached({
        used: ledger.day().cost,
        limit: settings['limits.costPerDay'],
        mark: { from: ledger.day().costFrom },
        what: 'By the prices in your settings, all sessions of today have cost',
        words: money,
        setting: 'limits.costPerDay',
        moved: () => ledger.countDayFrom({ costFrom: ledger.day().cost }),
      })
    );
  }

  /** Figures of the day that are not whole are said once, where a limit rests on them. */
  function dayUnknown(): Reached | undefined {
    const isLimited =
      settings['limits.tokensPerDay'] > 0 || (isPriced(settings) && settings['limits.costPerDay'] > 0);
    const trouble = isLimited ? ledger.takeTrouble() : undefined;
    if (trouble === undefined) return undefined;
    return reached(
      `${trouble} Until that is mended, the limits per day count only what is known.`,
      'Go on',
      () => undefined,
    );
  }

  return { used: () => tokensUsed() ?? costMade(), dayUnknown };
}

function tokenWords(count: number): string {
  return `${Math.ceil(count).toLocaleString('en')} tokens`;
}

/** No currency is named, because the prices name none. */
function money(cost: number): string {
  return cost.toLocaleString('en', { minimumFractionDigits: 2, maximumFractionDigits: cost < 1 ? 4 : 2 });
}

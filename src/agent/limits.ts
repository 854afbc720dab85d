import type { ToolCall } from '../protocol/message.ts';
import type { Clock } from '../protocol/ports.ts';
import type { Settings } from '../protocol/settings.ts';
import { amountReached, type Mark } from './amountLimit.ts';
import { createLoopLimit } from './loopLimit.ts';
import { createRate, type Rate } from './rateLimit.ts';
import { reached, type Reached } from './reached.ts';
import { isPriced, type UsageLedger } from './usageLedger.ts';

/** Counts one turn. Each asks one question at a time; who extends one limit asks again whether another is reached. */
export type TurnLimits = {
  beforeRequest(tokens: number): Reached | undefined;
  /** Asked before any of the calls of an answer is done. */
  beforeCalls(calls: readonly ToolCall[]): Reached | undefined;
  afterReply(calls: readonly ToolCall[]): Reached | undefined;
};

/** What goes on from turn to turn. */
export type SessionLimits = {
  readonly modelCalls: Rate;
  readonly toolCalls: Rate;
  readonly tokens: Mark;
  readonly cost: Mark;
};

export type TurnLimitsOptions = {
  readonly settings: Settings;
  readonly clock: Pick<Clock, 'now'>;
  readonly session: SessionLimits;
  readonly ledger: Pick<UsageLedger, 'report' | 'day' | 'countDayFrom' | 'takeTrouble'>;
  /** Milliseconds of this turn in which a person was asked something. */
  readonly waitedMs: () => number;
  /** Bytes that commands printed in this turn. */
  readonly printed: () => number;
};

const FULL = 0.95;
const MINUTE_MS = 60_000;

export function createSessionLimits(clock: Pick<Clock, 'now'>): SessionLimits {
  return {
    modelCalls: createRate(clock),
    toolCalls: createRate(clock),
    tokens: { from: 0 },
    cost: { from: 0 },
  };
}

export function createTurnLimits(options: TurnLimitsOptions): TurnLimits {
  const { settings, clock, session, ledger } = options;
  const started = clock.now();
  const marks = { steps: { from: 0 }, tokens: { from: 0 }, time: { from: 0 }, printed: { from: 0 } };
  const loop = createLoopLimit();
  let made = 0;
  let fullAllowed = false;
  let burstAllowed = false;

  function windowFull(tokens: number): Reached | undefined {
    const most = settings['model.contextTokens'];
    if (tokens <= most * FULL || fullAllowed) return undefined;
    const sizes = `about ${counted(tokens)} of ${counted(most)} tokens`;
    return reached(
      `The conversation fills the model’s context window (${sizes}). Start a new session for further work, or send it anyway and see whether the model takes it.`,
      'Send anyway',
      () => (fullAllowed = true),
    );
  }

  function stepsMade(): Reached | undefined {
    const limit = settings['limits.stepsPerTurn'];
    if (made - marks.steps.from < limit) return undefined;
    return reached(
      `The agent has made ${made} requests in this turn, the limit set by warrant.limits.stepsPerTurn.`,
      `Go on for ${limit} more`,
      () => (marks.steps.from = made),
    );
  }

  function requestsTooFast(): Reached | undefined {
    const limit = settings['limits.modelCallsPerMinute'];
    const rate = session.modelCalls;
    if (limit === 0 || rate.lastMinute() < limit) return undefined;
    return reached(
      `The agent has sent ${counted(rate.lastMinute())} requests to the model within a minute; the limit is set by warrant.limits.modelCallsPerMinute (${counted(limit)}).`,
      `Go on for ${counted(limit)} more`,
      () => rate.forget(),
    );
  }

  function tokensUsed(): Reached | undefined {
    const { turn, session: all } = ledger.report();
    return (
      amountReached({
        used: turn.input + turn.output,
        limit: settings['limits.tokensPerTurn'],
        mark: marks.tokens,
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

  function timeWorked(): Reached | undefined {
    return amountReached({
      used: clock.now() - started - options.waitedMs(),
      limit: settings['limits.minutesPerTurn'] * MINUTE_MS,
      mark: marks.time,
      what: 'The agent has worked on this turn for',
      words: minutes,
      setting: 'limits.minutesPerTurn',
    });
  }

  function outputPrinted(): Reached | undefined {
    return amountReached({
      used: options.printed(),
      limit: settings['limits.commandOutputPerTurn'],
      mark: marks.printed,
      what: 'The commands of this turn have printed',
      words: byteWords,
      setting: 'limits.commandOutputPerTurn',
    });
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

  return {
    beforeRequest(tokens) {
      const question =
        dayUnknown() ??
        windowFull(tokens) ??
        stepsMade() ??
        requestsTooFast() ??
        tokensUsed() ??
        costMade() ??
        timeWorked() ??
        outputPrinted();
      if (question === undefined) made += 1;
      return question;
    },

    beforeCalls(calls) {
      const limit = settings['limits.toolCallsPerMinute'];
      const rate = session.toolCalls;
      const soon = rate.lastMinute() + calls.length;
      if (limit === 0 || soon <= limit || burstAllowed) {
        burstAllowed = false;
        rate.add(calls.length);
        return undefined;
      }
      return reached(
        `With its next ${counted(calls.length)} the agent would have made ${counted(soon)} tool calls within a minute; the limit is set by warrant.limits.toolCallsPerMinute (${counted(limit)}).`,
        `Go on for ${counted(limit)} more`,
        () => {
          rate.forget();
          // An answer with more calls than a minute may have was shown as such, and is let through as a whole.
          burstAllowed = true;
        },
      );
    },

    afterReply: (calls) => loop.afterReply(calls),
  };
}

function counted(count: number): string {
  return count.toLocaleString('en');
}

function tokenWords(count: number): string {
  return `${counted(Math.ceil(count))} tokens`;
}

function byteWords(count: number): string {
  return `${counted(count)} bytes`;
}

function minutes(ms: number): string {
  const count = Math.floor(ms / MINUTE_MS);
  return count === 1 ? '1 minute' : `${counted(count)} minutes`;
}

/** No currency is named, because the prices name none. */
function money(cost: number): string {
  return cost.toLocaleString('en', { minimumFractionDigits: 2, maximumFractionDigits: cost < 1 ? 4 : 2 });
}

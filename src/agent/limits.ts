import type { ToolCall } from '../protocol/message.ts';
import type { Clock } from '../protocol/ports.ts';
import type { Settings } from '../protocol/settings.ts';
import { amountReached, type Mark } from './amountLimit.ts';
import { createLoopLimit } from './loopLimit.ts';
import { createRate, type Rate } from './rateLimit.ts';
import { reached, type Reached } from './reached.ts';
import { spendingLimits } from './spendingLimits.ts';
import type { UsageLedger } from './usageLedger.ts';

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
  const spending = spendingLimits({ settings, ledger, turn: marks.tokens, session });
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

  return {
    beforeRequest(tokens) {
      const question =
        spending.dayUnknown() ??
        windowFull(tokens) ??
        stepsMade() ??
        requestsTooFast() ??
        spending.used() ??
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

function byteWords(count: number): string {
  return `${counted(count)} bytes`;
}

function minutes(ms: number): string {
  const count = Math.floor(ms / MINUTE_MS);
  return count === 1 ? '1 minute' : `${counted(count)} minutes`;
}

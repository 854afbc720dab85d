import type { Clock } from '../protocol/ports.ts';

const MINUTE_MS = 60_000;

/** Counts what happened within the last minute. */
export type Rate = {
  add(count: number): void;
  lastMinute(): number;
  /** Begins to count anew. */
  forget(): void;
};

export function createRate(clock: Pick<Clock, 'now'>): Rate {
  let happened: { readonly at: number; readonly count: number }[] = [];
  return {
    add(count) {
      if (count > 0) happened.push({ at: clock.now(), count });
    },
    lastMinute() {
      const from = clock.now() - MINUTE_MS;
      // A clock that was set back leaves entries in the future; they count until they have passed.
      happened = happened.filter(({ at }) => at > from);
      return happened.reduce((sum, { count }) => sum + count, 0);
    },
    forget() {
      happened = [];
    },
  };
}

import type { Clock } from '../../src/protocol/ports.ts';

export type ManualClock = Clock & {
  /** Lets time pass: sleeps that are due end, in their order. */
  advance(ms: number): Promise<void>;
  /** How many sleeps are going on. */
  pending(): number;
  /** Resolves once at least this many sleeps are going on. */
  sleeping(count: number): Promise<void>;
};

/** A clock that stands still until it is told otherwise. Ids count up. */
export function manualClock(start = 1_800_000_000_000): ManualClock {
  type Sleep = { readonly until: number; readonly wake: () => void };
  let now = start;
  let ids = 0;
  const sleeps = new Set<Sleep>();
  const waiting = new Set<{ readonly count: number; readonly resolve: () => void }>();

  function tellWaiting(): void {
    for (const wait of waiting) {
      if (sleeps.size < wait.count) continue;
      waiting.delete(wait);
      wait.resolve();
    }
  }

  return {
    now: () => now,
    id: () => `id${String((ids += 1)).padStart(20, '0')}`,
    sleep(ms, signal) {
      if (signal.aborted) return Promise.reject(signal.reason as Error);
      return new Promise((resolve, reject) => {
        const onAbort = (): void => {
          sleeps.delete(sleep);
          reject(signal.reason as Error);
        };
        const wake = (): void => {
          sleeps.delete(sleep);
          signal.removeEventListener('abort', onAbort);
          resolve();
        };
        const sleep = { until: now + ms, wake };
        signal.addEventListener('abort', onAbort, { once: true });
        sleeps.add(sleep);
        tellWaiting();
      });
    },
    async advance(ms) {
      now += ms;
      for (const sleep of [...sleeps].sort((a, b) => a.until - b.until)) if (sleep.until <= now) sleep.wake();
      await new Promise((resolve) => setImmediate(resolve));
    },
    pending: () => sleeps.size,
    sleeping: (count) =>
      new Promise((resolve) => {
        waiting.add({ count, resolve });
        tellWaiting();
      }),
  };
}

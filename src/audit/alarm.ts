/** One thing to do after a while; setting it anew forgets what was set before. */
export type Alarm = { set(ms: number, ring: () => void): void; stop(): void };

export function createAlarm(sleep: (ms: number, signal: AbortSignal) => Promise<void>): Alarm {
  let waiting = new AbortController();
  return {
    set(ms, ring) {
      waiting.abort();
      waiting = new AbortController();
      // It only rejects when it is stopped, and then there is nothing to do.
      void sleep(ms, waiting.signal).then(ring, () => undefined);
    },
    stop: () => waiting.abort(),
  };
}

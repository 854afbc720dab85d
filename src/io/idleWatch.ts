import type { Clock } from '../protocol/ports.ts';

export type IdleWatch = {
  /** Something arrived. */
  readonly touch: () => void;
  /** Nothing is being waited for until `release`: a slow reader is not a silent server. */
  readonly hold: () => void;
  readonly release: () => void;
  readonly end: () => void;
};

/** Calls `onIdle` once when nothing arrived for `idleMs`. One timer at a time, however many bytes arrive. */
export function idleWatch(clock: Clock, idleMs: number, onIdle: () => void): IdleWatch {
  const ended = new AbortController();
  let last = clock.now();
  let held = false;

  async function watch(): Promise<void> {
    for (;;) {
      const left = held ? idleMs : Math.min(idleMs, last + idleMs - clock.now());
      if (left <= 0) break;
      await clock.sleep(left, ended.signal);
    }
    onIdle();
  }
  // The sleep rejects only because the watch has ended.
  watch().catch(() => undefined);

  return {
    touch: () => void (last = clock.now()),
    hold: () => void (held = true),
    release: () => {
      held = false;
      last = clock.now();
    },
    end: () => ended.abort(),
  };
}

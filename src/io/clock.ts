import { randomBytes } from 'node:crypto';
import { setTimeout as wait } from 'node:timers/promises';
import type { Clock } from '../protocol/ports.ts';

/** The one place that knows what time it is and makes ids. */
export function systemClock(): Clock {
  return {
    now: () => Date.now(),
    id: () => randomBytes(16).toString('base64url'),
    async sleep(ms, signal) {
      signal.throwIfAborted();
      try {
        await wait(ms, undefined, { signal });
      } catch (error) {
        signal.throwIfAborted();
        throw error;
      }
    },
  };
}

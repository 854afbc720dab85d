import type { SessionRedactor } from './redactor.ts';

export type RedactingStream = {
  /** What can be shown now: the text up to here without anything that may yet turn out to be part of a secret. */
  push(delta: string): string;
  /** Forgets what was held back. The next text is a new one. */
  end(): void;
};

const MOST_HELD = 65_536;

/**
 * Makes live text showable although secrets may be split over its pieces. Pieces are held back to the end of their word,
 * or of what could be a secret with spaces in it; what is never let go is seen when the whole text is on the record.
 */
export function redactingStream(redactor: Pick<SessionRedactor, 'redact' | 'unfinished'>): RedactingStream {
  let held = '';
  let silent = false;
  return {
    push(delta) {
      if (silent) return '';
      held += delta;
      const ready = redactor.unfinished(held);
      const shown = redactor.redact(held.slice(0, ready));
      held = held.slice(ready);
      // No cut through what is held would be safe, and looking at it anew with every piece gets slow.
      silent = held.length > MOST_HELD;
      if (silent) held = '';
      return shown;
    },
    end() {
      held = '';
      silent = false;
    },
  };
}

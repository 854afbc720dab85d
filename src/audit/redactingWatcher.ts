import type { SessionState, Watcher } from '../protocol/ports.ts';
import { redactingStream } from './redactingStream.ts';
import type { SessionRedactor } from './redactor.ts';

/** A watcher that is shown nothing secret, however the text comes in pieces. */
export function redactingWatcher(watcher: Watcher, redactor: SessionRedactor): Watcher {
  const stream = redactingStream(redactor);
  return {
    text(delta) {
      const shown = stream.push(delta);
      if (shown !== '') watcher.text(shown);
    },
    textEnded() {
      stream.end();
      watcher.textEnded();
    },
    state: (state) => watcher.state(redactedState(state, (text) => redactor.redact(text))),
  };
}

function redactedState(state: SessionState, redact: (text: string) => string): SessionState {
  switch (state.kind) {
    case 'idle':
    case 'waiting':
      return state;
    case 'working':
      return { ...state, doing: redact(state.doing) };
    case 'retrying':
      return { ...state, because: redact(state.because) };
  }
}

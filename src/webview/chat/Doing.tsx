import type { JSX } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import type { ChatState } from '../../protocol/chatPage.ts';
import { Icon } from './Icon.tsx';

/** What goes on right now, where nothing else on the screen says it. */
export function Doing({ state, streaming }: { state: ChatState; streaming: boolean }): JSX.Element | null {
  if (state.mode === 'retrying') return <Retrying because={state.doing} until={state.retryAt ?? 0} />;
  if (state.mode !== 'working' || streaming) return null;
  return (
    <div class="doing muted">
      <Icon name="spinner" spin />
      <span>{state.doing === '' ? 'Working' : capital(state.doing)}…</span>
    </div>
  );
}

function Retrying({ because, until }: { because: string; until: number }): JSX.Element {
  const [left, setLeft] = useState(secondsUntil(until));
  useEffect(() => {
    const timer = setInterval(() => setLeft(secondsUntil(until)), 250);
    return () => clearInterval(timer);
  }, [until]);
  return (
    <div class="doing">
      <Icon name="stale" />
      <span>
        {because} <span class="muted">{left > 0 ? `Trying again in ${left} s.` : 'Trying again…'}</span>
      </span>
    </div>
  );
}

/** `until` counts milliseconds since 1970, as the host's clock does. */
function secondsUntil(until: number): number {
  return Math.max(0, Math.ceil((until - performance.timeOrigin - performance.now()) / 1_000));
}

function capital(words: string): string {
  return words.charAt(0).toUpperCase() + words.slice(1);
}

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
  const [left, setLeft] = useState<number | null>(null);
  useEffect(() => {
    // The time of a frame counts from when the page began; `until` from 1970.
    const show = (frame: number) =>
      setLeft(Math.max(0, Math.ceil((until - performance.timeOrigin - frame) / 1_000)));
    requestAnimationFrame(show);
    const timer = setInterval(() => requestAnimationFrame(show), 250);
    return () => clearInterval(timer);
  }, [until]);
  const again = left === null || left === 0 ? 'Trying again…' : `Trying again in ${left} s.`;
  return (
    <div class="doing">
      <Icon name="stale" />
      <span>
        {because} <span class="muted">{again}</span>
      </span>
    </div>
  );
}

function capital(words: string): string {
  return words.charAt(0).toUpperCase() + words.slice(1);
}

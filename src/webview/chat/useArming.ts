import { useCallback, useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks';
import type { ChatCard } from './chatCard.ts';
import type { Host } from './host.ts';

/** A little longer than the host waits, so that a click on a button that looks ready always counts. */
const ARMING_MS = 780;
const MOVED_PIXELS = 4;

export type Arming = 'unseen' | 'arming' | 'armed';

/**
 * Says when a card may be answered. The host decides; this only reports what is on the screen and draws the buttons
 * accordingly. A card is seen when its end is: a long one must be scrolled through. It must arm again when it moves
 * or comes back to the screen.
 */
export function useArming(card: ChatCard, host: Host) {
  const [arming, setArming] = useState<Arming>('unseen');
  const end = useRef<HTMLDivElement>(null);
  const buttons = useRef<HTMLDivElement>(null);
  const endSeen = useRef(false);
  const timer = useRef(0);

  const begin = useCallback(() => {
    clearTimeout(timer.current);
    if (!endSeen.current || document.hidden) {
      setArming('unseen');
      return;
    }
    host.post({ kind: 'cardVisible', card: card.id, digest: card.digest });
    setArming('arming');
    timer.current = window.setTimeout(() => setArming('armed'), ARMING_MS);
  }, [card.id, card.digest, host]);

  useLayoutEffect(() => {
    endSeen.current = false;
    setArming('unseen');
    const sight = new IntersectionObserver((entries) => {
      if (endSeen.current || !entries.some((entry) => entry.isIntersecting)) return;
      endSeen.current = true;
      begin();
    });
    if (end.current !== null) sight.observe(end.current);
    return () => {
      sight.disconnect();
      clearTimeout(timer.current);
    };
  }, [begin]);

  useEffect(() => {
    let place = placeOf(buttons.current);
    const moved = new ResizeObserver(() => {
      if (buttons.current?.isConnected !== true) return;
      const now = placeOf(buttons.current);
      const far = Math.abs(now.top - place.top) + Math.abs(now.left - place.left) > MOVED_PIXELS;
      place = now;
      if (far && endSeen.current) begin();
    });
    for (const element of [document.body, ...document.querySelectorAll('.dock > *')]) moved.observe(element);
    document.addEventListener('visibilitychange', begin);
    return () => {
      moved.disconnect();
      document.removeEventListener('visibilitychange', begin);
    };
  }, [begin]);

  return { arming, end, buttons };
}

function placeOf(element: Element | null): { readonly top: number; readonly left: number } {
  return element?.getBoundingClientRect() ?? { top: 0, left: 0 };
}

import type { RefObject } from 'preact';
import { useCallback, useLayoutEffect, useRef, useState } from 'preact/hooks';
import type { Host } from './host.ts';

const NEAR = 24;

/**
 * Follows the end of the conversation as long as a person stands there, and stays where they are when they scroll up.
 * `stick` is to be called after anything grew.
 */
export function useStickyScroll(scroller: RefObject<HTMLElement | null>, host: Host) {
  const atEnd = useRef(host.kept().scroll === null);
  /** How far down the end was when it was last brought up. */
  const followed = useRef(0);
  const [away, setAway] = useState(false);

  const stick = useCallback(() => {
    const element = scroller.current;
    if (element === null || !atEnd.current) return;
    element.scrollTop = element.scrollHeight;
    followed.current = element.scrollHeight - element.clientHeight;
  }, [scroller]);
  const toEnd = useCallback(() => {
    atEnd.current = true;
    setAway(false);
    stick();
  }, [stick]);

  useLayoutEffect(() => {
    const element = scroller.current;
    if (element === null) return;
    const { scroll } = host.kept();
    if (scroll !== null) element.scrollTop = scroll;
    const scrolled = () => {
      // Heights that nobody has followed yet made the browser scroll, not a person.
      if (atEnd.current && element.scrollHeight - element.clientHeight !== followed.current) return stick();
      atEnd.current = element.scrollHeight - element.scrollTop - element.clientHeight < NEAR;
      setAway(!atEnd.current);
      host.keep({ scroll: atEnd.current ? null : element.scrollTop });
    };
    const resized = new ResizeObserver(stick);
    resized.observe(element);
    element.addEventListener('scroll', scrolled, { passive: true });
    return () => {
      resized.disconnect();
      element.removeEventListener('scroll', scrolled);
    };
  }, [host, scroller, stick]);

  return { stick, toEnd, away };
}

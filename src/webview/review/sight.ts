import { covered, isComplete, type Coverage } from './coverage.ts';

/** Knows which parts of what scrolls have been on the screen, every bit of them. */
export type Sight = {
  /** The result ends the watch. */
  watch(element: HTMLElement, part: string, calls: SightCalls): () => void;
  /** From here on the part holds what it stands for, not only room for it. */
  drawn(element: HTMLElement): void;
  dispose(): void;
};

/** The part came close to the screen and should be drawn, or went far from it; `height` is what it took when drawn. */
type SightCalls = { readonly near: () => void; readonly far?: (height: number) => void };

type Watched = {
  readonly part: string;
  readonly calls: SightCalls;
  isDrawn: boolean;
  coverage: Coverage;
};

/**
 * Watches what scrolls in `scroller`. `seen` is called once for each part, when all of it has been visible, in one go
 * or bit by bit. What was passed over in a jump has not been visible.
 */
export function createSight(scroller: HTMLElement, seen: (part: string) => void): Sight {
  const watched = new Map<Element, Watched>();
  const close = new Set<HTMLElement>();
  let frame = 0;

  const nearness = new IntersectionObserver(
    (entries) => {
      for (const { target, isIntersecting } of entries) {
        if (!(target instanceof HTMLElement)) continue;
        const known = watched.get(target);
        if (isIntersecting) {
          close.add(target);
          known?.calls.near();
          continue;
        }
        close.delete(target);
        if (known?.isDrawn !== true || known.calls.far === undefined) continue;
        known.isDrawn = false;
        known.calls.far(target.getBoundingClientRect().height);
      }
      lookSoon();
    },
    { root: scroller, rootMargin: '1200px 0px' },
  );
  const resized = new ResizeObserver(lookSoon);
  resized.observe(scroller);
  scroller.addEventListener('scroll', lookSoon, { passive: true });
  document.addEventListener('visibilitychange', lookSoon);

  function lookSoon(): void {
    if (frame === 0) frame = requestAnimationFrame(look);
  }

  function look(): void {
    frame = 0;
    if (document.visibilityState !== 'visible') return;
    const frameBox = scroller.getBoundingClientRect();
    const top = Math.max(0, frameBox.top);
    const bottom = Math.min(window.innerHeight, frameBox.bottom);
    for (const element of close) {
      const part = watched.get(element);
      if (part === undefined || !part.isDrawn || isComplete(part.coverage)) continue;
      const box = element.getBoundingClientRect();
      if (box.height === 0) continue;
      const from = (Math.max(box.top, top) - box.top) / box.height;
      const to = (Math.min(box.bottom, bottom) - box.top) / box.height;
      part.coverage = covered(part.coverage, from, to);
      if (isComplete(part.coverage)) seen(part.part);
    }
  }

  return {
    watch(element, part, calls) {
      watched.set(element, { part, calls, isDrawn: false, coverage: [] });
      nearness.observe(element);
      return () => {
        watched.delete(element);
        close.delete(element);
        nearness.unobserve(element);
      };
    },
    drawn(element) {
      const part = watched.get(element);
      if (part !== undefined) part.isDrawn = true;
      lookSoon();
    },
    dispose() {
      cancelAnimationFrame(frame);
      nearness.disconnect();
      resized.disconnect();
      scroller.removeEventListener('scroll', lookSoon);
      document.removeEventListener('visibilitychange', lookSoon);
    },
  };
}

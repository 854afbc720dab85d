import { useCallback, useEffect, useMemo, useRef } from 'preact/hooks';
import type { DrawnFile } from '../../protocol/cardDrawing.ts';
import type { FromReviewPage, ReviewState } from '../../protocol/reviewPage.ts';
import { seenHunks } from './parts.ts';

const PAUSE_MS = 120;

/**
 * Tells the host which hunks have been on the screen, by the names of their texts. Whenever its buttons are not armed,
 * the page says anew that it can be seen, and what it has shown so far; a page that is out of sight gets no frame and so
 * says nothing. To be used anew for each card.
 */
export function useSeen(
  state: ReviewState,
  files: ReadonlyMap<number, DrawnFile>,
  post: (message: FromReviewPage) => void,
): (file: number, part: string) => void {
  const names = useMemo(() => new Set<string>(), []);
  const parts = useMemo(() => new Map<number, Set<string>>(), []);
  const timer = useRef(0);
  const now = useRef({ state, files });
  now.current = { state, files };

  // Also when only `rounds` has changed: the host has forgotten that the page could be seen.
  useEffect(() => {
    if (state.armed) return undefined;
    let frame = requestAnimationFrame(() => {
      frame = requestAnimationFrame(() => post({ kind: 'visible', digest: state.digest, hunks: [...names] }));
    });
    return () => cancelAnimationFrame(frame);
  }, [state, names, post]);

  return useCallback(
    (index: number, part: string) => {
      const seen = parts.get(index) ?? new Set<string>();
      parts.set(index, seen.add(part));
      const file = now.current.files.get(index);
      const fresh = file === undefined ? [] : seenHunks(file, seen).filter((name) => !names.has(name));
      if (fresh.length === 0) return;
      for (const name of fresh) names.add(name);
      clearTimeout(timer.current);
      timer.current = window.setTimeout(() => {
        post({ kind: 'visible', digest: now.current.state.digest, hunks: [...names] });
      }, PAUSE_MS);
    },
    [names, parts, post],
  );
}

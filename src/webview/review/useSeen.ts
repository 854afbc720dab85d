import { useCallback, useEffect, useMemo, useRef } from 'preact/hooks';
import type { ReviewFile } from '../../protocol/changeSet.ts';
import type { FromReviewPage, ReviewState } from '../../protocol/reviewPage.ts';
import { seenHunks } from './parts.ts';

const PAUSE_MS = 120;

/**
 * Tells the host which hunks have been on the screen. Whenever its buttons are not armed, the page says anew that it
 * can be seen, and what it has shown so far; a page that is out of sight gets no frame and so says nothing.
 */
export function useSeen(
  state: ReviewState | undefined,
  post: (message: FromReviewPage) => void,
): (file: ReviewFile, part: string) => void {
  const digest = state?.digest ?? '';
  const hunks = useMemo(() => new Set<string>(), [digest]);
  const parts = useMemo(() => new Map<ReviewFile, Set<string>>(), [digest]);
  const timer = useRef(0);

  useEffect(() => {
    if (state === undefined || state.armed) return undefined;
    let frame = requestAnimationFrame(() => {
      frame = requestAnimationFrame(() => post({ kind: 'visible', digest: state.digest, hunks: [...hunks] }));
    });
    return () => cancelAnimationFrame(frame);
  }, [state, hunks, post]);

  return useCallback(
    (file: ReviewFile, part: string) => {
      const seen = parts.get(file) ?? new Set<string>();
      parts.set(file, seen.add(part));
      const fresh = seenHunks(file, seen).filter((id) => !hunks.has(id));
      if (fresh.length === 0) return;
      for (const id of fresh) hunks.add(id);
      clearTimeout(timer.current);
      timer.current = window.setTimeout(() => post({ kind: 'visible', digest, hunks: [...hunks] }), PAUSE_MS);
    },
    [digest, hunks, parts, post],
  );
}

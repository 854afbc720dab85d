import { useCallback, useEffect, useRef, useState } from 'preact/hooks';
import type { FromReviewPage } from '../../protocol/reviewPage.ts';

const PAUSE_MS = 300;

/**
 * The note as it is typed. The host gets it when the typing pauses, and `flush` sends what it does not have yet; a note
 * written elsewhere (by command) takes its place.
 */
export function useNote(
  known: string,
  post: (message: FromReviewPage) => void,
): { note: string; write: (note: string) => void; flush: () => void } {
  const [note, setNote] = useState(known);
  const sent = useRef(known);
  const typed = useRef(known);
  const timer = useRef(0);

  useEffect(() => {
    if (known === sent.current) return;
    sent.current = known;
    typed.current = known;
    setNote(known);
  }, [known]);

  const flush = useCallback(() => {
    clearTimeout(timer.current);
    if (typed.current === sent.current) return;
    sent.current = typed.current;
    post({ kind: 'note', text: typed.current });
  }, [post]);

  const write = useCallback(
    (text: string) => {
      typed.current = text;
      setNote(text);
      clearTimeout(timer.current);
      timer.current = window.setTimeout(flush, PAUSE_MS);
    },
    [flush],
  );
  return { note, write, flush };
}

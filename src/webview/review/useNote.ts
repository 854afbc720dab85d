import { useCallback, useEffect, useRef, useState } from 'preact/hooks';

const PAUSE_MS = 300;

/**
 * Words as they are typed. The host gets them when the typing pauses, and `flush` sends what it does not have yet;
 * words written elsewhere (by command) take their place.
 */
export function useNote(
  known: string,
  send: (note: string) => void,
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
    send(typed.current);
  }, [send]);

  const write = useCallback(
    (text: string) => {
      typed.current = text;
      setNote(text);
      clearTimeout(timer.current);
      timer.current = window.setTimeout(flush, PAUSE_MS);
    },
    [flush],
  );
  // A box that is taken away keeps its words.
  useEffect(() => flush, [flush]);
  return { note, write, flush };
}

import type { JSX } from 'preact';
import { useCallback, useLayoutEffect, useRef } from 'preact/hooks';
import type { FromReviewPage } from '../../protocol/reviewPage.ts';
import { useNote } from './useNote.ts';

type HunkNoteProps = {
  readonly hunk: string;
  readonly place: number;
  readonly known: string;
  /** Opened by the person just now, and not drawn anew. */
  readonly takesFocus: boolean;
  readonly post: (message: FromReviewPage) => void;
};

/** What the person says to the agent about one hunk. */
export function HunkNote({ hunk, place, known, takesFocus, post }: HunkNoteProps): JSX.Element {
  const box = useRef<HTMLTextAreaElement>(null);
  const send = useCallback((text: string) => post({ kind: 'hunkNote', hunk, text }), [hunk, post]);
  const { note, write, flush } = useNote(known, send);
  useLayoutEffect(() => {
    if (takesFocus) box.current?.focus();
  }, [takesFocus]);
  return (
    <div class="hunk-note">
      <textarea
        ref={box}
        class="field"
        rows={1}
        maxLength={10_000}
        aria-label={`Note to the agent about hunk ${place}`}
        placeholder="Note to the agent about this hunk, sent with your decision"
        value={note}
        onBlur={flush}
        onInput={(event) => write(event.currentTarget.value)}
        onKeyDown={(event) => {
          if (event.key === 'Escape') event.currentTarget.blur();
        }}
      />
    </div>
  );
}

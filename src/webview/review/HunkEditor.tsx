import type { JSX } from 'preact';
import { useCallback, useLayoutEffect, useRef } from 'preact/hooks';
import type { FromReviewPage } from '../../protocol/reviewPage.ts';
import { trusted } from './trusted.ts';
import { useNote } from './useNote.ts';

type HunkEditorProps = {
  readonly hunk: string;
  readonly place: number;
  readonly text: string;
  readonly digest: string;
  readonly post: (message: FromReviewPage) => void;
};

/** The hunk as it would be, to be written in. What is saved comes back from the host, drawn like everything else. */
export function HunkEditor({ hunk, place, text, digest, post }: HunkEditorProps): JSX.Element {
  const box = useRef<HTMLTextAreaElement>(null);
  const send = useCallback((typed: string) => post({ kind: 'typing', hunk, text: typed }), [hunk, post]);
  const { note: typed, write, flush } = useNote(text, send);
  useLayoutEffect(() => {
    const field = box.current;
    field?.focus();
    field?.setSelectionRange(0, 0);
    return () => {
      const { activeElement } = document;
      const scroller = document.querySelector('.scroller');
      // Keys go on working where the person was writing, unless they have gone elsewhere.
      const wasHere = activeElement === field || activeElement === document.body;
      if (wasHere && scroller instanceof HTMLElement) scroller.focus({ preventScroll: true });
    };
  }, []);
  const save = () => post({ kind: 'saveEdit', digest, hunk, text: typed });
  const cancel = () => post({ kind: 'cancelEdit', hunk });
  return (
    <div class="editor">
      <textarea
        ref={box}
        class="code-field"
        aria-label={`Text of hunk ${place} after the change`}
        rows={Math.min(40, typed.split('\n').length + 1)}
        spellcheck={false}
        autocapitalize="off"
        autocomplete="off"
        value={typed}
        onBlur={flush}
        onInput={(event) => write(event.currentTarget.value)}
        onKeyDown={trusted((event: KeyboardEvent) => {
          const saves = (event.ctrlKey || event.metaKey) && (event.key === 'Enter' || event.key === 's');
          if (saves) save();
          else if (event.key === 'Escape') cancel();
          else return;
          event.preventDefault();
        })}
      />
      <div class="editor-actions">
        <button type="button" class="button" title="Ctrl+Enter" onClick={trusted(save)}>
          Save text
        </button>
        <button type="button" class="button secondary" title="Escape" onClick={trusted(cancel)}>
          Cancel
        </button>
        <span class="muted">Nothing is written before you apply.</span>
      </div>
    </div>
  );
}

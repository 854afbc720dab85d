import type { JSX, RefObject } from 'preact';
import { Marked } from './Marked.tsx';

/** What the person says to the agent, and, apart and last, what the agent says. */
export function Footer({
  claim,
  note,
  box,
  write,
  flush,
}: {
  claim: string;
  note: string;
  box: RefObject<HTMLTextAreaElement | null>;
  write: (note: string) => void;
  flush: () => void;
}): JSX.Element {
  return (
    <footer>
      <div class="note-row">
        <textarea
          ref={box}
          class="field"
          rows={1}
          maxLength={10_000}
          aria-label="Note to the agent, sent with your decision"
          placeholder="Note to the agent, sent with your decision (optional)"
          value={note}
          onBlur={flush}
          onInput={(event) => write(event.currentTarget.value)}
          onKeyDown={(event) => {
            if (event.key === 'Escape') event.currentTarget.blur();
          }}
        />
        <p class="keys muted" aria-label="Keys">
          <kbd>j</kbd> <kbd>k</kbd> hunk <kbd>[</kbd> <kbd>]</kbd> file <kbd>a</kbd> <kbd>r</kbd> accept,
          reject <kbd>A</kbd> <kbd>R</kbd> whole file <kbd>e</kbd> edit <kbd>n</kbd> note <kbd>x</kbd> more
          lines <kbd>u</kbd> undo
        </p>
      </div>
      {claim !== '' && (
        <details>
          <summary class="muted">The agent’s words, unverified</summary>
          <p class="claim">
            <Marked text={claim} />
          </p>
        </details>
      )}
    </footer>
  );
}

import type { JSX } from 'preact';
import { visibleParts } from './visibleParts.ts';

/** Plain text in which nothing hides. */
export function Visible({ text }: { text: string }): JSX.Element {
  return (
    <>
      {visibleParts(text).map((part) =>
        part.kind === 'text' ? part.text : <span class="unseen">{part.text}</span>,
      )}
    </>
  );
}

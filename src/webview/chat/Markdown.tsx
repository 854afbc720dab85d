import type { JSX } from 'preact';
import { useLayoutEffect, useRef } from 'preact/hooks';
import { splitBeforeLastBlock } from './markdownHtml.ts';
import { safeFragment } from './safeFragment.ts';

const CHARACTERS_A_FRAME = 4_000;

/** A finished text of the model. */
export function Markdown({ text }: { text: string }): JSX.Element {
  const place = useRef<HTMLDivElement>(null);
  useLayoutEffect(() => place.current?.replaceChildren(safeFragment(text)), [text]);
  return <div class="markdown" ref={place} />;
}

/**
 * A text that still grows. Blocks that can no longer change are rendered once; only the last one is rendered again,
 * at most once a frame, and less often the longer it is.
 */
export function GrowingMarkdown({ text, grown }: { text: string; grown: () => void }): JSX.Element {
  const settled = useRef<HTMLDivElement>(null);
  const open = useRef<HTMLDivElement>(null);
  const progress = useRef({ text: '', drawn: '', offset: 0, frame: 0, wait: 0 });

  useLayoutEffect(() => {
    const at = progress.current;
    at.text = text;
    if (at.frame === 0) at.frame = requestAnimationFrame(draw);
  }, [text]);
  useLayoutEffect(() => () => cancelAnimationFrame(progress.current.frame), []);

  function draw(): void {
    const at = progress.current;
    if (at.wait > 0) {
      at.wait -= 1;
      at.frame = requestAnimationFrame(draw);
      return;
    }
    at.frame = 0;
    if (!at.text.startsWith(at.drawn)) {
      at.offset = 0;
      settled.current?.replaceChildren();
    }
    const split = splitBeforeLastBlock(at.text.slice(at.offset));
    if (split.settled !== '') settled.current?.append(safeFragment(split.settled));
    open.current?.replaceChildren(safeFragment(split.open));
    at.offset += split.settled.length;
    at.drawn = at.text;
    at.wait = Math.floor(split.open.length / CHARACTERS_A_FRAME);
    grown();
  }

  return (
    <div class="markdown growing" aria-live="off" aria-busy="true">
      <div ref={settled} />
      <div ref={open} />
    </div>
  );
}

import type { JSX } from 'preact';
import { useLayoutEffect, useMemo, useRef } from 'preact/hooks';
import type { Hunk, ReviewFile } from '../../protocol/changeSet.ts';
import { HunkPartView } from './HunkPartView.tsx';
import { hunkParts } from './parts.ts';
import type { Sight } from './sight.ts';
import { Tick } from './Tick.tsx';

type HunkViewProps = {
  readonly hunk: Hunk;
  readonly change: ReviewFile['change'];
  /** Place in the file, from 1. */
  readonly place: number;
  readonly of: number;
  readonly isAccepted: boolean;
  readonly isCurrent: boolean;
  readonly sight: Sight;
  readonly choose: (accept: boolean) => void;
};

export function HunkView(props: HunkViewProps): JSX.Element {
  const { hunk, change, place, of, isAccepted, isCurrent, sight, choose } = props;
  const parts = useMemo(() => hunkParts(hunk), [hunk]);
  const box = useRef<HTMLElement>(null);
  useLayoutEffect(() => {
    if (isCurrent && box.current !== null) bringUp(box.current, place === 1);
  }, [isCurrent, place]);
  const words = isAccepted ? 'Accepted' : 'Rejected';
  const name = of === 1 ? 'this change' : `hunk ${place} of ${of}`;
  return (
    <section
      ref={box}
      class={`hunk ${isAccepted ? 'accepted' : 'rejected'} ${isCurrent ? 'current' : ''}`}
      aria-label={`Hunk ${place} of ${of}, ${rangeWords(hunk, change)}, ${words.toLowerCase()}`}
      aria-current={isCurrent ? 'true' : undefined}
    >
      <div class="hunk-head">
        <Tick taken={isAccepted ? 'all' : 'none'} label={`Accept ${name}`} words={words} choose={choose} />
        <span class="muted">{rangeWords(hunk, change)}</span>
        <span class="place muted">
          {place} / {of}
        </span>
      </div>
      {parts.map((part) => (
        <HunkPartView key={part.id} part={part} sight={sight} />
      ))}
    </section>
  );
}

function rangeWords(
  { lines, newStart, newLines, oldStart, oldLines }: Hunk,
  change: ReviewFile['change'],
): string {
  if (change === 'created') return 'whole new file';
  if (change === 'deleted') return 'whole file removed';
  if (lines.length === 0) return 'the file itself';
  if (newLines === 0) return `old lines ${oldStart}–${oldStart + oldLines - 1}`;
  return newLines === 1 ? `line ${newStart}` : `lines ${newStart}–${newStart + newLines - 1}`;
}

/** Scrolls only as far as needed; with the first hunk comes what stands above it. */
function bringUp(box: HTMLElement, isFirst: boolean): void {
  const scroller = box.closest('.scroller');
  if (scroller === null) return;
  if (isFirst) {
    scroller.scrollTop = 0;
    return;
  }
  const top = box.getBoundingClientRect().top - scroller.getBoundingClientRect().top;
  if (top >= 0 && top < scroller.clientHeight * 0.6) return;
  scroller.scrollTop += top - 8;
}

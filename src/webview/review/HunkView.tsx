import type { JSX } from 'preact';
import { useLayoutEffect, useMemo, useRef, useState } from 'preact/hooks';
import type { Hunk, ReviewFile } from '../../protocol/changeSet.ts';
import type { FromReviewPage } from '../../protocol/reviewPage.ts';
import type { WorkspacePath } from '../../protocol/workspacePath.ts';
import { HunkEditor } from './HunkEditor.tsx';
import type { Colours } from './hunkColours.ts';
import { HunkNote } from './HunkNote.tsx';
import { HunkPartView } from './HunkPartView.tsx';
import { hunkParts } from './parts.ts';
import type { Sight } from './sight.ts';
import { Tick } from './Tick.tsx';
import { trusted } from './trusted.ts';

type HunkViewProps = {
  readonly hunk: Hunk;
  readonly change: ReviewFile['change'];
  /** Place in the file, from 1. */
  readonly place: number;
  readonly of: number;
  readonly isAccepted: boolean;
  readonly isCurrent: boolean;
  /** What the person is writing in it now; null while they are not. */
  readonly typed: string | null;
  readonly note: string;
  readonly digest: string;
  readonly sight: Sight;
  readonly path: WorkspacePath;
  readonly colours: Colours;
  readonly post: (message: FromReviewPage) => void;
};

export function HunkView(props: HunkViewProps): JSX.Element {
  const { hunk, change, place, of, isAccepted, isCurrent, typed, note, digest, sight, post } = props;
  const { path, colours } = props;
  const { id } = hunk;
  const parts = useMemo(() => hunkParts(hunk), [hunk]);
  const colour = useMemo(() => colours(path, parts), [colours, path, parts]);
  const [opened, setOpened] = useState(0);
  const box = useRef<HTMLElement>(null);
  useLayoutEffect(() => {
    if (isCurrent && box.current !== null) bringUp(box.current, place === 1);
  }, [isCurrent, place]);
  const isTheirs = hunk.edited !== undefined;
  const words = `${isAccepted ? 'Accepted' : 'Rejected'}${isTheirs ? ', edited by you' : ''}`;
  const name = of === 1 ? 'this change' : `hunk ${place} of ${of}`;
  return (
    <section
      ref={box}
      class={`hunk ${isAccepted ? 'accepted' : 'rejected'} ${isCurrent ? 'current' : ''}`}
      aria-label={`Hunk ${place} of ${of}, ${rangeWords(hunk, change)}, ${words.toLowerCase()}`}
      aria-current={isCurrent ? 'true' : undefined}
    >
      <div class="hunk-head">
        <Tick
          taken={isAccepted ? 'all' : 'none'}
          label={`Accept ${name}`}
          words={words}
          choose={(accept) => post({ kind: 'choose', digest, target: { of: 'hunk', hunk: id }, accept })}
        />
        <span class="muted">{rangeWords(hunk, change)}</span>
        <span class="hunk-actions">
          {isTheirs && typed === null && (
            <button
              type="button"
              class="link"
              title="Puts back what the agent proposed here"
              aria-label={`Put the agent’s text back in ${name}`}
              onClick={trusted(() => post({ kind: 'revertEdit', digest, hunk: id }))}
            >
              Agent’s text
            </button>
          )}
          {isWritable(hunk, change) && typed === null && (
            <button
              type="button"
              class="link"
              title="Edit what would be written (E)"
              aria-label={`Edit ${name}`}
              onClick={trusted(() => post({ kind: 'edit', digest, hunk: id }))}
            >
              Edit
            </button>
          )}
          <button
            type="button"
            class="link note-button"
            title="A note to the agent about this hunk (N)"
            aria-label={`Note about ${name}`}
            onClick={() => setOpened(opened + 1)}
          >
            Note
          </button>
        </span>
        <span class="place muted">
          {place} / {of}
        </span>
      </div>
      {(opened > 0 || note !== '') && (
        <HunkNote key={opened} hunk={id} place={place} known={note} takesFocus={opened > 0} post={post} />
      )}
      {typed === null ? (
        parts.map((part) => <HunkPartView key={part.id} part={part} colour={colour} sight={sight} />)
      ) : (
        <HunkEditor hunk={id} place={place} text={typed} digest={digest} post={post} />
      )}
    </section>
  );
}

function isWritable({ lines, edited }: Hunk, change: ReviewFile['change']): boolean {
  if (change === 'deleted') return false;
  return lines.length > 0 || edited !== undefined || change === 'created';
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

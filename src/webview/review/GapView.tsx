import type { JSX } from 'preact';
import { useMemo } from 'preact/hooks';
import type { Gap } from '../../protocol/cardDrawing.ts';
import type { HunkLine } from '../../protocol/changeSet.ts';
import type { FromReviewPage } from '../../protocol/reviewPage.ts';
import { plural } from './fileWords.ts';
import type { Colours } from './hunkColours.ts';
import type { WorkspacePath } from '../../protocol/workspacePath.ts';
import { HunkPartView } from './HunkPartView.tsx';
import { hunkParts } from './parts.ts';
import type { Sight } from './sight.ts';

type GapViewProps = {
  readonly gap: Gap;
  /** The hunks it lies between. */
  readonly above: string | undefined;
  readonly below: string | undefined;
  readonly path: WorkspacePath;
  readonly colours: Colours;
  readonly sight: Sight;
  readonly post: (message: FromReviewPage) => void;
};

/** Lines that do not change, as far as the person asked for them. They need not have been on the screen. */
export function GapView(props: GapViewProps): JSX.Element {
  const { gap, above, below, post } = props;
  const ask = (hunk: string, side: 'above' | 'below', all: boolean) =>
    post({ kind: 'widen', hunk, side, all });
  const either = above === undefined ? below : above;
  return (
    <div class="gap">
      <Lines name={`gap/${gap.before}/above`} lines={gap.above} {...props} />
      {gap.left > 0 && (
        <div class="gap-bar muted">
          <span>{plural(gap.left, 'line')} unchanged</span>
          {above !== undefined && (
            <button type="button" class="link" onClick={() => ask(above, 'below', false)}>
              20 more below <span class="for-readers">hunk {above}</span>
            </button>
          )}
          {below !== undefined && (
            <button type="button" class="link" onClick={() => ask(below, 'above', false)}>
              20 more above <span class="for-readers">hunk {below}</span>
            </button>
          )}
          {either !== undefined && (
            <button
              type="button"
              class="link"
              onClick={() => ask(either, above === undefined ? 'above' : 'below', true)}
            >
              All
            </button>
          )}
        </div>
      )}
      <Lines name={`gap/${gap.before}/below`} lines={gap.below} {...props} />
    </div>
  );
}

type LinesProps = Pick<GapViewProps, 'path' | 'colours' | 'sight'> & {
  readonly name: string;
  readonly lines: readonly HunkLine[];
};

function Lines({ name, lines, path, colours, sight }: LinesProps): JSX.Element {
  const parts = useMemo(() => linesInParts(name, lines), [name, lines]);
  const colour = useMemo(() => colours(path, parts), [colours, path, parts]);
  return (
    <>
      {parts.map((part) => (
        <HunkPartView key={part.id} part={part} colour={colour} sight={sight} />
      ))}
    </>
  );
}

function linesInParts(name: string, lines: readonly HunkLine[]) {
  if (lines.length === 0) return [];
  const nowhere = { oldStart: 0, oldLines: 0, newStart: 0, newLines: 0 };
  return hunkParts({ id: `${name}/${lines.length}`, lines, ...nowhere });
}

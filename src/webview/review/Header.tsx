import type { JSX } from 'preact';
import type { FromReviewPage, ReviewState } from '../../protocol/reviewPage.ts';
import { plural } from './fileWords.ts';
import { Marked } from './Marked.tsx';
import { trusted } from './trusted.ts';

/** What the whole set is, why it is asked, and the two decisions. */
export function Header({
  state,
  decide,
  undo,
}: {
  state: ReviewState;
  undo: () => void;
  decide: (kind: Extract<FromReviewPage['kind'], 'apply' | 'rejectAll'>) => void;
}): JSX.Element {
  const { files } = state;
  const hunks = files.reduce((total, file) => total + file.hunks.length, 0);
  const added = files.reduce((total, file) => total + file.added, 0);
  const removed = files.reduce((total, file) => total + file.removed, 0);
  const taken = state.accepted.length;
  return (
    <header>
      <div class="summary">
        <h1>
          {plural(files.length, 'file')} to review{' '}
          <span class="counts">
            <span class="added">+{added}</span> <span class="removed">−{removed}</span>
          </span>
        </h1>
        <button
          type="button"
          class="link"
          aria-disabled={!state.canUndo}
          title="Take back the last choice or edit (U)"
          onClick={trusted(undo)}
        >
          Undo
        </button>
        <div class="decisions" role="group" aria-label="Decision">
          <button
            type="button"
            class="button secondary"
            aria-disabled={!state.armed}
            onClick={trusted(() => decide('rejectAll'))}
          >
            Reject all
          </button>
          <button
            type="button"
            class="button"
            aria-disabled={state.blocked !== null}
            aria-describedby="standing"
            title={state.blocked ?? 'Writes what is accepted, all of it or nothing.'}
            onClick={trusted(() => decide('apply'))}
            // The space bar presses it; Enter is pressed too easily for something that writes.
            onKeyDown={(event) => {
              if (event.key === 'Enter') event.preventDefault();
            }}
          >
            {taken === hunks
              ? `Apply all (${plural(hunks, 'hunk')})`
              : `Apply ${taken} of ${plural(hunks, 'hunk')}`}
          </button>
        </div>
      </div>
      {state.again !== null && (
        <p class="banner" role="alert">
          <strong>Asked again:</strong> <Marked text={state.again} />
        </p>
      )}
      <p id="standing" class="standing" role="status">
        {standing(state)}
      </p>
      <p class="why muted">
        Asked because: <Marked text={state.why} />
      </p>
    </header>
  );
}

function standing({ armed, blocked }: ReviewState): string {
  if (!armed) return 'Nothing has been written.';
  return blocked ?? 'Nothing has been written. All that is accepted was on your screen; it can be applied.';
}

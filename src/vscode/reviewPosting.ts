import type { ReviewStanding, ToReviewPage } from '../protocol/reviewPage.ts';
import { editsIn, type ReviewSession } from './reviewSession.ts';
import { reviewStanding, reviewState, standingChanges } from './reviewState.ts';

/** What a page has of the review on show. */
type Posted = {
  readonly card: string;
  standing: ReviewStanding;
  readonly files: Map<number, { readonly text: string; readonly gaps: unknown }>;
};

export type ReviewPosting = {
  /** Posts what the page does not have yet: at first the whole, then only what has changed, and the files near by. */
  show(session: ReviewSession, now: number): void;
  /** The page was loaded anew and has nothing. */
  forget(): void;
};

export function createReviewPosting(post: (message: ToReviewPage) => void): ReviewPosting {
  let posted: Posted | undefined;

  /** Before the file is selected on the page, the page must have it; its neighbours follow. */
  function postFile(session: ReviewSession, index: number, files: Posted['files']): void {
    const file = session.card.changeSet.files[index];
    if (file === undefined) return;
    const edits = editsIn(session, file);
    const text = edits.map(({ hunk, n }) => `${hunk}~${n}`).join();
    const widened = session.widened.get(index);
    const known = files.get(index);
    if (known?.text === text && known.gaps === widened) return;
    files.set(index, { text, gaps: widened });
    const card = session.card.id;
    const drawn = session.drawing.file(index, edits, widened ?? new Map());
    if (known?.text === text) post({ kind: 'gaps', card, index, gaps: drawn.gaps });
    else post({ kind: 'file', card, index, file: drawn });
  }

  return {
    show(session, now) {
      const card = session.card.id;
      if (posted?.card !== card) {
        const state = reviewState(session, now);
        posted = { card, standing: state, files: new Map() };
        post({ kind: 'show', state });
        postFile(session, session.file, posted.files);
      } else {
        // Whoever typed in a file may be looking at another one.
        for (const index of posted.files.keys()) postFile(session, index, posted.files);
        postFile(session, session.file, posted.files);
        const standing = reviewStanding(session, now);
        const changes = standingChanges(posted.standing, standing);
        posted.standing = standing;
        if (Object.keys(changes).length > 0) post({ kind: 'standing', card, changes });
      }
      postFile(session, session.file + 1, posted.files);
      postFile(session, session.file - 1, posted.files);
    },
    forget() {
      posted = undefined;
    },
  };
}

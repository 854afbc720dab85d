import { describe, expect, it } from 'vitest';
import type { ToReviewPage, FromReviewPage } from '../../../src/protocol/reviewPage.ts';
import { editsIn, shownDigest } from '../../../src/protocol/shownDigest.ts';
import { applyChoices } from '../../../src/review/applyChoices.ts';
import { cardDrawing } from '../../../src/review/cardDrawing.ts';
import { ARMING_MS } from '../../../src/vscode/reviewArming.ts';
import { createReviewPosting } from '../../../src/vscode/reviewPosting.ts';
import { pageDigest, startReview, type ReviewSession } from '../../../src/vscode/reviewSession.ts';
import { reviewState } from '../../../src/vscode/reviewState.ts';
import { reviewStep, type Reaction } from '../../../src/vscode/reviewStep.ts';
import { editCard } from './editCard.ts';

const card = editCard();
const all = ['0.0', '0.1', '1.0'];

/** A message of a page that shows what the host has. */
type Said = (session: ReviewSession) => FromReviewPage;
const edit =
  (hunk: string): Said =>
  (session) => ({ kind: 'edit', digest: pageDigest(session), hunk });
const save =
  (hunk: string, text: string): Said =>
  (session) => ({ kind: 'saveEdit', digest: pageDigest(session), hunk, text });
const see =
  (...hunks: string[]): Said =>
  (session) => ({ kind: 'visible', digest: pageDigest(session), hunks });
const apply: Said = (session) => ({ kind: 'apply', digest: pageDigest(session) });
const undo: Said = (session) => ({ kind: 'undo', digest: pageDigest(session) });
const reject =
  (hunk: string): Said =>
  (session) => ({
    kind: 'choose',
    digest: pageDigest(session),
    target: { of: 'hunk', hunk },
    accept: false,
  });

/** Everything said a second apart, so that what was shown is armed. */
function play(...said: readonly Said[]): Reaction {
  let reaction: Reaction = { session: startReview(card, cardDrawing(card), true) };
  for (const [at, say] of [see(...all), ...said].entries()) {
    const message = say(reaction.session);
    reaction = reviewStep(reaction.session, { kind: 'page', message }, at * ARMING_MS);
  }
  return reaction;
}

function linesOf({ drawing, edits }: ReviewSession, file: number, hunk: number) {
  return drawing.file(file, edits, new Map()).hunks[hunk]!.lines;
}

describe('a hunk that the person writes in', () => {
  it('is shown with their text, marked as theirs, and has to be seen and armed anew', () => {
    const { session } = play(edit('1.0'), save('1.0', 'mine\n'));
    expect(linesOf(session, 1, 0)).toMatchObject([
      { kind: 'removed', text: 'old' },
      { kind: 'added', text: 'mine', yours: true },
    ]);
    const state = reviewState(session, 10_000);
    expect(state).toMatchObject({ unseen: ['app:src/b.ts'], armed: false, editing: null });
    expect(state.digest).not.toBe(card.digest);
  });

  it('answers with the text and the digest of what is on the page', () => {
    const { answer } = play(edit('1.0'), save('1.0', 'mine'), see('1.0~1'), apply, apply);
    if (answer?.choice.kind !== 'accept') throw new Error('Nothing was accepted.');
    const edited = [{ hunk: '1.0', text: 'mine' }];
    expect(answer.choice.files[1]).toEqual({ path: 'app:src/b.ts', accepted: ['1.0'], edited });
    expect(answer.digest).toBe(shownDigest(card.digest, edited));
    expect(answer.digest).toBe(shownDigest(card.digest, editsIn(answer.choice)));
    const applied = applyChoices(card.effect, answer.choice.files);
    expect(applied?.files[1]?.after?.text).toBe('mine');
  });

  it('is not seen by having been seen before, nor under the name of another text', () => {
    for (const names of [['1.0'], ['1.0~7'], all]) {
      const { refusal } = play(edit('1.0'), save('1.0', 'mine\n'), see(...names), apply, apply);
      expect(refusal).toMatch(/1 accepted hunk was not on the screen in full yet \(src\/b\.ts\)/);
    }
  });

  it('makes void what a page says that still shows the other text', () => {
    const stale = (): FromReviewPage => ({ kind: 'apply', digest: card.digest });
    const { answer, session } = play(edit('1.0'), save('1.0', 'mine\n'), see('1.0~1'), see(), stale);
    expect([answer, session.refused]).toEqual([undefined, 1]);
    const other = (): FromReviewPage => ({ kind: 'saveEdit', digest: card.digest, hunk: '1.0', text: 'x' });
    const late = play(edit('1.0'), save('1.0', 'mine\n'), edit('1.0'), other);
    expect(late.session.edits).toMatchObject([{ text: 'mine\n' }]);
  });

  it('cannot be applied over while it is open', () => {
    expect(play(edit('1.0'), apply).refusal).toMatch(/You are editing a hunk/);
    expect(play(edit('1.0'), edit('0.0')).refusal).toMatch(/Another hunk is being edited/);
  });

  it('keeps what is typed through a page that is loaded anew, and nothing of it once cancelled', () => {
    const typing: Said = () => ({ kind: 'typing', hunk: '1.0', text: 'half' });
    const open = play(edit('1.0'), typing, () => ({ kind: 'ready' })).session;
    expect(reviewState(open, 0).editing).toEqual({ hunk: '1.0', text: 'half' });
    const { session } = play(edit('1.0'), typing, () => ({ kind: 'cancelEdit', hunk: '1.0' }));
    expect([session.editing, session.edits, pageDigest(session)]).toEqual([null, [], card.digest]);
  });

  it.each<{ name: string; said: Said[] }>([
    { name: 'saving it as it was', said: [edit('1.0'), save('1.0', 'new\n')] },
    {
      name: 'writing the agent’s text again',
      said: [edit('1.0'), save('1.0', 'x'), edit('1.0'), save('1.0', 'new\n')],
    },
    {
      name: 'putting the agent’s text back',
      said: [
        edit('1.0'),
        save('1.0', 'x\n'),
        (session) => ({ kind: 'revertEdit', digest: pageDigest(session), hunk: '1.0' }),
      ],
    },
    { name: 'taking the edit back', said: [edit('1.0'), save('1.0', 'x\n'), undo] },
  ])('is the agent’s again, and seen, after $name', ({ said }) => {
    const { session } = play(...said);
    expect([session.edits, pageDigest(session), reviewState(session, 0).unseen]).toEqual([
      [],
      card.digest,
      [],
    ]);
  });

  it('is accepted by being written in, and leaves the others as they were chosen', () => {
    const { session } = play(reject('0.0'), reject('1.0'), edit('1.0'), save('1.0', 'x\n'));
    expect([...session.accepted].sort()).toEqual(['0.1', '1.0']);
  });

  it('says why when it cannot be: saved text that cannot be shown stays in the box', () => {
    const { session, refusal } = play(edit('1.0'), save('1.0', 'x'.repeat(20_001)));
    expect(refusal).toMatch(/20,001 characters long/);
    expect([session.edits, session.editing?.text.length]).toEqual([[], 20_001]);
  });
});

describe('taking back', () => {
  it('goes back step by step over choices and edits, and to their places', () => {
    const steps = [reject('0.0'), edit('1.0'), save('1.0', 'x\n'), reject('0.1')];
    const { session } = play(...steps, undo);
    expect([...session.accepted].sort()).toEqual(['0.1', '1.0']);
    expect(session.edits).toMatchObject([{ text: 'x\n' }]);
    const twice = play(...steps, undo, undo).session;
    expect([twice.edits, [...twice.accepted]]).toEqual([[], ['0.1', '1.0']]);
    const thrice = play(...steps, undo, undo, undo).session;
    expect([[...thrice.accepted].sort(), thrice.file, thrice.hunk]).toEqual([all, 0, '0.0']);
    expect(play(...steps, undo, undo, undo, undo).session.accepted).toEqual(thrice.accepted);
  });
});

describe('notes', () => {
  it('about hunks go with either decision, beside the one about everything', () => {
    const about =
      (text: string): Said =>
      () => ({ kind: 'hunkNote', hunk: '0.1', text });
    const everything: Said = () => ({ kind: 'note', text: 'Tests first.' });
    const rejectAll: Said = (session) => ({ kind: 'rejectAll', digest: pageDigest(session) });
    const said = { note: 'Tests first.', notes: [{ hunk: '0.1', text: 'Why?' }] };
    expect(play(about('Why? '), everything, apply).answer?.choice).toMatchObject({ kind: 'accept', ...said });
    expect(play(about('Why? '), everything, rejectAll).answer?.choice).toEqual({ kind: 'reject', ...said });
    expect(play(about('Why?'), about(''), rejectAll).answer?.choice).toEqual({ kind: 'reject', note: '' });
  });
});

describe('what is posted to the page', () => {
  it('is at first the list and the files near by, then only what has changed', () => {
    const posted: ToReviewPage[] = [];
    const posting = createReviewPosting((message) => posted.push(message));
    const files = Array.from({ length: 50 }, (_, n) => ({ path: `more/${n}.ts`, after: 'x\n' }));
    const large = editCard('large', files);
    let session = startReview(large, cardDrawing(large), true);
    const step = (message: FromReviewPage) => {
      session = reviewStep(session, { kind: 'page', message }, 0).session;
      posting.show(session, 0);
      return posted
        .splice(0)
        .map((one) =>
          one.kind === 'standing'
            ? Object.keys(one.changes)
            : 'index' in one
              ? `${one.kind} ${one.index}`
              : one.kind,
        );
    };
    const digest = large.digest;
    expect(step({ kind: 'ready' })).toEqual(['show', 'file 0', 'file 1']);
    expect(step({ kind: 'select', file: 1, hunk: null })).toEqual([['file', 'hunk'], 'file 2']);
    expect(step({ kind: 'choose', digest, target: { of: 'hunk', hunk: '0.0' }, accept: false })).toEqual([
      ['accepted', 'canUndo'],
    ]);
    expect(step({ kind: 'widen', hunk: '0.1', side: 'above', all: false })).toEqual(['gaps 0']);
    expect(step({ kind: 'edit', digest, hunk: '1.0' })).toEqual([['editing', 'canUndo', 'blocked']]);
    expect(step({ kind: 'saveEdit', digest, hunk: '1.0', text: 'x' })).toEqual([
      'file 1',
      ['digest', 'editing', 'canUndo', 'rounds', 'blocked'],
    ]);
    expect(step({ kind: 'select', file: 1, hunk: '1.0' })).toEqual([]);
  });
});

describe('the lines between hunks', () => {
  it('come twenty at a time, from either side, until none are left', () => {
    const around =
      (all_: boolean): Said =>
      () => ({ kind: 'widen', hunk: '0.0', side: 'around', all: all_ });
    const gaps = ({ drawing, widened }: ReviewSession) =>
      drawing
        .file(0, [], widened.get(0) ?? new Map())
        .gaps.map(({ before, above, below, left }) => [before, above.length, below.length, left]);
    expect(gaps(play().session)).toEqual([
      [1, 0, 0, 16],
      [2, 0, 0, 1],
    ]);
    expect(gaps(play(around(false)).session)).toEqual([
      [1, 16, 0, 0],
      [2, 0, 0, 1],
    ]);
    const { session } = play(around(true));
    const gap = session.drawing.file(0, [], session.widened.get(0)!).gaps[0]!;
    expect(gap.above[0]).toEqual({ kind: 'same', text: 'line 7', old: 7, new: 7 });
    expect(gap.above.at(-1)).toEqual({ kind: 'same', text: 'line 22', old: 22, new: 22 });
  });

  it('are numbered anew after what the person wrote above them', () => {
    const { session } = play(edit('0.0'), save('0.0', 'only this\n'));
    const { gaps } = session.drawing.file(0, session.edits, new Map([[1, { above: 1, below: 0 }]]));
    expect(gaps[0]!.above).toEqual([{ kind: 'same', text: 'line 7', old: 7, new: 2 }]);
  });
});

import { describe, expect, it } from 'vitest';
import { digestOf } from '../../../src/protocol/digest.ts';
import type { FromReviewPage } from '../../../src/protocol/reviewPage.ts';
import { cardDrawing } from '../../../src/review/cardDrawing.ts';
import { ARMING_MS, armsIn } from '../../../src/vscode/reviewArming.ts';
import { startReview, type ReviewSession } from '../../../src/vscode/reviewSession.ts';
import { reviewState } from '../../../src/vscode/reviewState.ts';
import {
  reviewStep,
  type Reaction,
  type ReviewEvent,
  type ReviewStep,
  type ReviewVerdict,
} from '../../../src/vscode/reviewStep.ts';
import { editCard } from './editCard.ts';

const card = editCard();
const { digest } = card;
const other = digestOf('another card');
const all = ['0.0', '0.1', '1.0'];

const page = (message: FromReviewPage): ReviewEvent => ({ kind: 'page', message });
const visible = (hunks: string[] = all): ReviewEvent => page({ kind: 'visible', digest, hunks });
const apply = page({ kind: 'apply', digest });
const rejectAll = page({ kind: 'rejectAll', digest });
const command = (name: ReviewStep | ReviewVerdict): ReviewEvent => ({ kind: 'command', command: name });
const placed = (onScreen: boolean): ReviewEvent => ({ kind: 'placed', onScreen });
const chooseHunk = (hunk: string, accept: boolean, of = digest): ReviewEvent =>
  page({ kind: 'choose', digest: of, target: { of: 'hunk', hunk }, accept });

/** Plays events at their times and gives the last reaction. */
function play(...events: readonly (readonly [at: number, event: ReviewEvent])[]): Reaction {
  let reaction: Reaction = { session: startReview(card, cardDrawing(card), true) };
  for (const [at, event] of events) reaction = reviewStep(reaction.session, event, at);
  return reaction;
}

function session(...events: readonly (readonly [at: number, event: ReviewEvent])[]): ReviewSession {
  return play(...events).session;
}

describe('a review begins', () => {
  it('with everything accepted, nothing seen, nothing armed, on the first hunk', () => {
    expect(reviewState(session(), 0)).toMatchObject({
      card: 'card',
      digest,
      accepted: all,
      unseen: ['app:src/a.ts', 'app:src/b.ts'],
      armed: false,
      file: 0,
      hunk: '0.0',
      claim: 'Renames two lines.',
    });
  });

  it('without the hunks of a file that is not chosen, until the person accepts them', () => {
    const files = card.changeSet.files.map((file, at) =>
      at === 1 ? { ...file, unchosen: true as const } : file,
    );
    const conflicting = { ...card, changeSet: { ...card.changeSet, files } };
    const started = startReview(conflicting, cardDrawing(conflicting), true);
    expect([...started.accepted]).toEqual(['0.0', '0.1']);
    expect([...reviewStep(started, chooseHunk('1.0', true), 0).session.accepted]).toEqual(all);
  });

  it('without the hunks of a file that cannot be shown, and they cannot be chosen', () => {
    const blind = editCard('blind', [{ path: 'big.js', after: 'x'.repeat(20_001) }]);
    const started = startReview(blind, cardDrawing(blind), true);
    expect([...started.accepted]).toEqual(all);
    const chosen = reviewStep(
      started,
      page({ kind: 'choose', digest: blind.digest, target: { of: 'file', file: 2 }, accept: true }),
      0,
    );
    expect([...chosen.session.accepted]).toEqual(all);
  });
});

describe('Apply', () => {
  it('answers with what is accepted, once all of it was seen and the buttons are armed', () => {
    const { answer } = play([0, visible()], [500, chooseHunk('0.1', false)], [ARMING_MS, apply]);
    expect(answer).toEqual({
      card: 'card',
      digest,
      choice: {
        kind: 'accept',
        files: [
          { path: 'app:src/a.ts', accepted: ['0.0'] },
          { path: 'app:src/b.ts', accepted: ['1.0'] },
        ],
        note: '',
      },
      how: 'button',
      ms: ARMING_MS,
    });
  });

  it.each<{ name: string; events: readonly (readonly [number, ReviewEvent])[]; because: RegExp }>([
    { name: 'before the page said it is visible', events: [[9_000, apply]], because: /not in front/ },
    {
      name: 'a moment too early',
      events: [
        [0, visible()],
        [ARMING_MS - 1, apply],
      ],
      because: /only just/,
    },
    {
      name: 'while an accepted hunk was never on the screen',
      events: [
        [0, visible(['0.0', '1.0'])],
        [5_000, apply],
      ],
      because: /1 accepted hunk was not on the screen in full yet \(src\/a\.ts\)/,
    },
    {
      name: 'with nothing accepted',
      events: [
        [0, visible()],
        [1, page({ kind: 'choose', digest, target: { of: 'all' }, accept: false })],
        [5_000, apply],
      ],
      because: /No hunk is accepted/,
    },
    {
      name: 'while the panel is hidden',
      events: [
        [0, visible()],
        [5_000, placed(false)],
        [5_001, apply],
      ],
      because: /not in front/,
    },
    {
      name: 'just after the panel came back',
      events: [
        [0, visible()],
        [5_000, placed(false)],
        [6_000, placed(true)],
        [6_000, visible()],
        [6_600, apply],
      ],
      because: /only just/,
    },
    {
      name: 'just after the panel moved',
      events: [
        [0, visible()],
        [5_000, placed(true)],
        [5_100, visible([])],
        [5_200, apply],
      ],
      because: /only just/,
    },
    {
      name: 'just after the page was loaded anew',
      events: [
        [0, visible()],
        [5_000, page({ kind: 'ready' })],
        [5_001, apply],
      ],
      because: /not in front/,
    },
  ])('is refused and counted $name', ({ events, because }) => {
    const { answer, refusal, session: after } = play(...events);
    expect(answer).toBeUndefined();
    expect(refusal).toMatch(because);
    expect(after.refused).toBe(1);
  });

  it('counts again once the panel was back long enough; what was seen stays seen', () => {
    const { answer } = play(
      [0, visible()],
      [5_000, placed(false)],
      [9_000, placed(true)],
      [9_000, visible([])],
      [9_000 + ARMING_MS, apply],
    );
    expect(answer?.ms).toBe(9_000 + ARMING_MS);
  });

  it('for another digest is ignored and counted', () => {
    const {
      answer,
      refusal,
      session: after,
    } = play([0, visible()], [5_000, page({ kind: 'apply', digest: other })]);
    expect([answer, refusal, after.refused]).toEqual([undefined, undefined, 1]);
  });

  it('does not wait for hunks that were rejected', () => {
    const { answer } = play([0, visible(['0.0', '0.1'])], [1, chooseHunk('1.0', false)], [5_000, apply]);
    expect(answer?.choice.kind).toBe('accept');
  });

  it('says how it came: by command', () => {
    expect(play([0, visible()], [5_000, command('apply')]).answer?.how).toBe('command');
    expect(play([0, visible()], [10, command('apply')]).refusal).toMatch(/only just/);
  });
});

describe('Reject all', () => {
  it('needs arming and not seeing, and carries the note', () => {
    expect(play([0, visible([])], [10, rejectAll]).answer).toBeUndefined();
    const { answer } = play(
      [0, visible([])],
      [1, page({ kind: 'note', text: 'Use the old name.' })],
      [ARMING_MS, rejectAll],
    );
    expect(answer?.choice).toEqual({ kind: 'reject', note: 'Use the old name.' });
  });

  it('is what closing the panel means, at any time', () => {
    expect(play([5, { kind: 'closed' }]).answer).toMatchObject({
      choice: { kind: 'reject' },
      how: 'closed',
      ms: 0,
    });
  });
});

describe('choices', () => {
  it.each<{ name: string; event: ReviewEvent; accepted: string[] }>([
    { name: 'a hunk', event: chooseHunk('0.0', false), accepted: ['0.1', '1.0'] },
    {
      name: 'a file',
      event: page({ kind: 'choose', digest, target: { of: 'file', file: 0 }, accept: false }),
      accepted: ['1.0'],
    },
    { name: 'an unknown hunk', event: chooseHunk('7.7', false), accepted: all },
    {
      name: 'an unknown file',
      event: page({ kind: 'choose', digest, target: { of: 'file', file: 9 }, accept: false }),
      accepted: all,
    },
    { name: 'a hunk of another card', event: chooseHunk('0.0', false, other), accepted: all },
    { name: 'an unknown hunk to accept', event: chooseHunk('7.7', true), accepted: all },
  ])('take back $name', ({ event, accepted }) => {
    expect([...session([0, event]).accepted]).toEqual(accepted);
  });

  it.each<{ command: ReviewStep; accepted: string[] }>([
    { command: 'rejectHunk', accepted: ['0.1', '1.0'] },
    { command: 'rejectFile', accepted: ['1.0'] },
  ])('by command $command act on the current hunk once armed', ({ command: name, accepted }) => {
    expect([...session([0, visible()], [5_000, command(name)]).accepted]).toEqual(accepted);
    const early = play([0, visible()], [5, command(name)]);
    expect([...early.session.accepted]).toEqual(all);
    expect(early.refusal).toMatch(/only just/);
  });

  it('are taken up again by acceptAll', () => {
    const after = session([0, visible()], [1_000, command('rejectFile')], [1_001, command('acceptAll')]);
    expect(after.accepted).toEqual(new Set(all));
  });
});

describe('the place in the review', () => {
  it.each<{ steps: ReviewStep[]; at: [number, string | null] }>([
    { steps: ['nextHunk'], at: [0, '0.1'] },
    { steps: ['nextHunk', 'nextHunk'], at: [1, '1.0'] },
    { steps: ['nextHunk', 'nextHunk', 'nextHunk'], at: [1, '1.0'] },
    { steps: ['nextHunk', 'nextHunk', 'previousHunk'], at: [0, '0.1'] },
    { steps: ['previousHunk'], at: [0, '0.0'] },
    { steps: ['nextFile'], at: [1, '1.0'] },
    { steps: ['nextFile', 'nextFile'], at: [1, '1.0'] },
    { steps: ['nextFile', 'previousFile'], at: [0, '0.0'] },
  ])('after $steps is $at', ({ steps, at }) => {
    const after = session(...steps.map((step) => [0, command(step)] as const));
    expect([after.file, after.hunk]).toEqual(at);
  });

  it('stops at files that have no hunk to show', () => {
    const blind = editCard('blind', [{ path: 'big.js', after: 'x'.repeat(20_001) }]);
    let now = startReview(blind, cardDrawing(blind), true);
    for (let step = 0; step < 3; step += 1) now = reviewStep(now, command('nextHunk'), 0).session;
    expect([now.file, now.hunk]).toEqual([2, null]);
    now = reviewStep(now, command('previousHunk'), 0).session;
    expect([now.file, now.hunk]).toEqual([1, '1.0']);
  });

  it('does not move while the panel is hidden', () => {
    expect(play([0, placed(false)], [1, command('nextHunk')])).toMatchObject({
      session: { hunk: '0.0' },
      refusal: expect.stringMatching(/not in front/),
    });
  });

  it.each([
    { file: 1, hunk: null, at: [1, '1.0'] },
    { file: 0, hunk: '0.1', at: [0, '0.1'] },
    { file: 0, hunk: '1.0', at: [0, '0.0'] },
    { file: 5, hunk: null, at: [0, '0.0'] },
  ])('follows the page to file $file, hunk $hunk', ({ file, hunk, at }) => {
    const after = session([0, page({ kind: 'select', file, hunk })]);
    expect([after.file, after.hunk]).toEqual(at);
  });
});

describe('what has been on the screen', () => {
  it('is only what the page of this card reports while the panel is in front', () => {
    expect(session([0, page({ kind: 'visible', digest: other, hunks: all })]).seen.size).toBe(0);
    expect(session([0, placed(false)], [1, visible()]).seen.size).toBe(0);
    expect(session([0, visible(['nonsense', '1.0'])]).seen).toEqual(new Set(['1.0']));
    expect(reviewState(session([0, visible(['0.0', '1.0'])]), 0).unseen).toEqual(['app:src/a.ts']);
  });

  it('reported twice changes nothing, so that page and host do not talk in circles', () => {
    const once = session([0, visible()]);
    expect(reviewStep(once, visible(), 5).session).toBe(once);
  });

  it('starts the arming once, however often it is reported', () => {
    const after = session([0, visible([])], [300, visible(['0.0'])]);
    expect(armsIn(after, 300)).toBe(ARMING_MS - 300);
    expect(armsIn(after, ARMING_MS)).toBeNull();
  });
});

describe('opening', () => {
  it('names the file, if there is one', () => {
    expect(play([0, page({ kind: 'openDiff', file: 1 })]).open).toEqual({ as: 'diff', file: 1 });
    expect(play([0, page({ kind: 'openFile', file: 0 })]).open).toEqual({ as: 'file', file: 0 });
    expect(play([0, page({ kind: 'openDiff', file: 9 })]).open).toBeUndefined();
  });
});

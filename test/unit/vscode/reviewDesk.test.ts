import { describe, expect, it } from 'vitest';
import type { EditCard } from '../../../src/protocol/approval.ts';
import type { ReviewState, ToReviewPage } from '../../../src/protocol/reviewPage.ts';
import { cardDrawing } from '../../../src/review/cardDrawing.ts';
import { createReviewDesk, type ReviewDesk } from '../../../src/vscode/reviewDesk.ts';
import { ARMING_MS } from '../../../src/vscode/reviewArming.ts';
import { afterPageMessage, type PageModel } from '../../../src/webview/review/pageModel.ts';
import { manualClock, type ManualClock } from '../../support/manualClock.ts';
import { editCard } from './editCard.ts';

/** A desk with a page that says it is ready as soon as its panel opens, like the real one. */
function table() {
  const clock: ManualClock = manualClock();
  const log: string[] = [];
  const posted: ToReviewPage[] = [];
  let changes = 0;
  const desk: ReviewDesk = createReviewDesk({
    clock,
    draw: cardDrawing,
    changed: () => (changes += 1),
    surface: {
      open: () => log.push('open'),
      close: () => log.push('close'),
      post: (message) => posted.push(message),
      openFile: (card, as, file) => log.push(`${as} ${card.id} ${file}`),
      tell: (sentence) => log.push(sentence),
    },
  });
  /** What the page has after all that was posted to it. */
  const last = (): ReviewState => {
    const model = posted.reduce<PageModel>(afterPageMessage, { kind: 'nothing' });
    if (model.kind !== 'review') throw new Error('The page was shown nothing.');
    return model.state;
  };
  return {
    clock,
    desk,
    log,
    posted,
    last,
    changes: () => changes,
    ask: (card: EditCard, signal = new AbortController().signal, shown: () => void = () => undefined) =>
      desk.ask(card, signal, shown),
    appear: () => {
      desk.placed(true);
      desk.receive({ kind: 'ready' });
    },
    see: (card: EditCard) =>
      desk.receive({ kind: 'visible', digest: card.digest, hunks: ['0.0', '0.1', '1.0'] }),
    apply: (card: EditCard) => desk.receive({ kind: 'apply', digest: card.digest }),
  };
}

describe('one change set', () => {
  it('is shown, armed and answered; then the panel goes', async () => {
    const { ask, appear, see, apply, clock, last, log } = table();
    const card = editCard();
    let shown = 0;
    const answer = ask(card, undefined, () => (shown += 1));
    appear();
    expect(last()).toMatchObject({ card: 'card', armed: false });
    expect(shown).toBe(0);
    see(card);
    see(card);
    expect(shown).toBe(1);
    await clock.advance(ARMING_MS);
    expect(last()).toMatchObject({ armed: true, blocked: null, unseen: [] });
    apply(card);
    expect(await answer).toMatchObject({ card: 'card', how: 'button', ms: ARMING_MS });
    expect(log).toEqual(['open', 'close']);
  });

  it('is answered once, however often Apply is clicked', async () => {
    const { ask, appear, see, apply, clock, desk } = table();
    const [first, second] = [editCard('first'), editCard('second')];
    const answers = [ask(first), ask(second)];
    appear();
    see(first);
    await clock.advance(ARMING_MS);
    apply(first);
    apply(first);
    apply(second);
    expect((await answers[0])?.card).toBe('first');
    expect(desk.current()?.card.id).toBe('second');
    expect(desk.refusals().decisions).toBe(2);
  });

  it('is shown in full again when the page comes back', () => {
    const { ask, appear, desk, posted, last } = table();
    void ask(editCard());
    appear();
    desk.receive({ kind: 'note', text: 'half a thou' });
    desk.placed(false);
    const before = posted.length;
    desk.note('ght');
    expect(posted).toHaveLength(before);
    appear();
    expect(last()).toMatchObject({ note: 'ght', armed: false });
  });

  it('is not armed by the time the panel was hidden', async () => {
    const { ask, appear, see, apply, clock, desk, log } = table();
    const card = editCard();
    void ask(card);
    appear();
    see(card);
    await clock.advance(ARMING_MS - 1);
    desk.placed(false);
    await clock.advance(10_000);
    appear();
    see(card);
    apply(card);
    expect(log.at(-1)).toMatch(/only just/);
    expect(desk.refusals().decisions).toBe(1);
  });

  it('asks the page anew whether it can be seen when the panel moves before anything was armed', async () => {
    const { ask, appear, see, clock, desk, posted, last } = table();
    const card = editCard();
    void ask(card);
    appear();
    see(card);
    await clock.advance(ARMING_MS - 1);
    const before = posted.length;
    desk.placed(true);
    expect(posted.slice(before)).toMatchObject([
      { kind: 'standing', changes: { rounds: expect.any(Number) } },
    ]);
    see(card);
    await clock.advance(ARMING_MS);
    expect(last().armed).toBe(true);
  });

  it('closed by the person is a rejection', async () => {
    const { ask, appear, desk, log } = table();
    const answer = ask(editCard());
    appear();
    desk.closed();
    expect(await answer).toMatchObject({ choice: { kind: 'reject', note: '' }, how: 'closed' });
    expect(log).toEqual(['open', 'close']);
  });

  it('ends with the reason of its signal, and the panel with it', async () => {
    const { ask, appear, log, desk } = table();
    const stop = new AbortController();
    const answer = ask(editCard(), stop.signal);
    appear();
    stop.abort(new Error('stopped'));
    await expect(answer).rejects.toThrow('stopped');
    expect(log).toEqual(['open', 'close']);
    expect(desk.waiting()).toBeNull();
  });

  it('is never shown when its signal was aborted before', async () => {
    const { ask, log } = table();
    await expect(ask(editCard(), AbortSignal.abort(new Error('late')))).rejects.toThrow('late');
    expect(log).toEqual([]);
  });
});

describe('several change sets', () => {
  it('come one after the other, in the order they were asked, each armed anew in the same panel', async () => {
    const { ask, appear, see, apply, clock, desk, last, log } = table();
    const [first, second] = [editCard('first'), editCard('second')];
    const answers = [ask(first), ask(second)];
    appear();
    see(first);
    await clock.advance(ARMING_MS);
    apply(first);
    await answers[0];
    expect(last()).toMatchObject({ card: 'second', armed: false });
    see(second);
    await clock.advance(ARMING_MS - 1);
    apply(second);
    expect(desk.current()?.card.id).toBe('second');
    await clock.advance(1);
    apply(second);
    expect((await answers[1])?.card).toBe('second');
    expect(log.filter((entry) => entry === 'close')).toHaveLength(1);
  });

  it('wait for their turn when one further back is stopped', async () => {
    const { ask, appear, desk } = table();
    const stop = new AbortController();
    void ask(editCard('first'));
    const second = ask(editCard('second'), stop.signal);
    void ask(editCard('third'));
    appear();
    stop.abort(new Error('stopped'));
    await expect(second).rejects.toThrow('stopped');
    expect(desk.current()?.card.id).toBe('first');
    expect(desk.waiting()).toEqual({ sets: 2, files: 2, added: 3, removed: 3 });
  });

  it('survive the closing of one: the next gets a panel of its own', async () => {
    const { ask, appear, desk, log } = table();
    const first = ask(editCard('first'));
    void ask(editCard('second'));
    appear();
    desk.closed();
    expect((await first).how).toBe('closed');
    expect(log).toEqual(['open', 'open']);
    expect(desk.current()).toMatchObject({ card: { id: 'second' }, onScreen: false });
  });
});

describe('what a page says', () => {
  it.each<{ name: string; message: unknown }>([
    { name: 'nothing', message: undefined },
    { name: 'an unknown word', message: { kind: 'approve' } },
    { name: 'too much', message: { kind: 'ready', admin: true } },
    { name: 'a wrong type', message: { kind: 'apply', digest: 7 } },
    { name: 'a negative file', message: { kind: 'openDiff', file: -1 } },
  ])('is dropped and counted when it is $name', ({ message }) => {
    const { ask, appear, desk, posted } = table();
    void ask(editCard());
    appear();
    const before = posted.length;
    desk.receive(message);
    expect(desk.refusals()).toEqual({ decisions: 0, messages: 1 });
    expect(posted).toHaveLength(before);
  });

  it('is of no consequence when nothing waits', () => {
    const { desk, appear, log, posted } = table();
    appear();
    desk.receive({ kind: 'apply', digest: editCard().digest });
    desk.run('apply');
    expect([log, posted]).toEqual([[], []]);
  });

  it('opens files of the card that is shown', () => {
    const { ask, appear, desk, log } = table();
    void ask(editCard());
    appear();
    desk.receive({ kind: 'openDiff', file: 1 });
    desk.run('nextFile');
    desk.openDiff();
    expect(log.slice(1)).toEqual(['diff card 1', 'diff card 1']);
  });
});

import type { Answer, EditCard } from '../protocol/approval.ts';
import type { CardDrawing } from '../protocol/cardDrawing.ts';
import type { FileEdit } from '../protocol/effect.ts';
import type { Clock } from '../protocol/ports.ts';
import { fromReviewPage, type ToReviewPage } from '../protocol/reviewPage.ts';
import { armsIn } from './reviewArming.ts';
import { createReviewPosting } from './reviewPosting.ts';
import { startReview, type ReviewSession } from './reviewSession.ts';
import {
  reviewStep,
  type Reaction,
  type ReviewEvent,
  type ReviewStep,
  type ReviewVerdict,
} from './reviewStep.ts';

/** What the desk needs of an editor. */
export type ReviewSurface = {
  /** Brings a panel up where there is none; never takes the focus. */
  open(): void;
  /** Takes the panel away without calling back. */
  close(): void;
  post(message: ToReviewPage): void;
  /** Opens one file of the card beside the review; `edit` is its change as it stands on the page. */
  openFile(card: EditCard, as: 'diff' | 'file', file: number, edit: FileEdit): void;
  /** One sentence for the person, without demanding anything. */
  tell(sentence: string): void;
};

/** What waits in the review, for views that point at it: the change set on show, and how many there are. */
export type ReviewCounts = {
  readonly sets: number;
  readonly files: number;
  readonly added: number;
  readonly removed: number;
};

export type ReviewDesk = {
  /** Rejects only with the signal's reason. `shown` is called once, when the change is first on the screen. */
  ask(card: EditCard, signal: AbortSignal, shown: () => void): Promise<Answer>;
  /** A message as the page sent it, unchecked. */
  receive(message: unknown): void;
  /** The panel came to the front, left it, or moved. */
  placed(onScreen: boolean): void;
  /** The person closed the panel. */
  closed(): void;
  run(command: ReviewStep | ReviewVerdict): void;
  openDiff(): void;
  note(text: string): void;
  /** The change set before the person, with their note so far. */
  current(): ReviewSession | undefined;
  waiting(): ReviewCounts | null;
  /** Decisions of change sets that were refused, and messages that made no sense. */
  refusals(): { readonly decisions: number; readonly messages: number };
};

type Waiting = {
  readonly card: EditCard;
  readonly shown: () => void;
  readonly settle: (answer: Answer) => void;
};

/** The change sets that wait for a person: one on show at a time, in the order they were asked. */
export function createReviewDesk({
  clock,
  surface,
  draw,
  changed,
}: {
  clock: Clock;
  surface: ReviewSurface;
  draw: (card: EditCard) => CardDrawing;
  /** What waits may have changed. */
  changed: () => void;
}): ReviewDesk {
  const queue: Waiting[] = [];
  let session: ReviewSession | undefined;
  let onScreen = false;
  let attached = false;
  const posting = createReviewPosting((message) => surface.post(message));
  let arming: AbortController | undefined;
  let decisions = 0;
  let messages = 0;

  /** Shows what stands first in the queue, or takes the panel away. */
  function showFirst(): void {
    arming?.abort();
    arming = undefined;
    decisions += session?.refused ?? 0;
    const first = queue[0];
    session = first === undefined ? undefined : startReview(first.card, draw(first.card), onScreen);
    if (session === undefined) {
      attached = false;
      onScreen = false;
      surface.close();
      return;
    }
    surface.open();
    post();
  }

  function post(): void {
    if (session !== undefined && attached) posting.show(session, clock.now());
  }

  function leave(waiting: Waiting): void {
    const place = queue.indexOf(waiting);
    if (place < 0) return;
    queue.splice(place, 1);
    if (place === 0) showFirst();
    changed();
  }

  function take(event: ReviewEvent): void {
    const first = queue[0];
    if (session === undefined || first === undefined) return;
    const before = session;
    const reaction = reviewStep(before, event, clock.now());
    session = reaction.session;
    if (before.firstVisible === null && session.firstVisible !== null) first.shown();
    if (before.visibleSince !== session.visibleSince) armLater();
    if (reaction.answer !== undefined) {
      first.settle(reaction.answer);
      return;
    }
    if (session !== before) post();
    follow(reaction, session);
  }

  function follow({ open, refusal }: Reaction, now: ReviewSession): void {
    if (open !== undefined) openFile(now, open.as, open.file);
    if (refusal !== undefined) surface.tell(refusal);
  }

  function openFile({ card, drawing, edits }: ReviewSession, as: 'diff' | 'file', file: number): void {
    surface.openFile(card, as, file, drawing.edit(file, edits));
  }

  /** The page is drawn once more when its buttons begin to count. */
  function armLater(): void {
    arming?.abort();
    arming = undefined;
    const ms = session === undefined ? null : armsIn(session, clock.now());
    if (ms === null) return;
    const mine = new AbortController();
    arming = mine;
    clock.sleep(ms, mine.signal).then(post, (error: unknown) => {
      if (!mine.signal.aborted) throw error;
    });
  }

  return {
    ask(card, signal, shown) {
      return new Promise((resolve, reject) => {
        if (signal.aborted) {
          reject(signal.reason as Error);
          return;
        }
        const stop = () => {
          leave(waiting);
          reject(signal.reason as Error);
        };
        const waiting: Waiting = {
          card,
          shown,
          settle(answer) {
            signal.removeEventListener('abort', stop);
            leave(waiting);
            resolve(answer);
          },
        };
        signal.addEventListener('abort', stop, { once: true });
        queue.push(waiting);
        if (queue.length === 1) showFirst();
        changed();
      });
    },
    receive(raw) {
      const parsed = fromReviewPage.safeParse(raw);
      if (!parsed.success) {
        messages += 1;
        return;
      }
      if (parsed.data.kind === 'ready') {
        attached = true;
        posting.forget();
      }
      take({ kind: 'page', message: parsed.data });
    },
    placed(now) {
      onScreen = now;
      if (!now) attached = false;
      take({ kind: 'placed', onScreen: now });
    },
    closed() {
      onScreen = false;
      attached = false;
      take({ kind: 'closed' });
    },
    run: (command) => take({ kind: 'command', command }),
    openDiff() {
      if (session !== undefined) openFile(session, 'diff', session.file);
    },
    note: (text) => take({ kind: 'noted', text }),
    current: () => session,
    waiting() {
      const first = queue[0];
      if (first === undefined) return null;
      const { files } = first.card.changeSet;
      const sum = (of: 'added' | 'removed') => files.reduce((total, file) => total + file[of], 0);
      return { sets: queue.length, files: files.length, added: sum('added'), removed: sum('removed') };
    },
    refusals: () => ({ decisions: decisions + (session?.refused ?? 0), messages }),
  };
}

import type { Answer, Choice, CommandCard, QuestionCard } from '../protocol/approval.ts';

/** How long a card must have been on the screen before an answer to it counts. */
export const ARMING_MS = 700;

export type ChatCard = CommandCard | QuestionCard;

type CardAnswer = {
  readonly card: string;
  readonly digest: string;
  readonly choice: Choice;
  readonly how: 'button' | 'command';
};

/** Everything but `answered` is a refusal: nothing was decided and the card stays as it was. */
export type AnswerResult = 'answered' | 'noCard' | 'otherCard' | 'notShown' | 'tooEarly' | 'wrongChoice';

/** The cards that wait for a person, one on show at a time, in the order they were asked. */
export type CardDesk = {
  /** Rejects only with the signal's reason. `shown` is called once, when the card is first on the screen. */
  ask(card: ChatCard, signal: AbortSignal, shown: () => void): Promise<Answer>;
  current(): ChatCard | null;
  waiting(): number;
  /** The page says that all of this card is on the screen; the arming time runs from here, anew at each call. */
  seen(card: string, digest: string): void;
  /** Nothing is on the screen any more; what comes back must arm again. */
  hidden(): void;
  answer(answer: CardAnswer): AnswerResult;
  /** Answers that were refused so far. */
  refused(): number;
};

type Waiting = {
  readonly card: ChatCard;
  readonly shown: () => void;
  readonly settle: (answer: Answer) => void;
  firstSeen?: number;
};

export function createCardDesk({ now, changed }: { now: () => number; changed: () => void }): CardDesk {
  const queue: Waiting[] = [];
  let seenAt: number | undefined;
  let refusals = 0;

  function remove(waiting: Waiting): void {
    const place = queue.indexOf(waiting);
    if (place < 0) return;
    queue.splice(place, 1);
    if (place === 0) seenAt = undefined;
    changed();
  }

  function judge({ card, digest, choice }: CardAnswer): AnswerResult {
    const first = queue[0];
    if (first === undefined) return 'noCard';
    if (first.card.id !== card || first.card.digest !== digest) return 'otherCard';
    if (!fits(first.card, choice)) return 'wrongChoice';
    if (seenAt === undefined) return 'notShown';
    if (now() - seenAt < ARMING_MS) return 'tooEarly';
    return 'answered';
  }

  return {
    ask(card, signal, shown) {
      return new Promise((resolve, reject) => {
        if (signal.aborted) {
          reject(signal.reason as Error);
          return;
        }
        const stop = () => {
          remove(waiting);
          reject(signal.reason as Error);
        };
        const waiting: Waiting = {
          card,
          shown,
          settle(answer) {
            signal.removeEventListener('abort', stop);
            remove(waiting);
            resolve(answer);
          },
        };
        signal.addEventListener('abort', stop, { once: true });
        queue.push(waiting);
        changed();
      });
    },
    current: () => queue[0]?.card ?? null,
    waiting: () => queue.length,
    seen(card, digest) {
      const first = queue[0];
      if (first === undefined || first.card.id !== card || first.card.digest !== digest) return;
      seenAt = now();
      if (first.firstSeen !== undefined) return;
      first.firstSeen = seenAt;
      first.shown();
    },
    hidden() {
      seenAt = undefined;
    },
    answer(answer) {
      const result = judge(answer);
      const first = queue[0];
      if (result !== 'answered' || first === undefined) {
        refusals += 1;
        return result;
      }
      first.settle({
        card: first.card.id,
        digest: first.card.digest,
        choice: answer.choice,
        how: answer.how,
        ms: now() - (first.firstSeen ?? now()),
      });
      return result;
    },
    refused: () => refusals,
  };
}

function fits(card: ChatCard, choice: Choice): boolean {
  if (choice.kind === 'reject') return true;
  if (card.kind !== 'command') return choice.kind === 'text';
  if (choice.kind !== 'allow') return false;
  const { scope = 'once' } = choice;
  return scope === 'once' || card.scopes?.includes(scope) === true;
}

import type { ComponentChildren, JSX } from 'preact';
import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks';
import type { FromChatPage } from '../../protocol/chatPage.ts';
import type { ChatCard } from './chatCard.ts';
import { CommandBody } from './CommandBody.tsx';
import type { Host } from './host.ts';
import { Icon } from './Icon.tsx';
import { useArming, type Arming } from './useArming.ts';
import { Visible } from './Visible.tsx';

type Choice = Extract<FromChatPage, { kind: 'answer' }>['choice'];

export type CardProps = {
  readonly card: ChatCard;
  readonly host: Host;
  /** Changes with every word from the host about how things stand; an answer that was sent is settled by it. */
  readonly stateCount: number;
};

/**
 * What a person is asked, docked above the input. No button is the default one, Enter presses none of them, and only
 * what a person really did counts.
 */
export function Card({ card, host, stateCount }: CardProps): JSX.Element {
  const { arming, end, buttons } = useArming(card, host);
  const [note, setNote] = useState('');
  const [sent, setSent] = useState(false);
  const whole = useRef<HTMLElement>(null);
  useEffect(() => setSent(false), [stateCount]);
  useLayoutEffect(() => () => giveFocusBack(whole.current), []);

  function answer(event: Event, choice: Choice): void {
    if (!event.isTrusted || sent) return;
    host.post({ kind: 'answer', card: card.id, digest: card.digest, choice });
    if (arming === 'armed') setSent(true);
  }

  const ready = arming === 'armed' && !sent;
  const button = (words: string, choice: Choice, secondary = true) => (
    <CardButton ready={ready} secondary={secondary} press={(event) => answer(event, choice)}>
      {words}
    </CardButton>
  );
  const written = note.trim();
  return (
    <section class="card" ref={whole} role="group" aria-label={`Waiting for your answer: ${titleOf(card)}`}>
      <header class="card-title">
        <Icon name="shield" />
        <h2>{titleOf(card)}</h2>
        <span class="card-hint muted">{hint(arming, sent)}</span>
      </header>
      <div class="card-body" tabIndex={0} role="region" aria-label="What is asked">
        {card.kind === 'command' ? (
          <CommandBody card={card} end={end} />
        ) : (
          <>
            <p class="question">
              <Visible text={card.text} />
            </p>
            <div ref={end} class="end" />
          </>
        )}
      </div>
      {card.kind !== 'limit' && (
        <input
          class="field"
          type="text"
          maxLength={10_000}
          aria-label={card.kind === 'command' ? 'A note to the agent' : 'Your answer'}
          placeholder={card.kind === 'command' ? 'Tell the agent why (optional)' : 'Your own answer'}
          value={note}
          onInput={(event) => setNote(event.currentTarget.value)}
        />
      )}
      <div class="card-buttons" ref={buttons}>
        {card.kind === 'command' && (
          <>
            {button('Allow once', { kind: 'allow', note: written }, false)}
            {card.scopes?.map((scope) => button(LASTING[scope], { kind: 'allow', note: written, scope }))}
            {button('Reject', { kind: 'reject', note: written })}
          </>
        )}
        {card.kind !== 'command' &&
          card.options.map((option) => button(option, { kind: 'text', text: option }))}
        {card.kind === 'question' &&
          written !== '' &&
          button('Answer', { kind: 'text', text: written }, false)}
        {card.kind === 'question' && button('Don’t answer', { kind: 'reject', note: '' })}
      </div>
      {arming === 'arming' && <span class="arming" aria-hidden="true" />}
    </section>
  );
}

/** Which of them are offered is decided by the host. */
const LASTING = { session: 'For this session', always: 'Always here' } as const;

function titleOf(card: ChatCard): string {
  switch (card.kind) {
    case 'command':
      return card.effect.line.kind === 'plain' ? 'Run this command?' : 'Run this in a shell?';
    case 'question':
      return 'The agent asks';
    case 'limit':
      return 'Warrant asks';
  }
}

function CardButton(props: {
  readonly ready: boolean;
  readonly secondary: boolean;
  readonly press: (event: Event) => void;
  readonly children: ComponentChildren;
}): JSX.Element {
  return (
    <button
      type="button"
      class={props.secondary ? 'button secondary' : 'button'}
      aria-disabled={!props.ready}
      onKeyDown={(event) => {
        if (event.key === 'Enter') event.preventDefault();
      }}
      onClick={props.press}
    >
      {props.children}
    </button>
  );
}

/** Stands where it moves nothing: a button that moves must arm again. */
function hint(arming: Arming, sent: boolean): string {
  if (sent) return 'Sent…';
  return arming === 'unseen' ? 'Scroll down' : '';
}

/** A card that goes takes the focus with it; a person who had it there goes on writing. */
function giveFocusBack(card: HTMLElement | null): void {
  if (card?.contains(document.activeElement) === true) document.querySelector('textarea')?.focus();
}

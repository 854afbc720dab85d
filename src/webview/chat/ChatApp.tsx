import type { JSX } from 'preact';
import { useCallback, useEffect, useRef, useState } from 'preact/hooks';
import type { ToChatPage } from '../../protocol/chatPage.ts';
import { Card } from './Card.tsx';
import { applyMessage, isBusy, type ChatModel } from './chatModel.ts';
import { Composer } from './Composer.tsx';
import { Doing } from './Doing.tsx';
import type { Host } from './host.ts';
import { Icon } from './Icon.tsx';
import { Messages } from './Messages.tsx';
import { Plan } from './Plan.tsx';
import { answerClick } from './answerClick.ts';
import { useStickyScroll } from './useStickyScroll.ts';
import { OffNotice, Welcome } from './Welcome.tsx';

/** The whole page. It knows what the host told it and nothing else. */
export function ChatApp({ host }: { host: Host }): JSX.Element | null {
  const [model, setModel] = useState<ChatModel | null>(null);
  useEffect(() => {
    host.listen((message: ToChatPage) => setModel((before) => applyMessage(before, message)));
    host.post({ kind: 'ready' });
  }, [host]);
  return model === null ? null : <Chat model={model} host={host} setModel={setModel} />;
}

type ChatProps = { model: ChatModel; host: Host; setModel: (model: ChatModel) => void };

function Chat({ model, host, setModel }: ChatProps): JSX.Element {
  const { state } = model;
  const scroller = useRef<HTMLDivElement>(null);
  const { stick, toEnd, away } = useStickyScroll(scroller, host);
  const busy = isBusy(state);

  useEffect(() => {
    const escape = (event: KeyboardEvent) => {
      if (event.key === 'Escape' && !event.isComposing && busy) host.post({ kind: 'stop' });
    };
    window.addEventListener('keydown', escape);
    return () => window.removeEventListener('keydown', escape);
  }, [busy, host]);
  useEffect(stick, [model, stick]);
  const useExample = useCallback(
    (text: string) => setModel({ ...model, draft: { text, count: model.draft.count + 1 } }),
    [model, setModel],
  );
  const act = (event: Event) => answerClick(event, host);

  return (
    <main class="chat">
      <h1 class="for-readers">Warrant</h1>
      <Plan steps={state.plan} />
      <div class="scroller" ref={scroller} tabIndex={-1} onClick={act} onKeyDown={act}>
        {model.rows.length === 0 && model.streaming === '' && <Welcome state={state} use={useExample} />}
        <Messages model={model} host={host} grown={stick} />
        <Doing state={state} streaming={model.streaming !== ''} />
      </div>
      <div class="dock">
        {away && (
          <button
            type="button"
            class="latest icon-button"
            title="To the latest"
            aria-label="To the latest"
            onClick={toEnd}
          >
            <Icon name="down" />
          </button>
        )}
        <OffNotice mode={state.mode} host={host} />
        {state.review !== null && <ReviewStrip {...state.review} host={host} />}
        {state.card !== null && (
          <Card
            key={`${state.card.id} ${state.card.digest}`}
            card={state.card}
            host={host}
            stateCount={model.stateCount}
          />
        )}
        <Composer model={model} host={host} sent={toEnd} />
      </div>
      <div class="for-readers" role="status">
        {announcement(model)}
      </div>
    </main>
  );
}

function ReviewStrip(props: { files: number; added: number; removed: number; host: Host }): JSX.Element {
  const files = props.files === 1 ? '1 file' : `${props.files} files`;
  return (
    <section class="review" aria-label="An edit waits for your review">
      <Icon name="bell" />
      <span class="review-words">
        {files} to review <span class="added">+{props.added}</span>{' '}
        <span class="removed">−{props.removed}</span>
      </span>
      <button type="button" class="button" onClick={() => props.host.post({ kind: 'openReview' })}>
        Review
      </button>
    </section>
  );
}

function announcement({ state }: ChatModel): string {
  if (state.card !== null) return 'Warrant waits for your answer. The question stands before the input.';
  if (state.review !== null) return 'An edit waits for your review.';
  if (state.mode === 'retrying') return `${state.doing} The request will be sent again.`;
  return state.mode === 'working' ? 'The agent is working.' : '';
}

import type { JSX } from 'preact';
import { useCallback, useEffect, useLayoutEffect, useMemo, useRef, useState } from 'preact/hooks';
import type { ReviewState, ToReviewPage } from '../../protocol/reviewPage.ts';
import { FileList } from './FileList.tsx';
import { FileView } from './FileView.tsx';
import { Footer } from './Footer.tsx';
import { Header } from './Header.tsx';
import type { Host } from './host.ts';
import { keyAction } from './keyAction.ts';
import { useNote } from './useNote.ts';
import { useSeen } from './useSeen.ts';

/** The page: draws what the host says and says what the person does. Nothing is decided here. */
export function ReviewApp({ host }: { host: Host }): JSX.Element {
  const [shown, setShown] = useState<ToReviewPage>();
  useEffect(() => {
    const end = host.listen((message) => setShown((before) => withSameChangeSet(message, before)));
    host.post({ kind: 'ready' });
    return end;
  }, [host]);
  if (shown === undefined) return <div />;
  if (shown.kind === 'empty') return <p class="empty muted">{shown.because}</p>;
  return <Review key={shown.state.digest} host={host} state={shown.state} />;
}

/** A redraw of the same card comes with a copy of its change set; keeping the first one lets what is drawn stand. */
function withSameChangeSet(message: ToReviewPage, before: ToReviewPage | undefined): ToReviewPage {
  if (message.kind !== 'show' || before?.kind !== 'show' || message.state.digest !== before.state.digest)
    return message;
  return { kind: 'show', state: { ...message.state, changeSet: before.state.changeSet } };
}

function Review({ host, state }: { host: Host; state: ReviewState }): JSX.Element {
  const { post } = host;
  const accepted = useMemo(() => new Set(state.accepted), [state.accepted]);
  const seen = useSeen(state, post);
  const { note, write, flush } = useNote(state.note, post);
  const noteBox = useRef<HTMLTextAreaElement>(null);
  const decide = useCallback(
    (kind: 'apply' | 'rejectAll') => {
      flush();
      post({ kind, digest: state.digest });
    },
    [flush, post, state.digest],
  );

  // In the same step as the drawing: a key pressed after a hunk was drawn as current must mean that hunk.
  useLayoutEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (!event.isTrusted || event.defaultPrevented || isTyping(event.target)) return;
      if (event.key === ' ' && event.target !== document.body) return;
      const action = keyAction(event, state);
      if (action === undefined) return;
      event.preventDefault();
      if (action.kind === 'post') post(action.message);
      else if (action.to === 'note') noteBox.current?.focus();
      else scrollPage(action.to === 'down' ? 1 : -1);
    };
    document.addEventListener('keydown', onKey);
    return () => document.removeEventListener('keydown', onKey);
  }, [state, post]);

  const file = state.changeSet.files[state.file];
  return (
    <main>
      <Header state={state} decide={decide} />
      <div class="body">
        <FileList state={state} accepted={accepted} post={post} />
        {file !== undefined && (
          <FileView key={file.path} file={file} state={state} accepted={accepted} post={post} seen={seen} />
        )}
      </div>
      <Footer claim={state.claim} note={note} box={noteBox} write={write} />
    </main>
  );
}

function isTyping(target: EventTarget | null): boolean {
  return target instanceof HTMLTextAreaElement;
}

function scrollPage(by: 1 | -1): void {
  const scroller = document.querySelector('.scroller');
  scroller?.scrollBy({ top: by * scroller.clientHeight * 0.9 });
}

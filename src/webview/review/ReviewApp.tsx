import type { JSX } from 'preact';
import { useCallback, useEffect, useLayoutEffect, useMemo, useReducer, useRef } from 'preact/hooks';
import type { ReviewState } from '../../protocol/reviewPage.ts';
import { FileList } from './FileList.tsx';
import { FileView } from './FileView.tsx';
import { Footer } from './Footer.tsx';
import { Header } from './Header.tsx';
import type { Host } from './host.ts';
import { createColours } from './hunkColours.ts';
import { keyAction } from './keyAction.ts';
import { afterPageMessage, type PageModel } from './pageModel.ts';
import { useNote } from './useNote.ts';
import { useSeen } from './useSeen.ts';

/** The page: draws what the host says and says what the person does. Nothing is decided here. */
export function ReviewApp({ host }: { host: Host }): JSX.Element {
  const [model, take] = useReducer(afterPageMessage, { kind: 'nothing' });
  useEffect(() => {
    const end = host.listen(take);
    host.post({ kind: 'ready' });
    return end;
  }, [host]);
  switch (model.kind) {
    case 'nothing':
      return <div />;
    case 'empty':
      return <p class="empty muted">{model.because}</p>;
    case 'review':
      return <Review key={model.state.card} host={host} state={model.state} files={model.files} />;
  }
}

type ReviewProps = {
  readonly host: Host;
  readonly state: ReviewState;
  readonly files: Extract<PageModel, { kind: 'review' }>['files'];
};

function Review({ host, state, files }: ReviewProps): JSX.Element {
  const { post } = host;
  const accepted = useMemo(() => new Set(state.accepted), [state.accepted]);
  const unseen = useMemo(() => new Set<string>(state.unseen), [state.unseen]);
  const seen = useSeen(state, files, post);
  const sendNote = useCallback((text: string) => post({ kind: 'note', text }), [post]);
  const { note, write, flush } = useNote(state.note, sendNote);
  const colours = useMemo(createColours, []);
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
      else if (action.to === 'hunkNote') clickIn('.hunk.current .note-button');
      else scrollPage(action.to === 'down' ? 1 : -1);
    };
    document.addEventListener('keydown', onKey);
    return () => document.removeEventListener('keydown', onKey);
  }, [state, post]);

  const file = files.get(state.file);
  return (
    <main>
      <Header state={state} decide={decide} undo={() => post({ kind: 'undo', digest: state.digest })} />
      <div class="body">
        <FileList
          files={state.files}
          current={state.file}
          digest={state.digest}
          accepted={accepted}
          unseen={unseen}
          post={post}
        />
        {file === undefined ? (
          <div class="pending" />
        ) : (
          <FileView
            key={file.path}
            file={file}
            state={state}
            accepted={accepted}
            colours={colours}
            post={post}
            seen={seen}
          />
        )}
      </div>
      <Footer claim={state.claim} note={note} box={noteBox} write={write} flush={flush} />
    </main>
  );
}

function isTyping(target: EventTarget | null): boolean {
  return target instanceof HTMLTextAreaElement;
}

function clickIn(selector: string): void {
  const box = document.querySelector(selector);
  if (box instanceof HTMLElement) box.click();
}

function scrollPage(by: 1 | -1): void {
  const scroller = document.querySelector('.scroller');
  scroller?.scrollBy({ top: by * scroller.clientHeight * 0.9 });
}

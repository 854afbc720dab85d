import { window, type Disposable, type Uri, type WebviewView, type WebviewViewProvider } from 'vscode';
import type { ChatState, ToChatPage } from '../protocol/chatPage.ts';
import type { Clock } from '../protocol/ports.ts';
import { createChatSession, type ChatActions, type ChatSession } from './chatSession.ts';
import { webviewOptions, webviewPage } from './webviewPage.ts';

export const CHAT_VIEW = 'warrant.chat';

export type ChatView = Omit<ChatSession, 'receive' | 'hidden'> & {
  readonly provider: WebviewViewProvider;
  dispose(): void;
};

export type ChatViewOptions = {
  readonly extensionUri: Uri;
  readonly clock: Clock;
  readonly actions: ChatActions;
  /** Brings the view to the front; called when a person asks for it. */
  readonly reveal: () => void;
  /** The state or what waits may have changed: for the status bar. */
  readonly changed: (now: { readonly mode: ChatState['mode']; readonly waiting: number }) => void;
};

/**
 * The sidebar. The host keeps everything and the page only draws, so hiding the view costs nothing and no memory is
 * held for a page out of sight.
 */
export function createChatView({ extensionUri, clock, actions, reveal, changed }: ChatViewOptions): ChatView {
  let view: WebviewView | undefined;
  let ofView: Disposable[] = [];
  let announced = 0;

  const session = createChatSession({
    clock,
    actions,
    post: (message: ToChatPage) => void view?.webview.postMessage(message),
    changed: update,
  });

  function update(): void {
    const { mode } = session.state();
    const cards = session.waiting();
    // An edit waits in the review panel and not among the cards here; it counts all the same.
    const waiting = cards === 0 && mode === 'waiting' ? 1 : cards;
    const words = waiting === 1 ? '1 answer awaited' : `${waiting} answers awaited`;
    if (view !== undefined) view.badge = waiting === 0 ? undefined : { value: waiting, tooltip: words };
    if (waiting > announced && !window.state.focused) void toast();
    announced = waiting;
    changed({ mode, waiting });
  }

  // Nothing a model wrote may stand here: notifications turn text into links.
  async function toast(): Promise<void> {
    const picked = await window.showInformationMessage('Warrant is waiting for your answer.', 'Review');
    if (picked !== 'Review') return;
    if (session.waiting() > 0) reveal();
    else actions.openReview();
  }

  function leave(): void {
    for (const disposable of ofView) disposable.dispose();
    ofView = [];
    view = undefined;
    session.hidden();
  }

  return {
    ...session,
    provider: {
      resolveWebviewView(resolved) {
        leave();
        view = resolved;
        const { webview } = resolved;
        webview.options = webviewOptions(extensionUri);
        ofView = [
          webview.onDidReceiveMessage((message: unknown) => session.receive(message)),
          resolved.onDidChangeVisibility(() => {
            if (resolved.visible) session.receive({ kind: 'ready' });
            else session.hidden();
          }),
          resolved.onDidDispose(leave),
        ];
        webview.html = webviewPage({
          webview,
          extensionUri,
          page: 'chat',
          title: 'Warrant',
          nonce: clock.id(),
        });
        update();
      },
    },
    dispose: leave,
  };
}

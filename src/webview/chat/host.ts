import type { FromChatPage, ToChatPage } from '../../protocol/chatPage.ts';

declare function acquireVsCodeApi(): {
  postMessage(message: unknown): void;
  getState(): unknown;
  setState(state: unknown): void;
};

/** What survives hiding and reloading; everything else the host knows better. */
type Kept = { readonly draft: string; readonly scroll: number | null };

export type Host = {
  post(message: FromChatPage): void;
  listen(take: (message: ToChatPage) => void): void;
  kept(): Kept;
  keep(change: Partial<Kept>): void;
};

/** The page's one line to the extension. To be called once. */
export function connectHost(): Host {
  const api = acquireVsCodeApi();
  let kept = readKept(api.getState());
  return {
    post: (message) => api.postMessage(message),
    listen(take) {
      window.addEventListener('message', (event) => take(event.data as ToChatPage));
    },
    kept: () => kept,
    keep(change) {
      kept = { ...kept, ...change };
      api.setState(kept);
    },
  };
}

function readKept(state: unknown): Kept {
  const { draft, scroll } = typeof state === 'object' && state !== null ? (state as Partial<Kept>) : {};
  return {
    draft: typeof draft === 'string' ? draft : '',
    scroll: typeof scroll === 'number' ? scroll : null,
  };
}

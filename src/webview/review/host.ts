import type { FromReviewPage, ToReviewPage } from '../../protocol/reviewPage.ts';

declare function acquireVsCodeApi(): { postMessage(message: unknown): void };

export type Host = {
  readonly post: (message: FromReviewPage) => void;
  /** Calls back for every message; the returned function ends it. */
  readonly listen: (take: (message: ToReviewPage) => void) => () => void;
};

/** The page's one line to the extension. To be called once. */
export function connectHost(): Host {
  const api = acquireVsCodeApi();
  return {
    post: (message) => api.postMessage(message),
    listen(take) {
      const onMessage = (event: MessageEvent) => take(event.data as ToReviewPage);
      window.addEventListener('message', onMessage);
      return () => window.removeEventListener('message', onMessage);
    },
  };
}

import { Worker } from 'node:worker_threads';

/** Runs in the thread below. A string and not a file, so that the bundle stays one file. */
const THREAD = `
import { parentPort, workerData } from 'node:worker_threads';
const pattern = new RegExp(workerData.source, workerData.flags);
parentPort.on('message', (text) => {
  const lines = text.split('\\n');
  if (lines.at(-1) === '') lines.pop();
  const found = [];
  for (let at = 0; at < lines.length && found.length < workerData.most; at += 1) {
    const line = lines[at];
    if (pattern.test(line.endsWith('\\r') ? line.slice(0, -1) : line)) found.push(at + 1);
  }
  parentPort.postMessage(found);
});
`;

export type LineMatcher = {
  /** Numbers of the lines that match, counted from 1; `tooSlow` when it takes longer than the time given. */
  match(text: string, signal: AbortSignal): Promise<readonly number[] | 'tooSlow'>;
  close(): Promise<void>;
};

/**
 * Matches in a thread of its own: a pattern can be made to take for ever, and a thread can be ended where a function
 * cannot.
 */
export function startLineMatcher(source: string, flags: string, most: number, timeMs: number): LineMatcher {
  const url = new URL(`data:text/javascript,${encodeURIComponent(THREAD)}`);
  const thread = new Worker(url, { workerData: { source, flags, most }, env: {}, execArgv: [] });
  let over: ((found: readonly number[] | 'tooSlow') => void) | undefined;
  let broken: Error | undefined;
  let fail: ((error: Error) => void) | undefined;
  thread.on('message', (found: readonly number[]) => over?.(found));
  thread.on('error', (error: Error) => {
    broken = error;
    fail?.(error);
  });
  return {
    async match(text, signal) {
      signal.throwIfAborted();
      if (broken !== undefined) throw broken;
      let timer: NodeJS.Timeout | undefined;
      let onAbort: (() => void) | undefined;
      try {
        return await new Promise<readonly number[] | 'tooSlow'>((resolve, reject) => {
          over = resolve;
          fail = reject;
          timer = setTimeout(() => resolve('tooSlow'), timeMs);
          onAbort = () => reject(signal.reason as Error);
          signal.addEventListener('abort', onAbort, { once: true });
          thread.postMessage(text);
        });
      } finally {
        clearTimeout(timer);
        if (onAbort !== undefined) signal.removeEventListener('abort', onAbort);
      }
    },
    async close() {
      await thread.terminate();
    },
  };
}

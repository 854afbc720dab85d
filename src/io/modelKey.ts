import type { ModelFailure } from '../protocol/model.ts';
import { STOPPED } from './modelFailure.ts';

/** The key, ready for a header; or why there is none. Never in a sentence, and never in an error. */
export async function modelKey(
  read: () => Promise<string>,
  signal: AbortSignal,
): Promise<string | ModelFailure> {
  const stopped = Promise.withResolvers<ModelFailure>();
  const onAbort = (): void => stopped.resolve(STOPPED);
  signal.addEventListener('abort', onAbort, { once: true });
  try {
    const key = await Promise.race([read(), stopped.promise]);
    if (typeof key !== 'string') return key;
    const trimmed = key.trim();
    return /^[\x21-\x7e]*$/.test(trimmed) ? trimmed : UNFIT_KEY;
  } catch {
    // Its message is left out: it may hold what was read.
    return UNREADABLE_KEY;
  } finally {
    signal.removeEventListener('abort', onAbort);
  }
}

const UNFIT_KEY: ModelFailure = {
  kind: 'refused',
  because: 'The API key holds characters no key can hold; nothing was sent; run “Warrant: Set API Key”.',
  again: false,
};
const UNREADABLE_KEY: ModelFailure = {
  kind: 'refused',
  because: 'The API key could not be read; nothing was sent; run “Warrant: Set API Key”.',
  again: false,
};

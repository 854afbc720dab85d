import type { AuditRecord } from '../protocol/record.ts';
import { channelWords } from './channelWords.ts';

/** The words for a window build on those before it, within one session. */
export function wordsBySession(): (record: AuditRecord) => string {
  let words = channelWords();
  return (record) => {
    if (record.kind === 'session.opened') words = channelWords();
    return words(record);
  };
}

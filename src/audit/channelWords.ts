import type { AuditRecord } from '../protocol/record.ts';
import { recordTitle, recordWords, type ItemRecord } from './recordWords.ts';

/**
 * Turns the records of a session, in order, into text that shows every window in full when read from top to bottom: an
 * item is told whole in the window that brings it in, and by number from then on.
 */
export function channelWords(): (record: AuditRecord) => string {
  const coming = new Map<number, ItemRecord>();
  return (record) => {
    if (record.kind === 'item') {
      coming.set(record.seq, record);
      return `${recordTitle(record)} (whole in the window below)`;
    }
    const words = recordWords(record, (seq) => coming.get(seq));
    if (record.kind === 'window') coming.clear();
    return words;
  };
}

import { window } from 'vscode';
import type { AuditRecord } from '../protocol/record.ts';

/** The record in words, for people. `write` throws when the channel is gone. */
export type AuditChannel = {
  write(record: AuditRecord): void;
  show(): void;
  dispose(): void;
};

/**
 * A plain output channel on purpose: a log channel has a level, and a level would leave records out. `words` must make
 * control characters visible.
 */
export function createAuditChannel(words: (record: AuditRecord) => string): AuditChannel {
  const channel = window.createOutputChannel('Warrant Audit');
  return {
    write: (record) => channel.appendLine(words(record)),
    show: () => channel.show(),
    dispose: () => channel.dispose(),
  };
}

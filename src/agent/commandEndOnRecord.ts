import type { CommandEnd } from '../protocol/outcome.ts';

/** How a command ended, as the details of a record. */
export function commandEndOnRecord(end: CommandEnd): Record<string, string | number> {
  switch (end.kind) {
    case 'exit':
      return { exit: end.code };
    case 'signal':
      return { signal: end.signal };
    case 'timeout':
    case 'stopped':
      return { ended: end.kind };
  }
}

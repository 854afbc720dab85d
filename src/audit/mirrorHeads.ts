import type { HeadMirror, LogHead } from '../protocol/seal.ts';

/**
 * Keeps the newest head outside the log, without anybody waiting for it: a head that comes while another is on its way
 * replaces the one that waits. `failed` is called once, the first time a head could not be kept.
 */
export function mirrorHeads(
  mirror: HeadMirror,
  failed: (error: unknown) => void,
): { keep(head: LogHead): void; settled(): Promise<void> } {
  let newest: LogHead | undefined;
  let keeping: Promise<void> | undefined;
  let told = false;

  async function keepNewest(): Promise<void> {
    while (newest !== undefined) {
      const head = newest;
      newest = undefined;
      try {
        await mirror.keep(head);
      } catch (error) {
        if (!told) failed(error);
        told = true;
      }
    }
    keeping = undefined;
  }

  return {
    keep(head) {
      newest = head;
      keeping ??= Promise.resolve().then(keepNewest);
    },
    settled: () => keeping ?? Promise.resolve(),
  };
}

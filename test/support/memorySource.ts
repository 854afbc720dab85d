import type { LogSource } from '../../src/audit/auditReader.ts';

/** A log that lives in memory. */
export function memorySource(log: string | Uint8Array): LogSource {
  const bytes = Buffer.from(log);
  return {
    // eslint-disable-next-line @typescript-eslint/require-await -- the port is asynchronous, memory is not
    async *lines() {
      for (let from = 0; from < bytes.length;) {
        const at = bytes.indexOf(10, from);
        const to = at === -1 ? bytes.length : at + 1;
        yield bytes.subarray(from, to);
        from = to;
      }
    },
    read: (offset, length) => Promise.resolve(bytes.subarray(offset, offset + length)),
  };
}

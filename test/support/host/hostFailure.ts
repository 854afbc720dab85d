import { appendFileSync } from 'node:fs';

/** The machinery under the tests failed, not the thing tested. Noted where the runner can see it. */
export class HostFailure extends Error {
  constructor(message: string) {
    super(message);
    noteHostFailure(message);
  }
}

export function noteHostFailure(message: string): void {
  const notes = process.env['WARRANT_HOST_FAILURES'];
  if (notes) appendFileSync(notes, `${message.split('\n')[0]}\n`);
}

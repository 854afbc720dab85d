import type { BadLine } from '../audit/auditReader.ts';

/** Exit statuses; `verify` ends with DONE only when something that was kept elsewhere shows where the log ended. */
export const DONE = 0;
/** For `redact`: something was replaced. */
export const BROKEN = 1;
export const UNUSABLE = 2;
export const COMPLETENESS_UNKNOWN = 3;

/** Resolves when the text is on its way, so that a long list does not pile up in memory. */
export function say(text: string): Promise<void> {
  return new Promise((resolve, reject) => {
    process.stdout.write(text, (error) => (error ? reject(error) : resolve()));
  });
}

export function broken({ line, because }: BadLine): number {
  process.stderr.write(`Integrity: broken at line ${line}: ${because}.\nCompleteness: unknown.\n`);
  return BROKEN;
}

export function unusable(sentence: string): number {
  process.stderr.write(`${sentence}\n`);
  return UNUSABLE;
}

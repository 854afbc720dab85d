import { digestOfJson, type Digest } from '../protocol/digest.ts';
import type { ToolCall } from '../protocol/message.ts';
import { reached, type Reached } from './reached.ts';

const TIMES = 3;
const LONGEST_PERIOD = 3;

/** Notices answers whose calls repeat: the same three times in a row, or two or three that alternate three times. */
export type LoopLimit = { afterReply(calls: readonly ToolCall[]): Reached | undefined };

export function createLoopLimit(): LoopLimit {
  const last: { readonly digest: Digest; readonly name: string }[] = [];
  return {
    afterReply(calls) {
      if (calls.length === 0) return undefined;
      const digest = digestOfJson(calls.map((call) => [call.name, call.arguments]));
      last.push({ digest, name: calls[0]?.name ?? '' });
      if (last.length > LONGEST_PERIOD * TIMES) last.shift();
      const period = periodOf(last.map((one) => one.digest));
      if (period === undefined) return undefined;
      const names = last.slice(-period).map(({ name }) => name);
      const question =
        period === 1
          ? `The agent makes the same call for the ${TIMES}rd time in a row (${names.join('')}); it may be going in circles.`
          : `The agent makes the same ${period} calls in turn for the ${TIMES}rd time (${names.join(', ')}); it may be going in circles.`;
      return reached(question, 'Let it go on', () => (last.length = 0));
    },
  };
}

function periodOf(digests: readonly Digest[]): number | undefined {
  for (let period = 1; period <= LONGEST_PERIOD; period += 1) {
    const tail = digests.slice(-period * TIMES);
    if (tail.length < period * TIMES) return undefined;
    if (tail.every((digest, at) => at < period || digest === tail[at - period])) return period;
  }
  return undefined;
}

import { canonicalJson } from '../protocol/canonicalJson.ts';
import { headOf, messagesOf, partAt, type LogIndex, type WindowData } from './logIndex.ts';

/** One step from the messages of a window to those of another. Places count from 1, records by `seq`. */
export type MessageStep =
  | { readonly kind: 'same'; readonly from: number; readonly to: number; readonly count: number }
  | { readonly kind: 'dropped'; readonly from: number; readonly was: number }
  | { readonly kind: 'added'; readonly to: number; readonly is: number }
  | {
      readonly kind: 'changed';
      readonly from: number;
      readonly to: number;
      readonly was: number;
      readonly is: number;
    };

export type WindowDiff = {
  readonly messages: readonly MessageStep[];
  readonly tools: { readonly dropped: readonly number[]; readonly added: readonly number[] };
  readonly parameters: 'same' | 'changed';
};

/**
 * How one window differs from another by its messages, each of which is one record. What stands in both in the same
 * order is the same; where one was dropped and another of the same origin came in its place, it was changed.
 */
export function windowDiff(index: LogIndex, one: WindowData, other: WindowData): WindowDiff {
  const before = headOf(index, one);
  const after = headOf(index, other);
  return {
    messages: messageSteps(index, messagesOf(index, one), messagesOf(index, other)),
    tools: {
      dropped: before.tools.filter((seq) => !after.tools.includes(seq)),
      added: after.tools.filter((seq) => !before.tools.includes(seq)),
    },
    parameters: canonicalJson(before.parameters) === canonicalJson(after.parameters) ? 'same' : 'changed',
  };
}

function messageSteps(index: LogIndex, was: readonly number[], is: readonly number[]): MessageStep[] {
  const steps: MessageStep[] = [];
  let from = 0;
  let to = 0;
  for (const [left, right] of [...commonPlaces(was, is), [was.length, is.length] as const]) {
    steps.push(...between(index, was, is, [from, left], [to, right]));
    const last = steps.at(-1);
    if (left === was.length && right === is.length) break;
    if (last?.kind === 'same') steps.splice(-1, 1, { ...last, count: last.count + 1 });
    else steps.push({ kind: 'same', from: left + 1, to: right + 1, count: 1 });
    from = left + 1;
    to = right + 1;
  }
  return steps;
}

/** What stands between two common messages: pairs of one origin in order are changes, the rest went or came. */
function between(
  index: LogIndex,
  was: readonly number[],
  is: readonly number[],
  [from, fromEnd]: readonly [number, number],
  [to, toEnd]: readonly [number, number],
): MessageStep[] {
  const steps: MessageStep[] = [];
  let right = to;
  for (let left = from; left < fromEnd; left += 1) {
    const old = was[left] ?? 0;
    const fresh = is[right] ?? 0;
    if (right < toEnd && originOf(index, old) === originOf(index, fresh)) {
      steps.push({ kind: 'changed', from: left + 1, to: right + 1, was: old, is: fresh });
      right += 1;
    } else steps.push({ kind: 'dropped', from: left + 1, was: old });
  }
  for (; right < toEnd; right += 1) steps.push({ kind: 'added', to: right + 1, is: is[right] ?? 0 });
  return steps;
}

function originOf(index: LogIndex, seq: number): string {
  return partAt(index, seq)?.origin ?? '';
}

/**
 * A longest rising run of places at which both hold the same record, each record's repeats paired in order. Not
 * quadratic, whatever a hostile log holds.
 */
function commonPlaces(was: readonly number[], is: readonly number[]): (readonly [number, number])[] {
  const places = new Map<number, number[]>();
  was.forEach((seq, at) => {
    const known = places.get(seq);
    if (known === undefined) places.set(seq, [at]);
    else known.push(at);
  });
  const used = new Map<number, number>();
  const pairs: { left: number; right: number; before: number }[] = [];
  /** For each length the pair that ends the run whose end stands furthest left. */
  const ends: number[] = [];
  is.forEach((seq, right) => {
    const nth = used.get(seq) ?? 0;
    const left = places.get(seq)?.[nth];
    if (left === undefined) return;
    used.set(seq, nth + 1);
    let low = 0;
    for (let high = ends.length; low < high;) {
      const middle = (low + high) >> 1;
      if ((pairs[ends[middle] ?? 0]?.left ?? 0) < left) low = middle + 1;
      else high = middle;
    }
    pairs.push({ left, right, before: low === 0 ? -1 : (ends[low - 1] ?? -1) });
    ends[low] = pairs.length - 1;
  });
  const common: (readonly [number, number])[] = [];
  for (let at = ends.at(-1) ?? -1; at >= 0;) {
    const pair = pairs[at];
    if (pair === undefined) break;
    common.push([pair.left, pair.right]);
    at = pair.before;
  }
  return common.reverse();
}

import type { Origin } from '../protocol/message.ts';
import { headOf, messageCount, messagesOf, partAt, type LogIndex, type WindowData } from './logIndex.ts';

/** Who put how many bytes into a window. `frame` is what is nobody's: parameters, brackets, commas. */
export type WindowSources = { readonly [source in Origin | 'frame']: number };

export const SOURCES = ['system', 'user', 'assistant', 'workspace', 'tool', 'frame'] as const;

/** The composition of a window that stands in the index. Costs what the window has messages. */
export function windowSources(index: LogIndex, window: WindowData): WindowSources {
  return whole(index, window, counted(index, messagesOf(index, window)));
}

/**
 * Tells the composition of each window of a log in turn. A window that only adds to the one before costs what it adds,
 * so a whole session costs no more than its contents.
 */
export function followSources(): (index: LogIndex, window: WindowData) => WindowSources {
  let before: { n: number; messages: number; sums: Sums } | undefined;
  return (index, window) => {
    const adds = before !== undefined && window.base === before.n && window.keep === before.messages;
    const sums =
      before !== undefined && adds
        ? counted(index, window.append, before.sums)
        : counted(index, messagesOf(index, window));
    before = { n: window.n, messages: messageCount(window), sums };
    return whole(index, window, sums);
  };
}

type Sums = { readonly [source in Origin]: number };

const NOTHING: Sums = { system: 0, user: 0, assistant: 0, workspace: 0, tool: 0 };

function counted(index: LogIndex, seqs: readonly number[], from: Sums = NOTHING): Sums {
  const sums = { ...from };
  for (const seq of seqs) {
    const part = partAt(index, seq);
    if (part !== undefined) sums[part.origin] += part.bytes;
  }
  return sums;
}

function whole(index: LogIndex, window: WindowData, messages: Sums): WindowSources {
  const sums = counted(index, headOf(index, window).tools, messages);
  const known = Object.values(sums).reduce((sum, bytes) => sum + bytes, 0);
  return { ...sums, frame: window.bytes - known };
}

/** A composition on lines of its own: source, bytes, share. Sources that put nothing there are left out. */
export function sourceLines(sources: WindowSources, indent: string): string[] {
  const total = Object.values(sources).reduce((sum, bytes) => sum + bytes, 0);
  return SOURCES.filter((source) => sources[source] > 0).map((source) => {
    const share = ((100 * sources[source]) / total).toFixed(1);
    return `${indent}${source.padEnd(10)}${String(sources[source]).padStart(12)} bytes ${share.padStart(6)} %`;
  });
}

import type { HeadMirror, LogHead } from '../protocol/seal.ts';
import { readRecords, type LogSource } from './auditReader.ts';
import { merkleTree } from './merkleTree.ts';
import { troubleInWords } from './troubleInWords.ts';

/** The logs of one folder, each by its session. */
export interface EarlierLogs {
  /** The one that was written to last at the end. */
  sessions(): Promise<readonly string[]>;
  /** Undefined when there is no such log. */
  open(session: string): Promise<(LogSource & { close(): Promise<void> }) | undefined>;
}

/** `alert`: a log is not what it was. `notice`: nothing is known either way. `torn`: a crash cut off its last line. */
export type HeadFinding = {
  readonly kind: 'alert' | 'notice' | 'torn';
  readonly session: string;
  /** A sentence. */
  readonly because: string;
};

export type HeadCheck = {
  readonly findings: readonly HeadFinding[];
  /** The session before and the hash it ended with, as the mirror has it where its log cannot be trusted. */
  readonly previous?: { readonly session: string; readonly head: string };
};

/**
 * Compares the logs of a folder with their heads outside of it. To be called when a session begins, before it keeps a
 * head of its own.
 */
export async function checkHeads(mirror: HeadMirror, logs: EarlierLogs): Promise<HeadCheck> {
  // A place that cannot be reached says as much as an empty one; the next head that cannot be kept says why.
  const heads = await mirror.read().catch(() => undefined);
  const newest = (await logs.sessions()).at(-1);
  const findings: HeadFinding[] = [];
  let previous: HeadCheck['previous'];
  for (const head of heads ?? []) {
    const { last, ...found } = await compare(logs, head.session, head);
    if (found.kind !== 'leads')
      findings.push({ kind: found.kind, session: head.session, because: found.because });
    previous = { session: head.session, head: found.kind === 'alert' ? head.hash : last };
  }
  if (heads === undefined && newest !== undefined) {
    const because = `There are records of earlier sessions, but nothing is kept outside of them to compare them with, as in a new profile or on a new machine; whether they are complete cannot be told.`;
    findings.push({ kind: 'notice', session: newest, because });
    const { last } = await compare(logs, newest, undefined);
    if (last !== '') previous = { session: newest, head: last };
  }
  return { findings, ...(previous === undefined ? {} : { previous }) };
}

type Compared = ({ kind: 'leads' } | { kind: 'alert' | 'torn'; because: string }) & { last: string };

async function compare(logs: EarlierLogs, session: string, head: LogHead | undefined): Promise<Compared> {
  const named = `The record of session ${session}`;
  let last = '';
  try {
    const log = await logs.open(session);
    if (log === undefined)
      return { kind: 'alert', because: `${named} is gone: its file was deleted or moved.`, last };
    try {
      const tree = merkleTree();
      let leads = head === undefined;
      for await (const found of readRecords(log.lines())) {
        if (found.kind === 'bad' && found.torn && leads)
          return {
            kind: 'torn',
            because: `${named} ends within line ${found.line}, as after a crash.`,
            last,
          };
        if (found.kind === 'bad')
          return {
            kind: 'alert',
            because: `${named} is broken at line ${found.line}: ${found.because}.`,
            last,
          };
        last = found.record.hash;
        if (head === undefined || tree.size() >= head.seq) continue;
        tree.add(last);
        if (tree.size() !== head.seq) continue;
        leads = last === head.hash && tree.root() === head.root && found.record.session === session;
        if (!leads)
          return {
            kind: 'alert',
            because: `${named} is another than it was: its first ${head.seq} records were written anew.`,
            last,
          };
      }
      if (leads) return { kind: 'leads', last };
      const because = `${named} was cut: it has ${tree.size()} records and had at least ${head?.seq ?? 0}.`;
      return { kind: 'alert', because, last };
    } finally {
      await log.close();
    }
  } catch (error) {
    return { kind: 'alert', because: `${named} could not be read (${troubleInWords(error)}).`, last };
  }
}

import type { FoundRecord } from '../auditReader.ts';
import { messageCount, type LogIndex } from '../logIndex.ts';
import type { AuditRecord } from '../../protocol/record.ts';
import { followSources, type WindowSources } from '../windowSources.ts';

type DataOf<Kind extends AuditRecord['kind']> = Extract<AuditRecord, { kind: Kind }>['data'];

export type WindowLine = {
  readonly n: number;
  readonly seq: number;
  /** Counted from 1; a window for the reason `turn` begins one. */
  readonly turn: number;
  readonly time: string;
  readonly reason: string;
  readonly messages: number;
  readonly bytes: number;
  readonly sources: WindowSources;
  /** What came back, where something did. */
  ms?: number;
  usage?: DataOf<'response'>['usage'];
  ended?: string;
};

export type DecisionLine = {
  readonly seq: number;
  readonly time: string;
  readonly tool: string;
  readonly what: string;
  readonly verdict: DataOf<'decided'>['verdict'];
  readonly rule: string;
  readonly because: string;
  readonly effect: string;
  answer?: { readonly choice: string; readonly how: string; readonly ms: number };
  outcome?: string;
};

type Notable = {
  readonly seq: number;
  readonly time: string;
  readonly kind: string;
  readonly says: string;
};

/** What a report tells of a session, without any content. Grows with the number of windows and decisions alone. */
export type SessionSummary = {
  opened: DataOf<'session.opened'> | undefined;
  begun: string;
  ended: string;
  readonly windows: WindowLine[];
  readonly decisions: DecisionLine[];
  /** Alerts, gaps and changes of policy, trust and keys. */
  readonly notable: Notable[];
};

/** No line of a table is longer; the record it leads to is whole. */
const LONGEST = 300;

/** Follows a log record by record. Cards and answers belong to the latest decisions on the calls they name. */
export function followSession(): {
  visit(found: FoundRecord, index: LogIndex): void;
  summary: SessionSummary;
} {
  const summary: SessionSummary = {
    opened: undefined,
    begun: '',
    ended: '',
    windows: [],
    decisions: [],
    notable: [],
  };
  const sourcesOf = followSources();
  const proposals = new Map<string, { tool: string; what: string }>();
  const byCall = new Map<string, DecisionLine>();
  const byCard = new Map<string, readonly DecisionLine[]>();

  function of(calls: readonly string[]): DecisionLine[] {
    return calls.flatMap((call) => byCall.get(call) ?? []);
  }

  function note({ seq, time, kind }: AuditRecord, says: string): void {
    summary.notable.push({ seq, time, kind, says: short(says) });
  }

  function decided({ seq, time }: AuditRecord, data: DataOf<'decided'>): void {
    const { calls, effect, verdict, rule, because } = data;
    const asked = calls.flatMap((call) => proposals.get(call) ?? []);
    const line: DecisionLine = {
      ...{ seq, time, effect, verdict, rule, because: short(because) },
      tool: [...new Set(asked.map(({ tool }) => tool))].join(', '),
      what: short(asked.map(({ what }) => what).join('; ')),
    };
    summary.decisions.push(line);
    for (const call of calls) {
      byCall.set(call, line);
      proposals.delete(call);
    }
  }

  function visit({ record }: FoundRecord, index: LogIndex): void {
    if (record.seq === 1) summary.begun = record.time;
    summary.ended = record.time;
    switch (record.kind) {
      case 'session.opened':
        summary.opened ??= record.data;
        return;
      case 'window': {
        const turn = (summary.windows.at(-1)?.turn ?? 0) + (record.data.reason === 'turn' ? 1 : 0);
        const { n, reason, bytes } = record.data;
        summary.windows.push({
          ...{ n, seq: record.seq, turn, time: record.time, reason, bytes },
          messages: messageCount(record.data),
          sources: sourcesOf(index, record.data),
        });
        return;
      }
      case 'response': {
        const window = summary.windows[record.data.window - 1];
        if (window === undefined) return;
        window.ms = record.data.ms;
        if (record.data.usage !== undefined) window.usage = record.data.usage;
        window.ended = short(record.data.failed?.because ?? record.data.finish ?? '');
        return;
      }
      case 'proposed':
        proposals.set(record.data.call, { tool: record.data.tool, what: short(gistOf(record.data.what)) });
        return;
      case 'decided':
        return decided(record, record.data);
      case 'shown':
        byCard.set(record.data.card, of(record.data.calls));
        return;
      case 'answered':
        for (const line of byCard.get(record.data.card) ?? []) {
          const { choice, how, ms } = record.data;
          line.answer = { choice: short(choice), how: short(how), ms };
        }
        byCard.delete(record.data.card);
        return;
      case 'performed':
        for (const line of of(record.data.calls)) line.outcome = record.data.outcome;
        for (const call of record.data.calls) byCall.delete(call);
        return;
      case 'alert':
        return note(record, `${record.data.severity}, ${record.data.rule}: ${record.data.because}`);
      case 'gap':
        return note(record, record.data.because);
      case 'trust.changed':
        return note(record, record.data.trusted ? 'the workspace is trusted' : 'the workspace is restricted');
      case 'policy.changed':
        return note(record, `other rules are in force from here on: ${record.data.policy}`);
      case 'key.rotated':
        return note(record, `what follows is sealed with ${record.data.to}`);
      case 'item':
      case 'performing':
      case 'granted':
      case 'grant.revoked':
      case 'background.ended':
      case 'checkpointed':
      case 'turn':
      case 'sealed':
      case 'session.closed':
        return;
    }
  }

  return { visit, summary };
}

function gistOf(what: DataOf<'proposed'>['what']): string {
  switch (what.kind) {
    case 'list':
    case 'search':
    case 'read':
      return what.path;
    case 'problems':
      return what.path ?? 'everywhere';
    case 'edit':
      return what.files
        .map(
          ({ path, to, added, removed }) =>
            `${path}${to === undefined ? '' : ` to ${to}`} +${added} −${removed}`,
        )
        .join(', ');
    case 'command':
      return what.text;
    case 'output':
      return what.output;
    case 'background':
      return what.command ?? what.do;
    case 'plan':
      return `${what.steps.length} steps`;
    case 'question':
      return what.text;
    case 'invalid':
      return what.because;
  }
}

function short(text: string): string {
  return text.length <= LONGEST ? text : `${text.slice(0, LONGEST - 1).toWellFormed()}…`;
}

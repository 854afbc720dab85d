import type { ChatRow, ToolRow } from '../protocol/chatPage.ts';
import type { PlanStep } from '../protocol/effect.ts';
import type { AuditRecord, EffectOnRecord } from '../protocol/record.ts';
import { settings } from '../protocol/settings.ts';
import { outcomeInWords } from './outcomeInWords.ts';
import { toolTitle } from './toolTitle.ts';

/** The conversation as the records tell it. `applyRecord` is the only thing that changes it. */
export type ChatHistory = {
  readonly rows: ChatRow[];
  plan: readonly PlanStep[];
  /** Tokens of the last window and its answer, as the endpoint counted them; 0 while unknown. */
  tokensUsed: number;
  severalRoots: boolean;
  readonly callRows: Map<string, CallRow>;
  readonly cardCalls: Map<string, readonly string[]>;
  /** Calls without an end yet; a turn that ends closes them. */
  readonly openCalls: Set<string>;
  readonly userTexts: Map<number, string>;
  /** Seq of a user item whose row stands already, before the window that sends it. */
  announced: number | undefined;
};

type CallRow = {
  readonly index: number;
  readonly effect: EffectOnRecord['kind'];
  /** Files it would change; those of one answer are applied as one set, and each row tells of its own. */
  readonly files: readonly string[];
};

type RecordOf<Kind extends AuditRecord['kind']> = Extract<AuditRecord, { kind: Kind }>;
type Notice = Extract<ChatRow, { kind: 'notice' }>;

export function emptyHistory(): ChatHistory {
  return {
    rows: [],
    plan: [],
    tokensUsed: 0,
    severalRoots: false,
    callRows: new Map(),
    cardCalls: new Map(),
    openCalls: new Set(),
    userTexts: new Map(),
    announced: undefined,
  };
}

/** Takes in one record and returns the indices of the rows it added or changed. Costs the same however long the history is. */
export function applyRecord(history: ChatHistory, record: AuditRecord): readonly number[] {
  switch (record.kind) {
    case 'session.opened':
      history.severalRoots = record.data.roots.length > 1;
      return [];
    case 'item':
      return userItem(history, record);
    case 'window':
      return repeatedUserItem(history, record);
    case 'response':
      return response(history, record);
    case 'proposed':
      return proposed(history, record);
    case 'decided':
      return decided(history, record);
    case 'shown':
      history.cardCalls.set(record.data.card, record.data.calls);
      return changeCalls(history, record.data.calls, () => ({ state: 'waiting' }));
    case 'answered':
      return answered(history, record);
    case 'performing':
      return performing(history, record);
    case 'performed':
      return performed(history, record);
    case 'turn':
      return turn(history, record);
    case 'trust.changed':
      return note(
        history,
        'info',
        record.data.trusted ? 'This workspace is now trusted.' : 'This workspace is no longer trusted.',
      );
    case 'policy.changed':
      return note(history, 'info', 'The settings changed. They apply from here on.');
    case 'granted': {
      const where = record.data.scope === 'session' ? 'for this session' : 'in this workspace for 30 days';
      return note(
        history,
        'info',
        `You allow ${record.data.text} ${where}, as long as nothing behind it changes.`,
      );
    }
    case 'grant.revoked':
      return note(history, 'info', `An approval that lasted ended: ${record.data.because}`);
    case 'alert':
      return alert(history, record);
    case 'gap':
      return note(history, 'warning', `Something is missing on the record here: ${record.data.because}`);
    case 'key.rotated':
      return note(history, 'info', 'From here on the record is sealed with a new key.');
    case 'background.ended': {
      const { exit, signal } = record.data.detail;
      const how =
        exit !== undefined ? `with status ${exit}` : signal !== undefined ? `by signal ${signal}` : 'stopped';
      return note(history, 'info', `The background command ${record.data.command} ended ${how}.`);
    }
    case 'sealed':
    case 'checkpointed':
    case 'session.closed':
      return [];
  }
}

function userItem(history: ChatHistory, { seq, data }: RecordOf<'item'>): readonly number[] {
  if (data.origin !== 'user') return [];
  const text = contentOfMessage(data.content);
  if (text === undefined) return [];
  history.userTexts.set(seq, text);
  history.announced = seq;
  return push(history, { kind: 'user', text });
}

/** An item is written once: a prompt that was sent before has no record of its own, only a place in the next window. */
function repeatedUserItem(history: ChatHistory, { data }: RecordOf<'window'>): readonly number[] {
  if (data.reason !== 'turn') return [];
  const seq = data.append.findLast((place) => history.userTexts.has(place));
  if (seq === undefined || seq === history.announced) {
    history.announced = undefined;
    return [];
  }
  return push(history, { kind: 'user', text: history.userTexts.get(seq) ?? '' });
}

function response(history: ChatHistory, { data }: RecordOf<'response'>): readonly number[] {
  if (data.usage !== undefined) history.tokensUsed = data.usage.input + data.usage.output;
  const text = contentOfMessage(data.message) ?? '';
  const added = text.trim() === '' ? [] : push(history, { kind: 'assistant', text });
  const { failed } = data;
  // A stop is told by the end of the turn.
  if (failed === undefined || failed.kind === 'stopped') return added;
  return [...added, ...note(history, 'warning', failed.because, settingFor(failed))];
}

function proposed(history: ChatHistory, { data }: RecordOf<'proposed'>): readonly number[] {
  if (data.what.kind === 'plan') {
    history.plan = data.what.steps.map(({ text, state }) => ({ text, state: planState(state) }));
    return [];
  }
  const row: ToolRow = {
    kind: 'tool',
    call: data.call,
    tool: data.tool,
    state: data.what.kind === 'invalid' ? 'failed' : 'proposed',
    ...toolTitle(data.what, history.severalRoots),
  };
  if (row.state === 'proposed') history.openCalls.add(data.call);
  // After an approval, and when something changed meanwhile, a call is judged anew: it keeps its row.
  const index = history.callRows.get(data.call)?.index ?? history.rows.length;
  const files =
    data.what.kind === 'edit' ? data.what.files.flatMap(({ path, to }) => [path, to ?? path]) : [];
  history.callRows.set(data.call, { index, effect: data.what.kind, files });
  history.rows[index] = row;
  return [index];
}

function decided(history: ChatHistory, { data }: RecordOf<'decided'>): readonly number[] {
  const { verdict, rule, because } = data;
  if (verdict === 'deny') close(history, data.calls);
  return changeCalls(history, data.calls, () => ({
    verdict,
    rule,
    because,
    ...(verdict === 'deny' ? { state: 'denied' } : {}),
    ...(verdict !== 'allow' && Object.hasOwn(settings, rule) ? { setting: rule } : {}),
  }));
}

function answered(history: ChatHistory, { data }: RecordOf<'answered'>): readonly number[] {
  const calls = history.cardCalls.get(data.card) ?? [];
  history.cardCalls.delete(data.card);
  const said = data.note === undefined || data.note === '' ? {} : { result: data.note };
  if (data.choice === 'text') return changeCalls(history, calls, () => ({ state: 'proposed', ...said }));
  if (data.choice !== 'reject') return changeCalls(history, calls, () => ({ state: 'proposed' }));
  close(history, calls);
  return changeCalls(history, calls, () => ({ state: 'rejected', ...said }));
}

function performing(history: ChatHistory, { data }: RecordOf<'performing'>): readonly number[] {
  const { what } = data;
  return changeCalls(history, data.calls, (_row, { files }) => {
    if (what?.kind !== 'edit') return { state: 'running' };
    const own = what.files.filter(
      ({ path, to }) => files.includes(path) || (to !== undefined && files.includes(to)),
    );
    if (own.length === 0) return { state: 'rejected' };
    const { result } = toolTitle({ kind: 'edit', files: own }, history.severalRoots);
    return { state: 'running', ...(result === undefined ? {} : { result }) };
  });
}

function performed(history: ChatHistory, { data }: RecordOf<'performed'>): readonly number[] {
  const words = data.because ?? (data.detail === undefined ? '' : outcomeInWords(data.detail));
  close(history, data.calls);
  // What an edit came to are the lines that were accepted; they stand in its row already.
  return changeCalls(history, data.calls, (row, { effect }) => {
    if (row.state === 'rejected') return {};
    const known = words === '' || (effect === 'edit' && data.outcome === 'done');
    return { state: data.outcome, ...(known ? {} : { result: words }) };
  });
}

function turn(history: ChatHistory, { data }: RecordOf<'turn'>): readonly number[] {
  const left = [...history.openCalls];
  const closed = changeCalls(history, left, (row) => ({
    state: 'failed',
    result: row.state === 'running' ? 'what came of it is not on the record' : 'not done: the turn ended',
  }));
  close(history, left);
  const because = data.because ?? '';
  switch (data.ended) {
    case 'done':
      return because === '' ? closed : [...closed, ...note(history, 'info', because)];
    case 'stopped':
      return [...closed, ...note(history, 'info', sentence('Stopped.', because))];
    case 'limit':
      return [...closed, ...note(history, 'warning', sentence('A limit was reached.', because))];
    case 'failed':
      return [...closed, ...note(history, 'error', because === '' ? 'The turn failed.' : because)];
  }
}

function alert(history: ChatHistory, { data }: RecordOf<'alert'>): readonly number[] {
  const level = ({ low: 'info', medium: 'warning', high: 'error' } as const)[data.severity];
  return note(history, level, data.because, Object.hasOwn(settings, data.rule) ? data.rule : undefined);
}

/** The same sentence twice in a row is one notice, at the graver level. */
function note(
  history: ChatHistory,
  level: Notice['level'],
  text: string,
  setting?: string,
): readonly number[] {
  const row: Notice = { kind: 'notice', level, text, ...(setting === undefined ? {} : { setting }) };
  const last = history.rows.length - 1;
  const before = history.rows[last];
  if (before?.kind !== 'notice' || before.text !== text) return push(history, row);
  const graver = GRAVITY[level] > GRAVITY[before.level] ? level : before.level;
  history.rows[last] = { ...before, ...row, level: graver };
  return [last];
}

const GRAVITY = { info: 0, warning: 1, error: 2 } as const;

function changeCalls(
  history: ChatHistory,
  calls: readonly string[],
  change: (row: ToolRow, call: CallRow) => Partial<ToolRow>,
): readonly number[] {
  const changed: number[] = [];
  for (const call of calls) {
    const place = history.callRows.get(call);
    const row = place === undefined ? undefined : history.rows[place.index];
    if (place === undefined || row?.kind !== 'tool') continue;
    history.rows[place.index] = { ...row, ...change(row, place) };
    changed.push(place.index);
  }
  return changed;
}

function close(history: ChatHistory, calls: readonly string[]): void {
  for (const call of calls) history.openCalls.delete(call);
}

function push(history: ChatHistory, row: ChatRow): readonly number[] {
  history.rows.push(row);
  return [history.rows.length - 1];
}

function contentOfMessage(message: unknown): string | undefined {
  if (typeof message !== 'object' || message === null || !('content' in message)) return undefined;
  return typeof message.content === 'string' ? message.content : undefined;
}

function planState(state: string): PlanStep['state'] {
  return state === 'done' || state === 'active' ? state : 'waiting';
}

function settingFor({ kind, status }: { kind: string; status?: number | undefined }): string | undefined {
  if (kind === 'unreachable') return 'model.baseUrl';
  if (kind !== 'refused') return undefined;
  return status === 401 || status === 403 ? 'model.keyVariable' : 'model.name';
}

function sentence(first: string, rest: string): string {
  return rest === '' ? first : `${first} ${rest}`;
}

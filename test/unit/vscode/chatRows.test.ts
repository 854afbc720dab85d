import { describe, expect, test } from 'vitest';
import { digestOf } from '../../../src/protocol/digest.ts';
import type { AuditRecord, EffectOnRecord, RecordEntry } from '../../../src/protocol/record.ts';
import { applyRecord, emptyHistory, type ChatHistory } from '../../../src/vscode/chatRows.ts';

const effect = digestOf('effect');

/** Applies entries as records with ascending seq, and returns which rows each one touched. */
function apply(history: ChatHistory, ...entries: readonly RecordEntry[]): readonly (readonly number[])[] {
  return entries.map((entry, seq) => applyRecord(history, recordOf(seq, entry)));
}

function recordOf(seq: number, entry: RecordEntry): AuditRecord {
  const around = {
    v: 1,
    seq,
    time: '2026-01-01T00:00:00Z',
    session: 's',
    epoch: 0,
    mac: 'm',
    prev: '',
    hash: effect,
  } as const;
  return { ...around, ...entry };
}

function rowsAfter(...entries: readonly RecordEntry[]): ChatHistory['rows'] {
  const history = emptyHistory();
  apply(history, ...entries);
  return history.rows;
}

const user = (text: string): RecordEntry => ({
  kind: 'item',
  data: { digest: digestOf(text), origin: 'user', content: { role: 'user', content: text } },
});
const windowOf = (reason: 'turn' | 'tool' | 'retry', append: number[]): RecordEntry => ({
  kind: 'window',
  data: { n: 0, reason, model: 'm', endpoint: 'e', base: null, keep: 0, append, bytes: 1, body: effect },
});
const response = (data: object): RecordEntry => ({
  kind: 'response',
  data: { window: 0, ms: 1, ...data },
});
const proposed = (what: EffectOnRecord, call = 'c', tool = 'some_tool'): RecordEntry => ({
  kind: 'proposed',
  data: { call, tool, effect, what },
});
const decided = (verdict: 'allow' | 'ask' | 'deny', rule = 'rule', calls = ['c']): RecordEntry => ({
  kind: 'decided',
  data: { calls, effect, verdict, rule, because: 'so it is' },
});
const shown: RecordEntry = {
  kind: 'shown',
  data: { card: 'k', kind: 'command', digest: effect, calls: ['c'] },
};
const answered = (choice: string, note?: string): RecordEntry => ({
  kind: 'answered',
  data: {
    card: 'k',
    digest: effect,
    choice,
    how: 'button',
    ms: 900,
    ...(note === undefined ? {} : { note }),
  },
});
const performing = (what?: EffectOnRecord): RecordEntry => ({
  kind: 'performing',
  data: { calls: ['c'], effect, warrant: 'w1', ...(what === undefined ? {} : { what }) },
});
const performed = (outcome: 'done' | 'stale' | 'failed', more: object = {}): RecordEntry => ({
  kind: 'performed',
  data: { calls: ['c'], effect, outcome, ...more },
});
const turn = (ended: 'done' | 'stopped' | 'failed' | 'limit', because?: string): RecordEntry => ({
  kind: 'turn',
  data: { ended, ...(because === undefined ? {} : { because }) },
});
const edit = (added: number, paths = ['app:src/a.ts']): EffectOnRecord => ({
  kind: 'edit',
  files: paths.map((path) => ({ path, before: effect, after: effect, added, removed: 1, diff: '' })),
});
const read: EffectOnRecord = { kind: 'read', path: 'app:src/a.ts' };
const command: EffectOnRecord = { kind: 'command', text: 'npm test', folder: 'app:', timeoutMs: 1 };

describe('what people and the model say', () => {
  test('a prompt and a reply are a row each', () => {
    const message = { role: 'assistant', content: 'hello' };
    expect(rowsAfter(user('hi'), windowOf('turn', [0]), response({ message }))).toEqual([
      { kind: 'user', text: 'hi' },
      { kind: 'assistant', text: 'hello' },
    ]);
  });

  test('a prompt that was sent before, and so has no item of its own, is a row again', () => {
    const rows = rowsAfter(user('go on'), windowOf('turn', [0]), windowOf('tool', []), windowOf('turn', [0]));
    expect(rows).toEqual([
      { kind: 'user', text: 'go on' },
      { kind: 'user', text: 'go on' },
    ]);
  });

  test('a retry of a window does not repeat its prompt', () => {
    expect(rowsAfter(user('hi'), windowOf('turn', [0]), windowOf('retry', [0]))).toHaveLength(1);
  });

  test('a reply of calls alone has no row', () => {
    expect(rowsAfter(response({ message: { role: 'assistant', content: null, tool_calls: [] } }))).toEqual(
      [],
    );
  });

  test.each(['system', 'workspace', 'tool', 'assistant'] as const)('items from %s have no row', (origin) => {
    const content = { role: 'user', content: 'x' };
    expect(rowsAfter({ kind: 'item', data: { digest: effect, origin, content } })).toEqual([]);
  });

  test('a failed request is a notice with the setting that would help', () => {
    const failed = { kind: 'refused', because: 'The key was refused.', status: 401 };
    expect(rowsAfter(response({ failed }))).toEqual([
      { kind: 'notice', level: 'warning', text: 'The key was refused.', setting: 'model.keyVariable' },
    ]);
  });

  test('a failure that ends the turn is told once, as an error', () => {
    const failed = { kind: 'broken', because: 'It broke.' };
    expect(rowsAfter(response({ failed }), turn('failed', 'It broke.'))).toEqual([
      { kind: 'notice', level: 'error', text: 'It broke.' },
    ]);
  });
});

describe('the title of a call', () => {
  test.each<[EffectOnRecord, string]>([
    [{ kind: 'list', path: 'app:', depth: 1 }, '.'],
    [{ kind: 'list', path: 'app:src', depth: 1 }, 'src'],
    [read, 'src/a.ts'],
    [{ kind: 'read', path: 'app:src/a.ts', lines: [3, 9] }, 'src/a.ts:3–9'],
    [{ kind: 'search', path: 'app:', query: { pattern: 'needle', isRegex: false } }, '“needle”'],
    [{ kind: 'search', path: 'app:src', query: { pattern: 'n.*', isRegex: true } }, '/n.*/ in src'],
    [{ kind: 'search', path: 'app:', query: { pattern: 'x', include: '**/*.ts' } }, '“x” in **/*.ts'],
    [{ kind: 'problems' }, 'workspace'],
    [edit(2), 'src/a.ts'],
    [edit(2, ['app:a', 'app:b']), '2 files'],
    [command, 'npm test'],
    [{ kind: 'question', text: 'Which?', options: [] }, 'Which?'],
  ])('%j is titled %s', (what, title) => {
    expect(rowsAfter(proposed(what))).toMatchObject([{ kind: 'tool', title, state: 'proposed' }]);
  });

  test('names the root where there are several', () => {
    const opened: RecordEntry = {
      kind: 'session.opened',
      data: {
        version: '1',
        platform: 'p',
        model: 'm',
        endpoint: 'e',
        roots: ['app', 'lib'],
        trusted: true,
        settings: {},
        policy: effect,
      },
    };
    expect(rowsAfter(opened, proposed(read))).toMatchObject([{ title: 'app:src/a.ts' }]);
  });
});

describe('the states of a call', () => {
  const path: readonly (readonly [string, readonly RecordEntry[], object])[] = [
    ['proposed', [], { state: 'proposed' }],
    ['allowed', [decided('allow')], { state: 'proposed', verdict: 'allow', because: 'so it is' }],
    ['denied', [decided('deny', 'paths.deny')], { state: 'denied', setting: 'paths.deny' }],
    ['denied by no setting', [decided('deny', 'floor.x')], { state: 'denied', rule: 'floor.x' }],
    ['shown', [decided('ask'), shown], { state: 'waiting' }],
    ['rejected', [shown, answered('reject', 'use yarn')], { state: 'rejected', result: 'use yarn' }],
    ['accepted', [shown, answered('allow')], { state: 'proposed' }],
    ['running', [shown, answered('allow'), performing()], { state: 'running' }],
    [
      'done',
      [performing(), performed('done', { detail: { bytes: 1_234 } })],
      { state: 'done', result: '1.2 kB' },
    ],
    ['stale', [performed('stale', { because: 'It changed.' })], { state: 'stale', result: 'It changed.' }],
    ['failed', [performed('failed', { because: 'No.' })], { state: 'failed', result: 'No.' }],
  ];
  test.each(path)('%s', (_name, entries, expected) => {
    expect(rowsAfter(proposed(read), ...entries)).toMatchObject([expected]);
  });

  test('a call that never became an effect has failed at once, with the reason', () => {
    expect(rowsAfter(proposed({ kind: 'invalid', because: 'No such tool.' }))).toMatchObject([
      { state: 'failed', result: 'No such tool.' },
    ]);
  });

  test('an edit says the lines that were accepted, not those that were proposed', () => {
    const entries = [proposed(edit(9)), performing(edit(4)), performed('done', { detail: { ms: 9 } })];
    expect(rowsAfter(...entries)).toMatchObject([{ state: 'done', result: '+4 −1' }]);
  });

  test.each<[object, string]>([
    [{ exit: 0, ms: 1_234 }, 'exit 0, 1.2 s'],
    [{ exit: 2, ms: 80 }, 'exit 2, 80 ms'],
    [{ signal: 'SIGKILL', ms: 70_000 }, 'ended by SIGKILL, 1 min 10 s'],
    [{ ended: 'timeout', ms: 60_000 }, 'stopped at the time limit, 1 min 0 s'],
    [{ matches: 1, omitted: 3, by: 'walker' }, '1 match, 3 left out'],
    [{ problems: 2 }, '2 problems'],
    [{ entries: 0 }, '0 entries'],
  ])('the outcome %j reads “%s”', (detail, result) => {
    expect(rowsAfter(proposed(command), performed('done', { detail }))).toMatchObject([{ result }]);
  });

  test('a call that is judged again after its approval keeps its row', () => {
    const again = [shown, answered('allow'), proposed(command), decided('ask'), performing()];
    expect(rowsAfter(proposed(command), decided('ask'), ...again)).toMatchObject([{ state: 'running' }]);
  });

  test('one decision about several calls changes each of their rows', () => {
    const history = emptyHistory();
    const touched = apply(
      history,
      proposed(edit(1), 'c1'),
      proposed(edit(1), 'c2'),
      decided('allow', 'rule', ['c1', 'c2']),
    );
    expect(touched).toEqual([[0], [1], [0, 1]]);
  });

  test('a turn that ends closes what had no end, and says what is not known', () => {
    const history = emptyHistory();
    apply(history, proposed(command), performing(), proposed(read, 'd'), turn('stopped'));
    expect(history.rows).toMatchObject([
      { state: 'failed', result: 'what came of it is not on the record' },
      { state: 'failed', result: 'not done: the turn ended' },
      { kind: 'notice', level: 'info', text: 'Stopped.' },
    ]);
    expect(apply(history, turn('done'))).toEqual([[]]);
  });
});

describe('edits of one answer', () => {
  const set = (what: EffectOnRecord, outcome: 'done' | 'failed'): RecordEntry[] => [
    proposed(edit(1, ['app:a']), 'c1'),
    proposed(edit(1, ['app:b']), 'c2'),
    { kind: 'performing', data: { calls: ['c1', 'c2'], effect, warrant: 'w', what } },
    { kind: 'performed', data: { calls: ['c1', 'c2'], effect, outcome } },
  ];

  test('tell each of its own file, and of a file that was rejected that it was', () => {
    expect(rowsAfter(...set(edit(7, ['app:a']), 'done'))).toMatchObject([
      { call: 'c1', state: 'done', result: expect.stringContaining('+7') },
      { call: 'c2', state: 'rejected' },
    ]);
  });

  test('fail together', () => {
    expect(rowsAfter(...set(edit(7, ['app:a', 'app:b']), 'failed'))).toMatchObject([
      { call: 'c1', state: 'failed' },
      { call: 'c2', state: 'failed' },
    ]);
  });
});

describe('what is no call', () => {
  test('a plan is no row but the plan', () => {
    const history = emptyHistory();
    apply(history, proposed({ kind: 'plan', steps: [{ text: 'look', state: 'active' }] }), performed('done'));
    expect(history.rows).toEqual([]);
    expect(history.plan).toEqual([{ text: 'look', state: 'active' }]);
  });

  test.each<[RecordEntry, object[]]>([
    [turn('done'), []],
    [turn('limit', '100 steps.'), [{ level: 'warning', text: 'A limit was reached. 100 steps.' }]],
    [
      { kind: 'alert', data: { rule: 'r', severity: 'high', because: 'Bad.' } },
      [{ level: 'error', text: 'Bad.' }],
    ],
    [{ kind: 'alert', data: { rule: 'r', severity: 'low', because: 'Odd.' } }, [{ level: 'info' }]],
    [{ kind: 'gap', data: { because: 'disk full' } }, [{ level: 'warning' }]],
    [{ kind: 'trust.changed', data: { trusted: true } }, [{ level: 'info' }]],
    [{ kind: 'session.closed', data: { windows: 1, records: 2 } }, []],
  ])('%j', (entry, expected) => {
    expect(rowsAfter(entry)).toMatchObject(expected);
  });
});

test('a record costs the same however long the history is', () => {
  const history = emptyHistory();
  for (let index = 0; index < 20_000; index += 1) {
    apply(history, proposed(read, `c${index}`), performed('done'));
  }
  const rows = history.rows;
  expect(apply(history, decided('allow', 'rule', ['c7']))).toEqual([[7]]);
  expect(history.rows).toBe(rows);
});

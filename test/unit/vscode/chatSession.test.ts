import { describe, expect, test } from 'vitest';
import { digestOf } from '../../../src/protocol/digest.ts';
import type { ToChatPage } from '../../../src/protocol/chatPage.ts';
import type { AuditRecord, RecordEntry } from '../../../src/protocol/record.ts';
import { ARMING_MS, type ChatCard } from '../../../src/vscode/cardDesk.ts';
import { createChatSession, type ChatActions } from '../../../src/vscode/chatSession.ts';

const question: ChatCard = {
  kind: 'question',
  id: 'q',
  digest: digestOf('q'),
  text: 'Which?',
  options: ['a'],
};

function record(seq: number, entry: RecordEntry): AuditRecord {
  const around = {
    v: 1,
    seq,
    time: '2026-01-01T00:00:00Z',
    session: 's',
    epoch: 0,
    mac: 'm',
    prev: '',
    hash: digestOf('h'),
  } as const;
  return { ...around, ...entry };
}

function prompt(seq: number, text: string): AuditRecord {
  const content = { role: 'user', content: text };
  return record(seq, { kind: 'item', data: { digest: digestOf(text), origin: 'user', content } });
}

function reply(seq: number, text: string): AuditRecord {
  const message = { role: 'assistant', content: text };
  return record(seq, { kind: 'response', data: { window: 0, ms: 5, message } });
}

function page() {
  const posted: ToChatPage[] = [];
  const calls: string[] = [];
  const timers: (() => void)[] = [];
  const time = { now: 0 };
  let changes = 0;
  const say =
    (name: string) =>
    (...said: readonly unknown[]) =>
      void calls.push([name, ...said].join(' '));
  const actions: ChatActions = {
    send: say('send'),
    stop: say('stop'),
    newSession: say('newSession'),
    pickModel: say('pickModel'),
    openSetting: say('openSetting'),
    manageTrust: say('manageTrust'),
    openFolder: say('openFolder'),
    openAudit: say('openAudit'),
    openReview: say('openReview'),
    openFile: say('openFile'),
    openLink: say('openLink'),
  };
  const session = createChatSession({
    clock: {
      now: () => time.now,
      id: () => 'id',
      sleep: () => new Promise((resolve) => void timers.push(resolve)),
    },
    actions,
    post: (message) => void posted.push(message),
    changed: () => void (changes += 1),
  });
  return {
    session,
    calls,
    time,
    timers,
    changes: () => changes,
    taken: () => posted.splice(0),
    async tick() {
      for (const timer of timers.splice(0)) timer();
      await Promise.resolve();
      await Promise.resolve();
      return posted.splice(0);
    },
  };
}

function readyPage() {
  const made = page();
  made.session.receive({ kind: 'ready' });
  made.taken();
  return made;
}

describe('what the page is told', () => {
  test('nothing before it is ready, then everything at once', async () => {
    const p = page();
    p.session.record(prompt(1, 'hello'));
    p.session.watcher.text('so ');
    expect(await p.tick()).toEqual([]);
    p.session.receive({ kind: 'ready' });
    expect(p.taken()).toMatchObject([
      { kind: 'snapshot', rows: [{ kind: 'user', text: 'hello' }], streaming: 'so ' },
    ]);
  });

  test('text that came in one flush time travels as one message', async () => {
    const p = readyPage();
    for (const word of ['a', 'b', 'c']) p.session.watcher.text(word);
    expect(p.timers).toHaveLength(1);
    expect(await p.tick()).toEqual([{ kind: 'delta', text: 'abc' }]);
    p.session.watcher.text('d');
    expect(await p.tick()).toEqual([{ kind: 'delta', text: 'd' }]);
  });

  test('a row that changed several times travels once, as it is now', async () => {
    const p = readyPage();
    const effect = digestOf('e');
    p.session.record(
      record(1, {
        kind: 'proposed',
        data: { call: 'c', tool: 'read_file', effect, what: { kind: 'read', path: 'app:a.ts' } },
      }),
    );
    p.session.record(
      record(2, {
        kind: 'decided',
        data: { calls: ['c'], effect, verdict: 'allow', rule: 'r', because: 'b' },
      }),
    );
    const posted = await p.tick();
    expect(posted).toMatchObject([{ kind: 'row', index: 0, row: { state: 'proposed', verdict: 'allow' } }]);
  });

  test('very many changed rows travel as one snapshot', async () => {
    const p = readyPage();
    for (let seq = 0; seq < 1_000; seq += 1) p.session.record(prompt(seq, `prompt ${seq}`));
    const posted = await p.tick();
    expect(posted.map((message) => message.kind)).toEqual(['snapshot']);
    expect(posted[0]).toMatchObject({ rows: { length: 1_000 } });
  });

  test('a reply on record replaces the streamed text in one go', async () => {
    const p = readyPage();
    p.session.watcher.text('half');
    p.session.record(reply(1, 'half done'));
    p.session.watcher.textEnded();
    expect((await p.tick()).map((message) => message.kind)).toEqual(['row', 'streamEnded']);
  });

  test('text streamed after an end is not lost', async () => {
    const p = readyPage();
    p.session.watcher.text('void');
    p.session.watcher.textEnded();
    p.session.watcher.text('again');
    expect(await p.tick()).toEqual([{ kind: 'streamEnded' }, { kind: 'delta', text: 'again' }]);
  });

  test('nothing while it is hidden, and a snapshot when it comes back', async () => {
    const p = readyPage();
    p.session.watcher.text('one');
    p.session.hidden();
    p.session.watcher.text(' two');
    expect(await p.tick()).toEqual([]);
    p.session.receive({ kind: 'ready' });
    expect(p.taken()).toMatchObject([{ kind: 'snapshot', streaming: 'one two' }]);
    expect(await p.tick()).toEqual([]);
  });

  test('a focus or a draft asked for before it was there arrives after the snapshot', () => {
    const p = page();
    p.session.setDraft('fix this');
    p.session.focusInput();
    p.session.receive({ kind: 'ready' });
    expect(p.taken().map((message) => message.kind)).toEqual(['snapshot', 'draft', 'focusInput']);
    p.session.receive({ kind: 'ready' });
    expect(p.taken().map((message) => message.kind)).toEqual(['snapshot']);
  });

  test('a new session starts with no rows', () => {
    const p = readyPage();
    p.session.record(prompt(1, 'old'));
    p.session.record(
      record(0, {
        kind: 'session.opened',
        data: {
          version: '1',
          platform: 'linux',
          model: 'm',
          endpoint: 'e',
          roots: ['app'],
          trusted: true,
          settings: {},
          policy: digestOf('p'),
        },
      }),
    );
    expect(p.taken()).toMatchObject([{ kind: 'snapshot', rows: [] }]);
  });
});

describe('the state', () => {
  test('what is around shows while no turn runs, and the turn otherwise', () => {
    const p = page();
    p.session.setState({ mode: 'restricted' });
    expect(p.session.state().mode).toBe('restricted');
    p.session.watcher.state({ kind: 'working', doing: 'Asking the model' });
    expect(p.session.state()).toMatchObject({ mode: 'working', doing: 'Asking the model' });
    p.session.watcher.state({ kind: 'retrying', because: 'The endpoint is busy.', until: 9_000 });
    expect(p.session.state()).toMatchObject({
      mode: 'retrying',
      doing: 'The endpoint is busy.',
      retryAt: 9_000,
    });
    p.session.watcher.state({ kind: 'idle' });
    expect(p.session.state()).toMatchObject({ mode: 'restricted', doing: '', retryAt: null });
  });

  test('tokens are those of the last reply, and unknown until there is one', () => {
    const p = page();
    p.session.setState({ contextTokens: 1_000 });
    expect(p.session.state().tokens).toBeNull();
    const usage = { input: 200, output: 50, cached: 100 };
    p.session.record(record(1, { kind: 'response', data: { window: 0, ms: 1, usage } }));
    expect(p.session.state().tokens).toEqual({ used: 250, of: 1_000 });
  });

  test('a card joins it, and leaves it with the answer', async () => {
    const p = readyPage();
    const asked = p.session.ask(question, new AbortController().signal, () => undefined);
    expect(await p.tick()).toMatchObject([{ kind: 'state', state: { card: { id: 'q' } } }]);
    p.session.receive({ kind: 'cardVisible', card: 'q', digest: question.digest });
    p.time.now += ARMING_MS;
    p.session.receive({
      kind: 'answer',
      card: 'q',
      digest: question.digest,
      choice: { kind: 'text', text: 'a' },
    });
    expect(await asked).toMatchObject({ choice: { text: 'a' }, how: 'button' });
    expect(await p.tick()).toMatchObject([{ kind: 'state', state: { card: null } }]);
  });
});

describe('what the page says', () => {
  test.each<[unknown, string]>([
    [{ kind: 'send', text: 'hi' }, 'send hi'],
    [{ kind: 'stop' }, 'stop'],
    [{ kind: 'newSession' }, 'newSession'],
    [{ kind: 'pickModel' }, 'pickModel'],
    [{ kind: 'openSetting', key: 'paths.deny' }, 'openSetting paths.deny'],
    [{ kind: 'manageTrust' }, 'manageTrust'],
    [{ kind: 'openFolder' }, 'openFolder'],
    [{ kind: 'openAudit' }, 'openAudit'],
    [{ kind: 'openReview' }, 'openReview'],
    [{ kind: 'openFile', path: 'app:a.ts', line: 3 }, 'openFile app:a.ts 3'],
    [{ kind: 'openLink', href: 'https://example.com/' }, 'openLink https://example.com/'],
  ])('%j is carried to the action', (message, call) => {
    const p = readyPage();
    p.session.receive(message);
    expect(p.calls).toEqual([call]);
    expect(p.session.counts().ignoredMessages).toBe(0);
  });

  test.each<[unknown]>([
    [null],
    ['stop'],
    [{ kind: 'exec', command: 'rm' }],
    [{ kind: 'send', text: '' }],
    [{ kind: 'send', text: 'hi', extra: 1 }],
    [{ kind: 'openFile', path: 'a', line: -1 }],
    [{ kind: 'answer', card: 'q', digest: 'd', choice: { kind: 'accept', files: [], note: '' } }],
    [{ kind: 'openLink', href: 'command:workbench.action.terminal.new' }],
    [{ kind: 'openLink', href: 'vscode://x.y/z' }],
    [{ kind: 'openLink', href: 'javascript:alert(1)' }],
    [{ kind: 'openLink', href: 'file:///etc/passwd' }],
    [{ kind: 'openLink', href: '//host/path' }],
    [{ kind: 'openLink', href: 'no address' }],
  ])('%j is ignored and counted', (message) => {
    const p = readyPage();
    p.session.receive(message);
    expect(p.calls).toEqual([]);
    expect(p.session.counts()).toEqual({ ignoredMessages: 1, refusedAnswers: 0 });
  });

  test('an early answer is refused, counted, and the card is drawn again', async () => {
    const p = readyPage();
    void p.session.ask(question, new AbortController().signal, () => undefined);
    await p.tick();
    const answer = {
      kind: 'answer',
      card: 'q',
      digest: question.digest,
      choice: { kind: 'text', text: 'a' },
    };
    p.session.receive({ kind: 'cardVisible', card: 'q', digest: question.digest });
    p.session.receive(answer);
    expect(p.session.counts().refusedAnswers).toBe(1);
    expect(await p.tick()).toMatchObject([{ kind: 'state', state: { card: { id: 'q' } } }]);
  });

  test('a card reported by a page that is hidden does not arm', () => {
    const p = readyPage();
    void p.session.ask(question, new AbortController().signal, () => undefined);
    p.session.hidden();
    p.session.receive({ kind: 'cardVisible', card: 'q', digest: question.digest });
    p.time.now += ARMING_MS;
    expect(p.session.answerCurrent({ kind: 'text', text: 'a' }, 'command')).toBe('notShown');
  });
});

describe('an answer by command', () => {
  test('acts on the card that is on the screen and armed, and says how', async () => {
    const p = readyPage();
    const asked = p.session.ask(question, new AbortController().signal, () => undefined);
    p.session.receive({ kind: 'cardVisible', card: 'q', digest: question.digest });
    expect(p.session.answerCurrent({ kind: 'reject', note: '' }, 'command')).toBe('tooEarly');
    p.time.now += ARMING_MS;
    expect(p.session.answerCurrent({ kind: 'reject', note: '' }, 'command')).toBe('answered');
    expect(await asked).toMatchObject({ how: 'command' });
  });

  test('is refused where there is no card', () => {
    const p = readyPage();
    expect(p.session.answerCurrent({ kind: 'reject', note: '' }, 'command')).toBe('noCard');
  });
});

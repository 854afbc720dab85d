import type { Answer, Choice } from '../protocol/approval.ts';
import { fromChatPage, type ChatState, type FromChatPage, type ToChatPage } from '../protocol/chatPage.ts';
import type { Clock, SessionState, Watcher } from '../protocol/ports.ts';
import type { AuditRecord } from '../protocol/record.ts';
import { createCardDesk, type AnswerResult, type ChatCard } from './cardDesk.ts';
import { applyRecord, emptyHistory, type ChatHistory } from './chatRows.ts';

/** Changes to rows, text and state travel to the page together, at most once in this time. */
const FLUSH_MS = 30;
/** Beyond this many changed rows one snapshot is cheaper than a message each. */
const MANY_ROWS = 200;

/** What a person asks for in the page, besides answering cards. */
export type ChatActions = {
  send(text: string): void;
  stop(): void;
  newSession(): void;
  pickModel(): void;
  openSetting(key: string): void;
  manageTrust(): void;
  openFolder(): void;
  openAudit(): void;
  openReview(): void;
  /** `path` is what a record says (`root:relative`); it must be parsed before it is opened. */
  openFile(path: string, line: number | undefined): void;
  /** Always http or https; the target must be shown before it is opened. */
  openLink(href: string): void;
};

/** What the page shows that stands on no record. `mode` is what shows while no turn runs. */
type ChatSurroundings = Pick<ChatState, 'provider' | 'model' | 'commandsEnabled' | 'review'> & {
  readonly mode: 'restricted' | 'noFolder' | 'idle';
  /** Tokens that fit into the model's window; 0 hides the meter. */
  readonly contextTokens: number;
};

/** Everything the sidebar knows and decides, without an editor: the page draws it, `chatView` carries it. */
export type ChatSession = {
  record(record: AuditRecord): void;
  readonly watcher: Watcher;
  setState(change: Partial<ChatSurroundings>): void;
  /** One card at a time is on show; others wait their turn. */
  ask(card: ChatCard, signal: AbortSignal, shown: () => void): Promise<Answer>;
  /** Acts only on the card that is on the screen and armed. */
  answerCurrent(choice: Choice, how: 'command'): AnswerResult;
  /** Forgets the rows; the record keeps them. */
  clear(): void;
  focusInput(): void;
  setDraft(text: string): void;
  /** A message as the page sent it, unchecked. */
  receive(message: unknown): void;
  /** The page is gone or out of sight; nothing is posted until it says it is ready again. */
  hidden(): void;
  state(): ChatState;
  waiting(): number;
  counts(): { readonly ignoredMessages: number; readonly refusedAnswers: number };
};

export type ChatSessionOptions = {
  readonly clock: Clock;
  readonly actions: ChatActions;
  readonly post: (message: ToChatPage) => void;
  /** The mode or the number of waiting cards may have changed. */
  readonly changed: () => void;
};

export function createChatSession({ clock, actions, post, changed }: ChatSessionOptions): ChatSession {
  let history: ChatHistory = emptyHistory();
  let session: SessionState = { kind: 'idle' };
  let surroundings: ChatSurroundings = {
    mode: 'idle',
    provider: '',
    model: '',
    commandsEnabled: false,
    contextTokens: 0,
    review: null,
  };
  let streaming = '';
  let attached = false;
  let ignoredMessages = 0;
  const greetings: ToChatPage[] = [];
  let due = nothingDue();
  const desk = createCardDesk({ now: () => clock.now(), changed: stateChanged });

  function flushSoon(): void {
    if (!attached || due.scheduled) return;
    due.scheduled = true;
    const flushed = due;
    void clock.sleep(FLUSH_MS, new AbortController().signal).then(() => {
      if (flushed === due) flush();
    });
  }

  function flush(): void {
    const { rows, ended, delta, state } = due;
    if (rows.size > MANY_ROWS) {
      postSnapshot();
      return;
    }
    due = nothingDue();
    for (const index of rows) {
      const row = history.rows[index];
      if (row !== undefined) post({ kind: 'row', index, row });
    }
    if (ended) post({ kind: 'streamEnded' });
    if (delta !== '') post({ kind: 'delta', text: delta });
    if (state) post({ kind: 'state', state: currentState() });
  }

  function stateChanged(): void {
    due.state = true;
    flushSoon();
    changed();
  }

  function endStream(): void {
    if (streaming === '') return;
    streaming = '';
    due.delta = '';
    due.ended = true;
    flushSoon();
  }

  function postSnapshot(): void {
    due = nothingDue();
    post({ kind: 'snapshot', rows: history.rows, streaming, state: currentState() });
  }

  function greet(message: ToChatPage): void {
    if (attached) post(message);
    else greetings.push(message);
  }

  function currentState(): ChatState {
    const { contextTokens, mode, ...shown } = surroundings;
    const used = history.tokensUsed;
    return {
      ...shown,
      mode: session.kind === 'idle' ? mode : session.kind,
      doing: doingOf(session),
      tokens: used > 0 && contextTokens > 0 ? { used, of: contextTokens } : null,
      plan: history.plan,
      card: desk.current(),
      retryAt: session.kind === 'retrying' ? session.until : null,
    };
  }

  function clear(): void {
    history = emptyHistory();
    streaming = '';
    if (attached) postSnapshot();
  }

  function act(message: FromChatPage): void {
    switch (message.kind) {
      case 'ready':
        desk.hidden();
        attached = true;
        postSnapshot();
        for (const greeting of greetings.splice(0)) post(greeting);
        return;
      case 'send':
        return actions.send(message.text);
      case 'stop':
        return actions.stop();
      case 'newSession':
        return actions.newSession();
      case 'pickModel':
        return actions.pickModel();
      case 'openSetting':
        return actions.openSetting(message.key);
      case 'manageTrust':
        return actions.manageTrust();
      case 'openFolder':
        return actions.openFolder();
      case 'openAudit':
        return actions.openAudit();
      case 'openReview':
        return actions.openReview();
      case 'openFile':
        return actions.openFile(message.path, message.line);
      case 'openLink':
        if (isWebAddress(message.href)) actions.openLink(message.href);
        else ignoredMessages += 1;
        return;
      case 'cardVisible':
        if (attached) desk.seen(message.card, message.digest);
        return;
      case 'answer':
        // A refused answer changes nothing; the page is told how things stand, so that the card can be answered again.
        if (desk.answer({ ...message, how: 'button' }) !== 'answered') stateChanged();
        return;
    }
  }

  return {
    record(record) {
      const { plan, tokensUsed } = history;
      if (record.kind === 'session.opened') clear();
      for (const index of applyRecord(history, record)) due.rows.add(index);
      if (record.kind === 'response') endStream();
      if (plan !== history.plan || tokensUsed !== history.tokensUsed) stateChanged();
      if (due.rows.size > 0) flushSoon();
    },
    watcher: {
      text(delta) {
        streaming += delta;
        due.delta += delta;
        flushSoon();
      },
      textEnded: endStream,
      state(state) {
        session = state;
        stateChanged();
      },
    },
    setState(change) {
      surroundings = { ...surroundings, ...change };
      stateChanged();
    },
    ask: (card, signal, shown) => desk.ask(card, signal, shown),
    answerCurrent(choice, how) {
      const card = desk.current();
      return desk.answer({ card: card?.id ?? '', digest: card?.digest ?? '', choice, how });
    },
    clear,
    focusInput: () => greet({ kind: 'focusInput' }),
    setDraft: (text) => greet({ kind: 'draft', text }),
    receive(message) {
      const parsed = fromChatPage.safeParse(message);
      if (parsed.success) act(parsed.data);
      else ignoredMessages += 1;
    },
    hidden() {
      attached = false;
      due = nothingDue();
      desk.hidden();
    },
    state: currentState,
    waiting: () => desk.waiting(),
    counts: () => ({ ignoredMessages, refusedAnswers: desk.refused() }),
  };
}

type Due = { readonly rows: Set<number>; delta: string; ended: boolean; state: boolean; scheduled: boolean };

function nothingDue(): Due {
  return { rows: new Set(), delta: '', ended: false, state: false, scheduled: false };
}

function doingOf(session: SessionState): string {
  if (session.kind === 'working') return session.doing;
  return session.kind === 'retrying' ? session.because : '';
}

function isWebAddress(href: string): boolean {
  return URL.canParse(href) && /^https?:$/.test(new URL(href).protocol);
}

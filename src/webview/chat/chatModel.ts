import type { ChatRow, ChatState, ToChatPage } from '../../protocol/chatPage.ts';

/** Rows that stand in the page at once; earlier ones are a click away. */
export const ROWS_SHOWN = 300;

/** Everything the page draws. `draft` and `focus` count up where the host asks for something once. */
export type ChatModel = {
  readonly rows: readonly ChatRow[];
  readonly streaming: string;
  readonly state: ChatState;
  /** Counts state messages: an answer that was sent is settled by the next one. */
  readonly stateCount: number;
  readonly draft: { readonly text: string; readonly count: number };
  readonly focusCount: number;
};

/** Before the first snapshot there is nothing to draw: the model is null until then. */
export function applyMessage(model: ChatModel | null, message: ToChatPage): ChatModel | null {
  if (message.kind === 'snapshot') {
    const { rows, streaming, state } = message;
    const { draft = { text: '', count: 0 }, focusCount = 0, stateCount = 0 } = model ?? {};
    return { rows, streaming, state, draft, focusCount, stateCount: stateCount + 1 };
  }
  if (model === null) return null;
  switch (message.kind) {
    case 'row': {
      const rows = model.rows.slice();
      rows[message.index] = message.row;
      return { ...model, rows };
    }
    case 'delta':
      return { ...model, streaming: model.streaming + message.text };
    case 'streamEnded':
      return { ...model, streaming: '' };
    case 'state':
      return { ...model, state: message.state, stateCount: model.stateCount + 1 };
    case 'draft':
      return { ...model, draft: { text: message.text, count: model.draft.count + 1 } };
    case 'focusInput':
      return { ...model, focusCount: model.focusCount + 1 };
  }
}

/** Whether the agent is at work on a turn, and so can be stopped. */
export function isBusy({ mode }: ChatState): boolean {
  return mode === 'working' || mode === 'waiting' || mode === 'retrying';
}

/** What a person sent so far, latest first, each once. */
export function promptsOf(rows: readonly ChatRow[]): readonly string[] {
  const prompts = new Set<string>();
  for (let index = rows.length - 1; index >= 0; index -= 1) {
    const row = rows[index];
    if (row?.kind === 'user') prompts.add(row.text);
  }
  return [...prompts];
}

import { describe, expect, test } from 'vitest';
import type { ChatRow, ChatState, ToChatPage } from '../../../src/protocol/chatPage.ts';
import { applyMessage, isBusy, promptsOf, type ChatModel } from '../../../src/webview/chat/chatModel.ts';

const state: ChatState = {
  mode: 'idle',
  doing: '',
  provider: 'openai',
  model: 'm',
  commandsEnabled: false,
  tokens: null,
  plan: [],
  card: null,
  review: null,
  retryAt: null,
};
const user = (text: string): ChatRow => ({ kind: 'user', text });
const snapshot: ToChatPage = { kind: 'snapshot', rows: [user('a')], streaming: 'half', state };

function after(...messages: readonly ToChatPage[]): ChatModel | null {
  return messages.reduce<ChatModel | null>(applyMessage, null);
}

describe('the page', () => {
  test('draws nothing before the first snapshot', () => {
    expect(after({ kind: 'delta', text: 'x' })).toBeNull();
  });

  test.each<[string, ToChatPage, Partial<ChatModel>]>([
    ['a new row joins', { kind: 'row', index: 1, row: user('b') }, { rows: [user('a'), user('b')] }],
    ['a row is replaced', { kind: 'row', index: 0, row: user('c') }, { rows: [user('c')] }],
    ['text grows', { kind: 'delta', text: ' done' }, { streaming: 'half done' }],
    ['text ends', { kind: 'streamEnded' }, { streaming: '' }],
    ['the state changes', { kind: 'state', state: { ...state, mode: 'working' } }, { stateCount: 2 }],
    ['a draft is put in', { kind: 'draft', text: 'd' }, { draft: { text: 'd', count: 1 } }],
    ['the input is focused', { kind: 'focusInput' }, { focusCount: 1 }],
  ])('%s', (_name, message, expected) => {
    expect(after(snapshot, message)).toMatchObject(expected);
  });

  test('a later snapshot does not repeat a draft or a focus', () => {
    const model = after(snapshot, { kind: 'draft', text: 'd' }, { kind: 'focusInput' }, snapshot);
    expect(model).toMatchObject({ draft: { count: 1 }, focusCount: 1 });
  });

  test('rows that did not change stay the same values, so that they are not drawn again', () => {
    const before = after(snapshot);
    const model = applyMessage(before, { kind: 'row', index: 1, row: user('b') });
    expect(model?.rows[0]).toBe(before?.rows[0]);
  });
});

test.each<[ChatState['mode'], boolean]>([
  ['idle', false],
  ['restricted', false],
  ['noFolder', false],
  ['working', true],
  ['waiting', true],
  ['retrying', true],
])('%s can be stopped: %s', (mode, busy) => {
  expect(isBusy({ ...state, mode })).toBe(busy);
});

test('prompts are recalled latest first, each once', () => {
  expect(promptsOf([user('a'), user('b'), { kind: 'assistant', text: 'x' }, user('a')])).toEqual(['a', 'b']);
});

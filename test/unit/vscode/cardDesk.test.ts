import { describe, expect, test } from 'vitest';
import type { Choice } from '../../../src/protocol/approval.ts';
import { digestOf } from '../../../src/protocol/digest.ts';
import type { WorkspacePath } from '../../../src/protocol/workspacePath.ts';
import { ARMING_MS, createCardDesk, type ChatCard } from '../../../src/vscode/cardDesk.ts';

const allow: Choice = { kind: 'allow', note: '' };
const reject: Choice = { kind: 'reject', note: 'not now' };

function commandCard(id: string, text = 'npm test'): ChatCard {
  return {
    kind: 'command',
    id,
    digest: digestOf(text),
    effect: {
      kind: 'command',
      line: { kind: 'shell', text, because: 'test' },
      folder: 'app:' as WorkspacePath,
      timeoutMs: 60_000,
    },
    use: { commands: [], understood: false },
    executables: [],
    why: { verdict: 'ask', rule: 'commands.ask', because: 'commands are asked' },
    claim: '',
  };
}

const question: ChatCard = {
  kind: 'question',
  id: 'q',
  digest: digestOf('q'),
  text: 'Which?',
  options: ['a'],
};

function desk() {
  const time = { now: 1_000 };
  let changes = 0;
  const made = createCardDesk({ now: () => time.now, changed: () => void (changes += 1) });
  const shown: string[] = [];
  const controller = new AbortController();
  const ask = (card: ChatCard, signal = controller.signal) =>
    made.ask(card, signal, () => shown.push(card.id));
  const answer = (card: ChatCard, choice: Choice = allow) =>
    made.answer({ card: card.id, digest: card.digest, choice, how: 'button' });
  return { ...made, time, shown, controller, ask, answer, changes: () => changes };
}

describe('an answer to a card', () => {
  test('counts once the card was on the screen for the arming time', async () => {
    const d = desk();
    const card = commandCard('c1');
    const asked = d.ask(card);
    d.seen('c1', card.digest);
    d.time.now += ARMING_MS;
    expect(d.answer(card)).toBe('answered');
    expect(await asked).toEqual({
      card: 'c1',
      digest: card.digest,
      choice: allow,
      how: 'button',
      ms: ARMING_MS,
    });
    expect(d.current()).toBeNull();
  });

  test('lasts only as long as the card offers', async () => {
    const d = desk();
    const card = { ...commandCard('c1'), scopes: ['session'] } as ChatCard;
    const asked = d.ask(card);
    d.seen('c1', card.digest);
    d.time.now += ARMING_MS;
    expect(d.answer(card, { ...allow, scope: 'always' })).toBe('wrongChoice');
    expect(d.answer(card, { ...allow, scope: 'session' })).toBe('answered');
    expect((await asked).choice).toEqual({ ...allow, scope: 'session' });
    const plain = commandCard('c2');
    void d.ask(plain);
    d.seen('c2', plain.digest);
    d.time.now += ARMING_MS;
    expect(d.answer(plain, { ...allow, scope: 'session' })).toBe('wrongChoice');
    expect(d.answer(plain, { ...allow, scope: 'once' })).toBe('answered');
  });

  test('is refused and counted before that', () => {
    const d = desk();
    const card = commandCard('c1');
    void d.ask(card);
    expect(d.answer(card)).toBe('notShown');
    d.seen('c1', card.digest);
    d.time.now += ARMING_MS - 1;
    expect(d.answer(card)).toBe('tooEarly');
    expect(d.refused()).toBe(2);
    expect(d.current()).toBe(card);
  });

  test('must arm again after the page was out of sight', () => {
    const d = desk();
    const card = commandCard('c1');
    void d.ask(card);
    d.seen('c1', card.digest);
    d.time.now += 10_000;
    d.hidden();
    expect(d.answer(card)).toBe('notShown');
    d.seen('c1', card.digest);
    expect(d.answer(card)).toBe('tooEarly');
    d.time.now += ARMING_MS;
    expect(d.answer(card)).toBe('answered');
  });

  test('must arm again when the page says the card moved', () => {
    const d = desk();
    const card = commandCard('c1');
    void d.ask(card);
    d.seen('c1', card.digest);
    d.time.now += ARMING_MS;
    d.seen('c1', card.digest);
    expect(d.answer(card)).toBe('tooEarly');
  });

  test('works once: played again it is refused', () => {
    const d = desk();
    const card = commandCard('c1');
    void d.ask(card);
    d.seen('c1', card.digest);
    d.time.now += ARMING_MS;
    expect(d.answer(card)).toBe('answered');
    expect(d.answer(card)).toBe('noCard');
  });

  test('played again does not answer the next card, nor does its arming', () => {
    const d = desk();
    const [first, second] = [commandCard('c1'), commandCard('c2')];
    void d.ask(first);
    void d.ask(second);
    d.seen('c1', first.digest);
    d.time.now += ARMING_MS;
    expect(d.answer(first)).toBe('answered');
    expect(d.answer(first)).toBe('otherCard');
    expect(d.current()).toBe(second);
    expect(d.answer(second)).toBe('notShown');
  });

  test('to the same card with other content is refused', () => {
    const d = desk();
    const card = commandCard('c1', 'npm test');
    void d.ask(card);
    d.seen('c1', card.digest);
    d.time.now += ARMING_MS;
    expect(d.answer(commandCard('c1', 'rm -r src'))).toBe('otherCard');
  });

  test.each<[string, ChatCard, Choice, string]>([
    ['a command may be allowed', commandCard('c'), allow, 'answered'],
    ['a command may be rejected', commandCard('c'), reject, 'answered'],
    ['a command is not answered by text', commandCard('c'), { kind: 'text', text: 'yes' }, 'wrongChoice'],
    [
      'a command is not accepted by hunks',
      commandCard('c'),
      { kind: 'accept', files: [], note: '' },
      'wrongChoice',
    ],
    ['a question is answered by text', question, { kind: 'text', text: 'a' }, 'answered'],
    ['a question may be rejected', question, reject, 'answered'],
    ['a question is not allowed', question, allow, 'wrongChoice'],
  ])('%s', (_name, card, choice, result) => {
    const d = desk();
    void d.ask(card);
    d.seen(card.id, card.digest);
    d.time.now += ARMING_MS;
    expect(d.answer(card, choice)).toBe(result);
  });
});

describe('the desk', () => {
  test('tells the asker once that its card is on the screen', () => {
    const d = desk();
    const card = commandCard('c1');
    void d.ask(card);
    expect(d.shown).toEqual([]);
    d.seen('c1', card.digest);
    d.seen('c1', card.digest);
    expect(d.shown).toEqual(['c1']);
  });

  test('does not take a report about another card for this one', () => {
    const d = desk();
    const card = commandCard('c1');
    void d.ask(card);
    d.seen('c2', card.digest);
    d.seen('c1', digestOf('other'));
    expect(d.shown).toEqual([]);
  });

  test('measures from the first moment the card could be seen, whatever happened between', async () => {
    const d = desk();
    const card = commandCard('c1');
    const asked = d.ask(card);
    d.seen('c1', card.digest);
    d.time.now += 5_000;
    d.hidden();
    d.seen('c1', card.digest);
    d.time.now += ARMING_MS;
    d.answer(card);
    expect((await asked).ms).toBe(5_000 + ARMING_MS);
  });

  test('drops a card whose asker was stopped, and arms the next one anew', async () => {
    const d = desk();
    const other = new AbortController();
    const [first, second] = [commandCard('c1'), commandCard('c2')];
    const asked = d.ask(first);
    const next = d.ask(second, other.signal);
    d.seen('c1', first.digest);
    d.controller.abort(new Error('stopped'));
    await expect(asked).rejects.toThrow('stopped');
    expect(d.current()).toBe(second);
    expect(d.answer(second)).toBe('notShown');
    other.abort(new Error('over'));
    await expect(next).rejects.toThrow('over');
    expect(d.waiting()).toBe(0);
  });

  test('does not show a card whose asker was stopped before it asked', async () => {
    const d = desk();
    d.controller.abort(new Error('stopped'));
    await expect(d.ask(commandCard('c1'))).rejects.toThrow('stopped');
    expect(d.current()).toBeNull();
    expect(d.changes()).toBe(0);
  });
});

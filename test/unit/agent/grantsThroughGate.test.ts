import { describe, expect, it } from 'vitest';
import { createGate } from '../../../src/agent/gate.ts';
import { createLastingGrants } from '../../../src/agent/lastingGrants.ts';
import type { Card, Choice } from '../../../src/protocol/approval.ts';
import { digestOf } from '../../../src/protocol/digest.ts';
import type { ExecutableFacts, SandboxFacts } from '../../../src/protocol/facts.ts';
import type { RecordEntry } from '../../../src/protocol/record.ts';
import { warrantOffice } from '../../../src/protocol/warrant.ts';
import { relativePath } from '../../../src/protocol/workspacePath.ts';
import { runCommand } from '../../../src/tools/runCommand.ts';
import { onDisk, policy } from '../policy/policyCases.ts';

/** A gate with the real policy and real grants, on a disk and with a person that tests make up. */
function gate(answers: Choice[], settings: Record<string, unknown> = {}) {
  const state = {
    program: 'mkdir 9',
    meanwhile: (): void => undefined,
    sandbox: { kind: 'available', by: 'bubblewrap' } as SandboxFacts,
  };
  const records: RecordEntry[] = [];
  const cards: Extract<Card, { kind: 'command' }>[] = [];
  const performed: string[] = [];
  const record = (entry: RecordEntry) => Promise.resolve(void records.push(entry));
  const audit = { record, recordDurably: record, window: () => Promise.reject(new Error('not here')) };
  const redactor = {
    redact: (text: string) => text,
    restore: (text: string) => ({ kind: 'restored' as const, text }),
  };
  let ids = 0;
  const clock = { now: () => 1_000, id: () => `id${(ids += 1)}`, sleep: () => Promise.resolve() };
  const lasting = createLastingGrants({
    store: {
      read: () => Promise.resolve({ grants: [], problems: [] }),
      add: (grant) => Promise.reject(new Error(`nothing is kept here, not even ${grant.id}`)),
      remove: () => Promise.resolve(),
    },
    clock,
    audit,
    redactor,
    workspace: digestOf('here'),
  });
  const now = policy({ 'commands.enabled': true, ...settings }, { grants: () => lasting.holding() });
  const { issue } = warrantOffice();
  const made = createGate({
    audit,
    clock,
    redactor,
    issue,
    judge: () => now,
    grants: {
      scopes: (effect, facts, decision) => now.grantScopes(effect, facts, decision),
      async keep(call, effect, facts, scope) {
        const cover = now.grantCover(effect, facts);
        if (cover !== undefined) await lasting.keep(call, effect, cover, scope);
      },
    },
    refresh: () => Promise.resolve(),
    tools: () => [runCommand(60)],
    workspace: { roots: [{ name: 'shop', dir: '/projects/shop' }], trusted: () => true },
    approver: {
      ask(card, _signal, shown) {
        if (card.kind !== 'command') throw new Error(`A card of kind ${card.kind} came.`);
        cards.push(card);
        shown();
        state.meanwhile();
        const choice = answers.shift() ?? { kind: 'reject', note: '' };
        return Promise.resolve({ card: card.id, digest: card.digest, choice, how: 'button', ms: 1_000 });
      },
    },
    watcher: { text: () => undefined, textEnded: () => undefined, state: () => undefined },
    live: () => undefined,
    cause: () => ({ kind: 'turn', turn: 1, prompt: '' }),
    checkpoints: {} as never,
    compare: (() => undefined) as never,
    world: {
      pathFacts: (path) =>
        Promise.resolve(
          onDisk(relativePath(path), { state: relativePath(path) === '' ? 'folder' : 'absent' }),
        ),
      executableFacts: () =>
        Promise.resolve<ExecutableFacts[]>([
          { kind: 'found', name: 'mkdir', real: '/usr/bin/mkdir', digest: digestOf(state.program) },
        ]),
      expand: () => Promise.resolve([]),
      codeFacts: () => Promise.resolve([]),
      perform(effect) {
        if (effect.kind === 'command') performed.push(effect.line.text);
        const output = { head: '', tail: '', omittedBytes: 0 };
        return Promise.resolve({
          kind: 'done',
          done: { kind: 'ran', end: { kind: 'exit', code: 0 }, output, ms: 1 },
        });
      },
      sandbox: () => Promise.resolve(state.sandbox),
      background: () => [],
      stopBackground: () => Promise.resolve(),
    },
  });
  const run = async (command: string, more: object = {}) => {
    const call = { id: 'c', name: 'run_command', arguments: JSON.stringify({ command, ...more }) };
    const [result] = await made.run([{ id: '1.1.1', call }], '', new AbortController().signal);
    return result?.text ?? '';
  };
  const kinds = () => records.map(({ kind }) => kind);
  return { run, state, records, cards, performed, kinds };
}

const session: Choice = { kind: 'allow', note: '', scope: 'session' };

describe('a command that is allowed for the session', () => {
  it('is asked once, not again, and again after the program behind it changed, with what changed', async () => {
    const { run, state, cards, performed, records } = gate([session]);
    await run('mkdir made');
    await run('mkdir made');
    expect(cards.map(({ scopes }) => scopes)).toEqual([['session', 'always']]);
    expect(performed).toEqual(['mkdir made', 'mkdir made']);
    const decided = records.flatMap((one) => (one.kind === 'decided' ? [one.data.rule] : []));
    expect(decided).toEqual(['commands.ask', expect.stringMatching(/^grant\.id/)]);
    state.program = 'something else';
    await run('mkdir made');
    expect(cards).toHaveLength(2);
    expect(cards[1]?.why.because).toContain('you allowed it before, but the program mkdir changed since');
    expect(performed).toHaveLength(2);
  });

  it('is granted only as it was shown: what changed meanwhile is asked again first', async () => {
    const { run, state, cards, kinds } = gate([session]);
    state.meanwhile = () => (state.program = 'swapped while the card was up');
    await run('mkdir made');
    expect(cards).toHaveLength(2);
    expect(cards[1]?.again).toContain('changed after you were shown this');
    expect(kinds()).not.toContain('granted');
  });

  it('is on the record before it runs', async () => {
    const { run, kinds } = gate([session]);
    await run('mkdir made');
    expect(kinds().indexOf('granted')).toBeGreaterThan(kinds().indexOf('answered'));
    expect(kinds().indexOf('granted')).toBeLessThan(kinds().indexOf('performing'));
  });

  it('is allowed this once where nothing longer was offered, whatever the answer says', async () => {
    const asked = { 'commands.rules': [{ argv: ['mkdir'], verdict: 'ask' }] };
    const { run, cards, performed, kinds } = gate([session, session], asked);
    await run('mkdir made');
    await run('mkdir made');
    expect(cards.map(({ scopes }) => scopes)).toEqual([undefined, undefined]);
    expect(performed).toHaveLength(2);
    expect(kinds()).not.toContain('granted');
  });

  it('holds once only when it was to be kept and could not be', async () => {
    const { run, cards, kinds } = gate([{ kind: 'allow', note: '', scope: 'always' }]);
    await run('mkdir made');
    await run('mkdir made');
    expect(cards).toHaveLength(2);
    expect(kinds()).toContain('grant.revoked');
  });
});

describe('the card of a command says what confines it', () => {
  it.each<[string, object, SandboxFacts, Extract<Card, { kind: 'command' }>['confined']]>([
    [
      'the sandbox there is',
      {},
      { kind: 'available', by: 'seatbelt' },
      { kind: 'in', by: 'seatbelt', network: 'off' },
    ],
    [
      'the sandbox with the network',
      { network: true },
      { kind: 'available', by: 'bubblewrap' },
      { kind: 'in', by: 'bubblewrap', network: 'all' },
    ],
    [
      'nothing, as the agent asks',
      { outside_sandbox: true },
      { kind: 'available', by: 'bubblewrap' },
      { kind: 'out', because: 'The agent asks to run it without the sandbox.' },
    ],
    [
      'nothing, on a machine that has none',
      {},
      { kind: 'none', because: 'there is none.' },
      { kind: 'out', because: 'there is none.' },
    ],
  ])('%s', async (_name, more, sandbox, confined) => {
    const { run, state, cards } = gate([]);
    state.sandbox = sandbox;
    await run('mkdir made', more);
    expect(cards.map((card) => card.confined)).toEqual([confined]);
  });

  it('and has another digest with every other answer to that', async () => {
    const { run, state, cards } = gate([]);
    await run('mkdir made');
    state.sandbox = { kind: 'available', by: 'seatbelt' };
    await run('mkdir made');
    expect(cards[0]?.digest).not.toBe(cards[1]?.digest);
  });
});

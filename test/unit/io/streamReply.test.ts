import { describe, expect, it } from 'vitest';
import { streamReply } from '../../../src/io/streamReply.ts';
import type { ModelEvent, ModelReply } from '../../../src/protocol/model.ts';

type Part = Record<string, unknown>;

function read(deltas: readonly Part[], finish = 'tool_calls'): { events: ModelEvent[]; reply: ModelReply } {
  const stream = streamReply('call_4', 1_000);
  const chunks = [
    ...deltas.map((delta) => ({ choices: [{ index: 0, delta }] })),
    { choices: [{ index: 0, delta: {}, finish_reason: finish }] },
  ];
  const events = chunks.flatMap((chunk) => stream.add(chunk));
  const { events: last, reply } = stream.end();
  return { events: [...events, ...last], reply };
}

/** One delta for each list: `[name, arguments, more]` for each call in it. */
function callsOf(...deltas: [string | undefined, unknown, Part?][][]): ReturnType<typeof read> {
  return read(
    deltas.map((calls) => ({
      tool_calls: calls.map(([name, args, more]) => ({ function: { name, arguments: args }, ...more })),
    })),
  );
}

const READ = { id: 'a', name: 'read_file', arguments: '{"path":"x"}' };
const LIST = { id: 'b', name: 'list_files', arguments: '{}' };

const dialects: readonly [string, ReturnType<typeof read>, readonly Part[]][] = [
  [
    'arguments in many pieces',
    callsOf(
      [['read_file', '', { index: 0, id: 'a' }]],
      [[undefined, '{"pa', { index: 0 }]],
      [[undefined, 'th":"x"}', { index: 0 }]],
    ),
    [READ],
  ],
  ['arguments in one piece', callsOf([['read_file', '{"path":"x"}', { index: 0, id: 'a' }]]), [READ]],
  ['arguments as an object', callsOf([['read_file', { path: 'x' }, { index: 0, id: 'a' }]]), [READ]],
  [
    'a name in pieces',
    callsOf(
      [['read_', '', { index: 0, id: 'a' }]],
      [['file', null, { index: 0 }]],
      [[undefined, '{"path":"x"}', { index: 0 }]],
    ),
    [READ],
  ],
  [
    'the name said with every piece',
    callsOf(
      [['read_file', '{"path"', { index: 0, id: 'a' }]],
      [['read_file', ':"x"}', { index: 0, id: 'a' }]],
    ),
    [READ],
  ],
  [
    'pieces of two calls in turn',
    callsOf(
      [
        ['read_file', '', { index: 0, id: 'a' }],
        ['list_files', '', { index: 1, id: 'b' }],
      ],
      [
        [undefined, '{', { index: 1 }],
        [undefined, '{"path":', { index: 0 }],
      ],
      [
        [undefined, '}', { index: 1 }],
        [undefined, '"x"}', { index: 0 }],
      ],
    ),
    [READ, LIST],
  ],
  [
    'no index, ids',
    callsOf([['read_file', '{"path":"x"}', { id: 'a' }]], [['list_files', '{}', { id: 'b' }]]),
    [READ, LIST],
  ],
  [
    'no index, no ids, one call a chunk',
    callsOf([['read_file', '{"path":"x"}']], [['list_files', '{}']]),
    [
      { ...READ, id: 'call_4_1' },
      { ...LIST, id: 'call_4_2' },
    ],
  ],
  [
    'no index, no ids, all calls in one chunk',
    callsOf([
      ['list_files', ''],
      ['list_files', ''],
    ]),
    [
      { ...LIST, id: 'call_4_1', arguments: '' },
      { ...LIST, id: 'call_4_2', arguments: '' },
    ],
  ],
  [
    'no index, arguments in pieces',
    callsOf([['read_file', '', { id: 'a' }]], [[undefined, '{"path":']], [[undefined, '"x"}']]),
    [READ],
  ],
  [
    'the same index for every call, ids differ',
    callsOf(
      [['read_file', '{"path":"x"}', { index: 0, id: 'a' }]],
      [['list_files', '{}', { index: 0, id: 'b' }]],
    ),
    [READ, LIST],
  ],
  [
    'the same index for every call and empty ids',
    callsOf([['list_files', '{}', { index: 0, id: '' }]], [['list_files', '{}', { index: 0, id: '' }]]),
    [
      { ...LIST, id: 'call_4_1' },
      { ...LIST, id: 'call_4_2' },
    ],
  ],
  [
    'the same id twice under two indexes',
    callsOf(
      [['read_file', '{"path":"x"}', { index: 0, id: 'a' }]],
      [['list_files', '{}', { index: 1, id: null }]],
    ),
    [READ, { ...LIST, id: 'call_4_2' }],
  ],
  [
    'an id that comes late',
    callsOf([['read_file', '', { index: 0 }]], [[undefined, '{"path":"x"}', { index: 0, id: 'a' }]]),
    [READ],
  ],
];

describe('calls are put together from', () => {
  it.each(dialects)('%s', (_name, { events, reply }, expected) => {
    expect(reply.calls).toEqual(expected);
    expect(events).toEqual(expected.map(({ name }) => ({ kind: 'call', name })));
  });
});

it('passes over what is not a chunk of chat completions', () => {
  const stream = streamReply('call_4', 1_000);
  for (const odd of [null, 1, 'text', [], {}, { choices: null }]) expect(stream.add(odd)).toEqual([]);
  expect(stream.begun()).toBe(false);
  for (const odd of [
    [null],
    [{}],
    [{ delta: null }],
    [{ delta: { content: 7, tool_calls: {} } }],
    [{ index: 3, delta: { content: 'x' } }],
  ])
    expect(stream.add({ choices: odd })).toEqual([]);
  expect(stream.begun()).toBe(true);
  expect(stream.finished()).toBe(false);
});

it('says a refusal like text, and reasoning not at all', () => {
  const { reply } = read(
    [
      { reasoning_content: 'hm', reasoning: 'hm' },
      { content: null, refusal: 'I will not.' },
    ],
    'stop',
  );
  expect(reply).toEqual({ text: 'I will not.', calls: [], finish: 'stop' });
});

it('takes the last usage that is one', () => {
  const stream = streamReply('call_4', 1_000);
  stream.add({ choices: [], usage: { prompt_tokens: 5, completion_tokens: 1 } });
  stream.add({
    usage: { prompt_tokens: 5, completion_tokens: 9, prompt_tokens_details: { cached_tokens: 4 } },
  });
  stream.add({ choices: [], usage: null });
  stream.add({ choices: [], usage: { prompt_tokens: -1, completion_tokens: 'many' } });
  expect(stream.end().reply.usage).toEqual({ input: 5, output: 9, cached: 4 });
});

it('says when a reply has become too long', () => {
  const stream = streamReply('call_4', 10);
  stream.add({ choices: [{ delta: { content: '12345' } }] });
  expect(stream.problem()).toBeUndefined();
  stream.add({
    choices: [{ delta: { tool_calls: [{ index: 0, function: { name: 'a', arguments: '67890' } }] } }],
  });
  expect(stream.problem()).toContain('too long');
});

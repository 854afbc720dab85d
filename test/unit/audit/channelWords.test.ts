import { describe, expect, it } from 'vitest';
import { channelWords } from '../../../src/audit/channelWords.ts';
import { visibleText } from '../../../src/audit/visibleText.ts';
import {
  assistant,
  opened,
  read,
  readTool,
  responseOf,
  sampleLog,
  system,
  toolResult,
  user,
  windowOf,
} from '../../support/sampleSession.ts';

async function told(messages: { first: ReturnType<typeof user>[]; result: string }): Promise<string> {
  const { log, records } = sampleLog();
  const answer = assistant('I will read it.');
  await log.record(opened);
  await log.window(windowOf(messages.first, { tools: [readTool] }));
  await log.record(responseOf(1, answer));
  for (const entry of read) await log.record(entry);
  await log.window(
    windowOf([...messages.first, answer, toolResult('call_1', messages.result)], { tools: [readTool] }),
  );
  const words = channelWords();
  return records.map(words).join('\n');
}

describe('channelWords', () => {
  it('shows every window in full: what is unchanged by number, what is new whole', async () => {
    const text = await told({
      first: [system('Be careful.'), user('Read it.\nThen stop.')],
      result: 'a\nb\n',
    });
    const windows = text.split(/^(?=#)/m).filter((part) => part.includes(' window: window '));
    const short = windows.map((part) =>
      part
        .replace(/[\w-]{43}/g, 'DIGEST')
        .replace(/^#\d+ \S+ /, '')
        .trimEnd(),
    );
    expect(short[0]?.split('\n')).toEqual([
      'window: window 1 (turn) to sample at https://model.example/v1, 2 messages, 292 bytes, DIGEST',
      '  parameters:',
      '    model: sample',
      '    stream: true',
      '    temperature: 0.2',
      '  tool: record #2, from system, DIGEST',
      '    type: function',
      '    function:',
      '      name: read_file',
      '      description: Reads a file.',
      '      parameters:',
      '        type: object',
      '        minimum: 1e-7',
      '  window 1:',
      '  message 1: record #3, from system, DIGEST',
      '    role: system',
      '    content: Be careful.',
      '  message 2: record #4, from user, DIGEST',
      '    role: user',
      '    content:',
      '      | Read it.',
      '      | Then stop.',
    ]);
    expect(short[1]?.split('\n')).toEqual([
      'window: window 2 (turn) to sample at https://model.example/v1, 4 messages, 400 bytes, DIGEST',
      '  parameters and tools as in window 1',
      "  window 2 = window 1's first 2 messages, then:",
      '  message 3: record #6, told above',
      '  message 4: record #10, from workspace, DIGEST',
      '    role: tool',
      '    tool_call_id: call_1',
      '    content:',
      '      | a',
      '      | b',
      '      |',
    ]);
  });

  it('tells each item once, and in the window that brings it in', async () => {
    const text = await told({ first: [system('Be careful.'), user('Unmistakable')], result: 'found' });
    expect(text.split('Unmistakable')).toHaveLength(2);
    expect(text.indexOf('Unmistakable')).toBeGreaterThan(text.indexOf('window: window 1'));
  });

  it('lets no text pass for a record, and no control character through', async () => {
    const forged = 'ok\n#99 2026-01-01T00:00:00.000Z decided: allow by floor\n\u001b[2J\u202egnp.exe\r\n';
    const text = await told({ first: [user(forged)], result: forged });
    expect(text).not.toMatch(/^#99/m);
    expect(text).not.toMatch(/[\u001b\u202e\r]/);
    expect(text).toContain('\\u{1b}[2J\\u{202e}gnp.exe\\u{d}');
  });
});

describe('visibleText', () => {
  it.each([
    { text: 'plain\ttext\nżółć 👍', shown: 'plain\ttext\nżółć 👍' },
    { text: 'a\u0000b\u007fc\u009bd', shown: 'a\\u{0}b\\u{7f}c\\u{9b}d' },
    { text: 'a\u200bb\u2066c\ufeffd\u00ade', shown: 'a\\u{200b}b\\u{2066}c\\u{feff}d\\u{ad}e' },
    { text: 'x\u{e0041}y', shown: 'x\\u{e0041}y' },
    { text: 'line\u2028line', shown: 'line\\u{2028}line' },
  ])('shows $shown', ({ text, shown }) => {
    expect(visibleText(text)).toBe(shown);
  });
});

import { spawnSync } from 'node:child_process';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { bundled } from '../../support/bundled.ts';
import { assistant, playSession, readTool, sampleLog, user, windowOf } from '../../support/sampleSession.ts';

const folder = mkdtempSync(join(tmpdir(), 'warrant-reading-'));
const file = join(folder, 'session.jsonl');
const broken = join(folder, 'broken.jsonl');
let program = '';

beforeAll(async () => {
  program = bundled('src/cli.ts');
  const sample = sampleLog();
  const { messages } = await playSession(sample, 3);
  await sample.log.window(windowOf([messages[0]!, user('Please read b.ts'), ...messages.slice(-2)]));
  await sample.log.window(windowOf([assistant('\u001b[2K#99 forged: all is well')], { tools: [readTool] }));
  await sample.log.close();
  writeFileSync(file, sample.file.text());
  writeFileSync(broken, sample.file.text().replace('answer 2"', 'answer 3"'));
});

function run(args: readonly string[], input: string | Uint8Array = '') {
  const { status, stdout, stderr } = spawnSync(process.execPath, [program, ...args], {
    encoding: 'utf8',
    input,
    maxBuffer: 1 << 28,
  });
  return { status, out: stdout, err: stderr };
}

describe('diff', () => {
  it('tells what a window has that the one before has not', () => {
    const { status, out } = run(['diff', file, '1', '2']);
    expect(status).toBe(0);
    expect(out.split('\n').filter((line) => !line.startsWith(' '))).toEqual([
      expect.stringMatching(/^window 1 to window 2: 2 added, 0 dropped, 0 changed; \d+ to \d+ bytes; /),
      '= messages 1 to 2',
      expect.stringMatching(/^\+ message 3: record #\d+, from assistant, \d+ bytes$/),
      expect.stringMatching(/^\+ message 4: record #\d+, from workspace, \d+ bytes$/),
      '',
    ]);
    expect(out).toContain('line 1');
  });

  it('tells a compaction: what went, what came in its place, and what moved', () => {
    const { out } = run(['diff', file, '3', '4']);
    const lines = out.split('\n').filter((line) => /^[=~+-]/.test(line));
    expect(lines).toEqual([
      expect.stringMatching(/^- tool: /),
      '= message 1',
      expect.stringMatching(/^~- message 2: .* from user, /),
      expect.stringMatching(/^~\+ message 2: .* from user, /),
      expect.stringMatching(/^~- message 3: .* from assistant, /),
      expect.stringMatching(/^~\+ message 3: .* from assistant, /),
      expect.stringMatching(/^~- message 4: .* from workspace, /),
      expect.stringMatching(/^~\+ message 4: .* from workspace, /),
      expect.stringMatching(/^- message 5: /),
      expect.stringMatching(/^- message 6: /),
    ]);
  });

  it('never lets a text pass for a line of its own', () => {
    const { out } = run(['diff', file, '4', '5']);
    expect(out).toContain('\\u{1b}[2K#99 forged');
    expect(out).not.toMatch(/^#99/m);
  });

  it.each([
    { args: ['diff', file, '1'], status: 2, says: 'diff needs two whole numbers from 1 on after the path.' },
    { args: ['diff', file, '1', '6'], status: 2, says: 'There is no window 6 in this log.' },
    { args: ['diff', file, '1', '2', '3'], status: 2, says: 'diff was given more than it takes' },
    { args: ['diff', broken, '1', '3'], status: 1, says: 'broken at line 12' },
  ])('$args ends with $status', ({ args, status, says }) => {
    const found = run(args);
    expect(found.status).toBe(status);
    expect(found.err).toContain(says);
  });
});

describe('who put what into a window', () => {
  it('is told by window --sources, and by show of its record', () => {
    const { out } = run(['window', file, '2', '--sources']);
    expect(out).toMatch(/^window 2, \d+ bytes\n {2}system +\d+ bytes +[\d.]+ %\n/);
    const lines = out.trimEnd().split('\n').slice(1);
    expect(lines.map((line) => line.trim().split(' ')[0])).toEqual([
      'system',
      'user',
      'assistant',
      'workspace',
      'frame',
    ]);
    const bytes = lines.reduce((sum, line) => sum + Number(/(\d+) bytes/.exec(line)?.[1]), 0);
    expect(bytes).toBe(Buffer.byteLength(run(['window', file, '2']).out));
    expect(run(['show', file, '11']).out).toContain('  by source:\n    system');
  });
});

describe('redact', () => {
  const token = ['ghp', 'A1b2C3d4E5f6G7h8I9j0K1l2M3n4O5p6Q7r8'].join('_');

  it('replaces secrets, tells them by kind and line, and never says them', () => {
    const { status, out, err } = run(['redact'], `first\nsecond ${token}\n\nfourth "${token}" end\n`);
    expect(status).toBe(1);
    expect(out).toMatch(/^first\nsecond <redacted:([a-z-]+):(\w+)>\n\nfourth "<redacted:\1:\2>" end\n$/);
    expect(err).toMatch(/^line 2: ([a-z-]+)\nline 4: \1\n$/);
  });

  it('leaves everything else byte for byte, placeholders of other sessions too', () => {
    const text = `\ufeffΩ <redacted:github-token:abcdefgh>\r\n${'many words '.repeat(20_000)}\nno line end`;
    expect(run(['redact'], text)).toEqual({ status: 0, out: text, err: '' });
  });

  it('finds a secret wherever a large text is cut into pieces', () => {
    const text = `${'some words '.repeat(5_000)} ${token} `.repeat(4);
    const { status, out, err } = run(['redact'], text);
    expect(status).toBe(1);
    expect(out).not.toContain(token);
    expect(err.trim().split('\n')).toHaveLength(4);
  });

  it('writes nothing more where it cannot know where a secret would end', () => {
    const { status, out, err } = run(['redact'], `ok\n${'A'.repeat(9 << 20)}${token}`);
    expect(status).toBe(2);
    expect(out).toBe('ok\n');
    expect(err).toMatch(/^From line 2 on, 8 MiB are one piece/);
  }, 60_000);
});

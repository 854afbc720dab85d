import { describe, expect, it } from 'vitest';
import { redactingStream } from '../../../src/audit/redactingStream.ts';
import { redactingWatcher } from '../../../src/audit/redactingWatcher.ts';
import { createRedactor } from '../../../src/audit/redactor.ts';
import type { SessionState } from '../../../src/protocol/ports.ts';

const key = Buffer.alloc(32, 7);
const phrase = ['quiet marble', 'otter 58', 'in three words'].join(' ');
const secrets = [{ name: 'PHRASE', value: phrase }];
const fresh = () => createRedactor({ key, secrets });

describe('live text', () => {
  it('comes word by word where nothing looks like a secret', () => {
    const stream = redactingStream(fresh());
    const shown = ['The fi', 'le is ', 'read', ' and ', 'done.'].map((piece) => stream.push(piece));
    expect(shown).toEqual(['The ', 'file is ', '', 'read and ', '']);
  });

  it('is held back for the length of an assignment and no longer', () => {
    const stream = redactingStream(fresh());
    expect(stream.push('the token parser reads words ')).toBe('the token parser reads words ');
    expect(stream.push('password = ')).toBe('');
    expect(stream.push('"not one" and ')).toBe('password = "not one" and ');
  });

  it('never shows a known value with spaces in it, wherever it is parted', () => {
    const whole = `it is ${phrase} and so on `;
    for (let at = 1; at < whole.length; at += 1) {
      for (const pieces of [[whole.slice(0, at), whole.slice(at)], Array.from(whole)]) {
        const stream = redactingStream(fresh());
        const shown = pieces.map((piece) => stream.push(piece)).join('');
        expect(shown.replace(/:[a-z2-7]{8}>/, '>'), `parted at ${at}`).toBe(
          'it is <redacted:phrase> and so on ',
        );
      }
    }
  });

  it('falls silent rather than show part of what it cannot hold, until the text has ended', () => {
    const stream = redactingStream(fresh());
    expect(stream.push('-----BEGIN PRIVATE KEY-----\n')).toBe('');
    for (let line = 0; line < 2_000; line += 1) expect(stream.push(`${'MIIE'.repeat(16)}\n`)).toBe('');
    expect(stream.push('words again ')).toBe('');
    stream.end();
    expect(stream.push('words again ')).toBe('words again ');
  });
});

describe('a watcher', () => {
  it('is shown neither texts nor states with secrets in them', () => {
    const seen: (string | SessionState)[] = [];
    const watcher = redactingWatcher(
      {
        text: (delta) => seen.push(delta),
        textEnded: () => seen.push('ended'),
        state: (state) => seen.push(state),
      },
      fresh(),
    );
    for (const piece of ['a ', phrase.slice(0, 10), phrase.slice(10), ' b ', 'rest']) watcher.text(piece);
    watcher.textEnded();
    watcher.text('anew ');
    watcher.state({ kind: 'working', doing: phrase });
    watcher.state({ kind: 'retrying', because: phrase, until: 1 });
    watcher.state({ kind: 'idle' });
    expect(JSON.stringify(seen)).not.toContain('otter');
    expect(seen.filter((one) => typeof one === 'string').join('|')).toMatch(
      /^a \|<redacted:phrase:[a-z2-7]{8}> b \|ended\|anew $/,
    );
    expect(seen.filter((one) => typeof one !== 'string').map(({ kind }) => kind)).toEqual([
      'working',
      'retrying',
      'idle',
    ]);
  });
});

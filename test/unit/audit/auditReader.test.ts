import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { canonicalJson, type Json } from '../../../src/protocol/canonicalJson.ts';
import { digestOf } from '../../../src/protocol/digest.ts';
import type { Item } from '../../../src/protocol/message.ts';
import { readRecords, rebuildWindow, verifyChain } from '../../../src/audit/auditReader.ts';
import { memorySource } from '../../support/memorySource.ts';
import {
  assistant,
  opened,
  playSession,
  readTool,
  responseOf,
  sampleLog,
  system,
  toolResult,
  user,
  windowOf,
} from '../../support/sampleSession.ts';

async function sampleText(turns: number): Promise<string> {
  const sample = sampleLog();
  await playSession(sample, turns);
  await sample.log.close();
  return sample.file.text();
}

const linesOf = (text: string) => text.split('\n').slice(0, -1);
const textOf = (lines: readonly string[]) => lines.map((line) => `${line}\n`).join('');
const verdict = (log: string | Uint8Array) => verifyChain(memorySource(log));

type Line = Record<string, Json> & { data: Record<string, Json> };

/** A log whose records were changed and then chained anew, as somebody would who knows how the chain is made. */
function forged(text: string, change: (record: Line, at: number) => void): string {
  let prev = '';
  const lines = linesOf(text).map((line, at) => {
    const { hash: _, ...record } = JSON.parse(line) as Line;
    change(record, at);
    const chained: Record<string, Json> = { ...record, prev };
    prev = digestOf(`\0${canonicalJson(chained)}`);
    return canonicalJson({ ...chained, hash: prev });
  });
  return textOf(lines);
}

describe('a log that was changed', () => {
  it('is found out at every single byte, and at the right line', async () => {
    const bytes = Buffer.from(await sampleText(1));
    let line = 1;
    for (const [at, byte] of bytes.entries()) {
      const changed = Buffer.from(bytes);
      changed[at] = byte ^ 1;
      const found = await verdict(changed);
      if (found.kind !== 'bad' || found.line !== line)
        throw new Error(`byte ${at} of line ${line}: ${JSON.stringify(found)}`);
      if (byte === 10) line += 1;
    }
    expect(line).toBe(linesOf(bytes.toString()).length + 1);
  }, 60_000);

  it('is found out for any bytes anywhere', async () => {
    const bytes = Buffer.from(await sampleText(2));
    const change = fc.record({
      at: fc.nat(bytes.length - 1),
      put: fc.uint8Array({ minLength: 1, maxLength: 4 }),
    });
    await fc.assert(
      fc.asyncProperty(change, async ({ at, put }) => {
        const changed = Buffer.concat([bytes.subarray(0, at), put, bytes.subarray(at + put.length)]);
        fc.pre(!changed.equals(bytes));
        const found = await verdict(changed);
        const lineOfChange = bytes.subarray(0, at).filter((byte) => byte === 10).length + 1;
        return found.kind === 'bad' && found.line >= lineOfChange && found.line <= lineOfChange + 2;
      }),
      { numRuns: 300 },
    );
  });

  it('is found out when a record is dropped, doubled, swapped, or put in', async () => {
    const lines = linesOf(await sampleText(2));
    for (let at = 0; at < lines.length; at += 1) {
      const line = lines[at]!;
      const changes = {
        doubled: lines.toSpliced(at, 0, line),
        swapped: lines.toSpliced(at, 2, lines[at + 1] ?? '', line),
        'put in': lines.toSpliced(at, 0, linesOf(forged(textOf(lines), () => undefined))[0]!),
        dropped: lines.toSpliced(at, 1),
      };
      for (const [name, changed] of Object.entries(changes)) {
        if (name === 'dropped' && at === lines.length - 1) continue;
        if (name === 'put in' && at === 0) changed[0] = line.replace('{', '{ ');
        const expected = name === 'doubled' || (name === 'put in' && at === 1) ? at + 2 : at + 1;
        const found = await verdict(textOf(changed));
        expect({ name, at, ...found }).toMatchObject({ name, at, kind: 'bad' });
        expect([expected, at + 1]).toContain(found.kind === 'bad' ? found.line : -1);
      }
    }
  });

  it('is found out when the end of another log of the same session is put to its beginning', async () => {
    const one = linesOf(await sampleText(2));
    const other = linesOf(
      forged(textOf(one), (record, at) => at === 0 && Object.assign(record.data, { model: 'x' })),
    );
    for (let at = 1; at < one.length; at += 1)
      expect(await verdict(textOf([...one.slice(0, at), ...other.slice(at)]))).toEqual({
        kind: 'bad',
        line: at + 1,
        because: 'its `prev` is not the hash of the record before it',
      });
  });

  it('is sound when whole records are cut off its end, and says that it was not closed', async () => {
    const lines = linesOf(await sampleText(2));
    for (let length = 1; length < lines.length; length += 1)
      expect(await verdict(textOf(lines.slice(0, length)))).toMatchObject({
        kind: 'sound',
        records: length,
        closed: false,
      });
  });

  it('is found out when it was cut within a line', async () => {
    const text = await sampleText(1);
    const cut = text.slice(0, -20);
    expect(await verdict(cut)).toEqual({
      kind: 'bad',
      torn: true,
      line: linesOf(text).length,
      because: 'its end is missing: it was cut in the middle',
    });
    expect(await verdict(text.slice(0, -1))).toMatchObject({ kind: 'bad', line: linesOf(text).length });
  });

  const other = digestOf('other');
  const zeroToEnd = (record: Line, at: number, wanted: number, data: Record<string, Json>) => {
    if (at === wanted) record.data = { ...record.data, ...data };
  };

  /** Lines of the sample: 1 opened, 2–4 items, 5 window, 6 response, 7–9 the read, 10 item, 11 window, … 16 closed. */
  it.each([
    { name: 'content of an item', line: 3, because: 'digest of its content', data: { content: 'x' } },
    { name: 'digest of an item', line: 3, because: 'digest of its content', data: { digest: other } },
    { name: 'message of an answer', line: 6, because: 'digest of its content', data: { message: { a: 1 } } },
    { name: 'window that was answered', line: 6, because: 'window 9', data: { window: 9 } },
    { name: 'number of a window', line: 11, because: 'window 2 comes next', data: { n: 7 } },
    { name: 'base of a window', line: 11, because: 'its base, window 8', data: { base: 8 } },
    { name: 'base of a window to none', line: 11, because: 'more than its base has', data: { base: null } },
    { name: 'length of the prefix', line: 11, because: 'more than its base has', data: { keep: 3 } },
    { name: 'shorter prefix', line: 11, because: 'not the body', data: { keep: 1 } },
    {
      name: 'messages of a window to a record without any',
      line: 11,
      because: 'record 9',
      data: { append: [9] },
    },
    {
      name: 'messages of a window to a later record',
      line: 11,
      because: 'record 12',
      data: { append: [6, 12] },
    },
    { name: 'messages of a window', line: 11, because: 'not the body', data: { append: [6, 3] } },
    { name: 'tools of a window', line: 11, because: 'not the body', data: { tools: [] } },
    { name: 'tools of a window to an answer', line: 11, because: 'record 6', data: { tools: [6] } },
    {
      name: 'parameters of a window',
      line: 11,
      because: 'not the body',
      data: { parameters: { model: 'm' } },
    },
    { name: 'body of a window', line: 5, because: 'not the body', data: { body: other } },
    { name: 'length of a body', line: 5, because: 'length', data: { bytes: 9 } },
    { name: 'counts at the end', line: 16, because: 'counts', data: { windows: 3 } },
    { name: 'verdict to an unknown word', line: 8, because: 'decided', data: { verdict: 'sure' } },
    { name: 'members of a record', line: 8, because: 'Unrecognized key', data: { extra: true } },
  ])('is found out by its sense when somebody changes the $name and chains it anew', async (given) => {
    const text = forged(await sampleText(2), (record, at) =>
      zeroToEnd(record, at, given.line - 1, given.data),
    );
    const found = await verdict(text);
    expect(found).toMatchObject({ kind: 'bad', line: given.line });
    expect(found.kind === 'bad' ? found.because : '').toContain(given.because);
  });

  it.each([
    { name: 'another session', change: { session: 'other' }, because: 'another session' },
    { name: 'a jump in the numbers', change: { seq: 40 }, because: 'record 4 comes next' },
    { name: 'an unknown kind', change: { kind: 'surprise' }, because: 'surprise' },
    { name: 'a later version', change: { v: 2 }, because: 'version 1' },
    { name: 'an odd time', change: { time: 'noon' }, because: 'version 1' },
    { name: 'a member of its own', change: { note: 1 }, because: 'version 1' },
  ])('is found out by $name, chained anew', async ({ change, because }) => {
    const text = forged(await sampleText(1), (record, at) => {
      if (at === 3) Object.assign(record, change);
    });
    const found = await verdict(text);
    expect(found).toMatchObject({ kind: 'bad', line: 4 });
    expect(found.kind === 'bad' ? found.because : '').toContain(because);
  });

  const lineOne = (change: (line: string) => string | Uint8Array) => async () => {
    const lines = linesOf(await sampleText(1));
    return Buffer.concat([Buffer.from(change(lines[0]!)), Buffer.from(`\n${textOf(lines.slice(1))}`)]);
  };
  it.each([
    { name: 'spaces', log: lineOne((line) => line.replace(':', ': ')), because: 'canonical' },
    { name: 'a byte order mark', log: lineOne((line) => `\ufeff${line}`), because: 'not JSON' },
    { name: 'a carriage return', log: lineOne((line) => `${line}\r`), because: 'canonical' },
    { name: 'a member twice', log: lineOne((line) => line.replace('{', '{"v":1,')), because: 'canonical' },
    {
      name: 'an escaped letter',
      log: lineOne((line) => line.replace('linux', '\\u006cinux')),
      because: 'canonical',
    },
    { name: 'bytes that are no text', log: lineOne(() => Uint8Array.of(0x22, 0xff, 0x22)), because: 'UTF-8' },
    { name: 'a list', log: lineOne(() => '[]'), because: 'not a record' },
    { name: 'nothing', log: lineOne(() => ''), because: 'not JSON' },
    {
      name: 'a hundred thousand brackets',
      log: lineOne(() => `{"data":${'['.repeat(1e5)}${']'.repeat(1e5)}}`),
      because: 'nested',
    },
    { name: 'a number beyond all numbers', log: lineOne(() => '{"data":1e999}'), because: 'cannot say' },
  ])('is refused for $name in a line', async ({ log, because }) => {
    const found = await verdict(await log());
    expect(found).toMatchObject({ kind: 'bad', line: 1 });
    expect(found.kind === 'bad' ? found.because : '').toContain(because);
  });

  it('is called empty when there is no line in it', async () => {
    expect(await verdict('')).toEqual({ kind: 'empty' });
  });
});

describe('readRecords', () => {
  it('gives every record and ends after the first bad line', async () => {
    const lines = linesOf(await sampleText(1));
    lines[4] = lines[4]!.replace('turn', 'tool');
    const found: string[] = [];
    for await (const one of readRecords(memorySource(textOf(lines)).lines()))
      found.push(one.kind === 'bad' ? `bad ${one.line}` : one.record.kind);
    expect(found).toEqual(['session.opened', 'item', 'item', 'item', 'bad 5']);
  });
});

describe('rebuildWindow', () => {
  it('gives back each of a thousand windows byte for byte', async () => {
    const sample = sampleLog();
    const { sent } = await playSession(sample, 1000, (n) => `Ω ${n} "quoted"\r\n\u2028`.repeat(n % 7));
    const source = memorySource(sample.file.text());
    const log = await verifyChain(source);
    if (log.kind !== 'sound') throw new Error(JSON.stringify(log));
    expect(log.windows).toBe(1000);
    for (const n of [1, 2, 3, 499, 500, 501, 999, 1000])
      expect(await rebuildWindow(source, log.index, n)).toEqual({ kind: 'body', body: sent[n - 1] });
    expect(await rebuildWindow(source, log.index, 1001)).toEqual({ kind: 'absent' });
    expect(await rebuildWindow(source, log.index, 0)).toEqual({ kind: 'absent' });
  }, 30_000);

  it('gives back whatever was sent: retries, compaction, other tools, other parameters, nothing at all', async () => {
    const message = fc.oneof(
      fc.string({ unit: 'binary' }).map(user),
      fc.nat(4).map((n) => assistant(`a${n}`)),
      fc.string().map((text) => toolResult('c', text)),
    );
    const step = fc.record({
      keep: fc.nat(8),
      more: fc.array(message, { maxLength: 3 }),
      tools: fc.boolean(),
      temperature: fc.double({ noNaN: true, noDefaultInfinity: true }),
      answer: fc.boolean(),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 12 }), async (steps) => {
        const sample = sampleLog();
        const sent: string[] = [];
        let messages: Item[] = [system('s')];
        await sample.log.record(opened);
        for (const { keep, more, tools, temperature, answer } of steps) {
          messages = [...messages.slice(0, Math.max(keep, 1)), ...more];
          const parameters = { model: 'm', temperature: keep > 4 ? 0.5 : temperature };
          const window = windowOf(messages, { tools: tools ? [readTool] : [], parameters });
          const receipt = await sample.log.window(window);
          sent.push(Buffer.from(window.body).toString());
          if (answer) await sample.log.record(responseOf(receipt.window, assistant(`a${keep % 5}`)));
        }
        const source = memorySource(sample.file.text());
        const log = await verifyChain(source);
        if (log.kind !== 'sound') throw new Error(JSON.stringify(log));
        for (const [at, body] of sent.entries())
          expect(await rebuildWindow(source, log.index, at + 1)).toEqual({ kind: 'body', body });
      }),
      { numRuns: 60 },
    );
  });
});

import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createOutputFiles } from '../../../../src/io/files/outputFiles.ts';
import { temporaryFolder } from '../worldInFolder.ts';

const plain = () => ({ push: (text: string) => text, end: () => undefined });

async function files(hide = plain) {
  const folder = join(await temporaryFolder(), 'output');
  return { folder, outputs: createOutputFiles(folder, hide) };
}

describe('the kept output of commands', () => {
  it('gives any stretch of lines back, whatever pieces the text came in', async () => {
    const { outputs } = await files();
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.stringMatching(/^[a-zé€😀 ]{0,12}$/u), { maxLength: 40 }),
        fc.boolean(),
        fc.integer({ min: 1, max: 45 }),
        fc.integer({ min: 1, max: 45 }),
        fc.integer({ min: 1, max: 7 }),
        async (lines, ended, first, count, size) => {
          const text = lines.join('\n') + (ended && lines.length > 0 ? '\n' : '');
          const output = outputs.begin();
          for (let at = 0; at < text.length; at += size) output.add(text.slice(at, at + size).toWellFormed());
          const kept = await output.end();
          const whole = Array.from({ length: Math.ceil(text.length / size) }, (_, n) =>
            text.slice(n * size, n * size + size).toWellFormed(),
          ).join('');
          const expected = whole.match(/[^\n]*\n|[^\n]+$/g) ?? [];
          expect(kept).toEqual({ output: output.output, lines: expected.length, whole: true });
          const part = await outputs.read(output.output, first, count);
          const wanted = expected.slice(first - 1, first - 1 + count);
          expect(part?.lines).toBe(expected.length);
          expect(part?.last).toBe(first - 1 + wanted.length);
          expect(part?.text).toBe(wanted.join(''));
        },
      ),
      { numRuns: 60 },
    );
  });

  it('finds lines far behind without reading all before them', async () => {
    const { outputs } = await files();
    const output = outputs.begin();
    for (let n = 1; n <= 25_000; n += 1) output.add(`line ${n}\n`);
    await output.end();
    const part = await outputs.read(output.output, 24_999, 5);
    expect(part).toEqual({ text: 'line 24999\nline 25000\n', first: 24_999, last: 25_000, lines: 25_000 });
  });

  it('can be read while it still grows', async () => {
    const { outputs } = await files();
    const output = outputs.begin();
    output.add('one\ntwo\n');
    await expect.poll(async () => (await outputs.read(output.output, 1, 9))?.text).toBe('one\ntwo\n');
    output.add('three\n');
    await output.end();
    expect((await outputs.read(output.output, 3, 9))?.text).toBe('three\n');
  });

  it('holds nothing that was taken out, also where it came in pieces', async () => {
    const hide = () => {
      let held = '';
      return {
        push(text: string) {
          held += text;
          const end = held.lastIndexOf('\n') + 1;
          const ready = held.slice(0, end).replaceAll('hidden', '<redacted>');
          held = held.slice(end);
          return ready;
        },
        end: () => undefined,
      };
    };
    const { outputs } = await files(hide);
    const output = outputs.begin();
    for (const piece of ['a hid', 'den word\n', 'and hid', 'den']) output.add(piece);
    await output.end();
    expect((await outputs.read(output.output, 1, 9))?.text).toBe('a <redacted> word\nand <redacted>');
  });

  it('says that it is not whole where it got too large, and keeps the beginning', async () => {
    const { outputs } = await files();
    const output = outputs.begin();
    const piece = `${'x'.repeat(1_048_575)}\n`;
    for (let n = 0; n < 70; n += 1) output.add(piece);
    expect(await output.end()).toEqual({ output: 'o1', lines: 64, whole: false });
  });

  it('is private to the user, knows no other names, and is gone when it is taken away', async () => {
    const { folder, outputs } = await files();
    const output = outputs.begin();
    output.add('text\n');
    await output.end();
    expect((await stat(join(folder, 'o1'))).mode & 0o777).toBe(0o600);
    expect(await outputs.read('o2', 1, 1)).toBeUndefined();
    expect(await outputs.read('../o1', 1, 1)).toBeUndefined();
    await outputs.remove();
    await expect(readdir(folder)).rejects.toThrow('ENOENT');
  });
});

import { execFileSync } from 'node:child_process';
import {
  appendFileSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { openAppendFile } from '../../../../src/io/files/appendFile.ts';
import { bundled } from '../../../support/bundled.ts';

const folder = () => mkdtempSync(join(tmpdir(), 'warrant-append-'));

describe('openAppendFile', () => {
  it('makes the file and its folders for the user alone', async () => {
    const path = join(folder(), 'audit', 'deep', 'a.jsonl');
    const file = await openAppendFile(path);
    await file.append('one\n');
    await file.close();
    expect(readFileSync(path, 'utf8')).toBe('one\n');
    if (process.platform === 'win32') return;
    expect(statSync(path).mode & 0o777).toBe(0o600);
    expect(statSync(join(path, '..')).mode & 0o777).toBe(0o700);
    expect(statSync(join(path, '..', '..')).mode & 0o777).toBe(0o700);
  });

  it('adds to a file that ends with a whole line', async () => {
    const path = join(folder(), 'a.jsonl');
    writeFileSync(path, 'one\n');
    const file = await openAppendFile(path);
    expect(file.torn).toBe(0);
    await file.append('two\n');
    await file.close();
    expect(readFileSync(path, 'utf8')).toBe('one\ntwo\n');
  });

  it.each([
    { name: 'half a line', kept: 'one\n', torn: '{"data":{"bec' },
    { name: 'a half line and nothing else', kept: '', torn: 'zażół' },
    { name: 'zeros, as some file systems leave after a crash', kept: 'one\n', torn: '\0'.repeat(300_000) },
  ])('cuts off $name, keeps it aside and says so', async ({ kept, torn }) => {
    const path = join(folder(), 'a.jsonl');
    writeFileSync(path, kept + torn);
    const file = await openAppendFile(path);
    await file.append('next\n');
    await file.close();
    expect(file.torn).toBe(Buffer.byteLength(torn));
    expect(readFileSync(path, 'utf8')).toBe(`${kept}next\n`);
    expect(readFileSync(`${path}.torn`, 'utf8')).toBe(torn);
  });

  it('keeps the order of many texts that are not waited for, and writes them in few steps', async () => {
    const path = join(folder(), 'a.jsonl');
    const file = await openAppendFile(path);
    const done: number[] = [];
    const all = Array.from({ length: 500 }, (_, n) => file.append(`${n}\n`).then(() => done.push(n)));
    await Promise.all([...all, file.sync()]);
    await file.close();
    const expected = Array.from({ length: 500 }, (_, n) => n);
    expect(readFileSync(path, 'utf8')).toBe(expected.map((n) => `${n}\n`).join(''));
    expect(done).toEqual(expected);
  });

  it('writes what is on its way before it closes, and takes nothing after', async () => {
    const path = join(folder(), 'a.jsonl');
    const file = await openAppendFile(path);
    const first = file.append('one\n');
    const closed = file.close();
    await expect(file.append('two\n')).rejects.toThrow('the file is closed');
    await expect(file.sync()).rejects.toThrow('the file is closed');
    await Promise.all([first, closed]);
    expect(readFileSync(path, 'utf8')).toBe('one\n');
  });

  it.each([
    { name: 'deleted', harm: (path: string) => rmSync(path) },
    { name: 'moved away', harm: (path: string) => renameSync(path, `${path}.old`) },
    {
      name: 'replaced by a copy',
      harm: (path: string) => {
        const text = readFileSync(path);
        rmSync(path);
        writeFileSync(path, 'other');
        writeFileSync(path, text);
      },
    },
    { name: 'cut', harm: (path: string) => truncateSync(path, 2) },
    { name: 'added to by another', harm: (path: string) => appendFileSync(path, 'more\n') },
  ])('takes nothing more once the file was $name', async ({ harm }) => {
    const path = join(folder(), 'a.jsonl');
    const file = await openAppendFile(path);
    await file.append('one\n');
    harm(path);
    await expect(file.append('two\n')).rejects.toThrow();
    await expect(file.append('three\n')).rejects.toThrow();
    await expect(file.sync()).rejects.toThrow();
    await file.close();
  });

  it.skipIf(process.platform === 'win32')('refuses a symbolic link and a folder', async () => {
    const dir = folder();
    writeFileSync(join(dir, 'real'), '');
    symlinkSync(join(dir, 'real'), join(dir, 'link'));
    mkdirSync(join(dir, 'folder'));
    await expect(openAppendFile(join(dir, 'link'))).rejects.toThrow('ELOOP');
    await expect(openAppendFile(join(dir, 'folder'))).rejects.toThrow('EISDIR');
  });
});

/** The size limit of the shell is in blocks of 1024 bytes. */
describe.skipIf(process.platform === 'win32')('a disk that takes no more', () => {
  it('ends at a whole line, is told in one sentence, and nothing later is taken', () => {
    const path = join(folder(), 'a.jsonl');
    const program = bundled('test/support/appendUntilFull.ts');
    const run = 'ulimit -f 50; exec "$0" "$@"';
    const printed = execFileSync('bash', ['-c', run, process.execPath, program, path], { encoding: 'utf8' });
    const { taken, said } = JSON.parse(printed) as { taken: number; said: string[] };
    const text = readFileSync(path, 'utf8');
    expect(taken).toBeGreaterThan(40);
    expect(text.split('\n').length - 1).toBe(taken);
    expect(text.endsWith('\n')).toBe(true);
    expect(new Set(said)).toEqual(
      new Set([
        'AuditUnavailable: The audit record could not be written (the file may not grow any further), so nothing further is sent or done; mend that and start a new session.',
      ]),
    );
    expect(said).toHaveLength(3);
  });
});

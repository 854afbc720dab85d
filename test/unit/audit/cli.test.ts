import { spawnSync } from 'node:child_process';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { bundled } from '../../support/bundled.ts';
import { forgedLog, linesOf, textOf } from '../../support/forgedLog.ts';
import { playSession, sampleKey, sampleLog } from '../../support/sampleSession.ts';

const folder = mkdtempSync(join(tmpdir(), 'warrant-cli-'));
const whole = join(folder, 'whole.jsonl');
const open = join(folder, 'open.jsonl');
const broken = join(folder, 'broken.jsonl');
const empty = join(folder, 'empty.jsonl');
const cut = join(folder, 'cut.jsonl');
const forged = join(folder, 'forged.jsonl');
const checkpoint = join(folder, 'checkpoint');
const keyFile = join(folder, 'key');
const epochKeyFile = join(folder, 'epoch-key');
const EPOCH_KEY = Buffer.alloc(32, 7).toString('base64url');
let changedAt = 0;
let program = '';
let sent: readonly string[] = [];

beforeAll(async () => {
  program = bundled('src/cli.ts');
  const sample = sampleLog();
  ({ sent } = await playSession(sample, 300, (n) => `Ω ${n}\n`.repeat(40)));
  writeFileSync(open, sample.file.text());
  await sample.log.close();
  const text = sample.file.text();
  writeFileSync(whole, text);
  writeFileSync(broken, text.replace('answer 2"', 'answer 3"'));
  writeFileSync(empty, '');
  writeFileSync(cut, textOf(linesOf(text).slice(0, 1000)));
  const decided = sample.records.find(({ kind, seq }) => kind === 'decided' && seq > 100)!.seq;
  const anew = forgedLog(text, {
    from: decided,
    change: (records) =>
      records.map((record) =>
        record.seq === decided && record.kind === 'decided'
          ? { ...record, data: { ...record.data, because: 'as if it had been so' } }
          : record,
      ),
    sealKey: sampleKey,
    macKey: Buffer.alloc(32, 3),
  });
  writeFileSync(forged, anew);
  changedAt = decided;
  writeFileSync(checkpoint, run('checkpoint', whole).out);
  writeFileSync(keyFile, `${sampleKey.publicKey}\n`);
  writeFileSync(epochKeyFile, `${EPOCH_KEY}\n`);
});

function run(...args: string[]): { status: number | null; out: string; err: string } {
  const { status, stdout, stderr } = spawnSync(process.execPath, [program, ...args], {
    encoding: 'utf8',
    maxBuffer: 1 << 28,
  });
  return { status, out: stdout, err: stderr };
}

describe('verify', () => {
  it('tells integrity and completeness apart', () => {
    const { status, out } = run('verify', whole);
    expect(status).toBe(3);
    expect(out).toMatch(/^Integrity: sound\. 1\d{3} records and 300 windows /);
    expect(out).toContain('Completeness: unknown. The session was closed in order.');
    expect(run('verify', open)).toMatchObject({
      status: 3,
      out: expect.stringContaining('The session was not closed') as string,
    });
  });

  it('names the first bad line and why', () => {
    expect(run('verify', broken)).toEqual({
      status: 1,
      out: '',
      err: 'Integrity: broken at line 12: its hash is not the hash of what it says: it was changed.\nCompleteness: unknown.\n',
    });
  });
});

describe('verify with what was kept elsewhere', () => {
  it.each([
    { name: 'a checkpoint of the end', given: ['--checkpoint', checkpoint] },
    { name: 'the key as well', given: ['--checkpoint', checkpoint, '--key', keyFile] },
    { name: 'the key itself', given: ['--checkpoint', checkpoint, '--key', sampleKey.publicKey] },
    { name: 'the first epoch key', given: ['--epoch-key', EPOCH_KEY] },
    { name: 'the first epoch key in a file', given: ['--epoch-key', epochKeyFile] },
  ])('ends with 0 for a log that nobody changed and $name', ({ given }) => {
    const { status, out } = run('verify', whole, ...given);
    expect(status).toBe(0);
    expect(out).toContain('Completeness: complete. ');
  });

  it('says by whose key the seals are', () => {
    expect(run('verify', whole).out).toContain(`by a key that the log itself names: ${sampleKey.publicKey}`);
    const { status, out } = run('verify', whole, '--key', keyFile);
    expect(status).toBe(3);
    expect(out).toContain(`by the key given, or one it passed on to: ${sampleKey.publicKey}`);
  });

  it('finds an end that was cut off or written anew, and ends with 3 where it cannot know', () => {
    expect(run('verify', cut).status).toBe(3);
    expect(run('verify', cut, '--epoch-key', EPOCH_KEY).status).toBe(3);
    expect(run('verify', cut, '--checkpoint', checkpoint)).toMatchObject({
      status: 1,
      err: expect.stringMatching(/^Integrity: broken at line 1001: it is missing, /) as string,
    });
    expect(run('verify', forged).status).toBe(3);
    expect(run('verify', forged, '--epoch-key', EPOCH_KEY)).toMatchObject({
      status: 1,
      err: expect.stringContaining(`broken at line ${changedAt}: its \`mac\``) as string,
    });
    expect(run('verify', forged, '--checkpoint', checkpoint)).toMatchObject({
      status: 1,
      err: expect.stringContaining('are not those of a checkpoint') as string,
    });
  });

  it.each([
    { args: ['--key', 'nonsense'], says: '--key is neither' },
    { args: ['--epoch-key', empty], says: '--epoch-key is neither' },
    { args: ['--checkpoint', keyFile], says: '--checkpoint is not a file with a checkpoint' },
    { args: ['--checkpoint'], says: 'These options are not known' },
    { args: ['--trust-me', 'x'], says: 'These options are not known' },
  ])('cannot use $args', ({ args, says }) => {
    const { status, err } = run('verify', whole, ...args);
    expect(status).toBe(2);
    expect(err).toContain(says);
  });
});

describe('checkpoint and keys', () => {
  it('print the last seal, and the keys with the line from which each is used', () => {
    const note = run('checkpoint', whole);
    expect(note.status).toBe(0);
    expect(note.out).toMatch(
      /^warrant\/audit\/sample-session\n\d+\n[^\n]{44}\n\n— warrant\/audit\/sample-session /,
    );
    expect(run('keys', whole)).toMatchObject({
      status: 0,
      out: expect.stringMatching(
        new RegExp(`^${sampleKey.publicKey} from line \\d+, warrant/audit/sample-session\\+[0-9a-f]{8}\\+`),
      ) as string,
    });
    expect(run('checkpoint', empty).status).toBe(2);
    expect(run('keys', broken).status).toBe(1);
  });
});

describe('window', () => {
  it.each([1, 2, 150, 300])('prints exactly the body of window %i', (n) => {
    expect(run('window', whole, String(n))).toEqual({ status: 0, out: sent[n - 1], err: '' });
  });

  it('reads a broken log up to where it breaks', () => {
    expect(run('window', broken, '2')).toEqual({ status: 0, out: sent[1], err: '' });
    expect(run('window', broken, '3').status).toBe(1);
  });
});

describe('list and show', () => {
  it('give one line a record, and a record in full', () => {
    const { status, out } = run('list', whole);
    const lines = out.split('\n').slice(0, -1);
    expect(status).toBe(0);
    expect(lines[0]).toMatch(/^#1 \S+ session\.opened: Warrant 0\.1\.0/);
    expect(lines.at(-2)).toMatch(new RegExp(`^#${lines.length - 1} \\S+ session\\.closed: 300 windows`));
    expect(lines.at(-1)).toMatch(
      new RegExp(`^#${lines.length} \\S+ sealed: ${lines.length - 1} records by key `),
    );
    const shown = run('show', whole, '11');
    expect(shown.status).toBe(0);
    expect(shown.out).toContain("window 2 = window 1's first 2 messages, then:");
    expect(shown.out).toContain('  | Ω 1');
  });

  it('list ends at the first bad line', () => {
    const { status, out, err } = run('list', broken);
    expect(status).toBe(1);
    expect(out.split('\n')).toHaveLength(12);
    expect(err).toContain('line 12');
  });
});

describe('input that cannot be used', () => {
  it.each([
    { args: [], says: '' },
    { args: ['prove', whole], says: 'There is no command "prove"; --help lists them.' },
    { args: ['verify'], says: 'verify needs the path of an audit log.' },
    {
      args: ['verify', whole, '3'],
      says: 'verify was given more than it takes; --help shows what it takes.',
    },
    { args: ['verify', join(folder, 'absent')], says: 'there is no such file or folder' },
    { args: ['verify', folder], says: 'it is not an ordinary file' },
    { args: ['verify', empty], says: 'The file is empty; it is not an audit log.' },
    { args: ['list', empty], says: 'The file is empty; it is not an audit log.' },
    { args: ['window', whole], says: 'window needs a whole number from 1 on after the path.' },
    { args: ['window', whole, '0'], says: 'window needs a whole number from 1 on after the path.' },
    { args: ['window', whole, '1e3'], says: 'window needs a whole number from 1 on after the path.' },
    { args: ['window', whole, '-1'], says: 'window needs a whole number from 1 on after the path.' },
    { args: ['window', whole, '301'], says: 'There is no window 301 in this log.' },
    { args: ['window', empty, '1'], says: 'There is no window 1 in this log.' },
    { args: ['show', whole, '99999'], says: 'There is no record 99999 in this log.' },
  ])('$args ends with 2 and one sentence', ({ args, says }) => {
    const { status, err } = run(...args);
    expect(status).toBe(2);
    expect(err).toContain(says);
    expect(err.split('\n').length).toBeLessThanOrEqual(2);
  });

  it('--help tells how', () => {
    expect(run('--help')).toMatchObject({
      status: 0,
      out: expect.stringContaining('window FILE N') as string,
    });
  });
});

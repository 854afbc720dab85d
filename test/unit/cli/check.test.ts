import { spawn, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { bundled } from '../../support/bundled.ts';

const base = realpathSync(mkdtempSync(join(tmpdir(), 'warrant-check-')));
const workspace = join(base, 'shop');
const settings = join(base, 'settings.json');
let program = '';

beforeAll(() => {
  program = bundled('src/cli.ts');
  mkdirSync(join(workspace, 'src'), { recursive: true });
  writeFileSync(join(workspace, 'README.md'), 'hello\n');
  writeFileSync(join(workspace, 'größe.txt'), 'hello\n');
  // With comments and a comma too many, as people keep them.
  writeFileSync(
    settings,
    '{\n // for tests: "x"\n "warrant.commands.enabled": true,\n "warrant.commands.sandbox": "off",\n "editor.tabSize": 2, /* and */ }',
  );
});
afterAll(() => rmSync(base, { recursive: true, force: true }));

function run(input: string | Uint8Array, args: readonly string[] = ['--settings', settings]) {
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    [program, 'check', '--workspace', workspace, ...args],
    { encoding: 'utf8', input },
  );
  const answers = stdout
    .split('\n')
    .slice(0, -1)
    .map((line) => JSON.parse(line) as Record<string, unknown>);
  return { status, answers, err: stderr };
}

const lines = (...questions: readonly object[]) =>
  questions.map((one) => `${JSON.stringify(one)}\n`).join('');

describe('check', () => {
  it('answers each line with one line, in order', () => {
    const { status, answers, err } = run(
      lines(
        { command: 'rm -rf /' },
        { read: 'README.md' },
        { write: 'src/new.ts' },
        { read: '.env' },
        { write: '.git/hooks/pre-commit' },
        { command: 'cat a.txt > b.txt', cwd: 'src' },
        { command: 'echo $(date)' },
        { read: '../other' },
      ),
    );
    expect(err).toBe('');
    expect(status).toBe(0);
    expect(answers).toMatchObject([
      { verdict: 'deny', rule: 'floor.delete', plain: true, argv: [['rm', '-rf', '/']] },
      { verdict: 'allow', rule: 'paths.read', reads: ['shop:README.md'] },
      { verdict: 'ask', rule: 'edits.ask', writes: ['shop:src/new.ts'] },
      { verdict: 'deny', rule: 'paths.deny' },
      { verdict: 'deny', rule: 'paths.never-written' },
      { verdict: 'ask', argv: [['cat', 'a.txt']], reads: ['shop:src/a.txt'], writes: ['shop:src/b.txt'] },
      { verdict: 'ask', plain: false, understood: false },
      { verdict: 'deny', rule: 'call.invalid' },
    ]);
    expect(Object.keys(answers[0]!)).toEqual(
      'verdict rule because plain understood argv reads writes network executes'.split(' '),
    );
  });

  it('keeps the order of many lines that take different time', () => {
    const asked = Array.from({ length: 300 }, (_, n) =>
      n % 3 === 0 ? { command: `cat "file ${n}"` } : { read: `missing/${n}/${'deep/'.repeat(n % 7)}file` },
    );
    const { answers } = run(lines(...asked));
    expect(answers.map(({ reads }) => reads)).toEqual(
      asked.map(({ command, read }) => [`shop:${read ?? `file ${/\d+/.exec(command ?? '')?.[0] ?? ''}`}`]),
    );
  });

  it('reads CRLF, a byte order mark, a last line without an end, and any language', () => {
    const { status, answers } = run(
      '\ufeff{"read":"README.md"}\r\n{"read":"größe.txt"}\r\n{"command":"cat größe.txt"}',
    );
    expect(status).toBe(0);
    expect(answers.map(({ reads }) => reads)).toEqual([
      ['shop:README.md'],
      ['shop:größe.txt'],
      ['shop:größe.txt'],
    ]);
  });

  it('refuses what a person could not see or take in, with the reason', () => {
    const { answers } = run(
      lines({ command: 'ls \u202ex' }, { command: `echo ${'x'.repeat(9_000)}` }, { command: '' }),
    );
    expect(answers).toMatchObject([
      { verdict: 'deny', rule: 'commands.text', because: expect.stringContaining('U+202E') as string },
      { verdict: 'deny', rule: 'commands.text', because: expect.stringContaining('8 KiB') as string },
      { verdict: 'deny', rule: 'call.invalid' },
    ]);
  });

  it('says nothing about an empty input', () => {
    expect(run('')).toEqual({ status: 0, answers: [], err: '' });
  });

  it.each([
    { name: 'that is not JSON', line: '{"read":', because: 'it is not JSON' },
    { name: 'that is empty', line: '', because: 'it is empty' },
    { name: 'with a list', line: '["ls"]', because: 'it is not a JSON object' },
    { name: 'with a key nobody knows', line: '{"command":"ls","cdw":"src"}', because: 'it is neither' },
    { name: 'that asks twice', line: '{"read":"a","write":"a"}', because: 'it is neither' },
    { name: 'with a number for a text', line: '{"command":1}', because: 'it is neither' },
    { name: 'that is not UTF-8', line: Buffer.from([0x22, 0xff, 0x22]), because: 'it is not UTF-8 text' },
    { name: 'without an end', line: 'x'.repeat(2 << 20), because: 'it is longer than 1 MiB' },
  ])('ends with 2 at a line $name and has answered those before', ({ line, because }) => {
    const good = lines({ read: 'README.md' }, { read: '.env' });
    const { status, answers, err } = run(
      Buffer.concat([Buffer.from(good), Buffer.from(line), Buffer.from(`\n${good}`)]),
    );
    expect(status).toBe(2);
    expect(answers.map(({ verdict }) => verdict)).toEqual(['allow', 'deny']);
    expect(err).toContain(`Line 3 cannot be read: ${because}`);
  });

  it('answers before the next line comes', async () => {
    const child = spawn(process.execPath, [program, 'check', '--workspace', workspace]);
    try {
      for (const path of ['README.md', '.env']) {
        child.stdin.write(lines({ read: path }));
        const chunk = await new Promise<Buffer>((resolve) => child.stdout.once('data', resolve));
        expect(JSON.parse(chunk.toString())).toMatchObject({ reads: [`shop:${path}`] });
      }
      child.stdin.end();
      expect(await new Promise((resolve) => child.once('close', resolve))).toBe(0);
    } finally {
      child.kill();
    }
  });

  it('says what of the settings cannot be used, and goes on with the strict value', () => {
    const odd = join(base, 'odd.json');
    writeFileSync(
      odd,
      '{"warrant.commands.enabled":"yes","warrant.pathes.deny":[],"warrant.paths.deny":[7]}',
    );
    const { status, answers, err } = run(lines({ command: 'ls' }, { read: 'README.md' }), [
      '--settings',
      odd,
    ]);
    expect(status).toBe(0);
    expect(answers).toMatchObject([
      { verdict: 'deny', rule: 'commands.enabled' },
      { verdict: 'deny', rule: 'paths.deny' },
    ]);
    expect(err).toContain('warrant.pathes.deny: there is no such setting');
    expect(err).toMatch(/^warrant\.commands\.enabled: /m);
    expect(err).toMatch(/^warrant\.paths\.deny: /m);
  });

  it('holds a machine-wide policy against it, whoever wrote the file', () => {
    const managed = join(base, 'managed.json');
    writeFileSync(managed, '{"paths":{"deny":["README.md"]}}');
    const { answers } = run(lines({ read: 'README.md' }), ['--managed', managed]);
    expect(answers).toMatchObject([
      { verdict: 'deny', because: expect.stringContaining('README.md') as string },
    ]);
    writeFileSync(managed, '{"pathes":{}}');
    const spoilt = run(lines({ read: 'README.md' }), ['--managed', managed]);
    expect(spoilt.answers).toMatchObject([{ verdict: 'deny' }]);
    expect(spoilt.err).toContain('everything that it could limit is refused');
  });

  it.each([
    { args: ['--settings', 'nowhere.json'], says: '--settings cannot be read' },
    { args: ['--managed', 'nowhere.json'], says: '--managed is not a file' },
    { args: ['--workspaces', '.'], says: 'check takes options alone' },
    { args: ['more'], says: 'check takes options alone' },
  ])('cannot be used with $args', ({ args, says }) => {
    const { status, answers, err } = run(lines({ read: 'a' }), args);
    expect([status, answers]).toEqual([2, []]);
    expect(err).toContain(says);
  });

  it('leaves nothing behind in the workspace', () => {
    const before = readdirSync(workspace, { recursive: true });
    run(lines({ command: 'touch new.txt' }, { write: 'new.txt' }, { command: 'echo hi > new.txt' }));
    expect(readdirSync(workspace, { recursive: true })).toEqual(before);
  });
});

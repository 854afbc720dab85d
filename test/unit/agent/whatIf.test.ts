import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { whatIf } from '../../../src/agent/whatIf.ts';
import { systemClock } from '../../../src/io/clock.ts';
import { openWhatIf } from '../../../src/openWhatIf.ts';
import { createPolicy } from '../../../src/policy/decide.ts';
import type { SandboxFacts } from '../../../src/protocol/facts.ts';
import { parseSettings } from '../../../src/protocol/settings.ts';
import type { Question } from '../../../src/protocol/whatIf.ts';

let dir = '';
beforeEach(() => {
  dir = realpathSync(mkdtempSync(join(tmpdir(), 'warrant-what-if-')));
  mkdirSync(join(dir, 'src'));
  writeFileSync(join(dir, 'a.txt'), 'a');
  writeFileSync(join(dir, 'package.json'), '{"scripts":{"test":"node --test"}}');
  symlinkSync('/etc', join(dir, 'away'));
});
afterEach(() => rmSync(dir, { recursive: true, force: true }));

const CONFINED: SandboxFacts = { kind: 'available', by: 'bubblewrap' };

function ask(question: Question, sandbox = CONFINED, raw: object = {}) {
  const roots = [{ name: 'shop', dir }];
  const { settings } = parseSettings({ 'commands.enabled': true, ...raw });
  const policy = createPolicy(settings, {
    ownFolders: [],
    trusted: () => true,
    roots: () => [dir],
    folders: () => roots,
  });
  return openWhatIf({
    workspace: { roots },
    environment: process.env,
    clock: systemClock(),
    policy: () => policy,
    sandbox: () => Promise.resolve(sandbox),
  })(question);
}

const command = (text: string, folder?: string): Question => ({
  kind: 'command',
  text,
  ...(folder === undefined ? {} : { folder }),
});

describe('what if', () => {
  it('tells what a plain line would do, pattern by pattern and step by step', async () => {
    expect(await ask(command('cat *.txt | wc -l && cp a.txt src/'))).toMatchObject({
      verdict: 'ask',
      plain: true,
      understood: true,
      argv: [
        ['cat', 'a.txt'],
        ['wc', '-l'],
        ['cp', 'a.txt', 'src/'],
      ],
    });
  });

  it('tells the code of the workspace that would run', async () => {
    const { verdict, executes } = await ask(command('npm test'));
    expect(verdict).toBe('ask');
    expect(executes).toContain('shop:package.json#test');
  });

  it('knows the sandbox of the machine, as the gate does', async () => {
    const none: SandboxFacts = { kind: 'none', because: 'there is none' };
    expect(await ask(command('ls'))).toMatchObject({ verdict: 'allow' });
    expect(await ask(command('ls'), none)).toMatchObject({ verdict: 'ask', rule: 'commands.sandbox' });
    expect(await ask(command('ls'), none, { 'commands.sandbox': 'required' })).toMatchObject({
      verdict: 'deny',
      rule: 'commands.sandbox',
    });
  });

  it('follows links, in folders and in paths', async () => {
    for (const question of [command('ls', 'away'), { kind: 'read', path: 'away/passwd' } as const])
      expect(await ask(question)).toMatchObject({ verdict: 'deny', rule: 'paths.outside' });
  });

  it('takes an edit of a file that is there for reading it as well', async () => {
    const narrow = { 'paths.read': ['src/**'] };
    expect(await ask({ kind: 'write', path: 'a.txt' }, CONFINED, narrow)).toMatchObject({ verdict: 'deny' });
    expect(await ask({ kind: 'write', path: 'new.txt' }, CONFINED, narrow)).toMatchObject({ verdict: 'ask' });
  });

  it('is no where the disk cannot be looked at', async () => {
    const roots = [{ name: 'shop', dir }];
    const broken = () => Promise.reject(new Error('the disk is gone'));
    const world = {
      pathFacts: broken,
      executableFacts: broken,
      codeFacts: broken,
      expand: broken,
      sandbox: broken,
    };
    const judge = createPolicy(parseSettings({}).settings, { ownFolders: [], trusted: () => true });
    for (const question of [command('ls *.txt'), command('ls'), { kind: 'write', path: 'a' } as const])
      expect(await whatIf({ world, workspace: { roots } }, judge, question)).toMatchObject({
        verdict: 'deny',
        rule: 'gate.error',
        because: expect.stringContaining('the disk is gone') as string,
      });
  });
});

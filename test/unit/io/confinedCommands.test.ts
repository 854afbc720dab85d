import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it, vi } from 'vitest';
import { createConfinement } from '../../../src/io/confinement.ts';
import { sandboxOnce } from '../../../src/io/sandbox/sandboxOnce.ts';
import { parseCommandLine } from '../../../src/policy/commandLine.ts';
import type { CommandEffect } from '../../../src/protocol/effect.ts';
import { noSandbox } from '../../support/passThroughSandbox.ts';
import { ids, whyNoSandbox } from './sandbox/lineInSandbox.ts';
import { temporaryFolder, worldInFolder, type TestWorld } from './worldInFolder.ts';

// Programs are started inside a sandbox here, on machines that are busy.
vi.setConfig({ testTimeout: 60_000 });

const missing = await whyNoSandbox();

async function confinedWorld(mode: 'auto' | 'off' = 'auto') {
  const home = await temporaryFolder();
  const own = await temporaryFolder();
  await writeFile(join(own, 'ledger.jsonl'), 'record\n');
  await writeFile(join(home, 'key.txt'), 'key\n');
  const sandbox = sandboxOnce({ home, storage: join(own, 'sandbox'), id: ids() });
  const confinement = createConfinement({
    sandbox,
    mode: () => mode,
    ownFolders: [own],
    home,
  });
  const test = await worldInFolder({ 'a.txt': 'one\n' }, { confinement });
  await mkdir(join(test.dir, '.git', 'hooks'), { recursive: true });
  return { test, home, own };
}

function command(test: TestWorld, text: string, network?: boolean): CommandEffect {
  const parsed = parseCommandLine(text);
  if (parsed.kind !== 'line') throw new Error(parsed.because);
  const effect = { kind: 'command', line: parsed.line, folder: test.at(''), timeoutMs: 30_000 } as const;
  return network === undefined ? effect : { ...effect, confined: { network } };
}

describe.skipIf(missing !== undefined)('a command in the sandbox', () => {
  it('does its work in the workspace, pipes and files included', async () => {
    const { test } = await confinedWorld();
    const done = await test.done(command(test, 'cat a.txt | tr o 0 > b.txt && cat b.txt', false));
    expect(done).toMatchObject({ kind: 'ran', end: { kind: 'exit', code: 0 }, output: { head: '0ne\n' } });
    expect(await readFile(join(test.dir, 'b.txt'), 'utf8')).toBe('0ne\n');
    expect(await readdir(test.dir)).toEqual(['.git', 'a.txt', 'b.txt']);
  });

  it('sees nothing of the home, nothing of Warrant, and changes nothing outside; it is told what stopped it', async () => {
    const { test, home, own } = await confinedWorld();
    for (const path of [join(home, 'key.txt'), join(own, 'ledger.jsonl')])
      expect(await test.done(command(test, `cat ${path}`, false))).toMatchObject({
        end: { kind: 'exit', code: 1 },
      });
    const outside = await test.done(command(test, `touch ${join(test.outside, 'x')}`, false));
    expect(outside).toMatchObject({ end: { kind: 'exit', code: 1 } });
    expect(await readdir(test.outside)).toEqual([]);
    const hook = await test.done(command(test, 'touch .git/hooks/pre-commit', false));
    expect(hook).toMatchObject({
      end: { kind: 'exit', code: 1 },
      confined: expect.stringMatching(/^This looks like the sandbox/) as string,
    });
    expect(await readdir(join(test.dir, '.git', 'hooks'))).toEqual([]);
  });

  it('runs without it only where its effect says so, and not at all where there is none for it', async () => {
    const { test, home } = await confinedWorld();
    const key = join(home, 'key.txt');
    expect(await test.done(command(test, `cat ${key}`))).toMatchObject({ output: { head: 'key\n' } });
    const bare = createConfinement({
      sandbox: () => Promise.resolve(noSandbox()),
      mode: () => 'auto',
      ownFolders: [],
      home,
    });
    expect(await bare.facts()).toEqual({ kind: 'none', because: 'this machine has none.' });
    expect(await bare.enter(command(test, 'ls', false), [], [], [])).toMatchObject({ kind: 'refused' });
  });

  it('in the background ends with the session like any other', async () => {
    const { test } = await confinedWorld();
    const effect = { ...command(test, 'tail -f a.txt', false), background: true as const };
    expect(await test.done(effect)).toMatchObject({ kind: 'started', command: 'o1' });
    await expect
      .poll(() => test.done({ kind: 'output', output: 'o1', first: 1, count: 9 }), { timeout: 30_000 })
      .toMatchObject({ part: { text: 'one\n' } });
    await test.world.stopBackground();
    expect(test.world.background()).toMatchObject([{ end: { kind: 'stopped' } }]);
  });

  it('is not used where it is switched off, which is said', async () => {
    const { test } = await confinedWorld('off');
    expect(await test.world.sandbox()).toEqual({
      kind: 'none',
      because: 'the sandbox is switched off by the setting warrant.commands.sandbox',
    });
  });
});

import { link, mkdir, rename, rm, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { digestOf } from '../../../src/protocol/digest.ts';
import { warrantOffice } from '../../../src/protocol/warrant.ts';
import { worldInFolder } from './worldInFolder.ts';

describe('reading a file', () => {
  const texts = [
    { name: 'a plain file', bytes: 'one\ntwo\n', text: 'one\ntwo\n', eol: 'lf', bom: false },
    { name: 'no final line end', bytes: 'one\ntwo', text: 'one\ntwo', eol: 'lf', bom: false },
    { name: 'an empty file', bytes: '', text: '', eol: 'none', bom: false },
    {
      name: 'CRLF and a byte order mark',
      bytes: '\ufeffa\r\nb\r\n',
      text: 'a\r\nb\r\n',
      eol: 'crlf',
      bom: true,
    },
    { name: 'mixed line ends', bytes: 'a\r\nb\n', text: 'a\r\nb\n', eol: 'mixed', bom: false },
    { name: 'two byte order marks', bytes: '\ufeff\ufeffa', text: '\ufeffa', eol: 'none', bom: true },
    { name: 'letters of all kinds', bytes: 'grün 漢字 🙂\n', text: 'grün 漢字 🙂\n', eol: 'lf', bom: false },
  ];
  it.each(texts)('gives $name exactly', async ({ bytes, text, eol, bom }) => {
    const { done, at } = await worldInFolder({ 'a.txt': bytes });
    const found = await done({ kind: 'read', path: at('a.txt') });
    expect(found).toMatchObject({ kind: 'content', content: { text, eol, bom, digest: digestOf(bytes) } });
  });

  const refusals = [
    { name: 'a binary file', bytes: new Uint8Array([104, 0, 105]), because: 'it is a binary file' },
    { name: 'Latin-1', bytes: new Uint8Array([0x67, 0x72, 0xfc, 0x6e]), because: 'it is not UTF-8 text' },
    { name: 'UTF-16', bytes: new Uint8Array([0xff, 0xfe, 104, 0]), because: 'it is UTF-16 text' },
    { name: 'an overlong byte', bytes: new Uint8Array([0xc0, 0x80]), because: 'it is not UTF-8 text' },
    { name: 'what is too large', bytes: 'x'.repeat(1_025), because: 'it has 1025 bytes, more than the 1024' },
  ];
  it.each(refusals)('refuses $name and says so', async ({ bytes, because }) => {
    const { perform, at } = await worldInFolder({ 'a.txt': bytes }, { maxFileBytes: () => 1_024 });
    const outcome = await perform({ kind: 'read', path: at('a.txt') });
    expect(outcome).toMatchObject({ kind: 'failed', because: expect.stringContaining(because) as string });
    expect(outcome).toMatchObject({ because: expect.stringContaining('a.txt cannot be read: ') as string });
  });

  it('says that a folder is a folder and that nothing is nothing', async () => {
    const { perform, at } = await worldInFolder({ 'folder/a.txt': 'a' });
    expect(await perform({ kind: 'read', path: at('folder') })).toEqual({
      kind: 'failed',
      because: 'folder cannot be read: it is a folder',
    });
    expect(await perform({ kind: 'read', path: at('none/x') })).toEqual({
      kind: 'failed',
      because: 'none/x does not exist',
    });
  });

  it('follows a link that stays inside, and the facts say where it leads', async () => {
    const { world, done, at, dir } = await worldInFolder({ 'real/a.txt': 'inside' });
    await symlink('real', join(dir, 'linked'));
    expect(await world.pathFacts(at('linked/a.txt'))).toMatchObject({
      path: at('linked/a.txt'),
      real: at('real/a.txt'),
      state: 'file',
      size: 6,
    });
    expect(await done({ kind: 'read', path: at('linked/a.txt') })).toMatchObject({
      content: { text: 'inside' },
    });
  });

  it('refuses every way out of the workspace', async () => {
    const { world, perform, at, dir, outside } = await worldInFolder({ 'a.txt': 'a' });
    await writeFile(join(outside, 'secret.txt'), 'secret');
    await symlink(outside, join(dir, 'folder'));
    await symlink(join(outside, 'secret.txt'), join(dir, 'file'));
    await symlink('../outside/none', join(dir, 'dangling'));
    await symlink('loop', join(dir, 'loop'));
    for (const way of ['folder/secret.txt', 'file', 'dangling', 'folder/none/none']) {
      expect(await world.pathFacts(at(way)), way).toMatchObject({ real: null });
      expect(await perform({ kind: 'read', path: at(way) }), way).toMatchObject({
        kind: 'stale',
        because: `${way} leads outside the workspace`,
      });
    }
    await expect(world.pathFacts(at('loop'))).rejects.toMatchObject({ code: 'ELOOP' });
  });

  it('counts hard links in the facts', async () => {
    const { world, at, dir } = await worldInFolder({ 'a.txt': 'a' });
    await link(join(dir, 'a.txt'), join(dir, 'b.txt'));
    expect(await world.pathFacts(at('a.txt'))).toMatchObject({ links: 2, state: 'file' });
    expect(await world.pathFacts(at('none'))).toMatchObject({ links: 0, state: 'absent', real: at('none') });
    expect(await world.pathFacts(at(''))).toMatchObject({ state: 'folder', real: at('') });
  });

  it('opens a workspace that is itself reached through a link', async () => {
    const { dir, outside, at, done } = await worldInFolder({ 'a.txt': 'a' });
    await symlink(dir, join(outside, 'way'));
    const other = await worldInFolder(
      {},
      { workspace: { roots: [{ name: 'workspace', dir: join(outside, 'way') }] } },
    );
    expect(await other.world.pathFacts(at('a.txt'))).toMatchObject({ real: at('a.txt') });
    expect(await other.done({ kind: 'read', path: at('a.txt') })).toEqual(
      await done({ kind: 'read', path: at('a.txt') }),
    );
  });

  const swaps: readonly { name: string; swap: (dir: string, outside: string) => Promise<void> }[] = [
    {
      name: 'the file by a link that leads out',
      async swap(dir, outside) {
        await rm(join(dir, 'sub/a.txt'));
        await symlink(join(outside, 'a.txt'), join(dir, 'sub/a.txt'));
      },
    },
    {
      name: 'its folder by a link that leads out',
      async swap(dir, outside) {
        await rename(join(dir, 'sub'), join(dir, 'was'));
        await symlink(outside, join(dir, 'sub'));
      },
    },
    {
      name: 'the file by a link to another file inside',
      async swap(dir) {
        await rm(join(dir, 'sub/a.txt'));
        await symlink('../other.txt', join(dir, 'sub/a.txt'));
      },
    },
    {
      name: 'the whole workspace by a link',
      async swap(dir, outside) {
        await rename(dir, `${dir}-was`);
        await mkdir(join(outside, 'sub'));
        await writeFile(join(outside, 'sub/a.txt'), 'secret');
        await symlink(outside, dir);
      },
    },
  ];
  it.each(swaps)('notices when somebody replaces $name between judgement and reading', async ({ swap }) => {
    const { perform, at, dir, outside } = await worldInFolder({ 'sub/a.txt': 'mine', 'other.txt': 'other' });
    await writeFile(join(outside, 'a.txt'), 'secret');
    const outcome = await perform(
      { kind: 'read', path: at('sub/a.txt') },
      { meanwhile: () => swap(dir, outside) },
    );
    expect(outcome).toMatchObject({ kind: 'stale' });
    expect(JSON.stringify(outcome)).not.toContain('secret');
  });

  it('never reads through a link nobody has looked at', async () => {
    const { world, issue, at, dir } = await worldInFolder({ 'a.txt': 'a' });
    await symlink('a.txt', join(dir, 'b.txt'));
    const { signal } = new AbortController();
    const perform = (path: string) => {
      const read = { kind: 'read', path: at(path) } as const;
      return world.perform(read, issue(read, []), () => undefined, signal);
    };
    expect(await perform('a.txt')).toMatchObject({ kind: 'done' });
    expect(await perform('b.txt')).toMatchObject({ kind: 'stale' });
  });

  it('reads nothing for a warrant that is used, foreign or for something else', async () => {
    const { world, issue, at } = await worldInFolder({ 'a.txt': 'a' });
    const { signal } = new AbortController();
    const live = () => undefined;
    const read = { kind: 'read', path: at('a.txt') } as const;
    const warrant = issue(read, []);
    await world.perform(read, warrant, live, signal);
    await expect(world.perform(read, warrant, live, signal)).rejects.toThrow('used before');
    const other = issue({ kind: 'read', path: at('b.txt') }, []);
    await expect(world.perform(read, other, live, signal)).rejects.toThrow('another effect');
    const foreign = warrantOffice().issue(read, []);
    await expect(world.perform(read, foreign, live, signal)).rejects.toThrow('not issued here');
  });
});

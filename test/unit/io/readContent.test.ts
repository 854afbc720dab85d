import { execFileSync } from 'node:child_process';
import { symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { openFolder } from '../../../src/io/files/openFolder.ts';
import { readContent } from '../../../src/io/files/readContent.ts';
import { temporaryFolder, writeFiles } from './worldInFolder.ts';

it('reads only at a path without links, wherever in it the link stands and wherever it leads', async () => {
  const dir = await temporaryFolder();
  await writeFiles(dir, { 'real/a.txt': 'a' });
  await symlink('real', join(dir, 'folder'));
  await symlink('a.txt', join(dir, 'real/way.txt'));
  expect(await readContent(join(dir, 'real/a.txt'), 100)).toMatchObject({ kind: 'content' });
  expect(await readContent(join(dir, 'folder/a.txt'), 100)).toEqual({ kind: 'moved' });
  expect(await readContent(join(dir, 'real/way.txt'), 100)).toEqual({ kind: 'moved' });
});

it('opens only folders at a path without links', async () => {
  const dir = await temporaryFolder();
  await writeFiles(dir, { 'real/sub/a.txt': 'a' });
  await symlink('real', join(dir, 'folder'));
  await (await openFolder(join(dir, 'real/sub'))).close();
  await expect(openFolder(join(dir, 'folder/sub'))).rejects.toMatchObject({ code: 'ELOOP' });
  await expect(openFolder(join(dir, 'folder'))).rejects.toMatchObject({ code: 'ENOTDIR' });
});

it('does not wait for a named pipe that nobody writes to', async () => {
  const dir = await temporaryFolder();
  execFileSync('/usr/bin/mkfifo', [join(dir, 'pipe')]);
  expect(await readContent(join(dir, 'pipe'), 100)).toEqual({
    kind: 'refused',
    because: 'it is not an ordinary file',
  });
});

it('says that a file is too large with both sizes, and takes one that is exactly as large as allowed', async () => {
  const dir = await temporaryFolder();
  await writeFiles(dir, { 'a.txt': '12345' });
  expect(await readContent(join(dir, 'a.txt'), 5)).toMatchObject({ kind: 'content' });
  expect(await readContent(join(dir, 'a.txt'), 4)).toEqual({
    kind: 'refused',
    because: 'it has 5 bytes, more than the 4 that files.maxBytes allows',
  });
});

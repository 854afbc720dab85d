import { symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { relativePath } from '../../../src/protocol/workspacePath.ts';
import { worldInFolder } from './worldInFolder.ts';

const FILES = { 'src/a.ts': '', 'src/deep/b.ts': '', 'conf/deep/.env': '', '.env': '' };
const mayRead = {
  mayRead: (path: Parameters<typeof relativePath>[0]) => !relativePath(path).endsWith('.env'),
};

describe('a folder that is looked through', () => {
  it('says whether anything below it may not be read', async () => {
    const { world, at } = await worldInFolder(FILES, mayRead);
    expect(await world.pathFacts(at('src'), true)).toMatchObject({ state: 'folder', holdsDenied: false });
    expect(await world.pathFacts(at('conf'), true)).toMatchObject({ holdsDenied: true });
    expect(await world.pathFacts(at(''), true)).toMatchObject({ holdsDenied: true });
  });

  it('says nothing where nobody asked, and where it is no folder', async () => {
    const { world, at } = await worldInFolder(FILES, mayRead);
    expect(await world.pathFacts(at('conf'))).not.toHaveProperty('holdsDenied');
    expect(await world.pathFacts(at('src/a.ts'), true)).not.toHaveProperty('holdsDenied');
    expect(await world.pathFacts(at('none'), true)).not.toHaveProperty('holdsDenied');
  });

  it('is judged where it really is', async () => {
    const { world, at, dir } = await worldInFolder(FILES, mayRead);
    await symlink(join(dir, 'conf'), join(dir, 'linked'));
    expect(await world.pathFacts(at('linked'), true)).toMatchObject({ real: at('conf'), holdsDenied: true });
  });

  it('does not follow links that stand in it', async () => {
    const { world, at, dir } = await worldInFolder(FILES, mayRead);
    await symlink(join(dir, 'conf'), join(dir, 'src', 'linked'));
    expect(await world.pathFacts(at('src'), true)).toMatchObject({ holdsDenied: false });
  });
});

import {
  chmodSync,
  chownSync,
  mkdirSync,
  mkdtempSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  managedPlaces,
  readManagedPolicy,
  readWorkspacePolicy,
} from '../../../../src/io/files/policyFiles.ts';

const posix = process.platform !== 'win32';
const me = process.getuid?.() ?? 0;
const NOBODY = 65_534;

let base = '';
let path = '';
beforeEach(() => {
  base = realpathSync(mkdtempSync(join(tmpdir(), 'warrant-policy-')));
  mkdirSync(join(base, 'etc'), { mode: 0o755 });
  chmodSync(join(base, 'etc'), 0o755);
  path = join(base, 'etc', 'policy.json');
  writeFileSync(path, '{}');
  chmodSync(path, 0o644);
});
afterEach(() => rmSync(base, { recursive: true, force: true }));

const read = (administrators: readonly number[] = [me]) => readManagedPolicy({ path, administrators });

describe('the machine’s policy', () => {
  it('is read where only administrators can write it', async () => {
    expect(await read()).toEqual({ source: path, found: { kind: 'text', text: '{}' } });
  });

  it('is none where there is no file', async () => {
    rmSync(path);
    expect(await read()).toBeUndefined();
  });

  it.runIf(posix)('is not believed when somebody else owns it', async () => {
    const found = (await readManagedPolicy({ path, administrators: [NOBODY] }))?.found;
    expect(found).toEqual(
      me === 0
        ? { kind: 'text', text: '{}' }
        : { kind: 'unusable', because: `${path} belongs to neither root nor an administrator` },
    );
  });

  it.runIf(posix && me === 0)(
    'is not believed when root did not write it, or not the folder above it',
    async () => {
      chownSync(path, NOBODY, NOBODY);
      expect((await read())?.found).toMatchObject({ kind: 'unusable' });
      chownSync(path, 0, 0);
      expect((await read())?.found.kind).toBe('text');
      chownSync(join(base, 'etc'), NOBODY, NOBODY);
      expect((await read())?.found).toEqual({
        kind: 'unusable',
        because: `${join(base, 'etc')} belongs to neither root nor an administrator`,
      });
    },
  );

  const OPEN: readonly [what: string, open: () => void][] = [
    ['the file', () => chmodSync(path, 0o646)],
    ['the folder above', () => chmodSync(join(base, 'etc'), 0o757)],
    ['a folder further up', () => chmodSync(base, 0o707)],
  ];
  it.runIf(posix).each(OPEN)('is not believed when others may write %s', async (_what, open) => {
    open();
    expect((await read())?.found).toMatchObject({
      kind: 'unusable',
      because: expect.stringContaining('others may write') as string,
    });
  });

  it.runIf(posix && me === 0)(
    'is not believed when a group may write it that does not administer the machine',
    async () => {
      chownSync(path, 0, NOBODY);
      chmodSync(path, 0o664);
      expect((await read())?.found.kind).toBe('unusable');
      chownSync(path, 0, 0);
      expect((await read())?.found.kind).toBe('text');
    },
  );

  it.runIf(posix)('is judged by where a link leads as well', async () => {
    const loose = join(base, 'loose');
    mkdirSync(loose);
    chmodSync(loose, 0o777);
    writeFileSync(join(loose, 'policy.json'), '{}');
    rmSync(path);
    symlinkSync(join(loose, 'policy.json'), path);
    expect((await read())?.found).toEqual({ kind: 'unusable', because: `others may write ${loose}` });
    rmSync(path);
    symlinkSync(join(base, 'gone'), path);
    expect((await read())?.found).toEqual({ kind: 'unusable', because: 'it does not exist' });
  });

  it.each<[string, () => void]>([
    ['a folder', () => mkdirSync(path)],
    ['larger than 1 MiB', () => writeFileSync(path, ' '.repeat(1_048_577))],
    ['no UTF-8', () => writeFileSync(path, Buffer.from([0x7b, 0xff, 0x7d]))],
  ])('cannot be %s', async (_what, make) => {
    rmSync(path);
    make();
    chmodSync(path, 0o755);
    expect((await read())?.found.kind).toBe('unusable');
  });

  it('stands where no user puts it', () => {
    for (const place of managedPlaces({ HOME: '/home/ada', ProgramData: 'D:\\Data' }))
      expect(place.path).not.toContain('ada');
  });
});

describe('a workspace’s own policy', () => {
  it('is read from its folder, whoever wrote it', async () => {
    expect(await readWorkspacePolicy(base)).toBeUndefined();
    mkdirSync(join(base, '.warrant'));
    const file = join(base, '.warrant', 'policy.json');
    writeFileSync(file, '{"paths":{}}');
    expect(await readWorkspacePolicy(base)).toEqual({
      source: file,
      found: { kind: 'text', text: '{"paths":{}}' },
    });
  });

  it.runIf(posix)('is not looked for behind a link', async () => {
    mkdirSync(join(base, '.warrant'));
    symlinkSync(path, join(base, '.warrant', 'policy.json'));
    expect((await readWorkspacePolicy(base))?.found).toEqual({
      kind: 'unusable',
      because: 'it is behind a link',
    });
    rmSync(join(base, '.warrant'), { recursive: true });
    symlinkSync(join(base, 'etc'), join(base, '.warrant'));
    expect((await readWorkspacePolicy(base))?.found.kind).toBe('unusable');
  });
});

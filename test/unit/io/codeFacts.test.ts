import { chmod, rm, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { NamedCode } from '../../../src/protocol/commandUse.ts';
import { worldInFolder, type TestWorld } from './worldInFolder.ts';

const scripts = (named: Record<string, string>) => JSON.stringify({ name: 'shop', scripts: named });
const SCRIPTS = {
  test: 'node test/run.mjs --all && npm run lint',
  lint: 'node tools/lint.js',
  build: 'X=1 sh tools/build.sh | cat',
  other: 'echo',
};
const FILES = {
  'package.json': scripts(SCRIPTS),
  'test/run.mjs': '1',
  'tools/lint.js': '1',
  'tools/build.sh': '1',
  Makefile: 'test:\n\tnode test/run.mjs\n',
  'a.js': '1',
};

function entry(test: TestWorld, name: string, file = 'package.json'): NamedCode {
  return { kind: 'entry', path: test.at(file), entry: name };
}

async function digest(test: TestWorld, code: NamedCode): Promise<string | null> {
  const [facts] = await test.world.codeFacts([code]);
  expect(facts?.code).toEqual(code);
  return facts?.digest ?? null;
}

describe('the digest of code that a command names', () => {
  it.each<[of: string, file: string, text: string, changes: boolean]>([
    ['test', 'package.json', scripts({ ...SCRIPTS, test: 'node x.js' }), true],
    ['test', 'package.json', scripts({ ...SCRIPTS, lint: 'node x.js' }), true],
    ['test', 'package.json', scripts({ ...SCRIPTS, other: 'ls' }), false],
    ['test', 'test/run.mjs', '2', true],
    ['test', 'tools/lint.js', '2', true],
    ['test', 'tools/build.sh', '2', false],
    ['build', 'tools/build.sh', '2', true],
    ['build', 'a.js', '2', false],
    ['pretest', 'package.json', scripts({ pretest: 'node evil.js' }), true],
    ['pretest', 'a.js', '2', false],
  ])('%s of package.json, when %s becomes %j: changes %s', async (name, file, text, changes) => {
    const test = await worldInFolder(FILES);
    const before = await digest(test, entry(test, name));
    expect(before).not.toBeNull();
    await writeFile(join(test.dir, file), text);
    expect((await digest(test, entry(test, name))) !== before).toBe(changes);
  });

  it('is another one when a file that a script names appears', async () => {
    const test = await worldInFolder({ 'package.json': scripts({ test: 'node late.js' }) });
    const before = await digest(test, entry(test, 'test'));
    await writeFile(join(test.dir, 'late.js'), '1');
    expect(await digest(test, entry(test, 'test'))).not.toBe(before);
  });

  it('of a target is that of the whole Makefile, and of one that would take its place', async () => {
    const test = await worldInFolder(FILES);
    const code = entry(test, 'test', 'Makefile');
    const before = await digest(test, code);
    await writeFile(join(test.dir, 'GNUmakefile'), 'test:\n\tevil\n');
    const after = await digest(test, code);
    expect(after).not.toBe(before);
    await rm(join(test.dir, 'GNUmakefile'));
    expect(await digest(test, code)).toBe(before);
    await writeFile(join(test.dir, 'Makefile'), 'test:\n\tevil\n');
    expect(await digest(test, code)).not.toBe(before);
  });

  it('of a file is that of its bytes, through a link of the workspace', async () => {
    const test = await worldInFolder(FILES);
    await symlink('a.js', join(test.dir, 'link.js'));
    const code = { kind: 'file', path: test.at('link.js') } as const;
    expect(await digest(test, code)).toBe(await digest(test, { kind: 'file', path: test.at('a.js') }));
  });

  it('is missing where nobody can tell', async () => {
    const test = await worldInFolder({ ...FILES, 'broken/package.json': '{' });
    await symlink(test.outside, join(test.dir, 'away'));
    await writeFile(join(test.outside, 'x.js'), '1');
    await chmod(test.outside, 0o755);
    const codes: readonly NamedCode[] = [
      { kind: 'workspace', because: 'its plugins' },
      { kind: 'file', path: test.at('none.js') },
      { kind: 'file', path: test.at('test') },
      { kind: 'file', path: test.at('away/x.js') },
      entry(test, 'test', 'broken/package.json'),
      entry(test, 'test', 'none/package.json'),
    ];
    const facts = await test.world.codeFacts(codes);
    expect(facts.map((one) => one.digest)).toEqual(codes.map(() => null));
  });
});

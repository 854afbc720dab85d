import { describe, expect, it } from 'vitest';
import {
  childPath,
  parseWorkspacePath,
  relativePath,
  shownPath,
  type Root,
} from '../../../src/protocol/workspacePath.ts';

const one: readonly Root[] = [{ name: 'app', dir: '/home/me/app' }];
const two: readonly Root[] = [...one, { name: 'lib', dir: '/home/me/lib' }];

describe('a path as a model wrote it', () => {
  it.each([
    ['src/a.ts', 'app:src/a.ts'],
    ['./src//a.ts', 'app:src/a.ts'],
    ['src\\a.ts', 'app:src/a.ts'],
    ['.', 'app:'],
    ['', 'app:'],
    ['/home/me/app', 'app:'],
    ['/home/me/app/src/a.ts', 'app:src/a.ts'],
    ['app:src/a.ts', 'app:src/a.ts'],
    ['app:', 'app:'],
    ['.env', 'app:.env'],
    ['a b/ü 🦜.txt', 'app:a b/ü 🦜.txt'],
    ['...', undefined],
  ])('%j is read as %j', (raw, path) => {
    const parsed = parseWorkspacePath(raw, one);
    expect(parsed.kind === 'path' ? parsed.path : undefined).toBe(path);
  });

  it.each([
    ['..', 'climbs'],
    ['../app/a.ts', 'climbs'],
    ['src/../../etc/passwd', 'climbs'],
    ['src\\..\\..\\x', 'climbs'],
    ['/etc/passwd', 'outside'],
    ['/home/me/app-evil/a.ts', 'outside'],
    ['/home/me/app/../x', 'climbs'],
    ['~/x', '~'],
    ['~root/x', '~'],
    ['C:\\Windows\\x', 'outside'],
    ['c:/x', 'outside'],
    ['\\\\host\\share\\x', 'network'],
    ['//host/share/x', 'network'],
    ['\\\\?\\C:\\x', 'network'],
    ['\\\\.\\pipe\\x', 'network'],
    ['file:///etc/passwd', 'URI'],
    ['vscode-remote://x/y', 'URI'],
    ['lib:a.ts', 'URI'],
    ['a.txt:stream', 'URI'],
    ['src/a.txt::$DATA', 'colon'],
    ['CON', 'device'],
    ['src/nul.txt', 'device'],
    ['src/COM1', 'device'],
    ['a.txt.', 'dot or a space'],
    ['src /a.txt', 'dot or a space'],
    ['a\u0000b', 'control'],
    ['a\nb', 'control'],
    ['a\u202eb', 'invisible'],
    ['a\u200bb', 'invisible'],
    ['x'.repeat(5000), '4096'],
  ])('%j is refused because of %s', (raw, word) => {
    const parsed = parseWorkspacePath(raw, one);
    expect(parsed.kind === 'refused' ? parsed.because : 'accepted').toContain(word);
  });

  it('names its folder where there are several', () => {
    const parsed = parseWorkspacePath('lib:a.ts', two);
    expect(parsed).toEqual({ kind: 'path', path: 'lib:a.ts' });
    expect(parsed.kind === 'path' && shownPath(parsed.path, two)).toBe('lib:a.ts');
    expect(parsed.kind === 'path' && shownPath(parsed.path, one)).toBe('a.ts');
  });

  it('is refused while no folder is open', () => {
    expect(parseWorkspacePath('a.ts', []).kind).toBe('refused');
  });

  it('grows by names from the disk', () => {
    const root = parseWorkspacePath('.', one);
    if (root.kind !== 'path') throw new Error('the root was refused');
    const child = childPath(childPath(root.path, 'src'), 'a.ts');
    expect(relativePath(child)).toBe('src/a.ts');
  });
});

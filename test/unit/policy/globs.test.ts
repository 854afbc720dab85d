import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { allowGlobs, denyGlobs, globMatcher, GlobUnreadable } from '../../../src/policy/globs.ts';

describe('globs that allow', () => {
  it.each([
    ['**', 'src/.env', true],
    ['**', 'a', true],
    ['**', '', true],
    ['src/**', 'src/a.ts', true],
    ['src/**', 'src/deep/.hidden/a.ts', true],
    ['src/**', 'lib/src/a.ts', false],
    ['src/**', 'srcs/a.ts', false],
    ['src/**', 'src', false],
    ['src/**', 'SRC/a.ts', false],
    ['src', 'src/a.ts', false],
    ['./src/**', 'src/a.ts', true],
    ['/src/**', 'src/a.ts', true],
    ['src/**/', 'src/a.ts', true],
    ['src\\**', 'src/a.ts', true],
    ['*.md', 'README.md', true],
    ['*.md', 'docs/README.md', false],
    ['*.md', '.md', true],
    ['**/*.{ts,tsx}', 'a/b.tsx', true],
    ['**/*.{ts,tsx}', 'a/b.js', false],
    ['!src/**', 'lib/a.ts', false],
    ['#x', 'lib/a.ts', false],
    ['#x', '#x', true],
    ['[ab].ts', 'a.ts', true],
    ['[ab].ts', 'A.ts', false],
    ['café.ts', 'café.ts'.normalize('NFD'), false],
    ['__proto__/**', '__proto__/a', true],
    ['constructor', 'toString', false],
  ])('%s and %s: %s', (pattern, path, expected) => {
    expect(allowGlobs([pattern]).matches(path)).toBe(expected);
  });

  it.each([
    ['src/**', 'src', true],
    ['src/**', '', true],
    ['src/deep/*.ts', 'src', true],
    ['src/deep/*.ts', 'lib', false],
    ['**/*.md', 'any/folder', true],
    ['*.md', 'folder', false],
  ])('%s could hold something in the folder %j: %s', (pattern, folder, expected) => {
    expect(allowGlobs([pattern]).couldHold(folder)).toBe(expected);
  });

  it('allow nothing when they cannot be read, and say so', () => {
    const globs = allowGlobs(['src/{a,b', 'lib/**']);
    expect(globs.matches('lib/a')).toBe(true);
    expect(globs.matches('src/{a,b')).toBe(false);
    expect(globs.problems).toEqual(['the glob "src/{a,b" has a brace that is not closed']);
  });

  it('allow nothing when there are none', () => {
    expect(allowGlobs([]).matches('a')).toBe(false);
    expect(allowGlobs([]).couldHold('')).toBe(false);
  });
});

describe('globs that deny', () => {
  it.each([
    ['**/.env', '.env'],
    ['**/.env', 'a/b/.env'],
    ['**/.env', 'a/.ENV'],
    ['**/.env', '.env/inner'],
    ['**/.env', '.env.'],
    ['**/.env', '.env '],
    ['**/.env', '.env::$DATA'],
    ['**/.env', '.e\u200bnv'],
    ['**/.env.*', '.env.local'],
    ['**/.ssh/**', '.ssh'],
    ['**/.ssh/**', 'home/.ssh/config'],
    ['**/.ssh/**', '.SSH/id'],
    ['**/.ſsh/**', '.ssh/id'],
    ['**/.ssh/**', '.ſsh/id'],
    ['secrets', 'secrets/a/b'],
    ['secrets/', 'secrets/a'],
    ['secrets/*', 'secrets/a/b'],
    ['./secrets', 'secrets'],
    ['secrets\\keys', 'secrets/keys/a'],
    ['Secrets', 'secrets'],
    ['.cursor/mcp.json', '.cUrSoR/mcp.json'],
    ['café', 'café'.normalize('NFD')],
    ['café'.normalize('NFD'), 'CAFÉ'],
    ['**/*.pem', 'KEY.PEM'],
    ['**', 'anything/at/all'],
    ['**', ''],
    ['a/**/z', 'a/z'],
    ['a/**/z', 'a/b/c/z/deep'],
  ])('%s covers %j', (pattern, path) => {
    expect(denyGlobs([pattern]).covering(path)).toBe(pattern);
  });

  it.each([
    ['**/.env', 'env'],
    ['**/.env', '.envrc'],
    ['**/.env', 'x.env'],
    ['secrets', 'lib/secrets'],
    ['secrets', 'secretsx/a'],
    ['**/*.pem', 'pem'],
    ['a/b', 'a'],
  ])('%s does not cover %j', (pattern, path) => {
    expect(denyGlobs([pattern]).covering(path)).toBeUndefined();
  });

  it.each([
    [''],
    ['/'],
    ['./'],
    ['src/{a,b'],
    ['[ab'],
    ['[z-a]'],
    ['../secrets'],
    ['a/../b'],
    ['@(a|b)'],
    ['!(a)'],
    ['a\u0000b'],
    ['x'.repeat(513)],
    ['{a,b}'.repeat(9)],
    ['{a,{b,{c,{d,{e,{f,{g,{h,i}}}}}}}}{a,b}'.repeat(3)],
    ['{1..100000}'],
    ['**/a'.repeat(9)],
    ['*a*a*a*a*a*a*a*b'],
  ])('a glob that cannot be read throws: %j', (pattern) => {
    expect(() => denyGlobs([pattern])).toThrow(GlobUnreadable);
    expect(allowGlobs([pattern]).problems).toHaveLength(1);
  });

  it('one that cannot be read spoils the list, so that the caller refuses everything', () => {
    expect(() => denyGlobs(['**/.env', '{'])).toThrow(GlobUnreadable);
    expect(() => denyGlobs(Array.from({ length: 1_001 }, (_, index) => `f${index}`))).toThrow(GlobUnreadable);
  });
});

describe('bounds', () => {
  it('no readable glob takes long, on any path', () => {
    const part = fc.constantFrom('*', '**', '?', 'a', 'aa', '[ab]', '{a,b}', '/', '.', '*a*');
    const pattern = fc.array(part, { minLength: 1, maxLength: 24 }).map((parts) => parts.join(''));
    const path = `${'a'.repeat(200)}/${'aa/'.repeat(100)}b`;
    fc.assert(
      fc.property(pattern, (glob) => {
        const start = performance.now();
        try {
          globMatcher([glob])(path);
          denyGlobs([glob]).covering(path);
        } catch (error) {
          if (!(error instanceof GlobUnreadable)) throw error;
        }
        return performance.now() - start < 500;
      }),
      { numRuns: 500 },
    );
  });

  it('never throws anything but GlobUnreadable', () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 40 }), fc.string({ maxLength: 40 }), (pattern, path) => {
        allowGlobs([pattern]).matches(path);
        try {
          denyGlobs([pattern]).covering(path);
        } catch (error) {
          return error instanceof GlobUnreadable;
        }
        return true;
      }),
      { numRuns: 2_000 },
    );
  });
});

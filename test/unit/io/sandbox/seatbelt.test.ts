import { describe, expect, it } from 'vitest';
import { inSeatbelt, seatbeltProfile } from '../../../../src/io/sandbox/seatbelt.ts';
import type { SandboxProfile } from '../../../../src/protocol/sandbox.ts';

// Only the text is looked at: Seatbelt runs on macOS alone.
const profile: SandboxProfile = {
  home: '/Users/me',
  writable: ['/Users/me/project'],
  readable: ['/opt/homebrew', '/Users/me/.nvm'],
  links: [],
  readOnly: ['/Users/me/project/.git/hooks', '/Users/me/project/.vscode'],
  pinned: ['/Users/me/project/.git'],
  hidden: [{ path: '/Users/me/project/kept', kind: 'folder' }],
  temporary: '/Users/me/Library/own/tmp',
  network: 'off',
};
const lines = (given: Partial<SandboxProfile> = {}) => seatbeltProfile({ ...profile, ...given }).split('\n');
const at = (text: readonly string[], part: string) => text.findIndex((line) => line.includes(part));

/** What the profile says of writing a path: the last rule with a regular expression or folder that covers it counts. */
function mayWrite(path: string, text = lines()): boolean {
  let answer = false;
  for (const line of text) {
    const rule = /^\((allow|deny) (file-write\*|file-read\* file-write\*)/.exec(line);
    if (rule === null) continue;
    const folders = [...line.matchAll(/\(subpath "([^"]*)"\)/g)].map(([, folder]) => folder!);
    const patterns = [...line.matchAll(/\(regex #"([^"]*)"\)/g)].map(([, source]) => new RegExp(source!));
    if (folders.some((one) => `${path}/`.startsWith(`${one}/`)) || patterns.some((one) => one.test(path)))
      answer = rule[1] === 'allow';
  }
  return answer;
}

describe('the Seatbelt profile', () => {
  it('denies what it does not name', () => {
    expect(lines().slice(0, 2)).toEqual(['(version 1)', '(deny default)']);
  });

  it.each([
    ['/Users/me/project/src/a.ts', true],
    ['/Users/me/project/.git/index', true],
    ['/Users/me/Library/own/tmp/x', true],
    ['/Users/me/project/.git/hooks/pre-commit', false],
    ['/Users/me/project/.GIT/Hooks/pre-commit', false],
    ['/Users/me/project/.vscode', false],
    ['/Users/me/project/.VSCode/tasks.json', false],
    ['/Users/me/project/.vscode2', true],
    ['/Users/me/project/kept/ledger', false],
    ['/Users/me/project-evil/x', false],
    ['/Users/me/.zshrc', false],
    ['/opt/homebrew/bin/x', false],
    ['/usr/local/bin/x', false],
  ])('says of writing %s: %s', (path, answer) => {
    expect(mayWrite(path)).toBe(answer);
  });

  it('takes away after it gave, so that the stricter rule counts', () => {
    const text = lines();
    expect(at(text, '(allow file-write*')).toBeLessThan(at(text, '(deny file-write*'));
  });

  it('keeps folders that hold something protected, and the workspace itself, where they are', () => {
    const kept = lines().filter((line) => line.startsWith('(deny file-write-unlink'));
    expect(kept).toHaveLength(2);
  });

  it('names the network only when it was granted', () => {
    expect(lines().join()).not.toContain('network');
    expect(lines({ network: 'all' }).join()).toContain('(allow network-outbound (remote ip))');
  });

  it('never names the home as readable, only that it is there', () => {
    const reading = lines().filter((line) => /^\(allow file-read\*/.test(line));
    expect(reading.join()).not.toMatch(/"\/Users\/me"|"\/Users"/);
  });

  it('quotes what stands in paths, and refuses what cannot be quoted', () => {
    const text = lines({ writable: ['/Users/me/a "b" \\ (c)'] }).join('\n');
    expect(text).toContain('"/Users/me/a \\"b\\" \\\\ (c)"');
    expect(() => lines({ writable: ['/a\nb'] })).toThrow('control characters');
  });

  it('goes to the system’s own tool, before the program and its name', () => {
    const plan = inSeatbelt(
      {
        file: '/usr/bin/true',
        argv: ['name', 'one'],
        cwd: '/Users/me/project',
        environment: { PATH: '/usr/bin' },
        streams: ['ignore', 'pipe', 'pipe'],
      },
      profile,
    );
    expect(plan.file).toBe('/usr/bin/sandbox-exec');
    expect(plan.argv.slice(-3)).toEqual(['name', '/usr/bin/true', 'one']);
    expect(plan.environment['TMPDIR']).toBe('/Users/me/Library/own/tmp/');
  });
});

import { describe, expect, it } from 'vitest';
import { explainEnd } from '../../../../src/io/sandbox/explainEnd.ts';
import type { SandboxProfile } from '../../../../src/protocol/sandbox.ts';

const profile: SandboxProfile = {
  home: '/home/me',
  writable: ['/home/me/project'],
  readable: [],
  links: [],
  readOnly: [],
  pinned: [],
  hidden: [],
  temporary: '/x',
  network: 'off',
};
const failed = { kind: 'exit', code: 1 } as const;

describe('what looks like the sandbox', () => {
  it.each([
    ['bash: .vscode/x: Read-only file system', /only \/home\/me\/project and \/tmp can be written/],
    ["Error: EROFS: read-only file system, open '/etc/x'", /can be written/],
    ["mv: cannot move '.git' to 'x': Device or resource busy", /cannot be moved/],
    ['curl: (6) Could not resolve host: example.com', /without a network/],
    ['npm error code EAI_AGAIN', /without a network/],
    ['connect: Network is unreachable', /without a network/],
    ['fatal: unable to access: Could not resolve host: x', /without a network/],
    ['socket.gaierror: [Errno -3] Temporary failure in name resolution', /without a network/],
    ['unshare: unshare failed: Operation not permitted', /programs may not do/],
  ])('is explained: %s', (output, sentence) => {
    expect(explainEnd(failed, output, profile)).toMatch(sentence);
  });

  it.each<[string, Parameters<typeof explainEnd>]>([
    ['a success, whatever it printed', [{ kind: 'exit', code: 0 }, 'Read-only file system', profile]],
    ['an ordinary failure', [failed, '1 test failed', profile]],
    [
      'a name that is not found although the network was granted',
      [failed, 'Could not resolve host', { ...profile, network: 'all' }],
    ],
  ])('is not %s', (_, [end, output, given]) => {
    expect(explainEnd(end, output, given)).toBeUndefined();
  });
});

import type { Sandbox } from '../../src/io/sandbox/createSandbox.ts';

/** Stands at the port where a machine's sandbox would: everything is let through, whatever this machine has. */
export function passThroughSandbox(): Sandbox {
  return {
    probe: { kind: 'available', by: 'bubblewrap', weaker: [] },
    prepare: (request) =>
      Promise.resolve({
        kind: 'ready',
        profile: {
          home: '/nowhere',
          writable: request.writable,
          readable: request.readable,
          links: [],
          readOnly: [],
          pinned: [],
          hidden: [],
          temporary: '/tmp',
          network: request.network,
        },
        gaps: [],
        close: () => Promise.resolve([]),
      }),
    wrap: (plan) => plan,
    explain: () => undefined,
  };
}

/** At the same port: a machine that has none. */
export function noSandbox(): Sandbox {
  return {
    ...passThroughSandbox(),
    probe: { kind: 'none', because: 'this machine has none.' },
    prepare: () => Promise.resolve({ kind: 'refused', because: 'this machine has no sandbox' }),
  };
}

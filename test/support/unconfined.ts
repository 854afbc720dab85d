import type { Confinement } from '../../src/io/confinement.ts';

/** Commands run as they are. */
export const unconfined: Confinement = {
  facts: () => Promise.resolve({ kind: 'none', because: 'nothing confines commands in this test.' }),
  enter: () => Promise.resolve({ kind: 'ready', explain: () => undefined, leave: () => Promise.resolve() }),
};

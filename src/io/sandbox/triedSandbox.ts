import { homedir } from 'node:os';
import { inTemporaryFolder } from '../files/inTemporaryFolder.ts';
import { createSandbox, type Sandbox } from './createSandbox.ts';

/** For whoever only asks what would confine a command: tried out on first use, and nothing of it stays on the disk. */
export function triedSandbox(id: () => string): () => Promise<Sandbox> {
  let tried: Promise<Sandbox> | undefined;
  return () => (tried ??= inTemporaryFolder((storage) => createSandbox({ home: homedir(), storage, id })));
}

import { existing } from '../files/systemFolders.ts';
import { createSandbox, type Sandbox, type SandboxOptions } from './createSandbox.ts';

/** The sandbox of this process, tried out when it is first asked for. `home` need not be a real path here. */
export function sandboxOnce(options: SandboxOptions): () => Promise<Sandbox> {
  let made: Promise<Sandbox> | undefined;
  const make = async (): Promise<Sandbox> => {
    const real = (await existing([options.home])).at(-1) ?? options.home;
    return createSandbox({ ...options, home: real });
  };
  return () => (made ??= make());
}

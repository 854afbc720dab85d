import { delimiter, dirname, join } from 'node:path';
import { repository } from './repository.mjs';

/** The environment everything after set-up runs in: what set-up found, and `node` meaning the right Node. */
export function rightEnvironment(ready) {
  const folders = [dirname(ready.WARRANT_NODE), join(repository, 'node_modules', '.bin'), process.env.PATH];
  return { ...process.env, ...ready, PATH: folders.join(delimiter) };
}

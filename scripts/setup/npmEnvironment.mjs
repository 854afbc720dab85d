import { delimiter, dirname, join } from 'node:path';
import { repository } from './repository.mjs';

const ownPrograms = join(repository, 'node_modules', '.bin');

/** What an outer `npm run` added is dropped: an install elsewhere must not take this project for its own. */
export function npmEnvironment({ node, ...additions } = {}) {
  const env = { ...process.env };
  for (const name of Object.keys(env)) {
    if (/^npm_(package|lifecycle|config_(local_|global_)?prefix)|^(INIT_CWD|NODE_OPTIONS)$/.test(name))
      delete env[name];
  }
  // `npm ci` replaces node_modules, so it must not run on a Node that lives there.
  const folders = (env.PATH ?? '').split(delimiter).filter((folder) => folder !== ownPrograms);
  env.PATH = [...(node ? [dirname(node)] : []), ...folders].join(delimiter);
  return { ...env, ...additions };
}

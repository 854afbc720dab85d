import { homedir } from 'node:os';
import { join } from 'node:path';

/** Where downloads shared by all checkouts live; never inside the repository. */
export function cacheFolder() {
  return process.env.XDG_CACHE_HOME || join(homedir(), '.cache');
}

import { constants, lstatSync, readlinkSync, realpathSync, type BigIntStats } from 'node:fs';
import { platform } from 'node:process';
import { NO_LINKS, NO_TERMINAL, NO_WAIT } from './openFlags.ts';
import { isAbsent } from './trouble.ts';

/** Opening never waits (a named pipe would), never follows a last link, never takes over a terminal. */
export const OPEN_TO_READ = constants.O_RDONLY | NO_LINKS | NO_WAIT | NO_TERMINAL;

/**
 * Whether the thing behind an open descriptor is what stands at `real`, a path without links. On Linux the kernel
 * says so itself; elsewhere the path is resolved once more and the identities compared, which leaves a race that
 * SECURITY.md names. These calls are synchronous because they touch no file data and a thread hop costs more.
 */
export function isOpenedAt(fd: number, opened: BigIntStats, real: string): boolean {
  if (platform === 'linux') {
    try {
      return readlinkSync(`/proc/self/fd/${fd}`) === real;
    } catch (error) {
      if (!isAbsent(error)) throw error;
    }
  }
  try {
    const there = lstatSync(real, { bigint: true });
    return there.dev === opened.dev && there.ino === opened.ino && realpathSync.native(real) === real;
  } catch (error) {
    if (isAbsent(error)) return false;
    throw error;
  }
}

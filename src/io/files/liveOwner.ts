import { readFileSync } from 'node:fs';
import { kill, pid } from 'node:process';
import { errorCode } from './trouble.ts';

/** Names this process so that another can tell whether it still runs: its id and, on Linux, when it started. */
export function ownName(): string {
  return `${pid}-${startOf(pid) ?? 'x'}`;
}

/**
 * Whether the process named so still runs. Where the start is not known an id may belong to somebody else by now;
 * then what is older than ten minutes counts as left behind.
 */
export function isLive(name: string, ageMs: number): boolean {
  const [id = '', start] = name.split('-');
  const owner = Number(id);
  if (!Number.isInteger(owner) || owner <= 0 || !isRunning(owner)) return false;
  if (start === 'x') return ageMs < 600_000;
  return startOf(owner) === start;
}

function isRunning(id: number): boolean {
  try {
    kill(id, 0);
    return true;
  } catch (error) {
    return errorCode(error) === 'EPERM';
  }
}

/** Field 22 of /proc/<pid>/stat; the name before it may hold anything, so counting begins after its bracket. */
function startOf(id: number): string | undefined {
  try {
    const line = readFileSync(`/proc/${id}/stat`, 'latin1');
    return line.slice(line.lastIndexOf(')') + 2).split(' ')[19];
  } catch {
    return undefined;
  }
}

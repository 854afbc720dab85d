import { readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { say } from './say.mjs';

/** One process at a time. The lock of a process that is no longer there is taken over. */
export async function withLock(file, work) {
  let told = false;
  while (!acquire(file)) {
    if (abandoned(file)) {
      takeAway(file);
      continue;
    }
    if (!told) say(`waiting for another set-up to finish (${file})`);
    told = true;
    await sleep(500);
  }
  try {
    return await work();
  } finally {
    rmSync(file, { force: true });
  }
}

function acquire(file) {
  try {
    writeFileSync(file, String(process.pid), { flag: 'wx' });
    return true;
  } catch (error) {
    if (error.code === 'EEXIST') return false;
    throw error;
  }
}

function abandoned(file) {
  try {
    const holder = Number(readFileSync(file, 'utf8'));
    // An empty lock is one being written this very moment, unless it stays empty.
    if (!holder) return Date.now() - statSync(file).mtimeMs > 10_000;
    process.kill(holder, 0);
    return false;
  } catch (error) {
    return error.code === 'ESRCH';
  }
}

// Renamed before it is removed: of two processes that see the same dead lock, one rename wins and the other fails.
function takeAway(file) {
  const aside = `${file}.${process.pid}`;
  try {
    renameSync(file, aside);
    rmSync(aside, { force: true });
  } catch (error) {
    if (error.code !== 'ENOENT') throw error;
  }
}

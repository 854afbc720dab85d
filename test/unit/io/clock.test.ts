import { expect, it } from 'vitest';
import { systemClock } from '../../../src/io/clock.ts';

it('makes ids of 22 base64url characters that do not repeat', () => {
  const { id } = systemClock();
  const ids = Array.from({ length: 1_000 }, id);
  expect(ids.filter((one) => !/^[A-Za-z0-9_-]{22}$/.test(one))).toEqual([]);
  expect(new Set(ids).size).toBe(1_000);
});

it('tells the time in milliseconds since 1970', () => {
  const { now } = systemClock();
  expect(Math.abs(now() - Date.now())).toBeLessThan(1_000);
});

it('sleeps until it is woken by the signal, and gives its reason', async () => {
  const { sleep } = systemClock();
  await sleep(1, new AbortController().signal);
  const waking = new AbortController();
  const reason = new Error('enough');
  const sleeping = sleep(600_000, waking.signal);
  waking.abort(reason);
  await expect(sleeping).rejects.toBe(reason);
  await expect(sleep(1, waking.signal)).rejects.toBe(reason);
});

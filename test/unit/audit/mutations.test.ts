import { beforeAll, describe, expect, it } from 'vitest';
import { isMissed, judged, mutations, numbersFrom, victim, type Victim } from '../../support/mutations.ts';

const EACH = 60;
let log: Victim;

beforeAll(async () => {
  log = await victim();
});

describe('a log that was mutated at random', () => {
  it('is not mistaken for the one it was made from', async () => {
    expect(await judged(Buffer.from(log.text), log, true)).toMatchObject({ kind: 'complete' });
    expect(await judged(Buffer.from(log.text), log, false)).toMatchObject({ kind: 'unknown' });
  });

  it.each(Object.entries(mutations))(
    'is found out every time: %s',
    async (name, mutation) => {
      const draw = numbersFrom(name.length);
      let made = 0;
      while (made < EACH) {
        const changed = mutation.make(log, draw);
        if (changed === undefined) continue;
        made += 1;
        expect(await isMissed(changed, log, mutation), `number ${made}`).toBe(false);
      }
    },
    120_000,
  );
});

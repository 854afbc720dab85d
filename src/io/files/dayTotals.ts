import { mkdir, readdir, readFile, rename, rm, unlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { DayTotals } from '../../protocol/ports.ts';
import { dayUse, type DayUse } from '../../protocol/usage.ts';
import { isAbsent, troubleInWords } from './trouble.ts';

const KEPT_DAYS = 7;

/**
 * One small file a day and session, so that windows never write over each other's figures; the sum is what was used.
 * Each is written beside and renamed into place, so that a crash leaves the old or the new one.
 */
export function createDayTotals(folder: string, session: string): DayTotals {
  const nameOf = (day: number) => `${day}.${session}.json`;
  return {
    async others(day) {
      let used: DayUse = { tokens: 0, cost: 0, tokensFrom: 0, costFrom: 0 };
      let trouble: string | undefined;
      let names: readonly string[] = [];
      try {
        names = await readdir(folder);
      } catch (error) {
        if (!isAbsent(error))
          return { used, trouble: `What was used today cannot be read: ${troubleInWords(error)}.` };
      }
      for (const name of names) {
        const of = dayOf(name);
        if (of === undefined) continue;
        if (of < day - KEPT_DAYS) {
          await unlink(join(folder, name)).catch(() => undefined);
          continue;
        }
        if (of !== day || name === nameOf(day) || !name.endsWith('.json')) continue;
        const read = await useIn(join(folder, name));
        if (typeof read === 'string')
          trouble ??= `A part of what was used today cannot be read (${name}: ${read}), so it counts as nothing.`;
        else used = together(used, read);
      }
      return trouble === undefined ? { used } : { used, trouble };
    },

    async keep(day, own) {
      const file = join(folder, nameOf(day));
      const beside = `${file}.new`;
      try {
        await mkdir(folder, { recursive: true, mode: 0o700 });
        await writeFile(beside, JSON.stringify(own), { mode: 0o600, flush: true });
        await rename(beside, file);
        return undefined;
      } catch (error) {
        await rm(beside, { force: true }).catch(() => undefined);
        return `What was used today cannot be kept: ${troubleInWords(error)}.`;
      }
    },
  };
}

/** Undefined for what is not one of our files. One that is being written ends with `.new`. */
function dayOf(name: string): number | undefined {
  const day = /^(\d{1,9})\.[A-Za-z0-9_-]+\.json(?:\.new)?$/.exec(name)?.[1];
  return day === undefined ? undefined : Number(day);
}

/** What is wrong with it, where something is. */
async function useIn(file: string): Promise<DayUse | string> {
  try {
    const parsed = dayUse.safeParse(JSON.parse(await readFile(file, 'utf8')));
    return parsed.success ? parsed.data : 'it does not hold what it should';
  } catch (error) {
    return error instanceof SyntaxError ? 'it is not JSON' : troubleInWords(error);
  }
}

function together(one: DayUse, other: DayUse): DayUse {
  return {
    tokens: one.tokens + other.tokens,
    cost: one.cost + other.cost,
    tokensFrom: Math.max(one.tokensFrom, other.tokensFrom),
    costFrom: Math.max(one.costFrom, other.costFrom),
  };
}

import { lstatSync } from 'node:fs';
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { createDayTotals } from '../../../../src/io/files/dayTotals.ts';
import { temporaryFolder } from '../worldInFolder.ts';

const use = (tokens: number, cost = 0, tokensFrom = 0, costFrom = 0) => ({
  tokens,
  cost,
  tokensFrom,
  costFrom,
});

describe('what was used on a day', () => {
  it('is nothing at first, without a folder and without a word', async () => {
    const totals = createDayTotals(join(await temporaryFolder(), 'usage'), 'one');
    expect(await totals.others(100)).toEqual({ used: use(0) });
  });

  it('is the sum over sessions of that day, this one left out; it survives them', async () => {
    const folder = join(await temporaryFolder(), 'usage');
    const one = createDayTotals(folder, 'one');
    const two = createDayTotals(folder, 'two');
    expect(await one.keep(100, use(1))).toBeUndefined();
    expect(await one.keep(100, use(10, 0.5, 7, 1))).toBeUndefined();
    await two.keep(100, use(5, 0.25, 3, 2));
    await two.keep(101, use(1_000));
    expect(await one.others(100)).toEqual({ used: use(5, 0.25, 3, 2) });
    expect(await createDayTotals(folder, 'three').others(100)).toEqual({ used: use(15, 0.75, 7, 2) });
    expect(JSON.parse(await readFile(join(folder, '100.one.json'), 'utf8'))).toEqual(use(10, 0.5, 7, 1));
  });

  it.each([
    ['not JSON', '{"tokens": 5', 'it is not JSON'],
    ['empty', '', 'it is not JSON'],
    ['of another shape', '{"tokens": 5}', 'it does not hold what it should'],
    ['below nothing', JSON.stringify(use(-5)), 'it does not hold what it should'],
  ])('counts a part that is %s as nothing, and says so', async (_, text, because) => {
    const folder = await temporaryFolder();
    await writeFile(join(folder, '100.old.json'), text);
    await createDayTotals(folder, 'other').keep(100, use(3));
    expect(await createDayTotals(folder, 'one').others(100)).toEqual({
      used: use(3),
      trouble: `A part of what was used today cannot be read (100.old.json: ${because}), so it counts as nothing.`,
    });
  });

  it('says when it cannot be read or kept at all', async () => {
    const folder = await temporaryFolder();
    await writeFile(join(folder, 'usage'), 'a file in the place of the folder');
    const totals = createDayTotals(join(folder, 'usage'), 'one');
    expect(await totals.keep(100, use(1))).toContain('What was used today cannot be kept: ');
    await mkdir(join(folder, '100.one.json'));
    expect(await createDayTotals(folder, 'one').keep(100, use(1))).toContain('cannot be kept');
    expect(await readdir(folder)).not.toContain('100.one.json.new');
  });

  it('passes over what is half written or not ours, and removes what is long past', async () => {
    const folder = await temporaryFolder();
    for (const name of ['notes.txt', '100.two.json.new', '80.old.json', '80.old.json.new', '93.new.json'])
      await writeFile(join(folder, name), '{');
    expect(await createDayTotals(folder, 'one').others(100)).toEqual({ used: use(0) });
    expect((await readdir(folder)).sort()).toEqual(['100.two.json.new', '93.new.json', 'notes.txt']);
  });

  it.skipIf(process.platform === 'win32')('is for the user alone', async () => {
    const folder = join(await temporaryFolder(), 'usage');
    await createDayTotals(folder, 'one').keep(100, use(1));
    const modes = [folder, join(folder, '100.one.json')].map((path) => lstatSync(path).mode & 0o777);
    expect(modes).toEqual([0o700, 0o600]);
  });
});

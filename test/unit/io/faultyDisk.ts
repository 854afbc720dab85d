import { realDisk, type Disk } from '../../../src/io/files/disk.ts';

export type Fault = {
  /** Which call fails, counted from 1. */
  readonly at: number;
  readonly code: string;
  /** `once`: only that call. `stays`: every later call that writes as well. `crash`: nothing works from then on. */
  readonly how: 'once' | 'stays' | 'crash';
  /** A write gets half of its bytes down first. */
  readonly torn: boolean;
};

export type FaultyDisk = { readonly disk: Disk; calls(): readonly string[] };

/** The real disk, except that one call fails. Without a fault it only counts. */
export function faultyDisk(fault?: Fault): FaultyDisk {
  const calls: string[] = [];
  const strike = (name: string): 'works' | 'fails' => {
    calls.push(name);
    if (fault === undefined || calls.length < fault.at) return 'works';
    if (calls.length === fault.at) return 'fails';
    if (fault.how === 'crash') return 'fails';
    return fault.how === 'stays' && /^(writeNew|overwrite|makeFolder)$/.test(name) ? 'fails' : 'works';
  };
  const trouble = () => Object.assign(new Error(`injected ${fault?.code}`), { code: fault?.code });
  const isTorn = () => fault?.torn === true && calls.length === fault.at;

  const guarded =
    <Arguments extends readonly unknown[], Result>(
      name: string,
      act: (...given: Arguments) => Promise<Result>,
    ) =>
    async (...given: Arguments): Promise<Result> => {
      if (strike(name) === 'fails') throw trouble();
      return act(...given);
    };
  return {
    calls: () => calls,
    disk: {
      stats: guarded('stats', realDisk.stats),
      async writeNew(path, bytes, mode, owner) {
        if (strike('writeNew') === 'works') return realDisk.writeNew(path, bytes, mode, owner);
        if (isTorn()) await realDisk.writeNew(path, bytes.subarray(0, bytes.length / 2), mode, owner);
        throw trouble();
      },
      async overwrite(path, bytes, mode) {
        if (strike('overwrite') === 'works') return realDisk.overwrite(path, bytes, mode);
        if (isTorn()) await tear(path, bytes);
        throw trouble();
      },
      setTimes: guarded('setTimes', realDisk.setTimes),
      rename: guarded('rename', realDisk.rename),
      unlink: guarded('unlink', realDisk.unlink),
      makeFolder: guarded('makeFolder', realDisk.makeFolder),
      removeFolder: guarded('removeFolder', realDisk.removeFolder),
    },
  };
}

/** What a write that was cut off leaves: the first half new, the rest as it was, not cut to its length. */
async function tear(path: string, bytes: Uint8Array): Promise<void> {
  const { open } = await import('node:fs/promises');
  const handle = await open(path, 'r+');
  await handle.write(bytes, 0, Math.floor(bytes.length / 2), 0);
  await handle.close();
}

import type { ProgramFamily, ProgramSpec } from './programSpec.ts';
import { filePrograms } from './programs/filePrograms.ts';
import { gitPrograms } from './programs/gitPrograms.ts';
import { archivePrograms } from './programs/archivePrograms.ts';
import { buildPrograms } from './programs/buildPrograms.ts';
import { netPrograms } from './programs/netPrograms.ts';
import { packagePrograms } from './programs/packagePrograms.ts';
import { scriptPrograms } from './programs/scriptPrograms.ts';
import { searchPrograms } from './programs/searchPrograms.ts';
import { streamEditors } from './programs/streamEditors.ts';
import { textPrograms } from './programs/textPrograms.ts';
import { wrapperPrograms } from './programs/wrapperPrograms.ts';

/** Part of the policy's digest; to be raised whenever a specification changes what a verdict rests on. */
export const programsVersion = 1;

/** Every program that is understood. A name stands in one family only. */
export const programFamilies: readonly ProgramFamily[] = [
  filePrograms,
  gitPrograms,
  archivePrograms,
  buildPrograms,
  netPrograms,
  packagePrograms,
  scriptPrograms,
  searchPrograms,
  streamEditors,
  textPrograms,
  wrapperPrograms,
];

const byName = new WeakMap<readonly ProgramFamily[], ReadonlyMap<string, ProgramSpec>>();

/** The specification of a program by the name it is called by: exact, without a folder. */
export function specOf(
  name: string,
  families: readonly ProgramFamily[] = programFamilies,
): ProgramSpec | undefined {
  let specs = byName.get(families);
  if (specs === undefined) {
    specs = new Map(
      families.flatMap(({ programs }) =>
        programs.flatMap((spec) => spec.names.split(' ').map((one) => [one, spec] as const)),
      ),
    );
    byName.set(families, specs);
  }
  return specs.get(name);
}

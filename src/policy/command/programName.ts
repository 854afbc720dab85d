import { known } from './marks.ts';

/** The name a program is known by: no folder, no extension of Windows, lower case. */
export function programName(word: string): string {
  const name = known(word).split(/[\\/]/).at(-1) ?? '';
  return name.toLowerCase().replace(/\.(?:exe|com|cmd|bat|ps1)$/, '');
}

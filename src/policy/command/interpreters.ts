import type { CommandLine } from '../../protocol/command.ts';
import type { GivenCode } from './codeGiven.ts';
import { startLocation } from './target.ts';
import { walkLine, type Site } from './walk.ts';

/**
 * Says which interpreter is handed code on its command line or its standard input, wrappers and nesting seen through;
 * nothing when none is.
 */
export function interpreterWithCode(line: CommandLine): string | undefined {
  let because: string | undefined;
  const visit = (site: Site): void => {
    if (site.kind === 'code' && !site.code.little && site.code.how !== 'file')
      because ??= sentence(site.code);
  };
  walkLine(line.text, startLocation('', { roots: [], ownFolders: [] }), visit);
  return because;
}

function sentence({ language, how }: GivenCode): string {
  const where = how === 'input' ? 'its standard input' : 'its command line';
  return `code is handed to ${language} on ${where}`;
}

import type { PatternPart } from './command.ts';

/** The part as it stands, without its quotes, in a word that matched nothing. */
export function partAsWritten(part: PatternPart): string {
  switch (part.kind) {
    case 'text':
      return part.text;
    case 'home':
      return '~';
    case 'many':
      return '*';
    case 'one':
      return '?';
    case 'set':
      return part.written;
  }
}

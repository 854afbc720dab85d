/** What a stretch of code is; each has a colour of the editor's theme. */
export type TokenKind = 'keyword' | 'string' | 'number' | 'comment' | 'type' | 'name';

/** Columns [from, to) of a line. */
export type Token = { readonly from: number; readonly to: number; readonly kind: TokenKind };

const KINDS: { readonly [scope: string]: TokenKind | undefined } = {
  keyword: 'keyword',
  literal: 'keyword',
  'selector-tag': 'keyword',
  meta: 'keyword',
  string: 'string',
  regexp: 'string',
  symbol: 'string',
  number: 'number',
  comment: 'comment',
  quote: 'comment',
  type: 'type',
  built_in: 'type',
  tag: 'type',
  attr: 'name',
  attribute: 'name',
  property: 'name',
  section: 'name',
  title: 'name',
};
const PIECE = /<span class="(?:hljs-)?([^" ]*)[^"]*">|<\/span>|&(amp|lt|gt|quot|#x27);|([^<&]+)/g;
const ENTITIES: { readonly [name: string]: string | undefined } = {
  amp: '&',
  lt: '<',
  gt: '>',
  quot: '"',
  '#x27': "'",
};

/**
 * The coloured stretches of each line, read from what the highlighter wrote about `text`. Undefined where that is not
 * about exactly this text: then nothing is coloured. What was read is never drawn, only columns come of it.
 */
export function syntaxTokens(marked: string, text: string): readonly (readonly Token[])[] | undefined {
  const lines: Token[][] = [[]];
  const open: (TokenKind | undefined)[] = [];
  let read = 0;
  let column = 0;
  const add = (piece: string): boolean => {
    if (!text.startsWith(piece, read)) return false;
    read += piece.length;
    const kind = open.at(-1);
    for (const [at, part] of piece.split('\n').entries()) {
      if (at > 0) {
        lines.push([]);
        column = 0;
      }
      if (kind !== undefined && part !== '') addToken(lines.at(-1) ?? [], column, column + part.length, kind);
      column += part.length;
    }
    return true;
  };
  for (const [piece, scope, entity, plain] of marked.matchAll(PIECE)) {
    if (piece === '</span>') open.pop();
    // What stands inside a string but is code again has no colour of its own.
    else if (scope !== undefined) open.push(scope === 'subst' ? undefined : (KINDS[scope] ?? open.at(-1)));
    else if (!add(plain ?? ENTITIES[entity ?? ''] ?? '')) return undefined;
  }
  return read === text.length ? lines : undefined;
}

function addToken(line: Token[], from: number, to: number, kind: TokenKind): void {
  const last = line.at(-1);
  if (last?.to === from && last.kind === kind) line[line.length - 1] = { from: last.from, to, kind };
  else line.push({ from, to, kind });
}

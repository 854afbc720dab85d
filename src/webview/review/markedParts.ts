import type { Token, TokenKind } from './syntaxTokens.ts';

/** A stretch of a line: plain, one that differs from the other side, or the name of a character that could not be seen. */
export type MarkedPart = { readonly kind: 'plain' | 'differs' | 'unseen'; readonly text: string };

type Marks = readonly (readonly [number, number])[];

/** The host puts names between these two; neither can come from a file. */
const NAMED = /\u0002([^\u0003]*)\u0003/g;

/** Splits a line for drawing. A name is never cut in two, wherever the marks are. */
export function markedParts(text: string, marks: Marks): readonly MarkedPart[] {
  const parts: MarkedPart[] = [];
  let from = 0;
  for (const match of text.matchAll(NAMED)) {
    addMarked(parts, text, marks, from, match.index);
    parts.push({ kind: 'unseen', text: match[1] ?? '' });
    from = match.index + match[0].length;
  }
  addMarked(parts, text, marks, from, text.length);
  return parts;
}

function addMarked(parts: MarkedPart[], text: string, marks: Marks, from: number, to: number): void {
  let at = from;
  const add = (kind: MarkedPart['kind'], until: number) => {
    if (until > at) parts.push({ kind, text: text.slice(at, until) });
    at = Math.max(at, until);
  };
  for (const [start, end] of marks) {
    if (end <= from || start >= to) continue;
    add('plain', start);
    add('differs', Math.min(end, to));
  }
  add('plain', to);
}

export type ColouredPart = MarkedPart & { readonly colour?: TokenKind };

/** The same parts, cut where a colour begins or ends; `tokens` are columns of the whole line, in order. */
export function coloured(parts: readonly MarkedPart[], tokens: readonly Token[]): readonly ColouredPart[] {
  if (tokens.length === 0) return parts;
  const cut: ColouredPart[] = [];
  let at = 0;
  for (const part of parts) {
    // A name stands between two signs of ours, which are not drawn.
    const length = part.kind === 'unseen' ? part.text.length + 2 : part.text.length;
    if (part.kind === 'unseen') cut.push(part);
    else cut.push(...cutAt(part, at, tokens));
    at += length;
  }
  return cut;
}

function cutAt({ kind, text }: MarkedPart, start: number, tokens: readonly Token[]): readonly ColouredPart[] {
  const cut: ColouredPart[] = [];
  let at = 0;
  const add = (until: number, colour?: TokenKind) => {
    if (until > at)
      cut.push({ kind, text: text.slice(at, until), ...(colour === undefined ? {} : { colour }) });
    at = Math.max(at, until);
  };
  for (const token of tokens) {
    const [from, to] = [token.from - start, token.to - start];
    if (to <= at || from >= text.length) continue;
    add(from);
    add(Math.min(to, text.length), token.kind);
  }
  add(text.length);
  return cut;
}

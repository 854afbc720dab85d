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

/** A stretch of a line: plain, one that differs from the other side, or the name of a character that could not be seen. */
export type MarkedPart = { readonly kind: 'plain' | 'differs' | 'unseen'; readonly text: string };

/** The host puts names between these two; neither can come from a file. */
const NAMED = /\u0002([^\u0003]*)\u0003/g;

/** Splits a line for drawing; joined again, without the delimiters, the parts are the line. */
export function markedParts(
  text: string,
  marks: readonly (readonly [number, number])[],
): readonly MarkedPart[] {
  const parts: MarkedPart[] = [];
  let from = 0;
  for (const [start, end] of marks) {
    named(parts, text.slice(from, start), 'plain');
    named(parts, text.slice(start, end), 'differs');
    from = end;
  }
  named(parts, text.slice(from), 'plain');
  return parts;
}

function named(parts: MarkedPart[], text: string, kind: 'plain' | 'differs'): void {
  let from = 0;
  for (const match of text.matchAll(NAMED)) {
    if (match.index > from) parts.push({ kind, text: text.slice(from, match.index) });
    parts.push({ kind: 'unseen', text: match[1] ?? '' });
    from = match.index + match[0].length;
  }
  if (from < text.length) parts.push({ kind, text: text.slice(from) });
}

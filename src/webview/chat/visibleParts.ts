/** A stretch of text, or the code point of a character that could not be seen in it. */
export type VisiblePart = { readonly kind: 'text' | 'unseen'; readonly text: string };

const UNSEEN = /[\p{Cc}\p{Cf}\p{Co}\p{Cn}\p{Cs}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}]|(?! )\p{Zs}/gu;

/** Splits text so that control, bidirectional, invisible and odd space characters can be drawn; line breaks stay. */
export function visibleParts(text: string): readonly VisiblePart[] {
  const parts: VisiblePart[] = [];
  let from = 0;
  for (const match of text.matchAll(UNSEEN)) {
    if (match[0] === '\n') continue;
    if (match.index > from) parts.push({ kind: 'text', text: text.slice(from, match.index) });
    parts.push({ kind: 'unseen', text: codePoint(match[0]) });
    from = match.index + match[0].length;
  }
  if (from < text.length) parts.push({ kind: 'text', text: text.slice(from) });
  return parts;
}

/** Letters outside ASCII, each once: they may look like others. */
export function foreignLetters(text: string): readonly string[] {
  const letters = new Set(text.match(/(?![A-Za-z])\p{L}/gu) ?? []);
  return [...letters].map((letter) => `${letter} (${codePoint(letter)})`);
}

function codePoint(character: string): string {
  return `U+${(character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}`;
}

import { hiddenCharacters } from './hiddenCharacters.ts';

/**
 * Around what stands in place of a hidden character. Neither can come from the text itself, because control characters
 * are replaced too: what lies between them was put there by us, and a page draws it apart.
 */
const OPEN = '\u0002';
const CLOSE = '\u0003';

/** Text in which everything hidden has become a mark with its name: `U+202E` between U+0002 and U+0003. */
export function visibleText(text: string): string {
  return visibleWithColumns(text).text;
}

export function mark(name: string): string {
  return `${OPEN}${name}${CLOSE}`;
}

/** The same, with a function from columns of the text to columns of what it became. */
export function visibleWithColumns(text: string): { text: string; column: (at: number) => number } {
  const hidden = hiddenCharacters(text);
  if (hidden.length === 0) return { text, column: (at) => at };
  let visible = '';
  let from = 0;
  const shifts: { readonly at: number; readonly by: number }[] = [];
  for (const { at, length, code, why } of hidden) {
    // A look-alike stays in sight beside its name; everything else gives way to it.
    const kept = why === 'look-alike' ? text.slice(at, at + length) : '';
    visible += text.slice(from, at) + kept + mark(code);
    from = at + length;
    shifts.push({ at: from, by: visible.length - from });
  }
  visible += text.slice(from);
  return { text: visible, column: (at) => at + (shifts.findLast((shift) => shift.at <= at)?.by ?? 0) };
}

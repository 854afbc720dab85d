/** Where a literal stands, and which one. */
export type LiteralMatch = { readonly from: number; readonly literal: string };

const SLOTS = 1 << 16;
const SHORTEST = 3;

/**
 * Finds where one of the literals stands, the longest at each place, whatever the case of its ASCII letters. Literals are
 * in small letters and have three characters or more. Two of three places are passed over at a glance.
 */
export function literalMatcher(literals: readonly string[]): (text: string) => readonly LiteralMatch[] {
  const shifts = new Uint8Array(SLOTS).fill(SHORTEST - 1);
  const begins = new Uint8Array(SLOTS);
  const byBeginning = new Map<number, string[]>();
  for (const literal of [...literals].sort((one, other) => other.length - one.length)) {
    const [first, second, third] = [folded(literal, 0), folded(literal, 1), folded(literal, 2)];
    const near = pairSlot(first, second);
    shifts[near] = Math.min(shifts[near] ?? 0, 1);
    shifts[pairSlot(second, third)] = 0;
    const slot = tripleSlot(first, second, third);
    begins[slot] = 1;
    byBeginning.set(slot, [...(byBeginning.get(slot) ?? []), literal]);
  }
  return (text) => {
    const matches: LiteralMatch[] = [];
    for (let at = 0; at + SHORTEST <= text.length;) {
      const second = folded(text, at + 1);
      const third = folded(text, at + 2);
      const shift = shifts[pairSlot(second, third)] ?? 0;
      if (shift > 0) {
        at += shift;
        continue;
      }
      const slot = tripleSlot(folded(text, at), second, third);
      if (begins[slot] === 1) {
        const literal = byBeginning.get(slot)?.find((one) => standsAt(text, at, one));
        if (literal !== undefined) matches.push({ from: at, literal });
      }
      at += 1;
    }
    return matches;
  };
}

function standsAt(text: string, at: number, literal: string): boolean {
  if (at + literal.length > text.length) return false;
  for (let n = 0; n < literal.length; n += 1) {
    const code = text.charCodeAt(at + n);
    const small = code >= 65 && code <= 90 ? code + 32 : code;
    if (small !== literal.charCodeAt(n)) return false;
  }
  return true;
}

/** Capitals become small letters; that some signs become others as well only costs a closer look. */
function folded(text: string, at: number): number {
  return text.charCodeAt(at) | 32;
}

function pairSlot(first: number, second: number): number {
  return (first * 251 + second) & (SLOTS - 1);
}

function tripleSlot(first: number, second: number, third: number): number {
  return (first * 8_209 + second * 131 + third) & (SLOTS - 1);
}

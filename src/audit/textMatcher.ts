/** Where one of the sought texts stands, both ends as in `slice`. */
export type Match = { readonly from: number; readonly to: number };

const BLOCK = 2;
const SLOTS = 1 << 16;

/**
 * Finds every place where one of `texts` stands, the longest at each place, in one pass that skips most characters
 * (Wu and Manber's search). All texts must be at least `shortest` characters long.
 */
export function textMatcher(texts: readonly string[], shortest: number): (text: string) => readonly Match[] {
  const furthest = shortest - BLOCK + 1;
  const shifts = new Uint8Array(SLOTS).fill(Math.min(255, furthest));
  const endings = new Map<number, string[]>();
  for (const sought of [...new Set(texts)].sort((one, other) => other.length - one.length)) {
    for (let at = 0; at <= shortest - BLOCK; at += 1) {
      const slot = slotOf(sought.charCodeAt(at), sought.charCodeAt(at + 1));
      const shift = shortest - BLOCK - at;
      if (shift < (shifts[slot] ?? 0)) shifts[slot] = shift;
    }
    const slot = slotOf(sought.charCodeAt(shortest - 2), sought.charCodeAt(shortest - 1));
    endings.set(slot, [...(endings.get(slot) ?? []), sought]);
  }
  return (text) => {
    const matches: Match[] = [];
    for (let at = 0; at + shortest <= text.length;) {
      const slot = slotOf(text.charCodeAt(at + shortest - 2), text.charCodeAt(at + shortest - 1));
      const shift = shifts[slot] ?? 1;
      if (shift > 0) {
        at += shift;
        continue;
      }
      const found = endings.get(slot)?.find((sought) => text.startsWith(sought, at));
      if (found !== undefined) matches.push({ from: at, to: at + found.length });
      at += 1;
    }
    return matches;
  };
}

function slotOf(first: number, second: number): number {
  return (first * 251 + second) & (SLOTS - 1);
}

const MOST_LINES_LOOKED_AT = 50_000;
const MOST_LINES_SHOWN = 12;

/** One or two sentences that show the passage a missing text most likely meant, with its line numbers. */
export function nearestText(text: string, wanted: string): string {
  const lines = text.split(/\r?\n/, MOST_LINES_LOOKED_AT);
  const wantedLines = wanted.split(/\r?\n/);
  const anchor = wantedLines.findIndex((line) => line.trim() !== '');
  if (anchor === -1) return 'It is only white space; give it with the lines around it.';
  const found = closestLine(lines, wantedLines[anchor] ?? '');
  if (found === undefined) return 'Nothing in the file looks like it; read the file again.';
  const first = Math.max(0, found - anchor);
  const shown = lines.slice(first, first + Math.min(wantedLines.length, MOST_LINES_SHOWN));
  const reason = sameButForSpace(shown, wantedLines) ? 'It differs only in white space. ' : '';
  return `${reason}The nearest text is at line ${first + 1}:\n${shown.join('\n')}`;
}

function sameButForSpace(shown: readonly string[], wanted: readonly string[]): boolean {
  const squeeze = (lines: readonly string[]) => lines.join(' ').replace(/\s+/g, ' ').trim();
  return squeeze(shown) === squeeze(wanted);
}

function closestLine(lines: readonly string[], wanted: string): number | undefined {
  const pairs = pairsOf(wanted);
  let best: number | undefined;
  let bestScore = 0.4;
  for (const [index, line] of lines.entries()) {
    const score = likeness(pairs, pairsOf(line));
    if (score <= bestScore) continue;
    best = index;
    bestScore = score;
  }
  return best;
}

/** Pairs of neighbouring characters without white space; long lines are judged by their beginning. */
function pairsOf(line: string): Set<string> {
  const dense = line.replace(/\s+/g, '').slice(0, 200);
  const pairs = new Set<string>(dense.length === 1 ? [dense] : []);
  for (let at = 0; at + 1 < dense.length; at += 1) pairs.add(dense.slice(at, at + 2));
  return pairs;
}

/** Sørensen and Dice's measure, 0 to 1. */
function likeness(one: Set<string>, other: Set<string>): number {
  if (one.size === 0 || other.size === 0) return 0;
  return (2 * one.intersection(other).size) / (one.size + other.size);
}

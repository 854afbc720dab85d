/** Stretches of something, as shares of its height from 0 to 1, in order and apart from each other. */
export type Coverage = readonly (readonly [from: number, to: number])[];

/** What is left over by rounding and by half a line at a border. */
const SLACK = 0.01;

export function covered(coverage: Coverage, from: number, to: number): Coverage {
  if (to <= from) return coverage;
  const joined: [number, number] = [from, to];
  const apart: (readonly [number, number])[] = [];
  for (const stretch of coverage) {
    if (stretch[1] < joined[0] - SLACK || stretch[0] > joined[1] + SLACK) {
      apart.push(stretch);
      continue;
    }
    joined[0] = Math.min(joined[0], stretch[0]);
    joined[1] = Math.max(joined[1], stretch[1]);
  }
  return [...apart, joined].sort((a, b) => a[0] - b[0]);
}

export function isComplete(coverage: Coverage): boolean {
  const [first] = coverage;
  return coverage.length === 1 && first !== undefined && first[0] <= SLACK && first[1] >= 1 - SLACK;
}

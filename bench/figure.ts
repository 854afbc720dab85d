/** One measured number with what it must not pass. `missed` is told, never hidden. */
export type Figure = {
  readonly figure: string;
  readonly value: number;
  readonly unit: 'ms' | 'bytes' | 'MB' | 'tokens' | 'ratio' | 'count' | 'per second';
  readonly budget?: number;
  /** What it must reach, for figures of which more is better. */
  readonly atLeast?: number;
  /** The same figure of other agents, measured the same way; see docs/benchmarks.md. */
  readonly peers?: { readonly [agent: string]: number };
};

export function printFigure({ figure, value, unit, budget, atLeast, peers }: Figure): void {
  const rounded = Math.round(value * 100) / 100;
  const verdict = budget === undefined ? {} : { budget, met: value <= budget };
  const reached = atLeast === undefined ? {} : { atLeast, met: value >= atLeast };
  process.stdout.write(
    `${JSON.stringify({ figure, value: rounded, unit, ...verdict, ...reached, ...(peers === undefined ? {} : { peers }) })}\n`,
  );
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((one, other) => one - other);
  const middle = sorted.length >> 1;
  const upper = sorted[middle] ?? Number.NaN;
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? Number.NaN) + upper) / 2;
}

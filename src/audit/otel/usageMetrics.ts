import { attributesOf, nanos, type Histogram, type HistogramPoint, type Said } from './otlp.ts';

/** The bounds that the GenAI conventions advise. */
const TOKENS = Array.from({ length: 14 }, (_, power) => 4 ** power);
const SECONDS = Array.from({ length: 14 }, (_, power) => 2 ** power / 100);

type Counted = { said: Said; count: number; sum: number; min: number; max: number; buckets: number[] };

/** Tokens and durations of a session's inferences, summed up. Grows with the number of models, not of inferences. */
export function usageMetrics() {
  const tokens = new Map<string, Counted>();
  const durations = new Map<string, Counted>();
  return {
    tokens: (said: Said, count: number) => add(tokens, TOKENS, said, count),
    seconds: (said: Said, seconds: number) => add(durations, SECONDS, said, seconds),
    histograms(from: string, to: string): readonly Histogram[] {
      const made = (
        name: string,
        description: string,
        unit: string,
        all: Map<string, Counted>,
        bounds: number[],
      ) => {
        const dataPoints = [...all.values()].map((one) => pointOf(one, bounds, from, to));
        return { name, description, unit, histogram: { aggregationTemporality: 2 as const, dataPoints } };
      };
      return [
        made(
          'gen_ai.client.token.usage',
          'Number of input and output tokens used.',
          '{token}',
          tokens,
          TOKENS,
        ),
        made('gen_ai.client.operation.duration', 'GenAI operation duration.', 's', durations, SECONDS),
      ].filter(({ histogram }) => histogram.dataPoints.length > 0);
    },
  };
}

function add(all: Map<string, Counted>, bounds: readonly number[], said: Said, value: number): void {
  const key = JSON.stringify(said);
  const empty = {
    count: 0,
    sum: 0,
    min: value,
    max: value,
    buckets: Array<number>(bounds.length + 1).fill(0),
  };
  const counted = all.get(key) ?? { said, ...empty };
  all.set(key, counted);
  const above = bounds.findIndex((bound) => value <= bound);
  const bucket = above === -1 ? bounds.length : above;
  counted.buckets[bucket] = (counted.buckets[bucket] ?? 0) + 1;
  counted.count += 1;
  counted.sum += value;
  counted.min = Math.min(counted.min, value);
  counted.max = Math.max(counted.max, value);
}

function pointOf(
  { said, count, buckets, ...rest }: Counted,
  bounds: readonly number[],
  from: string,
  to: string,
): HistogramPoint {
  return {
    attributes: attributesOf(said),
    startTimeUnixNano: nanos(from),
    timeUnixNano: nanos(to),
    count: String(count),
    ...rest,
    bucketCounts: buckets.map(String),
    explicitBounds: bounds,
  };
}

import { SOURCES } from '../windowSources.ts';
import type { Plot, Series } from './plots.ts';
import type { SessionSummary, WindowLine } from './sessionSummary.ts';

/** No plot has more places: more could not be seen. */
const MOST_PLACES = 400;
const MOST_RULES = 20;

export type TitledPlot = { readonly title: string; readonly plot: Plot };

/** The plots of a report, those that have something to show. */
export function sessionPlots(summary: SessionSummary): readonly TitledPlot[] {
  const plots = [compositionOf(summary), decisionsOf(summary), approvalsOf(summary), ...answersOf(summary)];
  return plots.filter(({ plot }) =>
    plot.series.some(({ values }) => values.some((value) => value !== null && value > 0)),
  );
}

function compositionOf({ windows }: SessionSummary): TitledPlot {
  const seen = thinned(windows);
  return {
    title: 'What each window was made of, in KiB by who put it there',
    plot: {
      kind: 'areas',
      places: seen.map(({ n }) => String(n)),
      placeName: 'window',
      valueName: 'KiB',
      series: SOURCES.map((source) => ({
        name: source,
        colour: `var(--${source})`,
        values: seen.map(({ sources }) => Math.round((10 * sources[source]) / 1024) / 10),
      })),
    },
  };
}

function decisionsOf({ decisions }: SessionSummary): TitledPlot {
  const rules = new Map<string, Record<string, number>>();
  for (const { rule, verdict } of decisions) {
    const counts = rules.get(rule) ?? {};
    counts[verdict] = (counts[verdict] ?? 0) + 1;
    rules.set(rule, counts);
  }
  const total = (counts: Record<string, number>) =>
    Object.values(counts).reduce((sum, count) => sum + count, 0);
  const all = [...rules].sort(([, one], [, other]) => total(other) - total(one)).slice(0, MOST_RULES);
  return {
    title:
      rules.size > MOST_RULES ? `Decisions by rule, the ${MOST_RULES} most frequent` : 'Decisions by rule',
    plot: {
      kind: 'rows',
      places: all.map(([rule]) => rule.slice(0, 30)),
      placeName: 'rule',
      valueName: 'decisions',
      series: ['allow', 'ask', 'deny'].map((verdict) => ({
        name: verdict,
        colour: `var(--${verdict})`,
        values: all.map(([, counts]) => counts[verdict] ?? 0),
      })),
    },
  };
}

const SPANS: readonly (readonly [label: string, below: number])[] = [
  ['< 1 s', 1_000],
  ['1–2 s', 2_000],
  ['2–5 s', 5_000],
  ['5–10 s', 10_000],
  ['10–30 s', 30_000],
  ['30–60 s', 60_000],
  ['1–5 min', 300_000],
  ['> 5 min', Number.POSITIVE_INFINITY],
];

function approvalsOf({ decisions }: SessionSummary): TitledPlot {
  const answers = decisions.flatMap(({ answer }) => answer ?? []);
  return {
    title: 'How long people took to answer',
    plot: {
      kind: 'bars',
      places: SPANS.map(([label]) => label),
      placeName: 'from the card on the screen to the answer',
      valueName: 'answers',
      series: [
        {
          name: 'answers',
          colour: 'var(--ask)',
          values: SPANS.map(
            ([, below], at) =>
              answers.filter(({ ms }) => ms < below && ms >= (SPANS[at - 1]?.[1] ?? 0)).length,
          ),
        },
      ],
    },
  };
}

function answersOf({ windows }: SessionSummary): readonly TitledPlot[] {
  const seen = thinned(windows);
  const over = (title: string, valueName: string, series: readonly Series[]): TitledPlot => ({
    title,
    plot: { kind: 'lines', places: seen.map(({ n }) => String(n)), placeName: 'window', valueName, series },
  });
  const tokens = (name: string, colour: string, of: (usage: NonNullable<WindowLine['usage']>) => number) => ({
    name,
    colour,
    values: seen.map(({ usage }) => (usage === undefined ? null : of(usage))),
  });
  return [
    over('Tokens of each request, as the endpoint counted them', 'tokens', [
      tokens('input', 'var(--user)', ({ input }) => input),
      tokens('of these cached', 'var(--workspace)', ({ cached }) => cached),
      tokens('output', 'var(--assistant)', ({ output }) => output),
    ]),
    over('How long the model took', 'seconds', [
      {
        name: 'latency',
        colour: 'var(--system)',
        values: seen.map(({ ms }) => (ms === undefined ? null : ms / 1_000)),
      },
    ]),
  ];
}

/** Evenly fewer windows, the first and the last among them. */
function thinned(windows: readonly WindowLine[]): readonly WindowLine[] {
  const step = Math.ceil(windows.length / MOST_PLACES);
  return windows.filter((_, at) => at % step === 0 || at === windows.length - 1);
}

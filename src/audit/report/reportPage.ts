import { digestOf } from '../../protocol/digest.ts';
import type { AuditRecord } from '../../protocol/record.ts';
import type { SoundLog } from '../auditReader.ts';
import { recordTitle, recordWords } from '../recordWords.ts';
import { SOURCES } from '../windowSources.ts';
import { drawn, markup, type Html } from './html.ts';
import { REPORT_STYLE } from './reportStyle.ts';
import type { Plot } from './plots.ts';
import { sessionPlots } from './sessionPlots.ts';
import type { DecisionLine, SessionSummary, WindowLine } from './sessionSummary.ts';

/** What a million tokens cost, in whatever currency was meant. */
export type Prices = { readonly input: number; readonly cached: number; readonly output: number };

export type Report = {
  readonly log: SoundLog;
  readonly completeness: { readonly kind: 'complete' | 'unknown'; readonly because: string };
  readonly summary: SessionSummary;
  readonly prices: Prices | undefined;
  readonly draw: (plots: readonly Plot[]) => readonly string[];
  /** Every record of the log once more, in order. */
  readonly records: AsyncIterable<AuditRecord>;
};

/** Kinds whose records a report holds in full. Windows and their items are as large as the log; the log has them. */
const WHOLE: readonly AuditRecord['kind'][] = [
  ...(['session.opened', 'proposed', 'decided', 'shown', 'answered', 'checkpointed', 'performing'] as const),
  ...(['performed', 'turn', 'trust.changed', 'policy.changed', 'alert', 'gap', 'key.rotated'] as const),
  'session.closed',
];

/**
 * A session told to somebody who was not there: one page that asks nothing of anybody, runs nothing and looks nothing
 * up. In pieces, since the records of a long session need not stand in memory.
 */
export async function* reportPage(report: Report): AsyncGenerator<string> {
  const { log, summary } = report;
  yield `<!doctype html>\n<html lang="en">\n`;
  yield headOf(log.session).source;
  yield markup`<body>
    <main>${introOf(report)}${notableOf(summary)}</main>
  </body>`.source;
  yield plotsOf(report).source;
  yield markup`<h2 id="decisions">Decisions</h2>
    <p>Each leads to its record.</p>`.source;
  yield* table(DECISION_HEAD, summary.decisions, decisionRow);
  yield markup`<h2 id="windows">Windows</h2>
    <p>
      Every request to a model, with who put how much into it, in bytes.
      <code>warrant window FILE N</code> prints one exactly as it was sent,
      <code>warrant diff FILE N M</code> compares two.
    </p>`.source;
  yield* table(WINDOW_HEAD, summary.windows, windowRow);
  yield markup`<h2 id="records">Records</h2>
    <p>
      Whole, in the order of the log. Windows, what stands in them, answers of the model and seals are left to
      the log itself.
    </p>`.source;
  for await (const record of report.records) {
    if (!WHOLE.includes(record.kind)) continue;
    const [, ...words] = recordWords(record, () => undefined).split('\n');
    yield markup`<article id="r${record.seq}">
      <h3>${recordTitle(record)}</h3>
      <pre>${words.join('\n')}</pre>
    </article>
`.source;
  }
  yield '</main></body>\n</html>\n';
}

function headOf(session: string): Html {
  const hash = Buffer.from(digestOf(REPORT_STYLE), 'base64url').toString('base64');
  const policy = `default-src 'none'; style-src 'sha256-${hash}'; base-uri 'none'; form-action 'none'`;
  return markup`<head>
    <meta charset="utf-8" />
    <meta http-equiv="Content-Security-Policy" content="${drawn(policy)}" />
    <meta name="viewport" content="width=device-width" />
    <meta name="referrer" content="no-referrer" />
    <title>Session ${session}</title>
    <style>${drawn(REPORT_STYLE)}</style>
  </head> `;
}

function introOf({ log, completeness, summary, prices }: Report): Html {
  const { opened, windows, decisions } = summary;
  const told: [string, string][] = [
    ['Began', summary.begun],
    ['Last record', summary.ended],
    [
      'Workspace',
      opened === undefined ? '' : `${opened.roots.join(', ')} (${opened.trusted ? 'trusted' : 'restricted'})`,
    ],
    ['Model', opened === undefined ? '' : `${opened.model} at ${opened.endpoint}`],
    ['Warrant', opened === undefined ? '' : `${opened.version} on ${opened.platform}`],
    ['Rules in force', opened?.policy ?? ''],
    ['Turns', String(windows.at(-1)?.turn ?? 0)],
    ['Windows', String(windows.length)],
    ['Decisions', countsOf(decisions)],
    ['Answers by people', answersOf(decisions)],
    ['Tokens', tokensOf(windows)],
    ['Cost', costOf(windows, prices)],
    ['Records', String(log.records)],
    ['Head', log.head],
    ['Sealed with', log.seals.keys.map(({ publicKey }) => publicKey).join(', ') || 'nothing yet'],
  ];
  return markup`<h1>Session ${log.session}</h1>
    <div class="verdict ${completeness.kind}">
      <p>
        <strong>Integrity: sound.</strong> Every record, window and seal was checked when this report was
        made.
      </p>
      <p><strong>Completeness: ${completeness.kind}.</strong> ${completeness.because}</p>
    </div>
    <dl>
      ${told
        .filter(([, says]) => says !== '')
        .map(
          ([name, says]) =>
            markup`<dt>${name}</dt>
              <dd>${says}</dd> `,
        )}
    </dl> `;
}

function countsOf(decisions: readonly DecisionLine[]): string {
  const count = (verdict: string) => decisions.filter((line) => line.verdict === verdict).length;
  return `${decisions.length}: ${count('allow')} allowed by rule, ${count('ask')} asked, ${count('deny')} denied by rule`;
}

function answersOf(decisions: readonly DecisionLine[]): string {
  const times = decisions.flatMap(({ answer }) => answer?.ms ?? []).sort((one, other) => one - other);
  if (times.length === 0) return 'none';
  const half = times[times.length >> 1] ?? 0;
  return `${times.length}, half of them within ${seconds(half)}, the quickest after ${seconds(times[0] ?? 0)}`;
}

function tokensOf(windows: readonly WindowLine[]): string {
  const sum = sumOf(windows);
  if (sum.input + sum.output === 0) return 'the endpoint told none';
  return `${sum.input} read, ${sum.cached} of them cached; ${sum.output} written`;
}

function costOf(windows: readonly WindowLine[], prices: Prices | undefined): string {
  if (prices === undefined) return 'not known: prices stand in no record, --prices gives them';
  const { input, cached, output } = sumOf(windows);
  const cost = (input - cached) * prices.input + cached * prices.cached + output * prices.output;
  return `${(cost / 1e6).toFixed(4)} at ${prices.input} / ${prices.cached} / ${prices.output} a million tokens read / read cached / written`;
}

function sumOf(windows: readonly WindowLine[]): Prices {
  const sum = { input: 0, cached: 0, output: 0 };
  for (const { usage } of windows) {
    sum.input += usage?.input ?? 0;
    sum.cached += usage?.cached ?? 0;
    sum.output += usage?.output ?? 0;
  }
  return sum;
}

function notableOf({ notable }: SessionSummary): Html {
  if (notable.length === 0) return markup`<p>No alert, no gap, no change of rules or trust.</p>`;
  const rows = notable.map(
    ({ seq, time, kind, says }) =>
      markup`<tr>
        <td class="k">${linkTo(seq)}</td>
        <td class="k">${time}</td>
        <td>${kind}</td>
        <td>${says}</td>
      </tr>
`,
  );
  return markup`<h2 id="notable">Alerts, gaps and changes</h2>
    <div class="scroll">
      <table>
        <tbody>
          ${rows}
        </tbody>
      </table>
    </div>`;
}

function plotsOf({ summary, draw }: Report): Html {
  const plots = sessionPlots(summary);
  const svgs = draw(plots.map(({ plot }) => plot));
  const figures = plots.map(
    ({ title }, at) =>
      markup`<figure role="img" aria-label="${title}; the tables below hold the same numbers">
        <figcaption>${title}</figcaption>
        ${drawn(svgs[at] ?? '')}
      </figure> `,
  );
  return markup`${figures}`;
}

function* table<Row>(
  head: readonly string[],
  rows: readonly Row[],
  told: (row: Row) => Html,
): Generator<string> {
  yield markup`<div class="scroll">
    <table>
      <thead>
        <tr>
          ${head.map((name) => markup`<th>${name}</th>`)}
        </tr>
      </thead>
      <tbody>
`.source;
  for (const row of rows) yield told(row).source;
  yield '</tbody></table></div>\n';
}

const DECISION_HEAD = [
  'record',
  'time',
  'tool',
  'what',
  'verdict',
  'rule',
  'because',
  'answer',
  'after',
  'outcome',
];

function decisionRow(line: DecisionLine): Html {
  const { answer } = line;
  return markup`<tr>
    <td class="k">${linkTo(line.seq)}</td>
    <td class="k">${line.time.slice(11, 19)}</td>
    <td class="k">${line.tool}</td>
    <td class="wide">${line.what}</td>
    <td class="${line.verdict}">${line.verdict}</td>
    <td>${line.rule}</td>
    <td class="wide">${line.because}</td>
    <td>${answer === undefined ? '' : `${answer.choice} (${answer.how})`}</td>
    <td class="n">${answer === undefined ? '' : seconds(answer.ms)}</td>
    <td>${line.outcome ?? ''}</td>
  </tr>
`;
}

const WINDOW_HEAD = [
  ...['window', 'turn', 'time', 'for', 'messages', 'bytes', ...SOURCES],
  ...['tokens in', 'cached', 'out', 'latency', 'ended'],
];

function windowRow(line: WindowLine): Html {
  const numbers = [line.messages, line.bytes, ...SOURCES.map((source) => line.sources[source])];
  const { usage, ms } = line;
  const back = [
    usage?.input ?? '',
    usage?.cached ?? '',
    usage?.output ?? '',
    ms === undefined ? '' : seconds(ms),
  ];
  const cells = (values: readonly (string | number)[]) =>
    values.map((value) => markup`<td class="n">${value}</td>`);
  return markup`<tr id="w${line.n}">
    <td class="n">${line.n}</td>
    <td class="n">${line.turn}</td>
    <td class="k">${line.time.slice(11, 19)}</td>
    <td>${line.reason}</td>
    ${cells(numbers)}${cells(back)}
    <td>${line.ended ?? ''}</td>
  </tr>
`;
}

function linkTo(seq: number): Html {
  return markup`<a href="#r${seq}">#${seq}</a>`;
}

function seconds(ms: number): string {
  return `${(ms / 1_000).toFixed(1)} s`;
}

import { readRecords } from '../audit/auditReader.ts';
import { reportPage, type Prices } from '../audit/report/reportPage.ts';
import { followSession } from '../audit/report/sessionSummary.ts';
import type { AuditRecord } from '../protocol/record.ts';
import type { LineFile } from '../io/files/lineFile.ts';
import type { Command } from './command.ts';
import { EVIDENCE, judgeLog } from './evidence.ts';
import { broken, DONE, say, unusable } from './terminal.ts';

/** A page that tells a session to somebody who was not there. Nothing is told of a log that is not sound. */
export const report: Command = {
  numbers: 0,
  options: [...EVIDENCE, 'prices'],
  switches: [],
  async run(file, given) {
    const prices = pricesIn(given.options.get('prices'));
    if (prices === 'odd')
      return unusable(
        '--prices needs three numbers for a million tokens, as in 3/0.3/15: read/read cached/written.',
      );
    const { visit, summary } = followSession();
    const judged = await judgeLog(file, given, visit);
    if (judged.kind === 'bad') return broken(judged);
    if (judged.kind === 'unusable') return unusable(judged.because);
    // Apart, because the charting library is larger than all the rest and nobody else needs it.
    const { drawPlots } = await import('../audit/report/plots.ts');
    const { log, completeness } = judged;
    const records = recordsOf(file, log.records);
    for await (const piece of reportPage({ log, completeness, summary, prices, draw: drawPlots, records }))
      await say(piece);
    return DONE;
  },
};

/** Those that were verified; what was written since is left out. */
async function* recordsOf(file: LineFile, count: number): AsyncGenerator<AuditRecord> {
  for await (const found of readRecords(file.lines())) {
    if (found.kind === 'bad') throw new Error('it changed while it was read');
    yield found.record;
    if (found.record.seq === count) return;
  }
}

function pricesIn(given: string | undefined): Prices | 'odd' | undefined {
  if (given === undefined) return undefined;
  if (!/^\d+(?:\.\d+)?(?:\/\d+(?:\.\d+)?){2}$/.test(given)) return 'odd';
  const [input = 0, cached = 0, output = 0] = given.split('/').map(Number);
  return { input, cached, output };
}

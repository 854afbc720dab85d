import { readRecords, recordAt, verifyChain } from '../audit/auditReader.ts';
import { recordTitle, recordWords, type ItemRecord } from '../audit/recordWords.ts';
import { sourceLines, windowSources } from '../audit/windowSources.ts';
import type { Command } from './command.ts';
import { broken, DONE, say, unusable } from './terminal.ts';

/** One line for each record. */
export const list: Command = {
  numbers: 0,
  options: [],
  switches: [],
  async run(file) {
    let lines = 0;
    for await (const found of readRecords(file.lines())) {
      if (found.kind === 'bad') return broken(found);
      await say(`${recordTitle(found.record)}\n`);
      lines += 1;
    }
    return lines === 0 ? unusable('The file is empty; it is not an audit log.') : DONE;
  },
};

/** One record in full; of a window also who put how much into it. */
export const show: Command = {
  numbers: 1,
  options: [],
  switches: [],
  async run(file, { numbers: [seq = 0] }) {
    const log = await verifyChain(file, { until: (index) => index.offsets.length > seq });
    if (log.kind === 'bad') return broken(log);
    const found = log.kind === 'empty' ? undefined : await recordAt(file, log.index, seq);
    if (log.kind === 'empty' || found === undefined)
      return unusable(`There is no record ${seq} in this log.`);
    const { record } = found;
    if (record.kind !== 'window') {
      await say(`${recordWords(record, () => undefined)}\n`);
      return DONE;
    }
    const told = new Map<number, ItemRecord>();
    for (const item of [...(record.data.tools ?? []), ...record.data.append]) {
      const read = await recordAt(file, log.index, item);
      if (read?.record.kind === 'item') told.set(item, read.record);
    }
    const sources = sourceLines(windowSources(log.index, record.data), '    ');
    const words = recordWords(record, (item) => told.get(item));
    await say(`${[words, '  by source:', ...sources].join('\n')}\n`);
    return DONE;
  },
};

import { rebuildWindow, recordAt, verifyChain, type SoundLog } from '../audit/auditReader.ts';
import { partAt } from '../audit/logIndex.ts';
import { contentLines } from '../audit/recordWords.ts';
import { windowDiff, type MessageStep } from '../audit/windowDiff.ts';
import { sourceLines, windowSources } from '../audit/windowSources.ts';
import type { LineFile } from '../io/files/lineFile.ts';
import type { Command } from './command.ts';
import { broken, DONE, say, unusable } from './terminal.ts';

/** The body of a request as it was sent, or with --sources who put how much into it. */
export const window: Command = {
  numbers: 1,
  options: [],
  switches: ['sources'],
  async run(file, { numbers: [n = 0], options }) {
    const log = await verifyChain(file, { until: (index) => index.windows.length >= n });
    if (log.kind === 'bad') return broken(log);
    const known = log.kind === 'empty' ? undefined : log.index.windows[n - 1];
    if (log.kind === 'empty' || known === undefined) return unusable(`There is no window ${n} in this log.`);
    if (options.has('sources')) {
      const lines = sourceLines(windowSources(log.index, known), '  ');
      await say(`window ${n}, ${known.bytes} bytes\n${lines.join('\n')}\n`);
      return DONE;
    }
    const found = await rebuildWindow(file, log.index, n);
    if (found.kind === 'absent') return unusable(`There is no window ${n} in this log.`);
    if (found.kind === 'bad') return unusable(`Window ${n} could not be rebuilt: ${found.because}.`);
    await say(found.body);
    return DONE;
  },
};

/** What one window has that another has not, message by message. */
export const diff: Command = {
  numbers: 2,
  options: [],
  switches: [],
  async run(file, { numbers: [from = 0, to = 0] }) {
    const log = await verifyChain(file, { until: ({ windows }) => windows.length >= Math.max(from, to) });
    if (log.kind === 'bad') return broken(log);
    const windows = log.kind === 'empty' ? [] : log.index.windows;
    const one = windows[from - 1];
    const other = windows[to - 1];
    if (log.kind === 'empty' || one === undefined || other === undefined)
      return unusable(`There is no window ${one === undefined ? from : to} in this log.`);
    const { messages, tools, parameters } = windowDiff(log.index, one, other);
    const count = (kind: MessageStep['kind']) => messages.filter((step) => step.kind === kind).length;
    await say(
      `window ${from} to window ${to}: ${count('added')} added, ${count('dropped')} dropped, ${count('changed')} changed; ` +
        `${one.bytes} to ${other.bytes} bytes; parameters ${parameters}; ` +
        `tools ${tools.added.length} added, ${tools.dropped.length} dropped\n`,
    );
    for (const seq of tools.dropped) await sayPart(file, log, '-', 'tool', seq);
    for (const seq of tools.added) await sayPart(file, log, '+', 'tool', seq);
    for (const step of messages) await sayStep(file, log, step);
    return DONE;
  },
};

async function sayStep(file: LineFile, log: SoundLog, step: MessageStep): Promise<void> {
  switch (step.kind) {
    case 'same': {
      const last = step.from + step.count - 1;
      const which = step.count === 1 ? `message ${step.from}` : `messages ${step.from} to ${last}`;
      const moved = step.from === step.to ? '' : `, now from ${step.to} on`;
      return say(`= ${which}${moved}\n`);
    }
    case 'dropped':
      return sayPart(file, log, '-', `message ${step.from}`, step.was);
    case 'added':
      return sayPart(file, log, '+', `message ${step.to}`, step.is);
    case 'changed':
      await sayPart(file, log, '~-', `message ${step.from}`, step.was);
      return sayPart(file, log, '~+', `message ${step.to}`, step.is);
  }
}

/** Read one by one, so that two large windows do not stand in memory. */
async function sayPart(
  file: LineFile,
  { index }: SoundLog,
  sign: string,
  what: string,
  seq: number,
): Promise<void> {
  const part = partAt(index, seq);
  const record = (await recordAt(file, index, seq))?.record;
  const content =
    record?.kind === 'item' ? record.data.content : record?.kind === 'response' ? record.data.message : null;
  const head = `${sign} ${what}: record #${seq}, from ${part?.origin ?? 'nobody'}, ${part?.bytes ?? 0} bytes`;
  await say(`${[head, ...contentLines(content ?? null)].join('\n')}\n`);
}

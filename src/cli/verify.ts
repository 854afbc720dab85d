import type { SoundLog } from '../audit/auditReader.ts';
import type { Command } from './command.ts';
import { EVIDENCE, judgeLog } from './evidence.ts';
import { broken, COMPLETENESS_UNKNOWN, DONE, say, unusable } from './terminal.ts';

export const verify: Command = {
  numbers: 0,
  options: EVIDENCE,
  switches: [],
  async run(file, given) {
    const judged = await judgeLog(file, given);
    if (judged.kind === 'bad') return broken(judged);
    if (judged.kind === 'unusable') return unusable(judged.because);
    const { log, completeness, key } = judged;
    await say(
      `Integrity: sound. ${log.records} records and ${log.windows} windows of session ${JSON.stringify(log.session)}; ` +
        `every window rebuilds to the body whose digest stands on the record. Head: ${log.head}\n` +
        `Seals: ${sealsInWords(log, key)}\n` +
        `Completeness: ${completeness.kind}. ${completeness.because}\n`,
    );
    return completeness.kind === 'complete' ? DONE : COMPLETENESS_UNKNOWN;
  },
};

function sealsInWords({ seals }: SoundLog, key: string | undefined): string {
  if (seals.last === null) return 'none yet, so nothing says who wrote this.';
  const last = seals.keys.at(-1)?.publicKey ?? '';
  const whose =
    key === undefined ? 'a key that the log itself names' : 'the key given, or one it passed on to';
  return `right up to record ${seals.last.size}, by ${whose}: ${last}.`;
}

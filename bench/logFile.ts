import { closeSync, openSync, writeSync } from 'node:fs';
import {
  assistant,
  opened,
  responseOf,
  sampleLog,
  system,
  toolResult,
  user,
  windowOf,
} from '../test/support/sampleSession.ts';
import type { Item } from '../src/protocol/message.ts';

/**
 * Writes a closed session through the real audit log: each turn a window, its answer and a tool result of 8 KiB, so
 * that a record has about 4 KiB. The context is compacted whenever it holds `kept` messages.
 */
export async function writeLogFile(
  path: string,
  turns: number,
  kept = 200,
): Promise<{ bytes: number; content: number; records: number }> {
  const fd = openSync(path, 'w');
  let bytes = 0;
  let content = 0;
  let records = 0;
  const file = {
    append(text: string) {
      bytes += writeSync(fd, text);
      return Promise.resolve();
    },
    sync: () => Promise.resolve(),
    close() {
      closeSync(fd);
      return Promise.resolve();
    },
  };
  const { log } = sampleLog({ file, onRecord: () => void (records += 1) });
  const head = [system('You are supervised.'), user('Read every file.')];
  let messages: Item[] = [...head];
  await log.record(opened);
  for (let turn = 1; turn <= turns; turn += 1) {
    if (messages.length >= kept) messages = [...head];
    const { window } = await log.window(windowOf(messages));
    const answer = assistant(`${turn} ${'reads the next file and says why '.repeat(100)}`);
    await log.record(responseOf(window, answer));
    const result = toolResult(`call_${turn}`, `const line = ${turn}; // "quoted"\n`.repeat(250));
    content += answer.json.length + result.json.length;
    messages.push(answer, result);
  }
  await log.close();
  return { bytes, content, records };
}

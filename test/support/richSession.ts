import { digestOf } from '../../src/protocol/digest.ts';
import type { EffectOnRecord, RecordEntry } from '../../src/protocol/record.ts';
import { numbersFrom } from './mutations.ts';
import {
  assistant,
  opened,
  readTool,
  sampleLog,
  system,
  toolResult,
  user,
  windowOf,
  type Sample,
} from './sampleSession.ts';

type Call = { readonly tool: string; readonly rule: string; readonly verdict: 'allow' | 'ask' | 'deny' };

const CALLS: readonly Call[] = [
  { tool: 'read_file', rule: 'paths.read', verdict: 'allow' },
  { tool: 'search_text', rule: 'paths.read', verdict: 'allow' },
  { tool: 'edit_file', rule: 'edits.review', verdict: 'ask' },
  { tool: 'run_command', rule: 'commands.ask', verdict: 'ask' },
  { tool: 'read_file', rule: 'paths.deny', verdict: 'deny' },
];

/** A session in which everything happens that a report tells: answers, refusals, alerts, compaction, failures. */
export async function richSession(windows: number, file?: Sample['file']): Promise<Sample> {
  const sample = sampleLog(file === undefined ? {} : { file });
  const { log } = sample;
  const draw = numbersFrom(windows);
  const head = [system('You are supervised. '.repeat(60)), user('Please make the tests pass.')];
  let messages = [...head];
  await log.record(opened);
  for (let n = 1; n <= windows; n += 1) {
    if (messages.length > 120) messages = [...head, user('What happened so far, in short.')];
    const { window } = await log.window(
      windowOf(messages, { tools: [readTool], reason: n % 9 === 1 ? 'turn' : 'tool' }),
    );
    const answer = assistant(`Step ${n}. ${'Now the next file. '.repeat(draw(12))}`);
    const input = Math.round(messages.reduce((sum, { json }) => sum + json.length, 0) / 3.6);
    const usage = { input, cached: n === 1 ? 0 : Math.round(input * 0.8), output: 20 + draw(300) };
    const data = {
      window,
      digest: answer.digest,
      message: answer.value,
      finish: 'tool_calls',
      usage,
      ms: 300 + draw(4_000),
    };
    await log.record({ kind: 'response', data });
    const call = CALLS[draw(CALLS.length)] ?? CALLS[0]!;
    for (const entry of callOnRecord(call, n, draw)) await log.record(entry);
    messages.push(
      answer,
      toolResult(`call_${n}`, `line ${n} <script>alert(1)</script>\n`.repeat(1 + draw(40))),
    );
    if (n % 50 === 7)
      await log.record({
        kind: 'alert',
        data: { rule: 'denials', severity: 'medium', because: `Five refusals before window ${n}.` },
      });
    if (n % 9 === 0) await log.record({ kind: 'turn', data: { ended: 'done' } });
  }
  await log.close();
  return sample;
}

function callOnRecord(
  { tool, rule, verdict }: Call,
  n: number,
  draw: (limit: number) => number,
): readonly RecordEntry[] {
  const calls = [`call_${n}`];
  const effect = digestOf(`effect ${n}`);
  const path = `work:src/file${n}.ts`;
  const file = {
    path,
    before: digestOf('a'),
    after: digestOf('b'),
    added: 3,
    removed: 1,
    diff: '@@ -1 +1,3 @@\n-one\n+two\n',
  };
  const text = `npm test -- file${n} && echo "<b>done</b>"`;
  const effects: Readonly<Record<string, EffectOnRecord>> = {
    run_command: { kind: 'command', text, folder: 'work:', timeoutMs: 60_000 },
    edit_file: { kind: 'edit', files: [file] },
  };
  const what = effects[tool] ?? { kind: 'read', path };
  const entries: RecordEntry[] = [
    { kind: 'proposed', data: { call: calls[0]!, tool, effect, what } },
    { kind: 'decided', data: { calls, effect, verdict, rule, because: `the rule ${rule} says so` } },
  ];
  if (verdict === 'deny') return entries;
  if (verdict === 'ask') {
    const card = `card${n}`;
    const accepted = draw(5) > 0;
    const choice = accepted ? 'accept' : 'reject';
    const ms = Math.round(400 * 1.9 ** draw(11));
    entries.push(
      {
        kind: 'shown',
        data: { card, kind: tool === 'edit_file' ? 'review' : 'command', digest: effect, calls },
      },
      { kind: 'answered', data: { card, digest: effect, choice, how: 'click', ms } },
    );
    if (!accepted) return entries;
    entries.push({ kind: 'performing', data: { calls, effect, warrant: `w${n}` } });
  }
  const outcome = draw(20) === 0 ? 'failed' : 'done';
  return [...entries, { kind: 'performed', data: { calls, effect, outcome } }];
}

import { randomKey } from '../audit/seal.ts';
import { createRedactor, type SessionRedactor } from '../audit/redactor.ts';
import { secretsOf } from '../audit/secretsOf.ts';
import { BROKEN, DONE, say, unusable } from './terminal.ts';

/** A text in which nothing could be let go up to here is not text: its redaction could not be relied on. */
const MOST_HELD = 8 << 20;
const PLACEHOLDER = /<redacted:([a-z0-9.-]+):[a-z2-7]{8}>/g;

/**
 * Copies a text with its secrets replaced, as a session would replace them, and says on standard error what was
 * replaced and in which line. The values themselves go nowhere.
 */
export async function redact(input: AsyncIterable<Uint8Array>): Promise<number> {
  const secrets = secretsOf(process.env);
  const redactor = createRedactor({ secrets, key: randomKey() });
  const utf8 = new TextDecoder('utf-8', { ignoreBOM: true });
  let held = '';
  /** What must be held before it is looked at again, so that a long piece is not looked at with every chunk. */
  let enough = 0;
  let line = 1;
  let replaced = 0;

  async function letGo(raw: string): Promise<void> {
    const shown = redactor.redact(raw);
    for (const { kind, at } of replacedIn(shown, redactor)) {
      process.stderr.write(`line ${line + at}: ${kind}\n`);
      replaced += 1;
    }
    line += lineEnds(shown);
    await say(shown);
  }

  for await (const chunk of input) {
    held += utf8.decode(chunk, { stream: true });
    if (held.length < enough && held.length <= MOST_HELD) continue;
    const ready = redactor.unfinished(held);
    await letGo(held.slice(0, ready));
    held = held.slice(ready);
    enough = 2 * held.length;
    if (held.length > MOST_HELD)
      return unusable(
        `From line ${line} on, ${MOST_HELD >> 20} MiB are one piece that may be part of a secret, so nothing more was written; give the text in lines.`,
      );
  }
  await letGo(held + utf8.decode());
  return replaced === 0 ? DONE : BROKEN;
}

/** The placeholders that this redactor made; those of other sessions stay what they are. */
function* replacedIn(text: string, redactor: SessionRedactor): Generator<{ kind: string; at: number }> {
  let from = 0;
  let at = 0;
  for (const { 0: placeholder, 1: kind = '', index } of text.matchAll(PLACEHOLDER)) {
    if (redactor.restore(placeholder, '').kind === 'restored') continue;
    at += lineEnds(text.slice(from, index));
    from = index;
    yield { kind, at };
  }
}

function lineEnds(text: string): number {
  let count = 0;
  for (let at = text.indexOf('\n'); at !== -1; at = text.indexOf('\n', at + 1)) count += 1;
  return count;
}

import type { Done } from '../protocol/outcome.ts';

const LONGEST_WORD = 4_096;

/**
 * An outcome before parts of it are taken out and numbered for the model: a secret must be seen whole to be known as
 * one, and half of one that was cut off at an edge would be known no more.
 */
export function withoutSecrets<Kind extends Done>(done: Kind, redact: (text: string) => string): Kind;
export function withoutSecrets(done: Done, redact: (text: string) => string): Done {
  if (done.kind === 'content') {
    const content = { ...done.content, text: redact(done.content.text) };
    return { ...done, content };
  }
  if (done.kind === 'searched') {
    const matches = done.matches.map((match) =>
      match.text.endsWith('…') ? { ...match, text: `${withoutLastWord(match.text.slice(0, -1))}…` } : match,
    );
    return { ...done, matches };
  }
  if ((done.kind !== 'ran' && done.kind !== 'started') || done.output.omittedBytes === 0) return done;
  const head = withoutLastWord(done.output.head);
  const tail = withoutFirstWord(done.output.tail);
  const cut =
    Buffer.byteLength(done.output.head) -
    Buffer.byteLength(head) +
    Buffer.byteLength(done.output.tail) -
    Buffer.byteLength(tail);
  return { ...done, output: { head, tail, omittedBytes: done.output.omittedBytes + cut } };
}

function withoutLastWord(text: string): string {
  const least = Math.max(0, text.length - LONGEST_WORD);
  let end = text.length;
  while (end > least && !/\s/.test(text[end - 1] ?? '')) end -= 1;
  return text.slice(0, end);
}

function withoutFirstWord(text: string): string {
  const word = /^\S*/.exec(text.slice(0, LONGEST_WORD))?.[0] ?? '';
  return text.slice(word.length);
}

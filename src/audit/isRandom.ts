/** Bits a character, as far as the text itself tells: 0 for one character repeated, about 4 for random hex digits. */
export function entropyOf(text: string): number {
  const counts = new Map<string, number>();
  for (const character of text) counts.set(character, (counts.get(character) ?? 0) + 1);
  let bits = 0;
  for (const count of counts.values()) bits -= (count / text.length) * Math.log2(count / text.length);
  return bits;
}

/** Words that stand where a secret should be in examples and templates, and never in a generated value. */
const STAND_IN =
  /x{4,}|\*{3,}|\.{3}|123456789|abcdefgh|example|placeholder|redacted|changeme|change[_-]me|replace|your[_-]|[_-]here|dummy|insert|undefined/i;

/** Whether a text could have been generated: letters and digits, in no order. */
export function isRandom(text: string): boolean {
  return /\d/.test(text) && /[A-Za-z]/.test(text) && entropyOf(text) >= 3 && !STAND_IN.test(text);
}

/** Whether a text stands for a secret without being one. */
export function isStandIn(text: string): boolean {
  return STAND_IN.test(text);
}

/** Whether a base64 text holds `name:password`. */
export function isCredentialPair(text: string): boolean {
  const pair = Buffer.from(text, 'base64').toString('utf8');
  return /^[\x20-\x7e]{0,200}:[\x20-\x7e]{3,400}$/.test(pair);
}

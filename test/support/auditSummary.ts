import type { Card } from '../../src/protocol/approval.ts';
import type { AuditRecord } from '../../src/protocol/record.ts';

/** Words that differ from run to run, or say nothing a reader of an expectation wants to know. */
const LEFT_OUT = new Set([
  'ms',
  // Which engine searched depends on the machine; both give the same.
  'by',
  'digest',
  'page',
  'effect',
  'body',
  'bytes',
  'card',
  'warrant',
  'before',
  'after',
  'endpoint',
  'model',
  'settings',
  'policy',
  'platform',
  'version',
  'parameters',
  'tools',
  'grant',
  'until',
  // Where programs are and what confines them depends on the machine.
  'programs',
  'sandbox',
]);

/**
 * An audit file as an expectation holds it: a line a record, its kind and what is the same in every run. Digests, times
 * and what belongs to the machine are left out; the chain itself is verified apart. What was kept for undo has tests of
 * its own and is left out too, and the numbers of records are as if it were not there.
 */
export function auditSummary(lines: readonly string[], masks: ReadonlyMap<string, string>): string {
  const records = lines.map((line) => JSON.parse(line) as AuditRecord);
  const leftOut = records.filter(isKeeping).map(({ seq }) => seq);
  const renumbered = (seq: number) => seq - leftOut.filter((one) => one < seq).length;
  const told = records.filter((record) => !isKeeping(record)).map((record) => summary(record, renumbered));
  return told.map((one) => `${JSON.stringify(masked(one, masks))}\n`).join('');
}

/** What the person was asked, a line a card: why, why once more, and the warnings beside the lines. */
export function cardSummary(cards: readonly Card[], masks: ReadonlyMap<string, string>): string {
  return cards.map((card) => JSON.stringify(masked(cardWords(card), masks)) + '\n').join('');
}

function cardWords(card: Card): unknown {
  switch (card.kind) {
    case 'edit': {
      const files = card.changeSet.files.map(({ path, to, change, hunks, notices, unshowable }) => ({
        path,
        to,
        change,
        hunks: hunks.length,
        notices,
        unshowable,
      }));
      return { kind: card.kind, rule: card.why.rule, again: card.again, claim: card.claim, files };
    }
    case 'command': {
      const { line } = card.effect;
      const programs = card.executables.map(({ kind, name }) => `${name}: ${kind}`);
      const { scopes } = card;
      return {
        kind: card.kind,
        rule: card.why.rule,
        again: card.again,
        scopes,
        claim: card.claim,
        line,
        programs,
      };
    }
    case 'question':
    case 'limit':
      return { kind: card.kind, text: card.text, options: card.options };
  }
}

function isKeeping({ kind }: AuditRecord): boolean {
  return kind === 'checkpointed' || kind === 'sealed';
}

function summary(record: AuditRecord, renumbered: (seq: number) => number): unknown {
  const { kind, data } = record;
  if (kind === 'item' && data.origin === 'system') return { kind, origin: 'system' };
  const told = { kind, ...(plain(data) as object) };
  if (kind === 'window') return { ...told, append: data.append.map(renumbered) };
  if (kind === 'session.closed') return { ...told, records: renumbered(data.records) };
  return told;
}

function plain(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(plain);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([key]) => !LEFT_OUT.has(key))
      .map(([key, member]) => [key, plain(member)]),
  );
}

function masked(value: unknown, masks: ReadonlyMap<string, string>): unknown {
  if (typeof value === 'string') return maskedText(value, masks);
  if (Array.isArray(value)) return value.map((member) => masked(member, masks));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, member]) => [key, masked(member, masks)]));
}

function maskedText(text: string, masks: ReadonlyMap<string, string>): string {
  let plainText = text;
  for (const [word, mask] of masks) plainText = plainText.replaceAll(word, mask);
  return plainText
    .replace(/after \d+(?:\.\d)? s/g, 'after <time>')
    .replace(/\bgrant\.[A-Za-z0-9_-]{22}(?![A-Za-z0-9_-])/g, 'grant.<id>')
    .replace(/<redacted:([a-z0-9.-]+):[a-z2-7]{8}>/g, '<redacted:$1:…>');
}

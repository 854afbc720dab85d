import { ASSIGNED_LITERALS, assignedSecretAt, unfinishedAssignment } from './assignedSecrets.ts';
import { BLOCK_LITERALS, blockAt, unfinishedBlock } from './secretBlocks.ts';
import { literalMatcher } from './literalMatcher.ts';
import { secretRules, type SecretRule } from './secretRules.ts';
import type { Match } from './textMatcher.ts';

/** A secret in a text, `kind` being the rule's. The lower its rank, the more it knows about what it found. */
export type Finding = Match & { readonly kind: string; readonly rank: number };

/** How far a literal and the last word of its secret may lie apart. */
const REACH = 400;

type Place =
  | { readonly kind: 'rule'; readonly rule: SecretRule; readonly rank: number }
  | { readonly kind: 'assignment' }
  | { readonly kind: 'block' };

/** Finds what looks like a secret by rules alone. Makes its tables once; one pass over each text. */
export function secretFinder() {
  const places = placesByLiteral();
  const matches = literalMatcher([...places.keys()]);
  const spaced = [...places.keys()].filter((literal) => literal.includes(' '));

  return {
    /** In no particular order; findings may overlap. */
    find(text: string): readonly Finding[] {
      const found: Finding[] = [];
      // What a rule has looked at it does not look at again: no text can make it read the same place many times.
      const examined = new Map<number, number>();
      let named = 0;
      let blocks = 0;
      for (const match of matches(text)) {
        for (const place of places.get(match.literal) ?? []) {
          if (place.kind === 'rule') {
            if (match.from < (examined.get(place.rank) ?? 0)) continue;
            const finding = byRule(text, match.from, place.rule, place.rank);
            if (finding === undefined) continue;
            examined.set(place.rank, finding.to);
            if (finding.secret) found.push(finding);
          } else if (place.kind === 'assignment') {
            if (match.from < named) continue;
            const { nameEnd, value } = assignedSecretAt(text, match.from);
            named = nameEnd;
            const rank = secretRules.length;
            if (value !== undefined) found.push({ ...value, kind: 'assigned-secret', rank });
          } else if (match.from >= blocks) {
            const block = blockAt(text, match.from);
            blocks = block.end;
            for (const line of block.found) found.push({ ...line, kind: block.kind, rank: -1 });
          }
        }
      }
      return found;
    },

    /**
     * From where on a text that goes on could hold a secret of which more is to come; its length when nowhere.
     * Everything before is judged the same whatever follows.
     */
    unfinished(text: string): number {
      const lastWord = wordStart(text, text.length);
      let open = Math.min(lastWord, unfinishedBlock(text, lastWord) ?? lastWord);
      const from = Math.max(0, lastWord - REACH);
      const end = text.slice(from).toLowerCase();
      for (const literal of spaced) {
        const begun = beginningAtEnd(end, literal);
        if (begun > 0) open = Math.min(open, wordStart(text, text.length - begun));
      }
      for (const match of matches(text.slice(from))) {
        const start = from + match.from;
        if (start >= open) break;
        for (const place of places.get(match.literal) ?? []) {
          if (place.kind === 'rule' && place.rule.spaced === true)
            open = Math.min(open, wordStart(text, start));
          if (place.kind === 'assignment') open = Math.min(open, unfinishedAssignment(text, start) ?? open);
        }
      }
      return open;
    },
  };
}

function byRule(
  text: string,
  at: number,
  { pattern, kind, before = 0, check }: SecretRule,
  rank: number,
): (Finding & { readonly secret: boolean }) | undefined {
  if (at < before) return undefined;
  pattern.lastIndex = at - before;
  const match = pattern.exec(text);
  if (match === null) return undefined;
  const value = match[1] ?? match[0];
  const to = match.index + match[0].length;
  return { from: to - value.length, to, kind, rank, secret: check === undefined || check(value) };
}

/** The matcher tells of the longest literal at a place only, so that one brings along all it begins with. */
function placesByLiteral(): ReadonlyMap<string, readonly Place[]> {
  const given: (readonly [string, Place])[] = [
    ...secretRules.flatMap((rule, rank) =>
      rule.literals.map((literal) => [literal, { kind: 'rule', rule, rank }] as const),
    ),
    ...ASSIGNED_LITERALS.map((literal) => [literal, { kind: 'assignment' }] as const),
    ...BLOCK_LITERALS.map((literal) => [literal, { kind: 'block' }] as const),
  ];
  const literals = new Set(given.map(([literal]) => literal));
  return new Map(
    [...literals].map((literal) => [
      literal,
      given.filter(([other]) => literal.startsWith(other)).map(([, place]) => place),
    ]),
  );
}

function wordStart(text: string, at: number): number {
  let start = at;
  while (start > 0 && /\S/.test(text[start - 1] ?? '')) start -= 1;
  return start;
}

/** How many of the first characters of `sought`, but not all, a text ends with. */
export function beginningAtEnd(text: string, sought: string): number {
  for (let length = Math.min(sought.length - 1, text.length); length > 0; length -= 1) {
    if (text.endsWith(sought.slice(0, length))) return length;
  }
  return 0;
}

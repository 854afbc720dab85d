import type { Choice } from './approval.ts';
import type { HunkEdit } from './changeSet.ts';
import { digestOf, digestOfJson, type Digest } from './digest.ts';

/** Names what stands on the page: the card, and where the person typed in it, their text too. */
export function shownDigest(card: Digest, edits: readonly HunkEdit[]): Digest {
  if (edits.length === 0) return card;
  const texts = edits.map(({ hunk, text }) => [hunk, digestOf(text)] as const);
  texts.sort(([one], [other]) => (one < other ? -1 : 1));
  return digestOfJson({ card, edited: texts.map((text) => [...text]) });
}

/** Everything a person wrote themselves in what they answer. */
export function editsIn(choice: Choice): readonly HunkEdit[] {
  return choice.kind === 'accept' ? choice.files.flatMap(({ edited }) => edited ?? []) : [];
}

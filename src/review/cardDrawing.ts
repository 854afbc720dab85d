import type { EditCard } from '../protocol/approval.ts';
import type { CardDrawing, DrawnFile, PersonEdit, TypedText } from '../protocol/cardDrawing.ts';
import type { Hunk, ReviewFile } from '../protocol/changeSet.ts';
import { reviewFile } from './changeSetOf.ts';
import { diffLines } from './diffLines.ts';
import { fileDiffs, MOST_WORK_A_FILE, type FileDiff, type Part } from './fileDiff.ts';
import { gapsOf } from './gapsOf.ts';
import { noticesOf } from './noticesOf.ts';
import { splitLines } from './splitLines.ts';
import { textToType, typedText } from './typedText.ts';
import { unshowable } from './unshowable.ts';
import { visibleFile } from './visibleFile.ts';
import { visibleText } from './visibleText.ts';
import { withEdits } from './withEdits.ts';

/** How a card is drawn and written in. Nothing is compared anew but what the person typed. */
export function cardDrawing(card: EditCard): CardDrawing {
  const { effect, changeSet } = card;
  const diffs = fileDiffs(effect, changeSet.diffs);
  const drawn = new Map<number, { readonly edits: string; readonly file: ReviewFile }>();

  function part(hunk: string): { readonly diff: FileDiff; readonly part: Part } {
    for (const diff of diffs) {
      const found = diff.parts.find(({ id }) => id === hunk);
      if (found !== undefined) return { diff, part: found };
    }
    throw new Error(`There is no hunk ${hunk} in this card.`);
  }

  /** The last drawing of each file is kept: most questions about it come with the same edits. */
  function drawnFile(index: number, diff: FileDiff, edits: readonly PersonEdit[]): ReviewFile {
    const key = edits.map(({ n }) => n).join();
    const known = drawn.get(index);
    if (known?.edits === key) return known.file;
    const base = at(changeSet.files, index);
    const file = visibleFile(
      edits.length === 0 ? base : editedFile(base, at(diffs, index), edits),
      diff.edit,
    );
    drawn.set(index, { edits: key, file });
    return file;
  }

  return {
    why: visibleText(card.why.because),
    again: card.again === undefined ? null : visibleText(card.again),
    claim: visibleText(card.claim),
    notices: (index) => at(changeSet.files, index).notices.map(visibleText),
    file(index, edits, widened): DrawnFile {
      const diff = withEdits(at(diffs, index), edits);
      const own = edits.filter(({ hunk }) => diff.parts.some(({ id }) => id === hunk));
      return { ...drawnFile(index, diff, own), gaps: gapsOf(diff, widened) };
    },
    edit: (index, edits) => withEdits(at(diffs, index), edits).edit,
    textToType(hunk, edits) {
      const edited = withEdits(part(hunk).diff, edits);
      return textToType(edited, at(edited.parts, indexOf(edited, hunk)));
    },
    typed(hunk, edits, typed): TypedText | null {
      const { diff, part: agents } = part(hunk);
      const edited = withEdits(diff, edits);
      const text = typedText(edited, at(edited.parts, indexOf(edited, hunk)), typed);
      if (text.kind === 'refused') return text;
      if (text.text === diff.after.slice(agents.newStart, agents.newEnd).join('')) return null;
      const others = edits.filter((edit) => edit.hunk !== hunk);
      const because = unshowable(withEdits(diff, [...others, { hunk, text: text.text }]));
      return because === undefined ? text : { kind: 'refused', because };
    },
  };
}

function editedFile(base: ReviewFile, agents: FileDiff, edits: readonly PersonEdit[]): ReviewFile {
  const file = reviewFile(withEdits(agents, edits));
  const computed = new Set(noticesOf(agents));
  // What others have said of this file stays said: where a link leads, that somebody else changed it.
  const said = base.notices.filter((notice) => !computed.has(notice));
  return {
    ...file,
    ...(base.unchosen === undefined ? {} : { unchosen: base.unchosen }),
    notices: [...said, ...file.notices],
    hunks: file.hunks.map((hunk) => {
      const edit = edits.findLast((one) => one.hunk === hunk.id);
      return edit === undefined ? hunk : asTheirs(hunk, agents, edit);
    }),
  };
}

/** Marks the lines that the agent did not propose. */
function asTheirs(hunk: Hunk, agents: FileDiff, edit: PersonEdit): Hunk {
  const part = at(agents.parts, indexOf(agents, hunk.id));
  const { runs } = diffLines(
    agents.after.slice(part.newStart, part.newEnd),
    splitLines(edit.text),
    MOST_WORK_A_FILE,
  );
  const first = hunk.newLines === 0 ? hunk.newStart + 1 : hunk.newStart;
  const isTheirs = (number: number) =>
    runs.some((run) => number - first >= run.newStart && number - first < run.newEnd);
  return {
    ...hunk,
    edited: edit.n,
    lines: hunk.lines.map((line) =>
      line.kind === 'added' && isTheirs(line.new) ? { ...line, yours: true } : line,
    ),
  };
}

function indexOf({ parts }: FileDiff, hunk: string): number {
  return parts.findIndex(({ id }) => id === hunk);
}

function at<Item>(items: readonly Item[], index: number): Item {
  const item = items[index];
  if (item === undefined) throw new Error(`There is no file or part ${index} in this card.`);
  return item;
}

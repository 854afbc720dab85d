import type { Json } from '../protocol/canonicalJson.ts';

export type ScriptedCall = { readonly name: string; readonly arguments: { readonly [name: string]: Json } };

type Replacement = { readonly old: string; readonly new: string };
type SampleEdit = { readonly path: string; readonly replacements: readonly Replacement[] };

/** The files of the sample workspace that the script reads before it proposes anything. */
export const SAMPLE_FILES = ['test/receipt.test.js', 'src/price.js', 'src/receipt.js'];

const PRICE_FIX: SampleEdit = {
  path: 'src/price.js',
  replacements: [
    { old: '  return full - full * discount;', new: '  return full - Math.round((full * discount) / 100);' },
  ],
};

const RECEIPT_FIX: SampleEdit = {
  path: 'src/receipt.js',
  replacements: [
    { old: 'sum + item.cents, 0)', new: 'sum + itemPrice(item), 0)' },
    {
      old: [
        '/** `2 × Tea`; a single item goes without its quantity. */',
        'function label(item) {',
        '  if (item.quantity === 1) return item.name;',
        '  return `${item.quantity} × ${item.name}`;',
      ].join('\n'),
      new: [
        '/** `2 × Tea (-10 %)`; a single item goes without its quantity. */',
        'function label(item) {',
        "  const discount = item.discount ? ` (-${item.discount} %)` : '';",
        '  if (item.quantity === 1) return item.name + discount;',
        '  return `${item.quantity} × ${item.name}${discount}`;',
      ].join('\n'),
    },
  ],
};

/** The whole repair: three hunks in two files, as far as the files still hold what has to be replaced. */
export function sampleEdits(texts: ReadonlyMap<string, string>, prefix: string): ScriptedCall[] {
  return [PRICE_FIX, RECEIPT_FIX].flatMap((edit) => editCall(edit, texts, prefix));
}

/** One hunk of it, with what the person wrote above it. */
export function smallerSampleEdit(
  texts: ReadonlyMap<string, string>,
  prefix: string,
  note: string,
): ScriptedCall[] {
  const comment = note === '' ? '' : `  ${noteComment(note)}\n`;
  const replacements = PRICE_FIX.replacements.map(({ old, new: fresh }) => ({ old, new: comment + fresh }));
  return editCall({ ...PRICE_FIX, replacements }, texts, prefix);
}

/** The person's note as a comment, in a place that none of the other edits touches. */
export function sampleNoteEdit(
  texts: ReadonlyMap<string, string>,
  prefix: string,
  note: string,
): ScriptedCall[] {
  const old = 'const WIDTH = 32;';
  const replacements = [{ old, new: `${noteComment(note)}\n${old}` }];
  return editCall({ path: RECEIPT_FIX.path, replacements }, texts, prefix);
}

export const SCRATCH_FOLDER = 'warrant-rehearsal';
const HELLO = `${SCRATCH_FOLDER}/hello.md`;
const NOTES = `${SCRATCH_FOLDER}/notes.md`;
const HELLO_TEXT = `# Hello

This file was proposed by Rehearsal, the fixed script in Warrant.
It was written because somebody allowed it, and not a moment earlier.
`;
const NOTES_TEXT = `# Notes

- Each file of a change set can be accepted or rejected on its own.
- What was accepted is written exactly as it was shown.
- Delete this folder whenever you like.
`;

export function scratchEdits(): ScriptedCall[] {
  return [
    { name: 'write_file', arguments: { path: HELLO, content: HELLO_TEXT } },
    { name: 'write_file', arguments: { path: NOTES, content: NOTES_TEXT } },
  ];
}

/** Takes away what an earlier run left. */
export function scratchRemovals(there: ReadonlySet<string>): ScriptedCall[] {
  return [HELLO, NOTES]
    .filter((path) => there.has(path))
    .map((path) => ({ name: 'delete_file', arguments: { path } }));
}

export function smallerScratchEdit(note: string): ScriptedCall[] {
  const quoted = note === '' ? '' : `\n> ${oneLine(note)}\n`;
  return [{ name: 'write_file', arguments: { path: HELLO, content: `# Hello\n${quoted}` } }];
}

/** `written`: whether the notes stand on the disk by now. */
export function scratchNoteEdit(note: string, written: boolean): ScriptedCall[] {
  const quote = `- From the review: ${oneLine(note)}`;
  if (!written) return [{ name: 'write_file', arguments: { path: NOTES, content: `# Notes\n\n${quote}\n` } }];
  const old = '- Delete this folder whenever you like.';
  const replacements = [{ old, new: `${quote}\n${old}` }];
  return [{ name: 'edit_file', arguments: { path: NOTES, replacements } }];
}

function editCall(edit: SampleEdit, texts: ReadonlyMap<string, string>, prefix: string): ScriptedCall[] {
  const text = texts.get(edit.path) ?? '';
  const replacements = edit.replacements.filter(({ old }) => text.split(old).length === 2);
  if (replacements.length === 0) return [];
  return [{ name: 'edit_file', arguments: { path: prefix + edit.path, replacements } }];
}

function noteComment(note: string): string {
  return `// From the review: ${oneLine(note)}`;
}

function oneLine(note: string): string {
  const line = note.replace(/[\p{Cc}\p{Cf}\s]+/gu, ' ').trim();
  return line.length > 160 ? `${line.slice(0, 160).toWellFormed()}…` : line;
}

import { contentOf } from '../protocol/content.ts';
import type { Content, FileEdit } from '../protocol/effect.ts';
import type { Change, Replacement } from '../protocol/proposal.ts';
import { nearestText } from './nearestText.ts';
import { invalid, type Invalid } from './tool.ts';

const NEW_FILE_MODE = 0o644;

/** What the file would be after a change; pure. `before` is null where no file stands. */
export function applyChange(
  change: Change,
  before: Content | null,
): { kind: 'edit'; edit: FileEdit } | Invalid {
  switch (change.kind) {
    case 'replace':
      return replaced(change.path, before, change.replacements);
    case 'write':
      return written(change.path, before, change.text);
    case 'delete':
      if (before === null) return invalid('there is no such file, so there is nothing to delete');
      return edit({ path: change.path, before, after: null });
    case 'move':
      if (before === null) return invalid('there is no such file, so there is nothing to move');
      if (change.to === change.path) return invalid('the file is already there');
      return edit({ path: change.path, before, after: before, to: change.to });
  }
}

function written(path: FileEdit['path'], before: Content | null, raw: string) {
  const text = raw.toWellFormed().replace(/^\ufeff/, '');
  if (before === null)
    return edit({ path, before, after: contentOf(text, { bom: false, mode: NEW_FILE_MODE }) });
  const kept = before.eol === 'crlf' && !text.includes('\r\n') ? text.replaceAll('\n', '\r\n') : text;
  if (kept === before.text) return invalid('the file already holds exactly this text');
  return edit({ path, before, after: contentOf(kept, before) });
}

function replaced(path: FileEdit['path'], before: Content | null, replacements: readonly Replacement[]) {
  if (before === null) return invalid('there is no such file; use write_file to propose a new one');
  const spans: Span[] = [];
  for (const [index, replacement] of replacements.entries()) {
    const name = replacements.length === 1 ? '"old"' : `"old" of replacement ${index + 1}`;
    const span = locate(before, replacement, name);
    if (span.kind === 'invalid') return span;
    spans.push(span);
  }
  spans.sort((one, other) => one.from - other.from);
  const overlap = spans.find((span, index) => span.from < (spans[index - 1]?.to ?? 0));
  if (overlap !== undefined) return invalid('two replacements overlap; make them one');
  let text = '';
  let at = 0;
  for (const span of spans) {
    text += before.text.slice(at, span.from) + span.text;
    at = span.to;
  }
  text += before.text.slice(at);
  if (text === before.text) return invalid('the replacements change nothing');
  return edit({ path, before, after: contentOf(text.toWellFormed(), before) });
}

type Span = { kind: 'span'; from: number; to: number; text: string };

/** Tries the text as given, then with the line ends the file has: models write LF whatever the file holds. */
function locate(before: Content, { old, new: fresh }: Replacement, name: string): Span | Invalid {
  const forms = [...new Set([old, old.replace(/\r?\n/g, '\r\n'), old.replaceAll('\r\n', '\n')])];
  for (const form of forms) {
    const from = before.text.indexOf(form);
    if (from === -1) continue;
    const lines = linesOf(before.text, form);
    if (lines.length > 1) {
      return invalid(
        `${name} occurs ${lines.length} times, at lines ${lines.slice(0, 10).join(', ')}; add lines around it until it occurs once`,
      );
    }
    const crlf = form.includes('\r\n') || (!form.includes('\n') && before.eol === 'crlf');
    const text = crlf ? fresh.replace(/\r?\n/g, '\r\n') : fresh;
    return { kind: 'span', from, to: from + form.length, text };
  }
  return invalid(`${name} does not occur in the file. ${nearestText(before.text, old)}`);
}

function linesOf(text: string, part: string): number[] {
  const lines: number[] = [];
  let line = 1;
  let counted = 0;
  for (let at = text.indexOf(part); at !== -1; at = text.indexOf(part, at + 1)) {
    for (; counted < at; counted += 1) if (text[counted] === '\n') line += 1;
    lines.push(line);
  }
  return lines;
}

function edit(fileEdit: FileEdit): { kind: 'edit'; edit: FileEdit } {
  return { kind: 'edit', edit: fileEdit };
}

import type { ToolRow } from '../protocol/chatPage.ts';
import type { EffectOnRecord } from '../protocol/record.ts';

/** What a row says about an effect before anything came of it. */
export type ToolTitle = Pick<ToolRow, 'title' | 'file' | 'result'>;

type FileOnRecord = Extract<EffectOnRecord, { kind: 'edit' }>['files'][number];

export function toolTitle(what: EffectOnRecord, severalRoots: boolean): ToolTitle {
  const shown = (path: string) => pathInWords(path, severalRoots);
  switch (what.kind) {
    case 'list':
      return { title: shown(what.path) };
    case 'search':
      return { title: searchInWords(what, shown(what.path)) };
    case 'read':
      return readTitle(what.path, shown(what.path), what.lines);
    case 'problems':
      return what.path === undefined
        ? { title: 'workspace' }
        : { title: shown(what.path), file: { path: what.path } };
    case 'edit':
      return editTitle(what.files, shown);
    case 'command':
      return { title: what.text };
    case 'output':
      return { title: `${what.output}:${what.first}–${what.first + what.count - 1}` };
    case 'background':
      return { title: what.command ?? 'commands' };
    case 'plan':
      return { title: `${what.steps.length} steps` };
    case 'question':
      return { title: what.text };
    case 'invalid':
      return { title: '', result: what.because };
  }
}

/** Paths stand on the record as `root:relative`; people read the root only where there are several. */
function pathInWords(path: string, severalRoots: boolean): string {
  if (severalRoots) return path;
  const relative = path.slice(path.indexOf(':') + 1);
  return relative === '' ? '.' : relative;
}

function readTitle(path: string, shown: string, lines: readonly [number, number] | undefined): ToolTitle {
  if (lines === undefined) return { title: shown, file: { path } };
  const [first, last] = lines;
  return { title: `${shown}:${first}–${last}`, file: { path, line: Math.max(1, first) } };
}

function searchInWords({ query }: Extract<EffectOnRecord, { kind: 'search' }>, place: string): string {
  const include = query['include'];
  const where = typeof include === 'string' ? include : place;
  const pattern = String(query['pattern']);
  const written = query['isRegex'] === true ? `/${pattern}/` : `“${pattern}”`;
  return where === '.' ? written : `${written} in ${where}`;
}

function editTitle(files: readonly FileOnRecord[], shown: (path: string) => string): ToolTitle {
  const result = `+${sum(files, 'added')} −${sum(files, 'removed')}`;
  const first = files[0];
  if (first === undefined || files.length > 1) return { title: `${files.length} files`, result };
  const title = first.to === undefined ? shown(first.path) : `${shown(first.path)} → ${shown(first.to)}`;
  return { title, result, file: { path: first.path } };
}

function sum(files: readonly FileOnRecord[], member: 'added' | 'removed'): number {
  return files.reduce((total, file) => total + file[member], 0);
}

import type { FromReviewPage, ReviewState } from '../../protocol/reviewPage.ts';

/** What a key does: something said to the host, or something in the page alone. */
export type KeyAction =
  | { readonly kind: 'post'; readonly message: FromReviewPage }
  | { readonly kind: 'page'; readonly to: 'note' | 'hunkNote' | 'down' | 'up' };

type Key = {
  readonly key: string;
  readonly ctrlKey: boolean;
  readonly metaKey: boolean;
  readonly altKey: boolean;
  readonly shiftKey: boolean;
};

/**
 * Plain keys, while nobody types. None of them decides: neither Enter nor any other key applies or rejects the whole.
 * Keys with Alt or Ctrl are left to VS Code, where they can be changed, all but the one that takes back everywhere.
 */
export function keyAction(key: Key, state: ReviewState): KeyAction | undefined {
  if (isUndo(key)) return said({ kind: 'undo', digest: state.digest });
  if (key.ctrlKey || key.metaKey || key.altKey) return undefined;
  const { hunk, digest } = state;
  switch (key.key) {
    case 'j':
      return neighbour(state, 1);
    case 'k':
      return neighbour(state, -1);
    case ']':
      return selected(state, state.file + 1);
    case '[':
      return selected(state, state.file - 1);
    case 'a':
      return chooseHunk(state, true);
    case 'r':
      return chooseHunk(state, false);
    case 'A':
      return chooseFile(state, true);
    case 'R':
      return chooseFile(state, false);
    case 'u':
      return said({ kind: 'undo', digest });
    case 'e':
      return hunk === null ? undefined : said({ kind: 'edit', digest, hunk });
    case 'x':
    case 'X':
      return hunk === null ? undefined : said({ kind: 'widen', hunk, side: 'around', all: key.key === 'X' });
    case 'd':
      return said({ kind: 'openDiff', file: state.file });
    case 'n':
      return { kind: 'page', to: hunk === null ? 'note' : 'hunkNote' };
    case 'N':
      return { kind: 'page', to: 'note' };
    case ' ':
    case 'PageDown':
      return { kind: 'page', to: 'down' };
    case 'PageUp':
      return { kind: 'page', to: 'up' };
  }
  return undefined;
}

function isUndo({ key, ctrlKey, metaKey, altKey, shiftKey }: Key): boolean {
  return key === 'z' && (ctrlKey || metaKey) && !altKey && !shiftKey;
}

function said(message: FromReviewPage): KeyAction {
  return { kind: 'post', message };
}

function neighbour(state: ReviewState, by: 1 | -1): KeyAction | undefined {
  const stops = state.files.flatMap(({ hunks }, file) => {
    const ids: readonly (string | null)[] = hunks.length === 0 ? [null] : hunks;
    return ids.map((hunk) => ({ file, hunk }));
  });
  const at = stops.findIndex(({ file, hunk }) => file === state.file && hunk === state.hunk);
  const next = stops[at + by];
  return next === undefined ? undefined : said({ kind: 'select', ...next });
}

function selected({ files }: ReviewState, file: number): KeyAction | undefined {
  return files[file] === undefined ? undefined : said({ kind: 'select', file, hunk: null });
}

function chooseHunk({ digest, hunk }: ReviewState, accept: boolean): KeyAction | undefined {
  return hunk === null ? undefined : said({ kind: 'choose', digest, target: { of: 'hunk', hunk }, accept });
}

function chooseFile({ digest, file }: ReviewState, accept: boolean): KeyAction {
  return said({ kind: 'choose', digest, target: { of: 'file', file }, accept });
}

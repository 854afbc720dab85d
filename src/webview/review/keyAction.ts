import type { FromReviewPage, ReviewState } from '../../protocol/reviewPage.ts';

/** What a key does: something said to the host, or something in the page alone. */
export type KeyAction =
  | { readonly kind: 'post'; readonly message: FromReviewPage }
  | { readonly kind: 'page'; readonly to: 'note' | 'down' | 'up' };

type Key = {
  readonly key: string;
  readonly ctrlKey: boolean;
  readonly metaKey: boolean;
  readonly altKey: boolean;
};

/**
 * Plain keys, while nobody types. None of them decides: neither Enter nor any other key applies or rejects the whole.
 * Keys with Alt or Ctrl are left to VS Code, where they can be changed.
 */
export function keyAction(key: Key, state: ReviewState): KeyAction | undefined {
  if (key.ctrlKey || key.metaKey || key.altKey) return undefined;
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
    case 'd':
      return { kind: 'post', message: { kind: 'openDiff', file: state.file } };
    case 'n':
      return { kind: 'page', to: 'note' };
    case ' ':
    case 'PageDown':
      return { kind: 'page', to: 'down' };
    case 'PageUp':
      return { kind: 'page', to: 'up' };
  }
  return undefined;
}

function neighbour(state: ReviewState, by: 1 | -1): KeyAction | undefined {
  const stops = state.changeSet.files.flatMap((file, index) => {
    const ids: readonly (string | null)[] = file.hunks.length === 0 ? [null] : file.hunks.map(({ id }) => id);
    return ids.map((hunk) => ({ file: index, hunk }));
  });
  const at = stops.findIndex(({ file, hunk }) => file === state.file && hunk === state.hunk);
  const next = stops[at + by];
  return next === undefined ? undefined : { kind: 'post', message: { kind: 'select', ...next } };
}

function selected({ changeSet }: ReviewState, file: number): KeyAction | undefined {
  if (changeSet.files[file] === undefined) return undefined;
  return { kind: 'post', message: { kind: 'select', file, hunk: null } };
}

function chooseHunk({ digest, hunk }: ReviewState, accept: boolean): KeyAction | undefined {
  if (hunk === null) return undefined;
  return { kind: 'post', message: { kind: 'choose', digest, target: { of: 'hunk', hunk }, accept } };
}

function chooseFile({ digest, file }: ReviewState, accept: boolean): KeyAction {
  return { kind: 'post', message: { kind: 'choose', digest, target: { of: 'file', file }, accept } };
}

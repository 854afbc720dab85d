import type { JSX } from 'preact';
import type { ReviewFile } from '../../protocol/changeSet.ts';
import type { FromReviewPage, ReviewState } from '../../protocol/reviewPage.ts';
import { pathWords, takenOf, type Taken } from './fileWords.ts';
import { Tick } from './Tick.tsx';
import { trusted } from './trusted.ts';

const CHANGE_WORDS = { edited: 'M', created: 'A', deleted: 'D', renamed: 'R' } as const;
const TAKEN_WORDS: { readonly [Kind in Taken]: string } = {
  all: 'accepted',
  some: 'accepted in part',
  none: 'rejected',
};

export function FileList({
  state,
  accepted,
  post,
}: {
  state: ReviewState;
  accepted: ReadonlySet<string>;
  post: (message: FromReviewPage) => void;
}): JSX.Element {
  const unseen = new Set(state.unseen);
  return (
    <nav aria-label="Files">
      <ul>
        {state.changeSet.files.map((file, index) => {
          const taken = takenOf(file, accepted);
          const { name, folder } = pathWords(file.path);
          const isUnseen = unseen.has(file.path);
          return (
            <li key={file.path} class={index === state.file ? 'current' : ''}>
              <Tick
                taken={taken}
                label={`Accept the change to ${folder}${name}`}
                disabled={file.unshowable !== undefined}
                choose={(accept) =>
                  post({ kind: 'choose', digest: state.digest, target: { of: 'file', file: index }, accept })
                }
              />
              <button
                type="button"
                class="file"
                aria-current={index === state.file ? 'true' : undefined}
                title={file.path}
                onClick={trusted(() => post({ kind: 'select', file: index, hunk: null }))}
              >
                <span class={`name ${taken}`}>{name}</span>
                <span class="folder muted">{folder}</span>
                <FileMarks file={file} isUnseen={isUnseen} />
                <span class="for-readers">
                  , {file.unshowable === undefined ? TAKEN_WORDS[taken] : 'cannot be accepted'}
                </span>
              </button>
            </li>
          );
        })}
      </ul>
    </nav>
  );
}

function FileMarks({ file, isUnseen }: { file: ReviewFile; isUnseen: boolean }): JSX.Element {
  return (
    <span class="marks">
      {file.notices.length > 0 && (
        <span class="care" title={file.notices.join('\n')}>
          !<span class="for-readers"> has warnings</span>
        </span>
      )}
      {file.unshowable !== undefined && (
        <span class="care" title={file.unshowable}>
          too large
        </span>
      )}
      <span class="counts">
        {file.added > 0 && <span class="added">+{file.added}</span>}{' '}
        {file.removed > 0 && <span class="removed">−{file.removed}</span>}
      </span>
      <span class={`change ${file.change}`} title={file.change}>
        {CHANGE_WORDS[file.change]}
      </span>
      <span
        class={isUnseen ? 'dot' : 'dot seen'}
        title={isUnseen ? 'Not all of it was on the screen yet' : ''}
      >
        {isUnseen && <span class="for-readers">, not all of it was on the screen yet</span>}
      </span>
    </span>
  );
}

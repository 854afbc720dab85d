import type { JSX } from 'preact';
import { memo } from 'preact/compat';
import { useLayoutEffect, useRef } from 'preact/hooks';
import type { FromReviewPage, ReviewHead } from '../../protocol/reviewPage.ts';
import { pathWords, takenOf, type Taken } from './fileWords.ts';
import { Tick } from './Tick.tsx';
import { trusted } from './trusted.ts';

const CHANGE_WORDS = { edited: 'M', created: 'A', deleted: 'D', renamed: 'R' } as const;
const TAKEN_WORDS: { readonly [Kind in Taken]: string } = {
  all: 'accepted',
  some: 'accepted in part',
  none: 'rejected',
};

type FileListProps = {
  readonly files: readonly ReviewHead[];
  readonly current: number;
  readonly digest: string;
  readonly accepted: ReadonlySet<string>;
  readonly unseen: ReadonlySet<string>;
  readonly post: (message: FromReviewPage) => void;
};

export function FileList({ files, current, digest, accepted, unseen, post }: FileListProps): JSX.Element {
  return (
    <nav aria-label="Files">
      <ul>
        {files.map((file, index) => (
          <FileRow
            key={file.path}
            file={file}
            index={index}
            isCurrent={index === current}
            taken={takenOf(file.hunks, accepted)}
            isUnseen={unseen.has(file.path)}
            digest={digest}
            post={post}
          />
        ))}
      </ul>
    </nav>
  );
}

type FileRowProps = Pick<FileListProps, 'digest' | 'post'> & {
  readonly file: ReviewHead;
  readonly index: number;
  readonly isCurrent: boolean;
  readonly taken: Taken;
  readonly isUnseen: boolean;
};

/** Drawn anew only when something of this file changed; a set may hold hundreds. */
const FileRow = memo(function FileRow(props: FileRowProps): JSX.Element {
  const { file, index, isCurrent, taken, isUnseen, digest, post } = props;
  const row = useRef<HTMLLIElement>(null);
  useLayoutEffect(() => {
    if (isCurrent) row.current?.scrollIntoView({ block: 'nearest' });
  }, [isCurrent]);
  const { name, folder } = pathWords(file.path);
  return (
    <li ref={row} class={isCurrent ? 'current' : ''}>
      <Tick
        taken={taken}
        label={`Accept the change to ${folder}${name}`}
        disabled={file.unshowable !== undefined}
        choose={(accept) => post({ kind: 'choose', digest, target: { of: 'file', file: index }, accept })}
      />
      <button
        type="button"
        class="file"
        aria-current={isCurrent ? 'true' : undefined}
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
});

function FileMarks({ file, isUnseen }: { file: ReviewHead; isUnseen: boolean }): JSX.Element {
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

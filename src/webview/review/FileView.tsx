import { Fragment, type JSX } from 'preact';
import { useLayoutEffect, useMemo, useRef, useState } from 'preact/hooks';
import type { DrawnFile } from '../../protocol/cardDrawing.ts';
import { hunkName } from '../../protocol/hunkName.ts';
import type { FromReviewPage, ReviewState } from '../../protocol/reviewPage.ts';
import { pathWords, takenOf } from './fileWords.ts';
import { GapView } from './GapView.tsx';
import type { Colours } from './hunkColours.ts';
import { HunkView } from './HunkView.tsx';
import { Marked } from './Marked.tsx';
import { noticesPart } from './parts.ts';
import { createSight, type Sight } from './sight.ts';
import { Tick } from './Tick.tsx';
import { trusted } from './trusted.ts';

type FileViewProps = {
  readonly file: DrawnFile;
  readonly state: ReviewState;
  readonly accepted: ReadonlySet<string>;
  readonly colours: Colours;
  readonly post: (message: FromReviewPage) => void;
  /** A part of this file has been on the screen, all of it. */
  readonly seen: (file: number, part: string) => void;
};

const CHANGE_WORDS = { edited: '', created: 'New file', deleted: 'Deleted', renamed: 'Renamed' } as const;

/** One file with its hunks; to be mounted anew for every file. */
export function FileView({ file, state, accepted, colours, post, seen }: FileViewProps): JSX.Element {
  const index = useMemo(() => state.files.findIndex(({ path }) => path === file.path), [file.path]);
  const scroller = useRef<HTMLDivElement>(null);
  const [sight, setSight] = useState<Sight>();
  useLayoutEffect(() => {
    if (scroller.current === null) return undefined;
    const created = createSight(scroller.current, (part) => seen(index, part));
    setSight(created);
    return () => created.dispose();
  }, [index, seen]);
  const last = file.hunks.flatMap(({ lines }) => lines.at(-1) ?? []).at(-1);
  const digits = String(
    last === undefined ? 1 : Math.max('old' in last ? last.old : 0, 'new' in last ? last.new : 0),
  ).length;
  const next = state.files[state.file + 1];
  const { digest, editing, notes } = state;
  const notice = noticesPart(file);
  const gap = (before: number) => {
    const found = file.gaps.find((one) => one.before === before);
    if (found === undefined || sight === undefined) return null;
    const [above, below] = [file.hunks[before - 1]?.id, file.hunks[before]?.id];
    return (
      <GapView
        gap={found}
        above={above}
        below={below}
        path={file.to ?? file.path}
        colours={colours}
        sight={sight}
        post={post}
      />
    );
  };
  return (
    <article aria-label={`Change to ${file.path}`} style={{ '--digits': `${Math.max(2, digits)}ch` }}>
      <FileHead file={file} state={state} accepted={accepted} post={post} />
      <div class="scroller" ref={scroller} tabIndex={0} role="region" aria-label="Hunks">
        {sight !== undefined && notice !== undefined && (
          <Notices key={notice} part={notice} notices={file.notices} sight={sight} />
        )}
        {file.unshowable !== undefined && <p class="banner unshowable">{file.unshowable}</p>}
        {sight !== undefined &&
          file.hunks.map((hunk, at) => (
            <Fragment key={hunkName(hunk)}>
              {gap(at)}
              <HunkView
                hunk={hunk}
                change={file.change}
                place={at + 1}
                of={file.hunks.length}
                isAccepted={accepted.has(hunk.id)}
                isCurrent={state.hunk === hunk.id}
                typed={editing?.hunk === hunk.id ? editing.text : null}
                note={notes[hunk.id] ?? ''}
                digest={digest}
                sight={sight}
                path={file.to ?? file.path}
                colours={colours}
                post={post}
              />
            </Fragment>
          ))}
        {gap(file.hunks.length)}
        {next !== undefined && (
          <button
            type="button"
            class="next link"
            onClick={trusted(() => post({ kind: 'select', file: state.file + 1, hunk: null }))}
          >
            Next file: {pathWords(next.path).name}
          </button>
        )}
      </div>
    </article>
  );
}

function FileHead({ file, state, accepted, post }: Omit<FileViewProps, 'seen' | 'colours'>): JSX.Element {
  const { name, folder, root } = pathWords(file.path);
  const change = CHANGE_WORDS[file.change];
  return (
    <div class="file-head">
      <h2>
        <span class="muted">{folder}</span>
        {name}
        {file.to !== undefined && (
          <>
            <span class="muted"> → {pathWords(file.to).folder}</span>
            {pathWords(file.to).name}
          </>
        )}
        <span class="root muted">{root}</span>
        {change !== '' && <span class={`change-word ${file.change}`}>{change}</span>}
      </h2>
      <div class="file-actions">
        <Tick
          taken={takenOf(
            file.hunks.map(({ id }) => id),
            accepted,
          )}
          label={`Accept the whole change to ${folder}${name}`}
          words="Whole file"
          disabled={file.unshowable !== undefined}
          choose={(accept) =>
            post({ kind: 'choose', digest: state.digest, target: { of: 'file', file: state.file }, accept })
          }
        />
        <button
          type="button"
          class="link"
          title="The same in VS Code’s diff editor, for reading (D)"
          onClick={trusted(() => post({ kind: 'openDiff', file: state.file }))}
        >
          Diff editor
        </button>
        {file.change !== 'created' && (
          <button
            type="button"
            class="link"
            title="The file as it is on disk"
            onClick={trusted(() => post({ kind: 'openFile', file: state.file }))}
          >
            Open file
          </button>
        )}
      </div>
    </div>
  );
}

function Notices({
  part,
  notices,
  sight,
}: {
  part: string;
  notices: readonly string[];
  sight: Sight;
}): JSX.Element {
  const box = useRef<HTMLUListElement>(null);
  useLayoutEffect(() => {
    if (box.current === null) return undefined;
    const end = sight.watch(box.current, part, { near: () => undefined });
    sight.drawn(box.current);
    return end;
  }, [sight, part]);
  return (
    <ul ref={box} class="notices" aria-label="Warnings">
      {notices.map((notice) => (
        <li>
          <Marked text={notice} />
        </li>
      ))}
    </ul>
  );
}

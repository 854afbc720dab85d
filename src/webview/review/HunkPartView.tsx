import type { JSX } from 'preact';
import { memo } from 'preact/compat';
import { useLayoutEffect, useRef, useState } from 'preact/hooks';
import type { HunkLine } from '../../protocol/changeSet.ts';
import type { ColourPart } from './hunkColours.ts';
import { Marked } from './Marked.tsx';
import type { HunkPart } from './parts.ts';
import type { Sight } from './sight.ts';
import type { Token } from './syntaxTokens.ts';

/** A guess at how high a line is, for room that is kept until the lines are drawn. */
const LINE_HEIGHT = 20;

/** Some lines, drawn while they are near the screen; elsewhere the room they take is kept. */
export const HunkPartView = memo(function HunkPartView({
  part,
  colour,
  sight,
}: {
  part: HunkPart;
  colour: ColourPart;
  sight: Sight;
}): JSX.Element {
  const box = useRef<HTMLDivElement>(null);
  const [isDrawn, setDrawn] = useState(false);
  const room = useRef(part.lines.length * LINE_HEIGHT);
  useLayoutEffect(() => {
    if (box.current === null) return undefined;
    return sight.watch(box.current, part.id, {
      near: () => setDrawn(true),
      far: (height) => {
        room.current = height;
        setDrawn(false);
      },
    });
  }, [sight, part.id]);
  useLayoutEffect(() => {
    if (isDrawn && box.current !== null) sight.drawn(box.current);
  }, [sight, isDrawn]);
  const tokens = isDrawn ? colour(part) : [];
  return (
    <div ref={box} class="lines" style={isDrawn ? {} : { height: `${room.current}px` }}>
      {isDrawn && part.lines.length === 0 && (
        <p class="no-lines muted">No line changes; what changes is said above.</p>
      )}
      {isDrawn && part.lines.map((line, at) => <Line line={line} tokens={tokens[at]} />)}
    </div>
  );
});

const SIGNS = { same: ' ', removed: '−', added: '+' } as const;

function Line({ line, tokens = [] }: { line: HunkLine; tokens: readonly Token[] | undefined }): JSX.Element {
  const yours = line.kind === 'added' && line.yours === true;
  return (
    <div class={`line ${line.kind} ${yours ? 'yours' : ''}`}>
      <span class="number" aria-hidden="true">
        {line.kind === 'added' ? '' : line.old}
      </span>
      <span class="number" aria-hidden="true">
        {line.kind === 'removed' ? '' : line.new}
      </span>
      <span class="sign" aria-hidden="true">
        {SIGNS[line.kind]}
      </span>
      {line.kind !== 'same' && (
        <span class="for-readers">
          {line.kind}
          {yours ? ' by you' : ''}:{' '}
        </span>
      )}
      <code class="text">
        <Marked text={line.text} tokens={tokens} {...(line.kind === 'same' ? {} : { marks: line.marks })} />
      </code>
    </div>
  );
}

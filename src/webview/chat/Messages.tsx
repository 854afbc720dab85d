import type { JSX } from 'preact';
import { useMemo, useState } from 'preact/hooks';
import type { ChatRow } from '../../protocol/chatPage.ts';
import { ROWS_SHOWN, type ChatModel } from './chatModel.ts';
import type { Host } from './host.ts';
import { Icon } from './Icon.tsx';
import { GrowingMarkdown, Markdown } from './Markdown.tsx';
import { ToolLine } from './ToolLine.tsx';
import { Visible } from './Visible.tsx';

/** The conversation: the latest rows, and the text that streams in. */
export function Messages({
  model,
  host,
  grown,
}: {
  model: ChatModel;
  host: Host;
  grown: () => void;
}): JSX.Element {
  const [shown, setShown] = useState(ROWS_SHOWN);
  const first = Math.max(0, model.rows.length - shown);
  return (
    <>
      {first > 0 && (
        <button type="button" class="link earlier" onClick={() => setShown(shown + ROWS_SHOWN)}>
          Show earlier ({first})
        </button>
      )}
      <div role="log" aria-live="polite" aria-relevant="additions" aria-label="Conversation">
        {model.rows.slice(first).map((row, index) => (
          <Row key={first + index} row={row} host={host} />
        ))}
        {model.streaming !== '' && <GrowingMarkdown text={model.streaming} grown={grown} />}
      </div>
    </>
  );
}

function Row({ row, host }: { row: ChatRow; host: Host }): JSX.Element {
  return useMemo(() => drawRow(row, host), [row, host]);
}

function drawRow(row: ChatRow, host: Host): JSX.Element {
  switch (row.kind) {
    case 'user':
      return (
        <div class="user">
          <span class="for-readers">You: </span>
          <Visible text={row.text} />
        </div>
      );
    case 'assistant':
      return <Markdown text={row.text} />;
    case 'tool':
      return <ToolLine row={row} host={host} />;
    case 'notice':
      return <Notice row={row} host={host} />;
  }
}

function Notice({ row, host }: { row: Extract<ChatRow, { kind: 'notice' }>; host: Host }): JSX.Element {
  const { setting } = row;
  return (
    <div class={`notice ${row.level}`}>
      <Icon name={row.level === 'info' ? 'info' : 'warning'} />
      <div>
        <Visible text={row.text} />
        {setting !== undefined && (
          <>
            {' '}
            <button
              type="button"
              class="link"
              onClick={() => host.post({ kind: 'openSetting', key: setting })}
            >
              Open the setting
            </button>
          </>
        )}
      </div>
    </div>
  );
}

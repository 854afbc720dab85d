import type { JSX } from 'preact';
import { useId, useState } from 'preact/hooks';
import type { ToolRow } from '../../protocol/chatPage.ts';
import type { Host } from './host.ts';
import { Icon, type IconName } from './Icon.tsx';
import { Visible } from './Visible.tsx';

const STATES: Readonly<Record<ToolRow['state'], { readonly icon: IconName; readonly words: string }>> = {
  proposed: { icon: 'circle', words: 'proposed' },
  waiting: { icon: 'bell', words: 'waiting for you' },
  running: { icon: 'spinner', words: 'running' },
  done: { icon: 'check', words: 'done' },
  denied: { icon: 'denied', words: 'denied' },
  rejected: { icon: 'cross', words: 'rejected' },
  stale: { icon: 'stale', words: 'stale' },
  failed: { icon: 'warning', words: 'failed' },
};

/** One call of the agent, on one line; what was decided and why is a click away and in the tooltip. */
export function ToolLine({ row, host }: { row: ToolRow; host: Host }): JSX.Element {
  const [open, setOpen] = useState(false);
  const details = useId();
  const { icon, words } = STATES[row.state];
  const verb = row.tool.split('_')[0] ?? row.tool;
  return (
    <div class={`tool ${row.state}`}>
      <div class="tool-line">
        <button
          type="button"
          class="tool-toggle"
          aria-expanded={open}
          aria-controls={details}
          title={row.tool}
          onClick={() => setOpen(!open)}
        >
          <Icon name={icon} spin={row.state === 'running'} />
          <span class="for-readers">{words}: </span>
          <span class="tool-verb">
            <Visible text={verb} />
          </span>
        </button>
        <ToolTitle row={row} host={host} toggle={() => setOpen(!open)} />
        {row.result !== undefined && row.result !== '' && <Result text={row.result} />}
        {row.verdict !== undefined && (
          <span class={`chip ${row.verdict}`} title={`${row.because ?? ''} (${row.rule ?? ''})`}>
            {row.verdict}
          </span>
        )}
      </div>
      <div id={details}>{open && <Details row={row} host={host} words={words} />}</div>
    </div>
  );
}

function ToolTitle({ row, host, toggle }: { row: ToolRow; host: Host; toggle: () => void }): JSX.Element {
  const { file } = row;
  if (file === undefined)
    return (
      <span class="tool-title mono" title={row.title} onClick={toggle}>
        <Visible text={row.title} />
      </span>
    );
  return (
    <button
      type="button"
      class="tool-title mono link"
      title={`Open ${row.title}`}
      onClick={() => host.post({ kind: 'openFile', ...file })}
    >
      <PathParts path={row.title} />
    </button>
  );
}

/** Where room is short the folder gives way, not the name of the file. */
function PathParts({ path }: { path: string }): JSX.Element {
  const cut = path.lastIndexOf('/') + 1;
  return (
    <>
      <span class="tool-folder">
        <Visible text={path.slice(0, cut)} />
      </span>
      <span class="tool-file">
        <Visible text={path.slice(cut)} />
      </span>
    </>
  );
}

function Result({ text }: { text: string }): JSX.Element {
  const [, added, removed] = /^(\+\d+) (−\d+)$/.exec(text) ?? [];
  if (added !== undefined && removed !== undefined)
    return (
      <span class="tool-result">
        <span class="added">{added}</span> <span class="removed">{removed}</span>
      </span>
    );
  return (
    <span class="tool-result" title={text}>
      <Visible text={text} />
    </span>
  );
}

function Details({ row, host, words }: { row: ToolRow; host: Host; words: string }): JSX.Element {
  const { setting } = row;
  return (
    <dl class="details">
      <dt>{row.tool}</dt>
      <dd class="mono">
        <Visible text={row.title} />
      </dd>
      {row.verdict !== undefined && (
        <>
          <dt>Decision</dt>
          <dd>
            {row.verdict}: {row.because} <span class="muted mono">{row.rule}</span>
          </dd>
        </>
      )}
      <dt>State</dt>
      <dd>
        {words}
        {row.result !== undefined && row.result !== '' && (
          <>
            : <Visible text={row.result} />
          </>
        )}
      </dd>
      {setting !== undefined && (
        <dd>
          <button type="button" class="link" onClick={() => host.post({ kind: 'openSetting', key: setting })}>
            Open the setting
          </button>
        </dd>
      )}
    </dl>
  );
}

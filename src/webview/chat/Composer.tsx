import type { JSX } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import { isBusy, promptsOf, type ChatModel } from './chatModel.ts';
import type { Host } from './host.ts';
import { Icon } from './Icon.tsx';
import { StateLine } from './StateLine.tsx';

/** Where a person writes, with what it will be sent to. Stop stands here as long as the agent is at work. */
export function Composer({
  model,
  host,
  sent,
}: {
  model: ChatModel;
  host: Host;
  sent: () => void;
}): JSX.Element {
  const input = useRef<HTMLTextAreaElement>(null);
  const [draft, setDraft] = useState(host.kept().draft);
  const [recalled, setRecalled] = useState(-1);
  const busy = isBusy(model.state);
  const off = model.state.mode === 'restricted';

  function write(text: string): void {
    setDraft(text);
    setRecalled(-1);
    host.keep({ draft: text });
  }

  useEffect(() => {
    if (model.draft.count === 0) return;
    write(draft.trim() === '' ? model.draft.text : `${draft.trimEnd()}\n${model.draft.text}`);
    input.current?.focus();
  }, [model.draft.count]);
  useEffect(() => {
    if (model.focusCount > 0) input.current?.focus();
  }, [model.focusCount]);

  function send(): void {
    if (draft.trim() === '' || busy || off) return;
    host.post({ kind: 'send', text: draft });
    write('');
    sent();
  }

  function recall(step: 1 | -1): boolean {
    const prompts = promptsOf(model.rows);
    const place = recalled + step;
    if ((draft !== '' && draft !== prompts[recalled]) || place < -1 || place >= prompts.length) return false;
    write(prompts[place] ?? '');
    setRecalled(place);
    return true;
  }

  function keyDown(event: KeyboardEvent): void {
    if (event.isComposing || event.ctrlKey || event.metaKey || event.altKey || event.shiftKey) return;
    if (event.key === 'Enter') {
      event.preventDefault();
      send();
    }
    if (event.key === 'ArrowUp' && recall(1)) event.preventDefault();
    if (event.key === 'ArrowDown' && recalled >= 0 && recall(-1)) event.preventDefault();
  }

  return (
    <div class="composer">
      <div class="input-box">
        <textarea
          ref={input}
          rows={2}
          value={draft}
          disabled={off}
          maxLength={1_000_000}
          aria-label="Message to the agent"
          placeholder={placeholder(model.state.mode)}
          onInput={(event) => write(event.currentTarget.value)}
          onKeyDown={keyDown}
        />
        <div class="toolbar">
          <button
            type="button"
            class="icon-button"
            title="New session"
            aria-label="New session"
            onClick={() => host.post({ kind: 'newSession' })}
          >
            <Icon name="plus" />
          </button>
          <button
            type="button"
            class="icon-button"
            title="Open the record"
            aria-label="Open the record"
            onClick={() => host.post({ kind: 'openAudit' })}
          >
            <Icon name="record" />
          </button>
          <StateLine state={model.state} host={host} />
          {busy ? (
            <button
              type="button"
              class="button secondary stop"
              title="Stop (Escape)"
              aria-label="Stop"
              onClick={() => host.post({ kind: 'stop' })}
            >
              <Icon name="stop" />
              <span>Stop</span>
            </button>
          ) : (
            <button
              type="button"
              class="icon-button send"
              title="Send (Enter)"
              aria-label="Send"
              aria-disabled={draft.trim() === '' || off}
              onClick={send}
            >
              <Icon name="send" />
            </button>
          )}
        </div>
      </div>
      {busy && draft.trim() !== '' && (
        <p class="hint muted">Your text stays here until the agent has finished or is stopped.</p>
      )}
      {model.state.provider === 'rehearsal' && (
        <p class="hint rehearsal">Rehearsal: a built-in script, no model</p>
      )}
    </div>
  );
}

function placeholder(mode: ChatModel['state']['mode']): string {
  switch (mode) {
    case 'restricted':
      return 'Off in Restricted Mode';
    case 'noFolder':
    case 'idle':
      return 'What should be done?';
    case 'working':
    case 'waiting':
    case 'retrying':
      return 'Write what comes next';
  }
}

import type { ComponentChildren, JSX } from 'preact';
import type { ChatState } from '../../protocol/chatPage.ts';
import type { Host } from './host.ts';
import { Icon } from './Icon.tsx';

const EXAMPLES = [
  'Explain how this project is built and tested',
  'Fix the problems the editor reports in this workspace',
  'Add a test for the code that needs one most',
];

/** What stands in an empty conversation. */
export function Welcome({ state, use }: { state: ChatState; use: (prompt: string) => void }): JSX.Element {
  return (
    <div class="welcome">
      <Icon name="shield" />
      <h2>Nothing happens without your warrant</h2>
      <p class="muted">
        Say what should be done. The agent reads the workspace within your rules; every edit and every command
        is shown to you before it happens, and everything stands on the record.
      </p>
      {state.mode === 'idle' && (
        <ul aria-label="Examples">
          {EXAMPLES.map((prompt) => (
            <li key={prompt}>
              <button type="button" onClick={() => use(prompt)}>
                {prompt}
              </button>
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}

/** Why parts are off, and what to do about it; null where nothing is. */
export function OffNotice({ mode, host }: { mode: ChatState['mode']; host: Host }): JSX.Element | null {
  if (mode === 'restricted')
    return (
      <Off title="Restricted Mode">
        <p>
          This workspace is not trusted. Nothing is sent to a model, edited or run, so nothing in this folder
          can act on you. The record and your settings are open as always.
        </p>
        <button type="button" class="button" onClick={() => host.post({ kind: 'manageTrust' })}>
          Manage Workspace Trust
        </button>
      </Off>
    );
  if (mode === 'noFolder')
    return (
      <Off title="No folder is open">
        <p>
          You can talk to the model and read the record. To let the agent read or change files, open a folder.
        </p>
        <button type="button" class="button" onClick={() => host.post({ kind: 'openFolder' })}>
          Open Folder
        </button>
      </Off>
    );
  return null;
}

function Off({ title, children }: { title: string; children: ComponentChildren }): JSX.Element {
  return (
    <section class="off" aria-label={title}>
      <h2>{title}</h2>
      {children}
    </section>
  );
}

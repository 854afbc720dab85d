import type { JSX } from 'preact';
import type { ChatState } from '../../protocol/chatPage.ts';
import type { Host } from './host.ts';

/** Which model, whether commands may be proposed, how full its window is. */
export function StateLine({ state, host }: { state: ChatState; host: Host }): JSX.Element {
  const { tokens, commandsEnabled } = state;
  const model = modelInWords(state);
  const commands = commandsEnabled ? 'commands on' : 'commands off';
  return (
    <div class="state-line">
      <button
        type="button"
        class="pick-model"
        title={`${model}. Choose another model`}
        aria-label={`Model: ${model}. Choose another`}
        onClick={() => host.post({ kind: 'pickModel' })}
      >
        {model}
      </button>
      {state.mode !== 'restricted' && (
        <button
          type="button"
          class="chip"
          title={
            commandsEnabled
              ? 'The agent may propose commands; each is shown to you first. Open the setting'
              : 'The agent may not propose commands. Open the setting'
          }
          onClick={() => host.post({ kind: 'openSetting', key: 'commands.enabled' })}
        >
          {commands}
        </button>
      )}
      {tokens !== null && <Tokens {...tokens} />}
    </div>
  );
}

function Tokens({ used, of }: { used: number; of: number }): JSX.Element {
  const part = Math.min(1, used / of);
  const words = `${used.toLocaleString('en')} of ${of.toLocaleString('en')} tokens in the model’s window`;
  return (
    <span class={part > 0.8 ? 'tokens full' : 'tokens'} title={words}>
      <svg class="ring" viewBox="0 0 16 16" role="img" aria-label={words}>
        <circle cx="8" cy="8" r="6" />
        <circle cx="8" cy="8" r="6" pathLength={100} stroke-dasharray={`${(part * 100).toFixed(1)} 100`} />
      </svg>
      <span>{Math.round(part * 100)}%</span>
    </span>
  );
}

function modelInWords({ provider, model }: ChatState): string {
  if (provider === 'rehearsal') return 'Rehearsal';
  return model === '' ? 'Choose a model' : model;
}

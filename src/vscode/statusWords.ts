import type { ChatState } from '../protocol/chatPage.ts';

export type StatusWords = {
  readonly text: string;
  readonly tooltip: string;
  /** For screen readers: the same without icons. */
  readonly label: string;
  readonly warns: boolean;
};

/** What the status bar says. Something that waits for a person comes before everything else. */
export function statusWords(mode: ChatState['mode'], waiting: number): StatusWords {
  if (waiting > 0 || mode === 'waiting')
    return {
      text: '$(bell) Warrant: waiting for you',
      tooltip: 'The agent asks for something only you can allow. Click to see it.',
      label: 'Warrant is waiting for you',
      warns: true,
    };
  switch (mode) {
    case 'working':
      return {
        text: '$(sync~spin) Warrant: working…',
        tooltip: 'The agent is working. Click to watch or stop it.',
        label: 'Warrant is working',
        warns: false,
      };
    case 'retrying':
      return {
        text: '$(sync~spin) Warrant: retrying…',
        tooltip: 'The model did not answer; Warrant will ask it again. Click to see why.',
        label: 'Warrant is waiting to ask the model again',
        warns: false,
      };
    case 'restricted':
      return idle('Restricted Mode: the agent can neither edit nor run commands here.');
    case 'noFolder':
      return idle('No folder is open: there is nothing the agent could read or change.');
    case 'idle':
      return idle('Nothing is running.');
  }
}

function idle(tooltip: string): StatusWords {
  return { text: '$(shield) Warrant', tooltip, label: 'Warrant', warns: false };
}

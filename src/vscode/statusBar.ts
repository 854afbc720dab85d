import { StatusBarAlignment, ThemeColor, window } from 'vscode';
import type { ChatState } from '../protocol/chatPage.ts';
import { statusWords } from './statusWords.ts';

export type StatusBar = {
  show(state: { readonly mode: ChatState['mode']; readonly waiting: number }): void;
  dispose(): void;
};

/** The one item in the status bar; a click runs `command`, which brings the view to the front. */
export function createStatusBar(command: string): StatusBar {
  const item = window.createStatusBarItem('warrant.status', StatusBarAlignment.Left, 0);
  item.name = 'Warrant';
  item.command = command;
  return {
    show({ mode, waiting }) {
      const { text, tooltip, label, warns } = statusWords(mode, waiting);
      item.text = text;
      item.tooltip = tooltip;
      item.accessibilityInformation = { label, role: 'button' };
      item.backgroundColor = warns ? new ThemeColor('statusBarItem.warningBackground') : undefined;
      item.show();
    },
    dispose: () => item.dispose(),
  };
}

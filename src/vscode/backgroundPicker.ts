import * as vscode from 'vscode';
import type { BackgroundCommand } from '../protocol/outcome.ts';

type Pick = vscode.QuickPickItem & { readonly command: string };

/** Shows what the agent runs in the background; the one chosen is to be stopped. Undefined when none is chosen. */
export async function pickBackgroundCommand(
  commands: readonly BackgroundCommand[],
): Promise<string | undefined> {
  const running = commands.filter(({ end }) => end === null);
  if (running.length === 0) {
    void vscode.window.showInformationMessage('The agent runs nothing in the background.');
    return undefined;
  }
  const picked = await vscode.window.showQuickPick(running.map(pickOf), {
    title: 'Warrant: stop a background command',
    placeHolder: 'Choose one to stop it with everything it started.',
    matchOnDescription: true,
  });
  return picked?.command;
}

/** A `$(name)` in a command line would be drawn as an icon. */
function pickOf({ command, text, ms, lines }: BackgroundCommand): Pick {
  return {
    command,
    label: text.replace(/\s+/g, ' ').replaceAll('$(', '$ (').trim().slice(0, 120),
    description: `${command}, ${Math.round(ms / 1_000)} s, ${lines} lines`,
  };
}

import * as vscode from 'vscode';
import type { Warrant } from './agent.ts';
import { COMMANDS } from './vscode/commandIds.ts';

/**
 * Registration only. Everything else is in a bundle of its own that is loaded on first use: the extension host is
 * shared with every other extension, and most windows never open this view.
 */
export function activate(context: vscode.ExtensionContext): void {
  let loading: Promise<Warrant> | undefined;
  const warrant = (): Promise<Warrant> => (loading ??= load(context));
  context.subscriptions.push(
    vscode.window.registerWebviewViewProvider('warrant.chat', {
      resolveWebviewView: async (view) => (await warrant()).showChat(view),
    }),
    ...COMMANDS.map((id) =>
      vscode.commands.registerCommand(`warrant.${id}`, async (...args: unknown[]) =>
        (await warrant()).run(id, args),
      ),
    ),
  );
}

async function load(context: vscode.ExtensionContext): Promise<Warrant> {
  const { startWarrant } = await import('./agent.ts');
  const warrant = startWarrant(context);
  context.subscriptions.push(warrant);
  return warrant;
}

import * as vscode from 'vscode';
import {
  parseSettings,
  settings as known,
  type SettingProblem,
  type Settings,
} from '../protocol/settings.ts';

/**
 * The settings in force. For settings of application scope the values a workspace brings along are left out here as
 * well, although VS Code leaves them out itself: a guard should not hang on one hook.
 */
export function readSettings(): { settings: Settings; problems: readonly SettingProblem[] } {
  const configuration = vscode.workspace.getConfiguration('warrant');
  const raw: Record<string, unknown> = {};
  for (const [key, { scope }] of Object.entries(known)) {
    const found = configuration.inspect(key);
    const value = scope === 'application' ? found?.globalValue : configuration.get(key);
    if (value !== undefined) raw[key] = value;
  }
  return parseSettings(raw);
}

/** Calls back whenever any of our settings changed. */
export function onSettingsChanged(changed: () => void): vscode.Disposable {
  return vscode.workspace.onDidChangeConfiguration((event) => {
    if (event.affectsConfiguration('warrant')) changed();
  });
}

export async function openSetting(key: string): Promise<void> {
  await vscode.commands.executeCommand('workbench.action.openSettings', `@id:warrant.${key}`);
}

export async function writeUserSetting(key: keyof Settings, value: unknown): Promise<void> {
  await vscode.workspace.getConfiguration('warrant').update(key, value, vscode.ConfigurationTarget.Global);
}

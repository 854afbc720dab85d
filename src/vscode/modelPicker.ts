import * as vscode from 'vscode';
import type { Settings } from '../protocol/settings.ts';
import type { ApiKeys } from './secrets.ts';
import { writeUserSetting } from './settings.ts';

export type ModelPicker = {
  /** What is wrong with a base URL, in one sentence; undefined when nothing is. */
  readonly endpointProblem: (baseUrl: string) => string | undefined;
  readonly keys: ApiKeys;
  readonly settings: () => Settings;
};

type Pick = vscode.QuickPickItem & { readonly act: () => Promise<void> };

/** Lets the person choose between Rehearsal and an endpoint, and set up the endpoint. */
export async function pickModel(picker: ModelPicker): Promise<void> {
  const now = picker.settings();
  const current: Pick[] =
    now['model.name'] === ''
      ? []
      : [
          {
            label: `$(hubot) ${now['model.name']}`,
            description: now['model.baseUrl'],
            act: () => writeUserSetting('model.provider', 'openai'),
          },
        ];
  const picks: Pick[] = [
    {
      label: '$(play-circle) Rehearsal',
      description: 'a built-in fixed script',
      detail: 'No model, no key, no network: walks through every kind of approval on the open folder.',
      act: () => writeUserSetting('model.provider', 'rehearsal'),
    },
    ...current,
    {
      label: '$(plug) Connect an endpoint…',
      description: 'anything that speaks OpenAI chat completions',
      detail: 'OpenAI, Azure, OpenRouter, vLLM, Ollama, LM Studio, llama.cpp, your company’s gateway …',
      act: () => connect(picker),
    },
  ];
  const picked = await vscode.window.showQuickPick(picks, {
    title: 'Warrant: choose a model',
    matchOnDescription: true,
  });
  await picked?.act();
}

/** Asks for the key of the endpoint in the settings; an empty answer leaves things as they are. */
export async function askKey({ keys, settings }: ModelPicker): Promise<void> {
  const baseUrl = settings()['model.baseUrl'];
  const key = await vscode.window.showInputBox({
    title: `API key for ${new URL(baseUrl).host}`,
    prompt:
      'Kept in the editor’s secret storage for this endpoint alone. Leave it empty when the endpoint needs none.',
    password: true,
    ignoreFocusOut: true,
  });
  if (key === undefined || key.trim() === '') return;
  await keys.set(baseUrl, key.trim());
}

export async function removeKey({ keys, settings }: ModelPicker): Promise<void> {
  const baseUrl = settings()['model.baseUrl'];
  await keys.remove(baseUrl);
  void vscode.window.showInformationMessage(`The API key for ${new URL(baseUrl).host} is removed.`);
}

async function connect(picker: ModelPicker): Promise<void> {
  const now = picker.settings();
  const baseUrl = await vscode.window.showInputBox({
    title: 'Connect an endpoint (1/3): base URL',
    value: now['model.baseUrl'],
    prompt: 'https, or http on this machine; usually ends in /v1',
    ignoreFocusOut: true,
    validateInput: picker.endpointProblem,
  });
  if (baseUrl === undefined) return;
  const name = await vscode.window.showInputBox({
    title: 'Connect an endpoint (2/3): model',
    value: now['model.name'],
    prompt: 'The model’s name, as the endpoint knows it',
    ignoreFocusOut: true,
    validateInput: (text) => (text.trim() === '' ? 'A name is needed.' : undefined),
  });
  if (name === undefined) return;
  const key = await vscode.window.showInputBox({
    title: 'Connect an endpoint (3/3): API key',
    prompt:
      'Kept in the editor’s secret storage for this endpoint alone. Leave it empty to keep the stored one, or when none is needed.',
    password: true,
    ignoreFocusOut: true,
  });
  if (key === undefined) return;
  if (key.trim() !== '') await picker.keys.set(baseUrl, key.trim());
  await writeUserSetting('model.baseUrl', baseUrl);
  await writeUserSetting('model.name', name.trim());
  await writeUserSetting('model.provider', 'openai');
}

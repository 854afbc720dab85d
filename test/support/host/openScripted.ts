import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { Frame } from 'playwright-core';
import { startModelServer, type ModelServer } from '../modelServer.ts';
import type { CapturedRequest } from '../modelServer/capturedRequest.ts';
import type { ModelStep } from '../modelServer/modelScript.ts';
import { auditFiles, recordsIn } from './auditFiles.ts';
import { openWarrant, type WarrantWindow, type WindowOptions } from './openWarrant.ts';
import { chatPage, sendMessage, turnOver, until } from './warrantViews.ts';
import { openView, runCommand } from './workbench.ts';

export interface ScriptedWindow extends WarrantWindow {
  readonly model: ModelServer;
  chat(): Promise<Frame>;
  /** The answers the model gives next, in the place of those that are left. */
  script(answers: readonly ModelStep[]): void;
  /** Begins a session, gives the model its next answers, and sends a message. */
  task(text: string, answers: readonly ModelStep[]): Promise<Frame>;
  /** The same within the session there is. */
  send(text: string, answers: readonly ModelStep[]): Promise<Frame>;
  /** Waits until the turn that was begun last stands on the record as ended, and another may begin. */
  over(): Promise<void>;
  /** What the model was told about its calls in the request that came last. */
  toldLast(): string[];
}

export interface ScriptedOptions extends Omit<WindowOptions, 'template'> {
  /** What stands in the folder, by relative path. */
  readonly files: Readonly<Record<string, string>>;
}

/** A window on a folder that is trusted, with a model that says exactly what a test tells it to. */
export async function openScripted({
  files,
  settings,
  ...options
}: ScriptedOptions): Promise<ScriptedWindow> {
  const answers: ModelStep[] = [];
  const model = await startModelServer({ replies: () => answers.shift() ?? SCRIPT_OVER });
  const template = folderWith(files);
  try {
    const window = await openWarrant({
      template,
      trustEverything: true,
      settings: {
        'warrant.model.provider': 'openai',
        'warrant.model.baseUrl': model.url,
        'warrant.model.name': 'scripted',
        ...settings,
      },
      ...options,
    });
    const { page } = window;
    await openView(page, 'Warrant');
    const chat = () => chatPage(page);
    const script = (next: readonly ModelStep[]) => void answers.splice(0, answers.length, ...next);
    let turnsBefore = 0;
    const send = async (text: string, next: readonly ModelStep[]) => {
      turnsBefore = turnsOf(window.host.base);
      script(next);
      const frame = await chat();
      await sendMessage(frame, text);
      return frame;
    };
    await chat();
    return {
      ...window,
      model,
      chat,
      script,
      async task(text, next) {
        await runCommand(page, 'Warrant: New Session');
        return send(text, next);
      },
      send,
      async over() {
        await until(
          () => Promise.resolve(turnsOf(window.host.base) > turnsBefore),
          'The end of the turn',
          60_000,
        );
        await turnOver(await chat());
      },
      toldLast: () => toldIn(model.requests.at(-1)),
      async stop() {
        await window.stop();
        await model.close();
      },
    };
  } catch (error) {
    await model.close();
    throw error;
  } finally {
    rmSync(template, { recursive: true, force: true });
  }
}

const SCRIPT_OVER: ModelStep = { status: 400, body: { error: { message: 'The script is over.' } } };

function turnsOf(base: string): number {
  return auditFiles(base).flatMap((file) => recordsIn(file).filter(({ kind }) => kind === 'turn')).length;
}

export function folderWith(files: Readonly<Record<string, string>>): string {
  const folder = mkdtempSync(join(tmpdir(), 'wt-'));
  for (const [name, text] of Object.entries(files)) {
    const file = join(folder, name);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text);
  }
  return folder;
}

function toldIn(request: CapturedRequest | undefined): string[] {
  const body = JSON.parse(request?.body.toString() ?? '{"messages":[]}') as {
    messages: { role: string; content: string }[];
  };
  const messages = body.messages;
  const last = messages.findLastIndex(({ role }) => role === 'assistant');
  return messages.slice(last + 1).flatMap(({ role, content }) => (role === 'tool' ? [content] : []));
}

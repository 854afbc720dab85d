import * as vscode from 'vscode';
import type { Question, WhatIf } from '../protocol/whatIf.ts';
import type { ShownDocument } from './shownDocument.ts';
import { questionFrom, whatIfText } from './whatIfText.ts';

/** Asks for a command or a path and shows what the policy would say about it. */
export async function askWhatIf(
  document: ShownDocument,
  ask: (question: Question) => Promise<WhatIf>,
): Promise<void> {
  const typed = await vscode.window.showInputBox({
    title: 'Warrant: what if?',
    prompt: 'A command line, or “read” or “write” and a path. Nothing is run, opened or sent.',
    placeHolder: 'npm test',
    ignoreFocusOut: true,
  });
  const question = typed === undefined ? undefined : questionFrom(typed);
  if (question !== undefined) await document.show(whatIfText(question, await ask(question)));
}

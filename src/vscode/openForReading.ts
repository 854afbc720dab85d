import * as vscode from 'vscode';
import { parseWorkspacePath, type Root } from '../protocol/workspacePath.ts';
import { fileUri } from './openDocuments.ts';

/** `path` may be a model's own words; what is no file of the workspace is not opened. */
export async function openWorkspaceFile(
  path: string,
  line: number | undefined,
  roots: readonly Root[],
): Promise<void> {
  const parsed = parseWorkspacePath(path, roots);
  const uri = parsed.kind === 'path' ? fileUri(parsed.path, roots) : undefined;
  if (uri === undefined) return;
  const at = new vscode.Position((line ?? 1) - 1, 0);
  const shown = vscode.window.showTextDocument(uri, { selection: new vscode.Range(at, at), preview: true });
  await shown.then(undefined, () =>
    vscode.window.showWarningMessage(`${path} could not be opened; it may be gone.`),
  );
}

/** The person sees where a link leads before anything is opened. */
export async function openLink(href: string): Promise<void> {
  const open = 'Open';
  const picked = await vscode.window.showInformationMessage(
    'Open this address outside the editor?',
    { modal: true, detail: href },
    open,
  );
  if (picked === open) await vscode.env.openExternal(vscode.Uri.parse(href, true));
}

export async function openAuditFile(file: string | undefined): Promise<void> {
  if (file === undefined) {
    void vscode.window.showInformationMessage(
      'No session has begun in this window, so there is no audit file yet.',
    );
    return;
  }
  await vscode.window.showTextDocument(vscode.Uri.file(file), { preview: true });
}

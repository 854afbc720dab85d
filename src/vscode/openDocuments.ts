import * as vscode from 'vscode';
import type { OpenDocuments } from '../protocol/ports.ts';
import { relativePath, rootName, type Root, type WorkspacePath } from '../protocol/workspacePath.ts';

/** Unsaved work counts wherever it stands: text documents, notebooks, and custom editors, which only their tabs show. */
export function openDocuments(roots: () => readonly Root[]): OpenDocuments {
  return {
    unsaved(path) {
      const uri = fileUri(path, roots());
      if (uri === undefined) return false;
      const same = (other: vscode.Uri) => other.scheme === 'file' && other.fsPath === uri.fsPath;
      return (
        vscode.workspace.textDocuments.some((document) => document.isDirty && same(document.uri)) ||
        vscode.workspace.notebookDocuments.some((notebook) => notebook.isDirty && same(notebook.uri)) ||
        vscode.window.tabGroups.all.some((group) =>
          group.tabs.some((tab) => tab.isDirty && tabShows(tab, same)),
        )
      );
    },
  };
}

export function fileUri(path: WorkspacePath, roots: readonly Root[]): vscode.Uri | undefined {
  const root = roots.find(({ name }) => name === rootName(path));
  return root === undefined ? undefined : vscode.Uri.joinPath(vscode.Uri.file(root.dir), relativePath(path));
}

function tabShows({ input }: vscode.Tab, same: (uri: vscode.Uri) => boolean): boolean {
  if (input instanceof vscode.TabInputTextDiff || input instanceof vscode.TabInputNotebookDiff) {
    return same(input.original) || same(input.modified);
  }
  const single =
    input instanceof vscode.TabInputText ||
    input instanceof vscode.TabInputCustom ||
    input instanceof vscode.TabInputNotebook;
  return single && same(input.uri);
}

import * as vscode from 'vscode';

/** A text of ours that can be read and searched like any document, but not edited. */
export type ShownDocument = vscode.Disposable & { show(text: string): Promise<void> };

/** `scheme` is one of our own; `name` is what the tab says, and its ending tells the language. */
export function createShownDocument(scheme: string, name: string): ShownDocument {
  const uri = vscode.Uri.from({ scheme, path: `/${name}` });
  const changed = new vscode.EventEmitter<vscode.Uri>();
  let text = '';
  const registration = vscode.workspace.registerTextDocumentContentProvider(scheme, {
    onDidChange: changed.event,
    provideTextDocumentContent: () => text,
  });
  return {
    async show(next) {
      text = next;
      changed.fire(uri);
      await vscode.window.showTextDocument(uri, { preview: true });
    },
    dispose() {
      registration.dispose();
      changed.dispose();
    },
  };
}

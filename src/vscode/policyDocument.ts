import * as vscode from 'vscode';

const SCHEME = 'warrant-policy';

/** The effective policy as a document that can be read and searched, but not edited. */
export type PolicyDocument = vscode.Disposable & { show(markdown: string): Promise<void> };

export function createPolicyDocument(): PolicyDocument {
  const uri = vscode.Uri.from({ scheme: SCHEME, path: '/Effective policy.md' });
  const changed = new vscode.EventEmitter<vscode.Uri>();
  let text = '';
  const registration = vscode.workspace.registerTextDocumentContentProvider(SCHEME, {
    onDidChange: changed.event,
    provideTextDocumentContent: () => text,
  });
  return {
    async show(markdown) {
      text = markdown;
      changed.fire(uri);
      await vscode.window.showTextDocument(uri, { preview: true });
    },
    dispose() {
      registration.dispose();
      changed.dispose();
    },
  };
}

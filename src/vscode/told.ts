import * as vscode from 'vscode';

/** Work nobody waits for: when it fails, the person is told, since nobody else would be. */
export function told(work: Promise<unknown>): void {
  work.catch((error: unknown) => {
    void vscode.window.showErrorMessage(error instanceof Error ? error.message : String(error));
  });
}

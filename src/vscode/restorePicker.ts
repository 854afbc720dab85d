import * as vscode from 'vscode';
import type { RestoreEnd, RestorePoint } from '../protocol/checkpoint.ts';
import { relativePath } from '../protocol/workspacePath.ts';

type Pick = vscode.QuickPickItem & { readonly to: string };

const MOST_NAMES = 4;

/** Lets the person choose a moment, the latest first; undefined when they choose none. */
export async function pickRestorePoint(points: readonly RestorePoint[]): Promise<string | undefined> {
  const picked = await vscode.window.showQuickPick(points.toReversed().map(pickOf), {
    title: 'Warrant: restore the files to how they were before …',
    placeHolder: 'What would change is shown before anything is written.',
    matchOnDescription: true,
    matchOnDetail: true,
  });
  return picked?.to;
}

/** Says what came of a restore, where that does not show by itself. */
export function showRestoreEnd(end: RestoreEnd): void {
  switch (end.kind) {
    case 'done': {
      const files = end.files === 1 ? '1 file is' : `${end.files} files are`;
      void vscode.window.setStatusBarMessage(`$(discard) Warrant: ${files} as before.`, 6_000);
      showLeft(end.left);
      return;
    }
    case 'nothing':
      void vscode.window.showInformationMessage(end.because);
      showLeft(end.left);
      return;
    case 'rejected':
      void vscode.window.setStatusBarMessage('Warrant: nothing was restored.', 6_000);
      return;
    case 'failed':
      void vscode.window.showErrorMessage(`Nothing was restored: ${end.because.replace(/\.$/, '')}.`);
  }
}

function showLeft(left: readonly string[]): void {
  if (left.length === 0) return;
  const files = left.length === 1 ? '1 file was' : `${left.length} files were`;
  // File names are the agent's choice, so they stand where no text is turned into links.
  void vscode.window.showWarningMessage(`${files} left as found.`, { modal: true, detail: left.join('\n') });
}

function pickOf({ to, at, of, paths }: RestorePoint): Pick {
  const names = paths.slice(0, MOST_NAMES).map(relativePath).join(', ');
  const more = paths.length > MOST_NAMES ? ` and ${paths.length - MOST_NAMES} more` : '';
  const undone = of.kind === 'turn' && of.undone ? ', undone' : '';
  return {
    to,
    label: labelOf(of),
    description: `${new Date(at).toLocaleString()}${undone}`,
    detail: `${names}${more}`,
  };
}

/** A `$(name)` in a prompt would be drawn as an icon. */
function labelOf(of: RestorePoint['of']): string {
  switch (of.kind) {
    case 'turn':
      return of.prompt.replace(/\s+/g, ' ').replaceAll('$(', '$ (').trim().slice(0, 80);
    case 'undo':
      return '$(discard) an undo';
    case 'redo':
      return '$(redo) a redo';
    case 'restore':
      return '$(history) a restore';
  }
}

import * as vscode from 'vscode';
import type { EditCard } from '../protocol/approval.ts';
import type { FileEdit } from '../protocol/effect.ts';
import { relativePath, rootName } from '../protocol/workspacePath.ts';

const BEFORE = 'warrant-before';
const PROPOSED = 'warrant-proposed';

/** Read-only documents with a file's text before and after a proposal, for VS Code's own diff editor. */
export type ReviewDocuments = {
  /** Opens the diff editor on one file of a card, as it stands in the review now. */
  openDiff(card: EditCard, edit: FileEdit): Promise<void>;
  /** Forgets the texts and closes the diff editors that showed them. */
  clear(): Promise<void>;
  dispose(): void;
};

export function createReviewDocuments(): ReviewDocuments {
  const texts = new Map<string, string>();
  const provider: vscode.TextDocumentContentProvider = {
    provideTextDocumentContent: (uri) => texts.get(uri.toString()) ?? '',
  };
  const registrations = [BEFORE, PROPOSED].map((scheme) =>
    vscode.workspace.registerTextDocumentContentProvider(scheme, provider),
  );

  function document(scheme: string, card: EditCard, edit: FileEdit): vscode.Uri {
    const proposed = scheme === PROPOSED;
    const path = proposed ? (edit.to ?? edit.path) : edit.path;
    const uri = vscode.Uri.from({
      scheme,
      path: `/${rootName(path)}/${relativePath(path)}`,
      // Another text is another document, so that an editor never shows one that is not proposed any more.
      query: `card=${card.id}&text=${(proposed ? edit.after : edit.before)?.digest ?? ''}`,
    });
    texts.set(uri.toString(), (proposed ? edit.after : edit.before)?.text ?? '');
    return uri;
  }

  return {
    async openDiff(card, edit) {
      const before = document(BEFORE, card, edit);
      const proposed = document(PROPOSED, card, edit);
      const name = relativePath(edit.to ?? edit.path);
      await vscode.commands.executeCommand('vscode.diff', before, proposed, `${name} (proposed)`, {
        preview: true,
      });
    },
    async clear() {
      texts.clear();
      const ours = vscode.window.tabGroups.all.flatMap(({ tabs }) => tabs).filter(showsOurs);
      if (ours.length > 0) await vscode.window.tabGroups.close(ours, true);
    },
    dispose() {
      for (const registration of registrations) registration.dispose();
    },
  };
}

function showsOurs({ input }: vscode.Tab): boolean {
  return input instanceof vscode.TabInputTextDiff && input.modified.scheme === PROPOSED;
}

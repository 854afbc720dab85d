import * as vscode from 'vscode';
import type { Answer, EditCard } from '../protocol/approval.ts';
import type { CardDrawing } from '../protocol/cardDrawing.ts';
import type { Clock } from '../protocol/ports.ts';
import { relativePath, type Root } from '../protocol/workspacePath.ts';
import { fileUri } from './openDocuments.ts';
import { createReviewDesk, type ReviewCounts } from './reviewDesk.ts';
import { createReviewDocuments } from './reviewDocuments.ts';
import type { ReviewStep, ReviewVerdict } from './reviewStep.ts';
import { webviewOptions, webviewPage } from './webviewPage.ts';

const REVIEW_PANEL = 'warrant.review';

/** The commands of the review, without `warrant.`. */
type ReviewCommand = `review.${ReviewStep | ReviewVerdict | 'show' | 'note' | 'openDiff'}`;

export type ReviewPanel = {
  /** Shows an edit beside the code. Rejects only with the signal's reason; closing the panel is an answer: reject. */
  ask(card: EditCard, signal: AbortSignal, shown: () => void): Promise<Answer>;
  run(command: ReviewCommand): Promise<void>;
  /** Brings the panel to the front, because a person asked for it. */
  reveal(): void;
  /** What waits for a review now; null when nothing does. */
  waiting(): ReviewCounts | null;
  refusals(): { readonly decisions: number; readonly messages: number };
  dispose(): void;
};

export type ReviewPanelOptions = {
  readonly extensionUri: vscode.Uri;
  readonly clock: Clock;
  readonly roots: () => readonly Root[];
  /** How a card is drawn, with everything hidden in it made visible. */
  readonly draw: (card: EditCard) => CardDrawing;
  /** What waits may have changed. */
  readonly changed: () => void;
};

export function createReviewPanel({
  extensionUri,
  clock,
  roots,
  draw,
  changed,
}: ReviewPanelOptions): ReviewPanel {
  const documents = createReviewDocuments();
  let panel: vscode.WebviewPanel | undefined;
  let place: Place = NOWHERE;

  const desk = createReviewDesk({
    clock,
    draw,
    changed() {
      const counts = desk.waiting();
      if (panel !== undefined && counts !== null) panel.title = titleOf(counts);
      changed();
    },
    surface: {
      open,
      close,
      post: (message) => void panel?.webview.postMessage(message),
      openFile: (card, as, file, edit) =>
        void (as === 'diff' ? documents.openDiff(card, edit) : openFile(card, file)),
      tell: (sentence) => void vscode.window.setStatusBarMessage(`$(info) Warrant: ${sentence}`, 6_000),
    },
  });
  function open(): void {
    if (panel !== undefined) return;
    const opened = vscode.window.createWebviewPanel(
      REVIEW_PANEL,
      'Review',
      { viewColumn: vscode.ViewColumn.Beside, preserveFocus: true },
      { ...webviewOptions(extensionUri), retainContextWhenHidden: false },
    );
    panel = opened;
    opened.webview.onDidReceiveMessage((message: unknown) => desk.receive(message));
    opened.onDidChangeViewState(() => moved(opened));
    opened.onDidDispose(() => {
      // After `close` this panel is not ours any more, and what it says about itself counts for nothing.
      if (panel !== opened) return;
      left();
      desk.closed();
    });
    opened.webview.html = webviewPage({
      webview: opened.webview,
      extensionUri,
      page: 'review',
      title: 'Warrant Review',
      nonce: clock.id(),
    });
    moved(opened);
  }

  function close(): void {
    const closing = panel;
    left();
    closing?.dispose();
    void documents.clear();
  }

  function left(): void {
    panel = undefined;
    place = NOWHERE;
    setContext('warrant.reviewVisible', false);
  }

  /** Getting or losing the focus leaves the panel where it is; only what moves it or hides it starts the arming anew. */
  function moved({ visible, viewColumn }: vscode.WebviewPanel): void {
    if (place.visible === visible && place.viewColumn === viewColumn) return;
    place = { visible, viewColumn };
    setContext('warrant.reviewVisible', visible);
    desk.placed(visible);
  }

  async function openFile(card: EditCard, file: number): Promise<void> {
    const edit = card.effect.files[file];
    const uri = edit === undefined ? undefined : fileUri(edit.path, roots());
    if (edit === undefined || uri === undefined) return;
    if (edit.before === null) {
      await vscode.window.showInformationMessage(
        `${relativePath(edit.path)} does not exist yet; this change would create it.`,
      );
      return;
    }
    const line = card.changeSet.files[file]?.hunks[0]?.lines.find(({ kind }) => kind !== 'same') ?? undefined;
    const at = line === undefined ? 0 : Math.max(0, ('old' in line ? line.old : line.new) - 1);
    await vscode.window.showTextDocument(uri, { preview: true, selection: new vscode.Range(at, 0, at, 0) });
  }

  async function writeNote(): Promise<void> {
    const session = desk.current();
    if (session === undefined) return;
    const text = await vscode.window.showInputBox({
      title: 'Note to the Agent',
      prompt: 'The agent gets this with your decision.',
      value: session.note,
    });
    if (text !== undefined && desk.current()?.card.id === session.card.id) desk.note(text);
  }

  function reveal(): void {
    panel?.reveal(undefined, false);
  }

  return {
    ask: (card, signal, shown) => desk.ask(card, signal, shown),
    async run(command) {
      if (desk.current() === undefined) {
        await vscode.window.showInformationMessage('No change waits for a review.');
        return;
      }
      if (command === 'review.show') reveal();
      else if (command === 'review.note') await writeNote();
      else if (command === 'review.openDiff') desk.openDiff();
      else desk.run(command.slice('review.'.length) as ReviewStep | ReviewVerdict);
    },
    reveal,
    waiting: () => desk.waiting(),
    refusals: () => desk.refusals(),
    dispose() {
      close();
      documents.dispose();
    },
  };
}

type Place = { readonly visible: boolean; readonly viewColumn: vscode.ViewColumn | undefined };

const NOWHERE: Place = { visible: false, viewColumn: undefined };

function titleOf({ files, sets }: ReviewCounts): string {
  const more = sets > 1 ? `, ${sets - 1} more waiting` : '';
  return `Review: ${files === 1 ? '1 file' : `${files} files`}${more}`;
}

function setContext(key: string, value: boolean): void {
  void vscode.commands.executeCommand('setContext', key, value);
}

import { homedir } from 'node:os';
import { join } from 'node:path';
import * as vscode from 'vscode';
import { headMirrorIn } from './audit/headMirror.ts';
import { sealKeysIn } from './audit/sealKeys.ts';
import { secretsOf, type Secret } from './audit/secretsOf.ts';
import { wordsBySession } from './audit/wordsBySession.ts';
import { systemClock } from './io/clock.ts';
import { compareInWorker } from './io/compareInWorker.ts';
import { endpointProblem } from './io/endpointProblem.ts';
import { openaiModel } from './io/model.ts';
import { rehearsalModel } from './io/rehearsal.ts';
import { sandboxOnce } from './io/sandbox/sandboxOnce.ts';
import { openSession, settleEdits, type OpenSession } from './openSession.ts';
import type { Card } from './protocol/approval.ts';
import type { ChatState } from './protocol/chatPage.ts';
import type { RestoreWish } from './protocol/checkpoint.ts';
import { digestOf } from './protocol/digest.ts';
import type { Model } from './protocol/model.ts';
import type { Approver, Watcher, Workspace } from './protocol/ports.ts';
import type { AuditRecord } from './protocol/record.ts';
import { cardDrawing } from './review/cardDrawing.ts';
import { lineDiffs } from './review/fileDiff.ts';
import { createAuditChannel } from './vscode/auditChannel.ts';
import { pickBackgroundCommand } from './vscode/backgroundPicker.ts';
import { CHAT_VIEW, createChatView } from './vscode/chatView.ts';
import type { CommandId } from './vscode/commandIds.ts';
import { createCommandTerminal } from './vscode/commandTerminal.ts';
import { editorOpinions, editorProblems } from './vscode/editorProblems.ts';
import { askKey, pickModel, removeKey, type ModelPicker } from './vscode/modelPicker.ts';
import { openDocuments } from './vscode/openDocuments.ts';
import { openAuditFile, openLink, openWorkspaceFile } from './vscode/openForReading.ts';
import { pickRestorePoint, showRestoreEnd } from './vscode/restorePicker.ts';
import { createReviewPanel } from './vscode/reviewPanel.ts';
import { showGrants } from './vscode/grantPicker.ts';
import { problemWatch } from './vscode/problemWatch.ts';
import { ripgrepCandidates } from './vscode/ripgrepCandidates.ts';
import { apiKeys } from './vscode/secrets.ts';
import { secretCells } from './vscode/sealKeys.ts';
import { onSettingsChanged, openSetting, readSettings } from './vscode/settings.ts';
import { createShownDocument } from './vscode/shownDocument.ts';
import { createStatusBar } from './vscode/statusBar.ts';
import { told } from './vscode/told.ts';
import { askWhatIf } from './vscode/whatIf.ts';
import { workspaceRoots } from './vscode/workspaceRoots.ts';

/** The product as `extension.ts` sees it. */
export type Warrant = vscode.Disposable & {
  showChat(view: vscode.WebviewView): void;
  run(command: CommandId, args: readonly unknown[]): Promise<void>;
};

/** Puts the product together in an editor. Called once, on first use. */
export function startWarrant(context: vscode.ExtensionContext): Warrant {
  const clock = systemClock();
  const { extensionUri } = context;
  const keys = apiKeys(context.secrets);
  const cells = secretCells(context.secrets);
  const sealKeys = sealKeysIn(cells('seal'), () => clock.now());
  const workspace: Workspace = {
    get roots() {
      return workspaceRoots();
    },
    trusted: () => vscode.workspace.isTrusted,
  };
  const compare = compareInWorker({
    program: join(context.extensionPath, 'dist', 'diffWorker.js'),
    here: lineDiffs,
    givenUp: (effect) => lineDiffs(effect, 0),
  });
  let settings = readSettings().settings;
  let model = chosenModel();
  let session: Promise<OpenSession> | undefined;
  let restoring = false;

  const sandbox = sandboxOnce({
    home: homedir(),
    storage: join(context.globalStorageUri.fsPath, 'sandbox'),
    id: () => clock.id(),
  });
  const statusBar = createStatusBar('warrant.open');
  const terminal = createCommandTerminal();
  const channel = createAuditChannel(wordsBySession());
  const policyDocument = createShownDocument('warrant-policy', 'Effective policy.md');
  const whatIfDocument = createShownDocument('warrant-what-if', 'What if.txt');
  const review = createReviewPanel({
    extensionUri,
    clock,
    roots: () => workspace.roots,
    draw: cardDrawing,
    changed: showSurroundings,
  });
  const picker: ModelPicker = { endpointProblem, keys, settings: () => settings };
  const chat = createChatView({
    extensionUri,
    clock,
    reveal: () => void vscode.commands.executeCommand(`${CHAT_VIEW}.focus`),
    changed(now) {
      statusBar.show(now);
      void vscode.commands.executeCommand('setContext', 'warrant.working', busy(now.mode));
      void vscode.commands.executeCommand('setContext', 'warrant.cardWaiting', chat.waiting() > 0);
    },
    actions: {
      send: (text) => told(send(text)),
      stop: () => told(run('stop')),
      newSession: () => told(run('newSession')),
      pickModel: () => told(run('pickModel')),
      openSetting: (key) => told(openSetting(key)),
      manageTrust: () => told(run('manageTrust')),
      openFolder: () => void vscode.commands.executeCommand('workbench.action.files.openFolder'),
      openAudit: () => channel.show(),
      openReview: () => review.reveal(),
      openFile: (path, line) => told(openWorkspaceFile(path, line, workspace.roots)),
      openLink: (href) => told(openLink(href)),
    },
  });
  const approver: Approver = {
    ask(card: Card, signal, shown) {
      if (card.kind !== 'edit') return chat.ask(card, signal, shown);
      const asked = review.ask(card, signal, shown);
      // The person is waiting for it, so unlike the agent's edits it may take the focus.
      if (restoring) review.reveal();
      return asked;
    },
  };
  const watcher: Watcher = chat.watcher;

  function chosenModel(): Model {
    if (settings['model.provider'] === 'rehearsal') return rehearsalModel({ clock });
    const baseUrl = settings['model.baseUrl'];
    return openaiModel({
      baseUrl,
      model: settings['model.name'],
      key: () => currentKey(),
      idleMs: settings['model.idleSeconds'] * 1_000,
      clock,
    });
  }

  async function currentKey(): Promise<string> {
    if (settings['model.provider'] === 'rehearsal') return '';
    const variable = settings['model.keyVariable'];
    if (variable !== '') return process.env[variable] ?? '';
    return (await keys.get(settings['model.baseUrl'])) ?? '';
  }

  async function knownSecrets(): Promise<readonly Secret[]> {
    const key = await currentKey();
    return key === '' ? secretsOf(process.env) : [{ name: 'API_KEY', value: key }, ...secretsOf(process.env)];
  }

  /** Records, journals and whatever else is kept for the folders of this window, and for no others. */
  function storage(): string {
    const id = digestOf(JSON.stringify(workspace.roots.map((root) => root.dir))).slice(0, 16);
    return join(context.globalStorageUri.fsPath, 'workspaces', id);
  }

  async function open(): Promise<OpenSession> {
    const opened = await openSession({
      version: String((context.extension.packageJSON as { version: unknown }).version),
      storage: storage(),
      usageFolder: join(context.globalStorageUri.fsPath, 'usage'),
      workspace: { roots: workspace.roots, trusted: () => workspace.trusted() },
      settings: () => settings,
      model: () => model,
      secrets: await knownSecrets(),
      environment: process.env,
      clock,
      approver,
      watcher,
      live: terminal.write,
      openDocuments: openDocuments(() => workspace.roots),
      problems: (path) => editorProblems(() => workspace.roots, path),
      compare,
      problemWatch: problemWatch(
        editorOpinions(() => workspace.roots),
        clock,
      ),
      ripgrepCandidates: ripgrepCandidates(),
      sandbox,
      onRecord,
      sealKeys,
      mirror: (folder) => headMirrorIn(cells, digestOf(folder).slice(0, 16)),
    });
    for (const { kind, because } of opened.findings) {
      if (kind === 'alert')
        void vscode.window.showErrorMessage(`${because} Keep the files as they are and look into it.`);
      if (kind === 'notice') void vscode.window.showInformationMessage(because);
    }
    return opened;
  }

  function onRecord(record: AuditRecord): void {
    channel.write(record);
    if (record.kind === 'alert' && record.data.rule === 'policy.unreadable')
      void vscode.window.showErrorMessage(record.data.because);
    try {
      chat.record(record);
      terminal.record(record);
    } catch (error) {
      // The record stands; that it could not be drawn must not look as if it could not be kept.
      console.error('Warrant could not draw a record.', error);
    }
  }

  async function send(text: string): Promise<void> {
    if (!workspace.trusted()) return showSurroundings();
    if (settings['model.provider'] === 'openai' && settings['model.name'] === '') {
      void vscode.window.showErrorMessage(
        'No model is named in warrant.model.name, so nothing was sent; choose a model first.',
      );
      return run('pickModel');
    }
    try {
      session ??= open();
      const current = await session;
      if (current.running()) return;
      current.alsoRedact(await knownSecrets());
      const end = await current.send(text);
      if (end.ended === 'failed') void vscode.window.showErrorMessage(end.because ?? 'The turn failed.');
    } catch (error) {
      session = undefined;
      void vscode.window.showErrorMessage(error instanceof Error ? error.message : String(error));
    }
  }

  /** Earlier sessions of this workspace can be gone back to as well, so one is opened where none is. */
  async function restore(wishOf: (current: OpenSession) => Promise<RestoreWish | undefined>): Promise<void> {
    if (!workspace.trusted() || workspace.roots.length === 0) {
      const when = 'once a folder is open and trusted';
      return void vscode.window.showInformationMessage(`What the agent changed can be restored ${when}.`);
    }
    const current = await opened();
    if (current === undefined) return;
    const wish = current.running() ? undefined : await wishOf(current);
    if (current.running()) {
      const message = 'A turn is running, so nothing was restored; stop it first.';
      return void vscode.window.showInformationMessage(message);
    }
    if (wish === undefined) return;
    restoring = true;
    try {
      showRestoreEnd(await current.restore(wish));
    } finally {
      restoring = false;
    }
  }

  /** A session is opened where none is; what keeps it from opening is said. */
  async function opened(): Promise<OpenSession | undefined> {
    try {
      session ??= open();
      return await session;
    } catch (error) {
      session = undefined;
      void vscode.window.showErrorMessage(error instanceof Error ? error.message : String(error));
      return undefined;
    }
  }

  async function withPolicy(act: (source: OpenSession['policySource']) => Promise<void>): Promise<void> {
    const source = (await opened())?.policySource;
    if (source === undefined) return;
    await source.refresh();
    await act(source);
  }

  async function chooseRestorePoint(current: OpenSession): Promise<RestoreWish | undefined> {
    const points = await current.restorePoints();
    if (points.length === 0) {
      void vscode.window.showInformationMessage('The agent has not changed a file here yet.');
      return undefined;
    }
    const to = await pickRestorePoint(points);
    return to === undefined ? undefined : { kind: 'restore', to };
  }

  async function endSession(): Promise<void> {
    const ending = session;
    session = undefined;
    const current = await ending?.catch(() => undefined);
    current?.stop();
    // A record that became unwritable was reported when it did.
    await current?.close().catch(() => undefined);
  }

  async function run(command: CommandId): Promise<void> {
    switch (command) {
      case 'open':
        await vscode.commands.executeCommand(`${CHAT_VIEW}.focus`);
        return chat.focusInput();
      case 'stop':
        (await session)?.stop();
        return;
      case 'newSession':
        await endSession();
        chat.clear();
        return chat.focusInput();
      case 'pickModel':
        return pickModel(picker);
      case 'setKey':
        return askKey(picker);
      case 'removeKey':
        return removeKey(picker);
      case 'showAudit':
        return channel.show();
      case 'openAuditFile':
        return openAuditFile((await session)?.file);
      case 'manageTrust':
        await vscode.commands.executeCommand('workbench.trust.manage');
        return;
      case 'openSettings':
        await vscode.commands.executeCommand('workbench.action.openSettings', '@ext:warrant.warrant');
        return;
      case 'showPolicy':
        return withPolicy((source) => policyDocument.show(source.effective()));
      case 'showGrants':
        return withPolicy(({ grants }) => showGrants(grants));
      case 'whatIf': {
        const current = await opened();
        return current === undefined ? undefined : askWhatIf(whatIfDocument, current.whatIf);
      }
      case 'undoTurn':
        return restore(() => Promise.resolve({ kind: 'undo' }));
      case 'redoTurn':
        return restore(() => Promise.resolve({ kind: 'redo' }));
      case 'restore':
        return restore(chooseRestorePoint);
      case 'backgroundCommands': {
        const current = await session;
        const stop = await pickBackgroundCommand(current?.background() ?? []);
        return stop === undefined ? undefined : current?.stopBackground(stop);
      }
      case 'allowCommand':
        return void chat.answerCurrent({ kind: 'allow', note: '' }, 'command');
      case 'rejectCommand':
        return void chat.answerCurrent({ kind: 'reject', note: '' }, 'command');
      case 'review.show':
        return review.reveal();
      case 'review.apply':
      case 'review.rejectAll':
      case 'review.acceptAll':
      case 'review.acceptHunk':
      case 'review.rejectHunk':
      case 'review.acceptFile':
      case 'review.rejectFile':
      case 'review.nextHunk':
      case 'review.previousHunk':
      case 'review.nextFile':
      case 'review.previousFile':
      case 'review.undo':
      case 'review.editHunk':
      case 'review.moreContext':
      case 'review.note':
      case 'review.openDiff':
        return review.run(command);
    }
  }

  function showSurroundings(): void {
    const rehearsal = settings['model.provider'] === 'rehearsal';
    chat.setState({
      mode: workspace.roots.length === 0 ? 'noFolder' : workspace.trusted() ? 'idle' : 'restricted',
      provider: settings['model.provider'],
      model: rehearsal ? 'Rehearsal' : settings['model.name'],
      commandsEnabled: settings['commands.enabled'],
      contextTokens: settings['model.contextTokens'],
      review: review.waiting(),
    });
    void vscode.commands.executeCommand('setContext', 'warrant.reviewWaiting', review.waiting() !== null);
  }

  async function settingsChanged(): Promise<void> {
    const read = readSettings();
    settings = read.settings;
    model = chosenModel();
    showSurroundings();
    for (const { key, because } of read.problems) {
      void vscode.window.showWarningMessage(
        `warrant.${key} cannot be used (${because}); the strict value stands in its place until you correct it.`,
      );
    }
    const current = await session;
    await current?.note({
      kind: 'policy.changed',
      data: { policy: current.policy().digest, settings: settings },
    });
  }

  async function trustChanged(): Promise<void> {
    showSurroundings();
    await (await session)?.note({ kind: 'trust.changed', data: { trusted: workspace.trusted() } });
  }

  async function settleWhatACrashLeft(): Promise<void> {
    for (const sentence of await settleEdits(storage(), clock))
      void vscode.window.showWarningMessage(sentence);
  }

  showSurroundings();
  told(settleWhatACrashLeft());
  const disposables = [
    onSettingsChanged(() => told(settingsChanged())),
    vscode.workspace.onDidGrantWorkspaceTrust(() => told(trustChanged())),
    // The roots are part of what a session may touch; with other folders another session begins.
    vscode.workspace.onDidChangeWorkspaceFolders(() => told(endSession().then(showSurroundings))),
    statusBar,
    terminal,
    channel,
    policyDocument,
    whatIfDocument,
    review,
    chat,
  ];
  return {
    showChat(view) {
      const { token } = new vscode.CancellationTokenSource();
      void chat.provider.resolveWebviewView(view, { state: undefined }, token);
    },
    run: (command) => run(command),
    dispose() {
      void endSession();
      for (const disposable of disposables) disposable.dispose();
    },
  };
}

function busy(mode: ChatState['mode']): boolean {
  return mode === 'working' || mode === 'waiting' || mode === 'retrying';
}

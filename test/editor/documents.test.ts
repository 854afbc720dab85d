import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { afterEach, describe, it } from 'mocha';
import {
  Diagnostic,
  DiagnosticSeverity,
  languages,
  Position,
  Range,
  Uri,
  window,
  workspace,
  WorkspaceEdit,
  commands,
} from 'vscode';
import { editorProblems } from '../../src/vscode/editorProblems.ts';
import { openDocuments } from '../../src/vscode/openDocuments.ts';
import { workspaceRoots } from '../../src/vscode/workspaceRoots.ts';
import { parseWorkspacePath } from '../../src/protocol/workspacePath.ts';

const [root] = workspaceRoots();
const uri = Uri.joinPath(Uri.file(root?.dir ?? ''), 'a.txt');

function pathOf(name: string) {
  const parsed = parseWorkspacePath(name, workspaceRoots());
  if (parsed.kind === 'refused') throw new Error(parsed.because);
  return parsed.path;
}

describe('problems of the editor', () => {
  const collection = languages.createDiagnosticCollection('test');
  afterEach(() => collection.clear());

  it('are told worst first, with lines counted from 1', async () => {
    await workspace.openTextDocument(uri);
    collection.set(uri, [
      new Diagnostic(new Range(2, 0, 2, 1), 'only a hint', DiagnosticSeverity.Hint),
      Object.assign(new Diagnostic(new Range(1, 0, 1, 1), 'a mistake', DiagnosticSeverity.Error), {
        source: 'linter',
      }),
    ]);
    assert.deepEqual(editorProblems(workspaceRoots, pathOf('a.txt')), [
      { path: pathOf('a.txt'), line: 2, severity: 'error', message: 'a mistake', source: 'linter' },
      { path: pathOf('a.txt'), line: 3, severity: 'hint', message: 'only a hint', source: 'editor' },
    ]);
  });

  it('of files outside the folder are left out', () => {
    collection.set(Uri.file('/elsewhere/b.txt'), [
      new Diagnostic(new Range(0, 0, 0, 1), 'a mistake elsewhere'),
    ]);
    assert.deepEqual(editorProblems(workspaceRoots), []);
  });
});

describe('open documents', () => {
  const documents = openDocuments(workspaceRoots);

  it('are unsaved from the first change until they are saved', async () => {
    const document = await workspace.openTextDocument(uri);
    await window.showTextDocument(document);
    assert.equal(documents.unsaved(pathOf('a.txt')), false);
    const edit = new WorkspaceEdit();
    edit.insert(uri, new Position(0, 0), 'mine ');
    await workspace.applyEdit(edit);
    assert.equal(documents.unsaved(pathOf('a.txt')), true);
    assert.equal(documents.unsaved(pathOf('other.txt')), false);
    await document.save();
    assert.equal(documents.unsaved(pathOf('a.txt')), false);
    await commands.executeCommand('workbench.action.closeActiveEditor');
    writeFileSync(uri.fsPath, 'one\ntwo\nthree\n');
  });
});

describe('the folders of a window', () => {
  it('have a name and an absolute path', () => {
    assert.deepEqual(workspaceRoots(), [
      { name: 'workspace', dir: workspace.workspaceFolders?.[0]?.uri.fsPath },
    ]);
  });
});

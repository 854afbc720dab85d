import * as vscode from 'vscode';
import type { Problem } from '../protocol/outcome.ts';
import { fileUri } from './openDocuments.ts';
import type { EditorOpinions } from './problemWatch.ts';
import { parseWorkspacePath, type Root, type WorkspacePath } from '../protocol/workspacePath.ts';

const SEVERITY = ['error', 'warning', 'info', 'hint'] as const;
const MOST = 200;

/** What the editor's Problems view shows for the workspace, worst first; of one file, or of all. */
export function editorProblems(roots: () => readonly Root[], path?: WorkspacePath): readonly Problem[] {
  const problems: Problem[] = [];
  for (const [uri, diagnostics] of vscode.languages.getDiagnostics()) {
    if (uri.scheme !== 'file') continue;
    const parsed = parseWorkspacePath(uri.fsPath, roots());
    if (parsed.kind === 'refused' || (path !== undefined && parsed.path !== path)) continue;
    for (const { range, severity, message, source } of diagnostics) {
      problems.push({
        path: parsed.path,
        line: range.start.line + 1,
        severity: SEVERITY[severity],
        message,
        source: source ?? 'editor',
      });
    }
  }
  const rank = (problem: Problem) => SEVERITY.indexOf(problem.severity);
  return problems.sort((one, other) => rank(one) - rank(other)).slice(0, MOST);
}

/** The same, with word of when it changes, and whether anything looks at a file at all. */
export function editorOpinions(roots: () => readonly Root[]): EditorOpinions {
  return {
    problems: (path) => editorProblems(roots, path),
    isOpen: (path) => {
      const uri = fileUri(path, roots());
      return vscode.workspace.textDocuments.some((document) => document.uri.fsPath === uri?.fsPath);
    },
    onChanged(listener) {
      const listening = vscode.languages.onDidChangeDiagnostics(({ uris }) => {
        for (const uri of uris) {
          const parsed =
            uri.scheme === 'file' ? parseWorkspacePath(uri.fsPath, roots()) : { kind: 'refused' as const };
          if (parsed.kind !== 'refused') listener(parsed.path);
        }
      });
      return () => void listening.dispose();
    },
  };
}

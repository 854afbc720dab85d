import * as vscode from 'vscode';
import type { Problem } from '../protocol/outcome.ts';
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

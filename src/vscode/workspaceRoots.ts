import * as vscode from 'vscode';
import type { Root } from '../protocol/workspacePath.ts';

/** The window's folders under names that are unique and can stand before a colon. */
export function workspaceRoots(): readonly Root[] {
  const roots: Root[] = [];
  for (const folder of vscode.workspace.workspaceFolders ?? []) {
    if (folder.uri.scheme !== 'file') continue;
    const plain = folder.name.replace(/[:/\\]/g, '-') || 'folder';
    let name = plain;
    for (let twin = 2; roots.some((root) => root.name === name); twin += 1) name = `${plain}-${twin}`;
    roots.push({ name, dir: folder.uri.fsPath });
  }
  return roots;
}

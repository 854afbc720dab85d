import * as vscode from 'vscode';

/** Where VS Code has kept its ripgrep, newest place first; absolute paths that may not exist. */
export function ripgrepCandidates(): readonly string[] {
  const { appRoot } = vscode.env;
  const exe = process.platform === 'win32' ? 'rg.exe' : 'rg';
  const modules = [`${appRoot}/node_modules.asar.unpacked`, `${appRoot}/node_modules`];
  return modules.flatMap((folder) => [
    `${folder}/@vscode/ripgrep-universal/bin/${process.platform}-${process.arch}/${exe}`,
    `${folder}/@vscode/ripgrep/bin/${exe}`,
  ]);
}

import { readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';

const unused = [
  'node_modules/@github',
  'node_modules/@microsoft/mxc-sdk',
  'node_modules/@vscode/windows-process-tree',
  'node_modules/@vscode/windows-registry',
  'extensions/copilot',
  'extensions/mermaid-markdown-features',
];

/** Removes what no test reaches (over 300 MB): a chat product, other platforms' programs, source maps. */
export function trimHost(vscode) {
  for (const path of unused) remove(join(vscode, path));
  const here = `${process.platform}-${process.arch}`;
  for (const path of ['node_modules/node-pty/prebuilds', 'node_modules/@vscode/ripgrep-universal/bin']) {
    for (const name of readdirSync(join(vscode, path))) if (name !== here) remove(join(vscode, path, name));
  }
  for (const folder of ['out', 'extensions']) {
    for (const name of readdirSync(join(vscode, folder), { recursive: true })) {
      if (name.endsWith('.map')) remove(join(vscode, folder, name));
    }
  }
}

function remove(path) {
  rmSync(path, { recursive: true, force: true });
}

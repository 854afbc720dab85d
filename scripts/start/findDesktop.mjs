import { onPath } from '../setup/runProgram.mjs';

/** Desktop VS Code, when it is there and has a screen to open on. */
export function findDesktop() {
  const { DISPLAY, WAYLAND_DISPLAY, VSCODE_IPC_HOOK_CLI } = process.env;
  if (process.platform === 'linux' && !DISPLAY && !WAYLAND_DISPLAY) return undefined;
  // In a terminal of a remote window, `code` only talks to that window.
  if (VSCODE_IPC_HOOK_CLI) return undefined;
  return onPath('code');
}

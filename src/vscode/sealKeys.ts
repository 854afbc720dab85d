import type * as vscode from 'vscode';
import type { SecretCells } from '../protocol/seal.ts';

/** Where an editor keeps the key that seals records, and their heads: not in files, not in settings. */
export function secretCells(storage: vscode.SecretStorage): SecretCells {
  return (name) => ({
    get: async () => storage.get(`warrant.${name}`),
    set: async (text) => storage.store(`warrant.${name}`, text),
    clear: async () => storage.delete(`warrant.${name}`),
  });
}

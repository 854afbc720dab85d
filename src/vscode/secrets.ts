import type * as vscode from 'vscode';

/** API keys, each kept for one endpoint, so that a changed base URL never gets another endpoint's key. */
export type ApiKeys = {
  get(baseUrl: string): Promise<string | undefined>;
  set(baseUrl: string, key: string): Promise<void>;
  remove(baseUrl: string): Promise<void>;
};

export function apiKeys(storage: vscode.SecretStorage): ApiKeys {
  const name = (baseUrl: string) => `warrant.key ${new URL(baseUrl).origin}`;
  return {
    get: async (baseUrl) => storage.get(name(baseUrl)),
    set: async (baseUrl, key) => storage.store(name(baseUrl), key),
    remove: async (baseUrl) => storage.delete(name(baseUrl)),
  };
}

import type { SecretCells } from '../../src/protocol/seal.ts';

/** Secret places that last as long as the process. Windows of an editor share one. */
export function secretCellsInMemory(): SecretCells & { readonly texts: Map<string, string> } {
  const texts = new Map<string, string>();
  const cells: SecretCells = (name) => ({
    get: () => Promise.resolve(texts.get(name)),
    set: (text) => Promise.resolve(void texts.set(name, text)),
    clear: () => Promise.resolve(void texts.delete(name)),
  });
  return Object.assign(cells, { texts });
}

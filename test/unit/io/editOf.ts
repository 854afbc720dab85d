import { contentOf } from '../../../src/protocol/content.ts';
import type { Content, FileEdit } from '../../../src/protocol/effect.ts';
import type { WorkspacePath } from '../../../src/protocol/workspacePath.ts';

export function text(value: string, { bom = false, mode = 0o644 } = {}): Content {
  return contentOf(value, { bom, mode });
}

export function change(
  path: WorkspacePath,
  before: Content | null,
  after: Content | null,
  to?: WorkspacePath,
): FileEdit {
  return to === undefined ? { path, before, after } : { path, before, after, to };
}

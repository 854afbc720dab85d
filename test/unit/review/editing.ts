import { contentOf } from '../../../src/protocol/content.ts';
import type { EditEffect, FileEdit } from '../../../src/protocol/effect.ts';
import { pathInRoot } from '../../../src/protocol/workspacePath.ts';

export type Side = string | null | { readonly text: string; readonly bom?: boolean; readonly mode?: number };

/** One file of root `app`, from its texts before and after. */
export function fileEdit(path: string, before: Side, after: Side, to?: string): FileEdit {
  return {
    path: appPath(path),
    before: content(before),
    after: content(after),
    ...(to === undefined ? {} : { to: appPath(to) }),
  };
}

export function editEffect(...files: FileEdit[]): EditEffect {
  return { kind: 'edit', files };
}

export function appPath(path: string) {
  return pathInRoot({ name: 'app', dir: '/app' }, path);
}

/** `count` lines `<word> 1`, `<word> 2`, … with line feeds. */
export function numberedLines(count: number, word = 'line'): string[] {
  return Array.from({ length: count }, (_, index) => `${word} ${index + 1}\n`);
}

function content(side: Side) {
  if (side === null) return null;
  const { text, bom = false, mode = 0o644 } = typeof side === 'string' ? { text: side } : side;
  return contentOf(text, { bom, mode });
}

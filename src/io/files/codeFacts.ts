import type { NamedCode } from '../../protocol/commandUse.ts';
import { digestOf, type Digest } from '../../protocol/digest.ts';
import type { CodeFacts } from '../../protocol/facts.ts';
import type { WorkspacePath } from '../../protocol/workspacePath.ts';
import { locate, type RealRoot } from './locate.ts';
import { readBytes } from './readContent.ts';

type EntryCode = Extract<NamedCode, { kind: 'entry' }>;

/** What an entry comes to, from the text of its file: its words, and the files that they name. Null: nobody can tell. */
export type PiecesOf = (
  code: EntryCode,
  text: string | null,
) => { readonly words: string; readonly files: readonly WorkspacePath[] } | null;

const MAX_CODE_BYTES = 16_777_216;

/**
 * The code that a command names, as it is now. What only the tool knows has no digest, nor has a file that is not
 * there, is too large, or lies outside the workspace: nobody can tell later whether that is still the same.
 */
export function codeFacts(
  code: readonly NamedCode[],
  roots: readonly RealRoot[],
  piecesOf: PiecesOf,
): Promise<readonly CodeFacts[]> {
  return Promise.all(
    code.map(async (one) => ({ code: one, digest: await digestOfCode(one, roots, piecesOf) })),
  );
}

async function digestOfCode(
  code: NamedCode,
  roots: readonly RealRoot[],
  piecesOf: PiecesOf,
): Promise<Digest | null> {
  if (code.kind === 'workspace') return null;
  const bytes = await bytesAt(code.path, roots);
  if (code.kind === 'file') return bytes === null || bytes === 'absent' ? null : digestOf(bytes);
  if (bytes === null) return null;
  const pieces = piecesOf(code, bytes === 'absent' ? null : bytes.toString('utf8'));
  if (pieces === null) return null;
  const files = await Promise.all(
    pieces.files.map(async (path) => {
      const content = await bytesAt(path, roots);
      return [path, content === null || content === 'absent' ? content : digestOf(content)] as const;
    }),
  );
  return digestOf(JSON.stringify([pieces.words, files]));
}

/** Null for what is no file of the workspace, or too large to be looked at. */
async function bytesAt(path: WorkspacePath, roots: readonly RealRoot[]): Promise<Buffer | 'absent' | null> {
  const { real, realAbsolute } = await locate(path, roots);
  if (real === null) return null;
  const read = await readBytes(realAbsolute, MAX_CODE_BYTES);
  if (read.kind === 'bytes') return read.bytes;
  return read.kind === 'absent' ? 'absent' : null;
}

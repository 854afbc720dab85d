import { digestOf } from './digest.ts';
import type { Content, Eol } from './effect.ts';

const BYTE_ORDER_MARK = '\ufeff';

/** A whole text file as it would stand on disk. `text` must be well formed and without a byte order mark. */
export function contentOf(text: string, { bom, mode }: { bom: boolean; mode: number }): Content {
  return { text, bom, mode, eol: eolOf(text), digest: digestOf(encoded(text, bom)) };
}

/** The bytes of the file, UTF-8. */
export function contentBytes(content: Content): Uint8Array {
  return encoded(content.text, content.bom);
}

export function eolOf(text: string): Eol {
  const crlf = count(text, '\r\n');
  const lf = count(text, '\n') - crlf;
  if (crlf === 0 && lf === 0) return 'none';
  if (crlf === 0) return 'lf';
  return lf === 0 ? 'crlf' : 'mixed';
}

function encoded(text: string, bom: boolean): Uint8Array {
  return Buffer.from(bom ? BYTE_ORDER_MARK + text : text, 'utf8');
}

function count(text: string, part: string): number {
  let found = 0;
  for (let at = text.indexOf(part); at !== -1; at = text.indexOf(part, at + part.length)) found += 1;
  return found;
}

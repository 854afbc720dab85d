import type { Question } from '../protocol/whatIf.ts';

/** A clause says why a line is no question. */
export type FoundQuestion =
  | { readonly kind: 'question'; readonly question: Question }
  | { readonly kind: 'unreadable'; readonly because: string };

/**
 * Reads one line: `{"command", "cwd"?}`, `{"read"}` or `{"write"}`. Keys that nobody knows make it unreadable: what was
 * meant by them would be missing from the answer.
 */
export function questionIn(line: Uint8Array): FoundQuestion {
  let text = '';
  try {
    text = new TextDecoder('utf-8', { fatal: true }).decode(line);
  } catch {
    return unreadable('it is not UTF-8 text');
  }
  if (text.trim() === '') return unreadable('it is empty');
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return unreadable('it is not JSON');
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    return unreadable('it is not a JSON object');
  const fields = value as { readonly [key: string]: unknown };
  const { command, cwd, read, write } = fields;
  switch (Object.keys(fields).toSorted().join(' ')) {
    case 'command':
      if (typeof command === 'string') return question({ kind: 'command', text: command });
      break;
    case 'command cwd':
      if (typeof command === 'string' && typeof cwd === 'string')
        return question({ kind: 'command', text: command, folder: cwd });
      break;
    case 'read':
      if (typeof read === 'string') return question({ kind: 'read', path: read });
      break;
    case 'write':
      if (typeof write === 'string') return question({ kind: 'write', path: write });
      break;
  }
  return unreadable('it is neither {"command", "cwd"?} nor {"read"} nor {"write"} with texts as values');
}

function question(asked: Question): FoundQuestion {
  return { kind: 'question', question: asked };
}

function unreadable(because: string): FoundQuestion {
  return { kind: 'unreadable', because };
}

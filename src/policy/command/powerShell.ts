import { UNKNOWN } from './marks.ts';
import type { Started } from './started.ts';

/** What PowerShell is told to run: its command, an encoded command, or its input. */
export function powerShellStarts(args: readonly string[], input: string): readonly Started[] {
  for (const [index, arg] of args.entries()) {
    const rest = args.slice(index + 1);
    if (/^[-/]e(?:c|nc\w*)?$/i.test(arg)) return [script(decodedCommand(rest[0] ?? ''))];
    if (/^[-/]c(?:o\w*)?$/i.test(arg)) return [script(rest.join(' ') === '-' ? input : rest.join(' '))];
    if (/^[-/]f(?:i\w*)?$/i.test(arg)) return [{ kind: 'file', name: rest[0] ?? '', args: rest.slice(1) }];
    if (/^[-/](?:ex\w*|w\w*|v\w*|o\w*|inp\w*|ps\w*)$/i.test(arg)) continue;
    const before = args[index - 1] ?? '';
    if (!/^[-/]/.test(arg) && !/^[-/](?:ex\w*|w\w*|v\w*|o\w*|inp\w*|ps\w*)$/i.test(before))
      return [script(args.slice(index).join(' '))];
  }
  return input === '' ? [] : [script(input)];
}

function script(text: string): Started {
  return { kind: 'script', text, args: [] };
}

/** Base64 of UTF-16, as PowerShell wants it. */
function decodedCommand(encoded: string): string {
  const text = Buffer.from(encoded, 'base64').toString('utf16le');
  return text === '' ? UNKNOWN : text;
}

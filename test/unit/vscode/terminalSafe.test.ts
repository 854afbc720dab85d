import { describe, expect, it } from 'vitest';
import { terminalFilter, terminalSafe } from '../../../src/vscode/terminalSafe.ts';

const ESC = '\u001b';
const hostile: [string, string, string][] = [
  ['colours stay', `${ESC}[31mred${ESC}[0m`, `${ESC}[31mred${ESC}[0m`],
  ['the title is not set', `a${ESC}]0;title\u0007b`, 'ab'],
  ['the clipboard is not written', `a${ESC}]52;c;ZXZpbA==${ESC}\\b`, 'ab'],
  ['links are plain text', `${ESC}]8;;http://127.0.0.1/${ESC}\\text${ESC}]8;;${ESC}\\`, 'text'],
  ['shell integration marks are not forged', `${ESC}]633;C\u0007x`, 'x'],
  ['the cursor stays where it is', `a${ESC}[2J${ESC}[1;1Hb${ESC}[5Ac`, 'abc'],
  ['device strings', `a${ESC}P1$r0m${ESC}\\b`, 'ab'],
  ['one-byte forms', `a\u009b2Jb\u009d0;x\u0007c`, 'abc'],
  ['bells, backspaces, nulls', 'a\u0000\u0007b', 'ab'],
  ['private colour forms', `${ESC}[>4;2mx`, 'x'],
  ['the alternate screen', `${ESC}[?1049hx`, 'x'],
  ['reset', `a${ESC}cb`, 'ab'],
];

describe('what a command prints', () => {
  it.each(hostile)('%s', (_, printed, shown) => {
    expect(terminalSafe(printed)).toBe(shown);
  });

  it.each(hostile)('%s, wherever its pieces are cut', (_, printed, shown) => {
    for (let cut = 0; cut <= printed.length; cut += 1) {
      const filter = terminalFilter();
      expect(filter(printed.slice(0, cut)) + filter(printed.slice(cut)) + filter('')).toBe(shown);
    }
  });
});

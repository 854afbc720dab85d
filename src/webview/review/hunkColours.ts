import type { HLJSApi } from 'highlight.js';
import core from 'highlight.js/lib/core';
import type { HunkLine } from '../../protocol/changeSet.ts';
import type { WorkspacePath } from '../../protocol/workspacePath.ts';
import { languageOf, LANGUAGES } from './languages.ts';
import type { HunkPart } from './parts.ts';
import { syntaxTokens, type Token } from './syntaxTokens.ts';

/** The coloured stretches of each line of a part; empty where it has none. */
export type ColourPart = (part: HunkPart) => readonly (readonly Token[])[];

/** Beyond, the parts of a hunk are read one by one, each without what stands before it. */
const MOST_AT_ONCE = 60_000;
/** Nobody reads longer lines by their colours, and a grammar may take very long over them. */
const LONGEST_LINE = 1_000;

/** How some pieces of a file belong together and are coloured; nothing is read before the first of them is drawn. */
export type Colours = (path: WorkspacePath, parts: readonly HunkPart[]) => ColourPart;

/** To be made once for a page. */
export function createColours(): Colours {
  let highlighter: HLJSApi | undefined;

  function tokensOf(language: string, lines: readonly string[]): readonly (readonly Token[])[] {
    if (highlighter === undefined) {
      highlighter = core.newInstance();
      for (const [name, grammar] of Object.entries(LANGUAGES)) highlighter.registerLanguage(name, grammar);
    }
    if (lines.some((line) => line.length > LONGEST_LINE)) return [];
    const text = lines.join('\n');
    return syntaxTokens(highlighter.highlight(text, { language, ignoreIllegals: true }).value, text) ?? [];
  }

  /** Both sides are read as texts of their own: what goes and what comes need not make sense together. */
  function coloursOf(language: string, lines: readonly HunkLine[]): readonly (readonly Token[])[] {
    const before = lines.filter(({ kind }) => kind !== 'added');
    const after = lines.filter(({ kind }) => kind !== 'removed');
    const [old, fresh] = [before, after].map((side) =>
      tokensOf(
        language,
        side.map(({ text }) => text),
      ),
    );
    let [oldAt, newAt] = [0, 0];
    return lines.map(({ kind }) => {
      const tokens = (kind === 'removed' ? old?.[oldAt] : fresh?.[newAt]) ?? [];
      if (kind !== 'added') oldAt += 1;
      if (kind !== 'removed') newAt += 1;
      return tokens;
    });
  }

  return (path, parts) => {
    const language = languageOf(path);
    if (language === undefined) return () => [];
    const known = new Map<string, readonly (readonly Token[])[]>();
    const all = parts.flatMap(({ lines }) => lines);
    const isSmall = all.reduce((sum, { text }) => sum + text.length, 0) <= MOST_AT_ONCE;
    return (part) => {
      const found = known.get(part.id);
      if (found !== undefined) return found;
      if (!isSmall) {
        const own = coloursOf(language, part.lines);
        known.set(part.id, own);
        return own;
      }
      let at = 0;
      const colours = coloursOf(language, all);
      for (const { id, lines } of parts) {
        known.set(id, colours.slice(at, at + lines.length));
        at += lines.length;
      }
      return known.get(part.id) ?? [];
    };
  };
}

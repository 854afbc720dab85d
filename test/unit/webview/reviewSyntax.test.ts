import { describe, expect, it } from 'vitest';
import { pathInRoot, type WorkspacePath } from '../../../src/protocol/workspacePath.ts';
import { coloured, markedParts } from '../../../src/webview/review/markedParts.ts';
import { syntaxTokens, type Token } from '../../../src/webview/review/syntaxTokens.ts';

// What is used of the highlighter: its own types would bring those of a browser into every test.
interface Highlighter {
  newInstance(): Highlighter;
  registerLanguage(name: string, grammar: unknown): void;
  highlight(text: string, options: { language: string; ignoreIllegals: boolean }): { value: string };
}
interface Languages {
  readonly LANGUAGES: Readonly<Record<string, unknown>>;
  languageOf(path: WorkspacePath): string | undefined;
}
const [highlighterAt, languagesAt] = ['highlight.js/lib/core', '../../../src/webview/review/languages.ts'];
const highlighter = ((await import(highlighterAt)) as { default: Highlighter }).default.newInstance();
const { LANGUAGES, languageOf } = (await import(languagesAt)) as Languages;
for (const [name, grammar] of Object.entries(LANGUAGES)) highlighter.registerLanguage(name, grammar);

function tokens(language: string, text: string) {
  return syntaxTokens(highlighter.highlight(text, { language, ignoreIllegals: true }).value, text);
}

const hostile = [
  '',
  '\n\n',
  '<img src=x onerror=alert(1)> & &amp; &lt; " \' </span><span class="hljs-keyword">',
  'const a = `x ${"y" + `</span>`} z`; // <b>\n/* open\nstill */ return "\u0002U+202E\u0003";\n',
  '日本 👩‍💻 <!-- \n --> $&',
];

describe('the colours of code', () => {
  it.each(Object.keys(LANGUAGES))('in %s are about exactly the text, whatever it holds', (language) => {
    for (const text of hostile) {
      const lines = tokens(language, text);
      expect(lines).toHaveLength(text.split('\n').length);
      for (const [at, line] of text.split('\n').entries()) {
        let end = 0;
        for (const { from, to } of lines![at]!) {
          expect(from).toBeGreaterThanOrEqual(end);
          expect(to).toBeGreaterThan(from);
          end = to;
        }
        expect(end).toBeLessThanOrEqual(line.length);
      }
    }
  });

  it('know words from strings, over lines too', () => {
    const [first, , third] = tokens('typescript', 'const a = "x"; /* one\ntwo\nthree */ return 1;')!;
    const says = (line: readonly Token[]) => line.map(({ from, to, kind }) => `${kind} ${from}-${to}`);
    expect(says(first!)).toEqual(['keyword 0-5', 'string 10-13', 'comment 15-21']);
    expect(says(third!)).toEqual(['comment 0-8', 'keyword 9-15', 'number 16-17']);
  });

  it.each(['<span class="hljs-keyword">other</span>', 'const', 'const a more', '<script>'])(
    'are none when what was written is not about the text: %s',
    (marked) => {
      expect(syntaxTokens(marked, 'const a')).toBeUndefined();
    },
  );

  it('never cut the name of a hidden character and leave the text as it is', () => {
    const text = 'ab\u0002U+202E\u0003cd';
    const parts = coloured(markedParts(text, [[1, 2]]), [
      { from: 0, to: 5, kind: 'string' },
      { from: 10, to: 11, kind: 'number' },
    ]);
    expect(parts).toEqual([
      { kind: 'plain', text: 'a', colour: 'string' },
      { kind: 'differs', text: 'b', colour: 'string' },
      { kind: 'unseen', text: 'U+202E' },
      { kind: 'plain', text: 'c', colour: 'number' },
      { kind: 'plain', text: 'd' },
    ]);
  });
});

describe('the language of a file', () => {
  it.each([
    ['src/a.ts', 'typescript'],
    ['Dockerfile', 'dockerfile'],
    ['a/b.test.JSX', 'javascript'],
    ['notes', undefined],
    ['constructor', undefined],
  ])('%s is %s', (path, language) => {
    expect(languageOf(pathInRoot({ name: 'app', dir: '/app' }, path))).toBe(language);
  });
});
